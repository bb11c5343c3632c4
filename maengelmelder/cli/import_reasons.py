"""Why a row of an older system was not taken: a German sentence for whoever mends the file."""

from collections.abc import Mapping

from maengelmelder.domain.errors import Refusal
from maengelmelder.web.sentences import sentence

REASONS: Mapping[str, str] = {
    "row_width": "Die Zeile hat %(count)s statt %(expected)s Spalten. Fehlt ein Anführungszeichen?",
    "row_no_feature": "Das ist kein GeoJSON-Objekt mit Eigenschaften.",
    "id_missing": "Die Kennung fehlt.",
    "id_too_long": "Die Kennung hat mehr als %(limit)s Zeichen.",
    "id_twice": "Diese Kennung steht schon in Zeile %(line)s.",
    "time_missing": "Es fehlt, wann gemeldet wurde.",
    "time_unreadable": "„%(text)s“ ist keine Zeit in der vereinbarten Form (time, format).",
    "time_in_future": "Die Zeit liegt in der Zukunft.",
    "moved_before_reported": "Der Status ist älter als die Meldung.",
    "status_unmapped": "Für den Status „%(text)s“ steht nichts in der Zuordnung.",
    "category_unmapped": "Für die Kategorie „%(text)s“ steht nichts in der Zuordnung, und keine heißt so.",
    "category_missing": "Die Kategorie fehlt.",
    "area_unmapped": "Für das Gebiet „%(text)s“ steht nichts in der Zuordnung, und keines heißt so.",
    "place_missing": "Es fehlt, wo der Mangel ist: weder Koordinaten noch Adresse.",
    "place_not_a_number": "Länge oder Breite fehlt oder ist keine Zahl.",
    "place_out_of_range": "Diese Koordinate gibt es nicht; erwartet werden Grad (WGS 84).",
    "place_outside": "Der Ort liegt außerhalb der Stadtgrenze.",
    "text_too_long": "Der Text ist länger als %(limit)s Zeichen.",
    "text_not_printable": "Der Text enthält unsichtbare Steuerzeichen.",
}


def reason(refusal: Refusal) -> str:
    """The sentence for a refusal."""
    if refusal.code in REASONS:
        return REASONS[refusal.code] % refusal.params
    return sentence(refusal)
