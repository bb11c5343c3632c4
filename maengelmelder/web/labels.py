"""The words for codes: statuses, reasons, events, urgencies."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

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
    Group.OTHER: _l("Abgeschlossen ohne Erledigung"),
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
