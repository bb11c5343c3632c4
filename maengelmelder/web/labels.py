"""The words for codes: statuses, reasons, events, urgencies."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from maengelmelder.domain.history import Event
from maengelmelder.domain.tickets import Group, Status

STATUS: Mapping[Status, LazyString] = {
    Status.RECEIVED: _l("Eingegangen"),
    Status.ACCEPTED: _l("Angenommen"),
    Status.IN_PROGRESS: _l("In Bearbeitung"),
    Status.SCHEDULED: _l("Eingeplant"),
    Status.WAITING: _l("Rückfrage"),
    Status.RESOLVED: _l("Erledigt"),
    Status.FORWARDED: _l("Weitergegeben"),
    Status.DECLINED: _l("Nicht umsetzbar"),
}

GROUP: Mapping[Group, LazyString] = {
    Group.NEW: _l("Neu"),
    Group.WORK: _l("In Arbeit"),
    Group.DONE: _l("Erledigt"),
    Group.OTHER: _l("Weitergegeben oder nicht umsetzbar"),
}

REASON: Mapping[str, LazyString] = {
    "no_defect": _l("Vor Ort war kein Mangel zu finden."),
    "no_duty": _l("Die Stadt ist dafür nicht zuständig."),
    "private_ground": _l("Das liegt auf Privatgrund."),
    "too_vague": _l("Die Angaben reichen leider nicht aus."),
    "other": _l("Ein anderer Grund"),
    "withdrawn": _l("Die meldende Person hat zurückgezogen."),
    "spam": _l("Missbrauch"),
}

URGENCY: Mapping[str, LazyString] = {"niedrig": _l("niedrig"), "mittel": _l("mittel"), "hoch": _l("hoch")}

EVENT: Mapping[Event, LazyString] = {
    Event.REPORTED: _l("Meldung eingegangen"),
    Event.IMPORTED: _l("Aus dem früheren System übernommen"),
    Event.ROUTED: _l("Zugeordnet"),
    Event.MOVED: _l("Status geändert"),
    Event.TRANSFERRED: _l("Abgegeben"),
    Event.REFUSED: _l("Nicht zuständig"),
    Event.ANSWERED: _l("Öffentlich geantwortet"),
    Event.NOTED: _l("Interne Notiz"),
    Event.TEXT_RELEASED: _l("Text freigegeben"),
    Event.TEXT_WITHHELD: _l("Text zurückgehalten"),
    Event.PHOTO_RELEASED: _l("Foto freigegeben"),
    Event.PHOTO_WITHHELD: _l("Foto zurückgehalten"),
    Event.TICKET_RELEASED: _l("Vorgang veröffentlicht"),
    Event.PHOTO_ADDED: _l("Foto ergänzt"),
    Event.ADDED: _l("Ergänzt"),
    Event.REPLIED: _l("Rückfrage beantwortet"),
    Event.ERASED: _l("Angaben der meldenden Person gelöscht"),
    Event.WITHDRAWN: _l("Zurückgezogen"),
    Event.JOINED: _l("Weitere Meldung dazu"),
    Event.DELIVERED: _l("Zugestellt"),
    Event.UNDELIVERED: _l("Zustellung fehlgeschlagen"),
}

CHANNEL: Mapping[str, LazyString] = {
    "web": _l("Formular"),
    "api": _l("Schnittstelle"),
    "open311": _l("Open311"),
    "phone": _l("Telefon"),
    "counter": _l("Schalter"),
    "letter": _l("Brief"),
    "mail": _l("E-Mail"),
    "patrol": _l("Streife"),
    "import": _l("früheres System"),
}

EMERGENCY: Mapping[str, LazyString] = {
    "called": _l("Hat nach eigener Angabe angerufen."),
    "no_danger": _l("Sagt, es besteht keine akute Gefahr."),
}

TEXT_KIND: Mapping[str, LazyString] = {
    "description": _l("Beschreibung"),
    "address": _l("Eingegebene Adresse"),
    "answer": _l("Antwort"),
    "addition": _l("Ergänzung"),
    "response": _l("Antwort auf die Rückfrage"),
    "reply": _l("Öffentliche Antwort"),
    "note": _l("Interne Notiz"),
}

DELIVERY_KIND: Mapping[str, LazyString] = {
    "department": _l("Auftrag"),
    "copy": _l("Zur Kenntnis"),
    "addition": _l("Ergänzung"),
    "erasure": _l("Bitte um Löschung"),
    "confirm": _l("Bestätigung der E-Mail-Adresse"),
    "notice": _l("Nachricht zum Status"),
}

DELIVERY_STATE: Mapping[str, LazyString] = {
    "due": _l("wartet auf Versand"),
    "sent": _l("versandt"),
    "dead": _l("fehlgeschlagen"),
}
