"""What happens next with a report, in plain words: for each status, and for each reason to decline."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from maengelmelder.domain.tickets import Status
from maengelmelder.store.models import Ticket

NEXT: Mapping[Status, LazyString] = {
    Status.RECEIVED: _l("Als Nächstes sieht sich die Dienststelle Ihre Meldung an und entscheidet, was zu tun ist."),
    Status.ACCEPTED: _l("Die Dienststelle hat Ihre Meldung angenommen und kümmert sich darum."),
    Status.IN_PROGRESS: _l("Daran wird gerade gearbeitet."),
    Status.SCHEDULED: _l("Die Arbeit ist eingeplant oder in Auftrag gegeben. Als Nächstes wird sie erledigt."),
    Status.WAITING: _l("Die Dienststelle hat eine Frage. Mit Ihrer Antwort geht es weiter."),
    Status.RESOLVED: _l(
        "Der Mangel ist behoben. Stimmt das nicht? Dann ergänzen Sie bitte ein Foto oder einen kurzen Text."
    ),
    Status.FORWARDED: _l("Dort entscheidet man, wie es weitergeht. Die Stadt selbst arbeitet nicht mehr daran."),
    Status.DECLINED: _l(
        "Warum, steht im Verlauf. Wenn Sie es anders sehen, ergänzen Sie bitte, was wir wissen sollten."
    ),
}

AFTER_DECLINING: Mapping[str, LazyString] = {
    "no_defect": _l("Ist der Mangel noch da? Dann ergänzen Sie bitte ein Foto oder eine genauere Beschreibung."),
    "no_duty": _l("An wen Sie sich wenden können, steht im Verlauf, oder die Stadt sagt es Ihnen gern am Telefon."),
    "private_ground": _l("Bitte wenden Sie sich an die Eigentümerin, den Eigentümer oder die Hausverwaltung."),
    "too_vague": _l("Bitte ergänzen Sie, was fehlt: ein Foto, die genaue Stelle oder eine Beschreibung."),
    "withdrawn": _l("Sie haben Ihre Meldung zurückgezogen. Sie können jederzeit neu melden."),
    "spam": _l("Ist das ein Irrtum? Dann rufen Sie uns bitte an; die Nummer steht im Impressum."),
}

ANSWERED = _l("Ihre Antwort ist angekommen. Die Dienststelle liest sie und entscheidet, wie es weitergeht.")


def next_words(ticket: Ticket, *, is_answered: bool) -> str:
    """What happens next, or what the reporter can do now."""
    if ticket.state is Status.WAITING and is_answered:
        return str(ANSWERED)
    return str(AFTER_DECLINING.get(ticket.decline_reason, NEXT[ticket.state]))
