"""What people read when the house says no: one sentence a code, with what to do."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from maengelmelder.domain.catalogue import Area
from maengelmelder.domain.city import Text
from maengelmelder.domain.errors import Refusal
from maengelmelder.web.languages import words_of

SENTENCES: Mapping[str, LazyString] = {
    # place
    "place_missing": _l("Bitte geben Sie an, wo der Mangel ist: auf der Karte oder als Adresse."),
    "place_not_a_number": _l(
        "Diese Koordinate ist keine Zahl. Bitte wählen Sie den Ort auf der Karte oder per Adresse."
    ),
    "place_incomplete": _l("Zu einer Koordinate gehören zwei Zahlen: Breite und Länge. Bitte geben Sie beide an."),
    "place_out_of_range": _l(
        "Diese Koordinate gibt es nicht. Bitte wählen Sie den Ort auf der Karte oder per Adresse."
    ),
    "place_swapped": _l("Länge und Breite sind vertauscht. Bitte tauschen Sie die beiden Zahlen."),
    "place_outside": _l(
        "Dieser Ort liegt nicht in %(city)s. Bitte prüfen Sie den Ort oder wenden Sie sich an die Gemeinde dort."
    ),
    "place_in_neighbour": _l(
        "Dieser Ort liegt in %(neighbour)s, nicht in %(city)s. Bitte wenden Sie sich an %(office)s."
    ),
    "geometry_type": _l("Eine Fläche muss Polygon oder Linie sein (GeoJSON), nicht %(type)s."),
    "geometry_ring": _l("Ein Rand der Fläche ist nicht geschlossen oder hat zu wenige Punkte."),
    "accuracy_not_a_number": _l("Die Genauigkeit des Ortes ist keine sinnvolle Zahl in Metern."),
    # category and questions
    "category_missing": _l("Bitte wählen Sie, worum es geht."),
    "category_unknown": _l("Diese Kategorie gibt es nicht. Bitte wählen Sie eine aus der Liste."),
    "question_unknown": _l("Diese Frage gehört nicht zur gewählten Kategorie."),
    "answer_required": _l("Bitte beantworten Sie diese Frage."),
    "answer_unknown": _l("Diese Antwort steht nicht zur Auswahl. Bitte wählen Sie eine aus der Liste."),
    "answer_single": _l("Bitte wählen Sie nur eine Antwort."),
    "emergency_unanswered": _l("Bitte sagen Sie uns, ob Sie angerufen haben oder ob keine akute Gefahr besteht."),
    # words
    "text_or_photo_missing": _l("Bitte beschreiben Sie den Mangel kurz oder fügen Sie ein Foto hinzu."),
    "text_too_long": _l("Der Text ist zu lang. Bitte kürzen Sie ihn auf höchstens %(limit)s Zeichen."),
    "text_not_printable": _l("Der Text enthält unsichtbare Steuerzeichen. Bitte geben Sie ihn neu ein."),
    "email_invalid": _l("Das ist keine gültige E-Mail-Adresse. Beispiel: name@example.org"),
    "language_unknown": _l("Diese Sprache kennen wir nicht."),
    # photos
    "photo_too_large": _l(
        "Das Foto „%(name)s“ ist größer als %(limit)s MB. Bitte wählen Sie ein kleineres oder senden Sie ohne Foto."
    ),
    "photo_wrong_type": _l(
        "„%(name)s“ ist kein Foto, das wir lesen können. Möglich sind JPEG, PNG, WebP, AVIF und HEIC."
    ),
    "photo_too_many_pixels": _l(
        "Das Foto „%(name)s“ hat mehr als %(limit)s Megapixel. Bitte wählen Sie ein kleineres oder senden Sie ohne."
    ),
    "photo_unreadable": _l(
        "Das Foto „%(name)s“ ist beschädigt. Bitte wählen Sie ein anderes oder senden Sie ohne Foto."
    ),
    "photo_empty": _l("Die Datei „%(name)s“ ist leer. Bitte wählen Sie das Foto noch einmal."),
    "photos_too_many": _l("Es sind höchstens %(limit)s Fotos möglich. Bitte entfernen Sie die übrigen."),
    "photos_not_wanted": _l("In dieser Kategorie nehmen wir keine Fotos an. Bitte senden Sie die Meldung ohne Foto."),
    # protocol
    "submission_invalid": _l("Die Kennung der Meldung fehlt oder ist ungültig. Bitte laden Sie das Formular neu."),
    "secret_invalid": _l("Der geheime Schlüssel ist ungültig. Bitte laden Sie das Formular neu."),
    "submission_taken": _l("Unter dieser Kennung gibt es schon eine Meldung. Bitte laden Sie das Formular neu."),
    "upload_too_long": _l("Es kam mehr an, als das Foto groß ist. Bitte wählen Sie es noch einmal."),
    "upload_in_crumbs": _l("Das Foto kam in zu vielen kleinen Stücken an. Bitte wählen Sie es noch einmal."),
    "upload_offset_wrong": _l("Das Foto ist noch nicht ganz angekommen. Bitte senden Sie den Rest."),
    "uploads_full": _l(
        "Gerade ist kein Platz für weitere Fotos. Bitte senden Sie ohne Foto oder versuchen Sie es später noch einmal."
    ),
    "upload_unknown": _l("Ein Foto ist nicht mehr gespeichert. Bitte wählen Sie es noch einmal."),
    # joining
    "joins_unknown": _l(
        "Diesen Vorgang gibt es nicht, oder er ist nicht öffentlich. Bitte wählen Sie „Nein, etwas anderes“: "
        "Dann nehmen wir Ihre Meldung neu auf."
    ),
    "joins_closed": _l(
        "Vorgang %(number)s ist schon länger abgeschlossen. Bitte wählen Sie „Nein, etwas anderes“: "
        "Dann nehmen wir Ihre Meldung neu auf."
    ),
    # after sending
    "addition_empty": _l("Bitte schreiben Sie etwas oder wählen Sie ein Foto."),
    "response_missing": _l("Bitte schreiben Sie Ihre Antwort."),
    "not_asked": _l(
        "Die Stadt wartet nicht mehr auf eine Antwort. Ihr Text steht noch hier: Sie können ihn als Ergänzung senden."
    ),
    "too_often": _l("Das ging gerade sehr oft. Bitte warten Sie eine Weile und senden Sie es dann noch einmal."),
    "additions_too_many": _l("Sie haben schon %(limit)s Mal etwas ergänzt. Bitte rufen Sie die Dienststelle an."),
    "photos_full": _l("Zu einer Meldung sind höchstens %(limit)s Fotos möglich. Frei sind noch: %(left)s."),
    "closed_long_ago": _l(
        "Diese Meldung ist seit mehr als 30 Tagen abgeschlossen. Bitte melden Sie den Mangel neu, wenn er noch da ist."
    ),
    "report_withdrawn": _l(
        "Sie haben diese Meldung zurückgezogen. Bitte melden Sie den Mangel neu, wenn er noch da ist."
    ),
    "report_erased": _l("Sie haben Ihre Angaben gelöscht. Bitte melden Sie den Mangel neu, wenn er noch da ist."),
    "email_missing": _l("Bitte geben Sie Ihre E-Mail-Adresse ein."),
    "email_too_often": _l(
        "An diese Adresse ging gerade schon Post. Bitte versuchen Sie es in einer Stunde noch einmal."
    ),
    # filters
    "bbox_invalid": _l("bbox braucht vier Zahlen in Grad: Westen, Süden, Osten, Norden."),
    "since_invalid": _l("since braucht einen Zeitpunkt wie 2026-03-01 oder 2026-03-01T08:00:00+01:00."),
    "number_invalid": _l("Das ist keine brauchbare ganze Zahl."),
    # staff
    "status_unknown": _l("Diesen Status gibt es nicht."),
    "move_not_allowed": _l("Dieser Schritt ist von hier aus nicht möglich."),
    "reason_missing": _l("Bitte wählen Sie einen Grund."),
    "answer_missing": _l("Bitte schreiben Sie der meldenden Person, warum."),
    "question_missing": _l("Bitte schreiben Sie Ihre Rückfrage in die öffentliche Antwort."),
    "receiver_missing": _l("Bitte wählen Sie, an wen Sie weitergeben."),
    "receiver_unknown": _l("An diese Stelle kann nicht weitergegeben werden."),
    "department_unknown": _l("Diese Dienststelle gibt es nicht."),
    "department_same": _l("Der Vorgang liegt schon bei dieser Dienststelle."),
    "note_missing": _l("Bitte schreiben Sie kurz, warum Sie nicht zuständig sind."),
    "nothing_to_do": _l("Bitte ändern Sie den Status oder schreiben Sie etwas."),
    "version_stale": _l("Inzwischen hat jemand anderes diesen Vorgang geändert."),
    "text_unknown": _l("Diesen Text gibt es nicht mehr."),
    "photo_unknown": _l("Dieses Foto gibt es nicht mehr, oder es wird noch verarbeitet."),
    "decision_unknown": _l("Möglich sind nur Freigeben und Zurückhalten."),
    "never_public": _l("Das darf in dieser Kategorie nicht veröffentlicht werden."),
    "not_held": _l("Dieser Vorgang ist schon freigegeben."),
}

HTTP_TITLES: Mapping[int, LazyString] = {
    400: _l("Das haben wir nicht verstanden"),
    403: _l("Das geht von hier aus nicht"),
    404: _l("Diese Seite gibt es nicht"),
    405: _l("Das geht von hier aus nicht"),
    409: _l("Inzwischen geändert"),
    413: _l("Das ist zu groß"),
    429: _l("Das waren sehr viele Anfragen"),
    500: _l("Bei uns ist etwas schiefgegangen"),
    503: _l("Gerade nicht möglich"),
}

HTTP_SENTENCES: Mapping[int, LazyString] = {
    400: _l("Die Anfrage war unvollständig. Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
    403: _l(
        "Die Anfrage kam nicht von unserer eigenen Seite. Bitte laden Sie die Seite neu und versuchen Sie es erneut."
    ),
    404: _l("Vielleicht ist der Link unvollständig, oder der Vorgang ist nicht öffentlich."),
    405: _l("Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
    409: _l("Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."),
    413: _l("Zusammen sind höchstens 64 MB möglich. Bitte senden Sie weniger oder kleinere Fotos."),
    429: _l("Bitte warten Sie eine Weile und versuchen Sie es dann noch einmal."),
    500: _l("Der Fehler ist notiert. Bitte versuchen Sie es in einigen Minuten noch einmal."),
    503: _l("Bitte versuchen Sie es in einer halben Minute noch einmal. Ihre Eingaben sind nicht verloren."),
}


def sentence(refusal: Refusal) -> str:
    """The sentence for a refusal, in the language of this request."""
    params = {name: words_of(value) if isinstance(value, Text) else value for name, value in refusal.params.items()}
    neighbour = params.get("neighbour")
    if isinstance(neighbour, Area):
        params |= {"neighbour": words_of(neighbour.name), "office": _office_of(neighbour)}
    return str(SENTENCES[refusal.code]) % params


def _office_of(neighbour: Area) -> str:
    name = words_of(neighbour.name)
    if neighbour.designation == "Markt":
        return str(gettext("den Markt %(name)s", name=name))
    if neighbour.designation == "Stadt":
        return str(gettext("die Stadt %(name)s", name=name))
    return str(gettext("die Gemeinde %(name)s", name=name))
