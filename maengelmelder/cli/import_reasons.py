"""Why a row of an older system was not taken: a German sentence for whoever mends the file."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from maengelmelder.domain.errors import Refusal
from maengelmelder.web.sentences import sentence

REASONS: Mapping[str, LazyString] = {
    "row_width": _l("Die Zeile hat %(count)s statt %(expected)s Spalten. Fehlt ein Anführungszeichen?"),
    "row_no_feature": _l("Das ist kein GeoJSON-Objekt mit Eigenschaften."),
    "id_missing": _l("Die Kennung fehlt."),
    "id_too_long": _l("Die Kennung hat mehr als %(limit)s Zeichen."),
    "id_twice": _l("Diese Kennung steht schon in Zeile %(line)s."),
    "time_missing": _l("Es fehlt, wann gemeldet wurde."),
    "time_unreadable": _l("„%(text)s“ ist keine Zeit in der vereinbarten Form (time, format)."),
    "time_in_future": _l("Die Zeit liegt in der Zukunft."),
    "moved_before_reported": _l("Der Status ist älter als die Meldung."),
    "status_unmapped": _l("Für den Status „%(text)s“ steht nichts in der Zuordnung."),
    "category_unmapped": _l("Für die Kategorie „%(text)s“ steht nichts in der Zuordnung, und keine heißt so."),
    "category_missing": _l("Die Kategorie fehlt."),
    "area_unmapped": _l("Für das Gebiet „%(text)s“ steht nichts in der Zuordnung, und keines heißt so."),
    "place_missing": _l("Es fehlt, wo der Mangel ist: weder Koordinaten noch Adresse."),
    "place_not_a_number": _l("Länge oder Breite fehlt oder ist keine Zahl."),
    "place_out_of_range": _l("Diese Koordinate gibt es nicht; erwartet werden Grad (WGS 84)."),
    "place_outside": _l("Der Ort liegt außerhalb der Stadtgrenze."),
    "text_too_long": _l("Der Text ist länger als %(limit)s Zeichen."),
    "text_not_printable": _l("Der Text enthält unsichtbare Steuerzeichen."),
}


def reason(refusal: Refusal) -> str:
    """The sentence for a refusal."""
    if refusal.code in REASONS:
        return str(REASONS[refusal.code]) % refusal.params
    return sentence(refusal)
