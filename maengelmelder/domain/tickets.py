"""How a ticket may move: one table, readable aloud, and the decisions that it allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from maengelmelder.domain.errors import Refusal


class Status(StrEnum):
    """How far the city's work on a ticket is. Publicity and delivery are other axes, never mixed in here."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SCHEDULED = "scheduled"
    WAITING = "waiting"
    RESOLVED = "resolved"
    FORWARDED = "forwarded"
    DECLINED = "declined"


class Group(StrEnum):
    """The four groups that map, Open311 and retention know; `done` and `other` are closed."""

    NEW = "new"
    WORK = "work"
    DONE = "done"
    OTHER = "other"


_S = Status

MOVES: Mapping[Status, tuple[Status, ...]] = {
    _S.RECEIVED: (_S.ACCEPTED, _S.IN_PROGRESS, _S.SCHEDULED, _S.WAITING, _S.RESOLVED, _S.FORWARDED, _S.DECLINED),
    _S.ACCEPTED: (_S.IN_PROGRESS, _S.SCHEDULED, _S.WAITING, _S.RESOLVED, _S.FORWARDED, _S.DECLINED),
    _S.IN_PROGRESS: (_S.SCHEDULED, _S.WAITING, _S.RESOLVED, _S.FORWARDED, _S.DECLINED),
    _S.SCHEDULED: (_S.IN_PROGRESS, _S.WAITING, _S.RESOLVED, _S.FORWARDED, _S.DECLINED),
    _S.WAITING: (_S.ACCEPTED, _S.IN_PROGRESS, _S.SCHEDULED, _S.RESOLVED, _S.FORWARDED, _S.DECLINED),
    _S.RESOLVED: (_S.IN_PROGRESS,),
    _S.FORWARDED: (_S.ACCEPTED, _S.IN_PROGRESS, _S.RESOLVED, _S.DECLINED),
    _S.DECLINED: (_S.ACCEPTED, _S.IN_PROGRESS),
}

GROUPS: Mapping[Status, Group] = {
    _S.RECEIVED: Group.NEW,
    _S.ACCEPTED: Group.WORK,
    _S.IN_PROGRESS: Group.WORK,
    _S.SCHEDULED: Group.WORK,
    _S.WAITING: Group.WORK,
    _S.RESOLVED: Group.DONE,
    _S.FORWARDED: Group.OTHER,
    _S.DECLINED: Group.OTHER,
}

CLOSED = frozenset(status for status, group in GROUPS.items() if group in (Group.DONE, Group.OTHER))

DECLINE_REASONS = ("no_defect", "no_duty", "private_ground", "too_vague", "other", "withdrawn", "spam")
UNPUBLISHING_REASONS = frozenset({"withdrawn", "spam"})


@dataclass(frozen=True)
class Move:
    """A status change that is allowed: what the ticket is then, and what it brings along."""

    before: Status
    after: Status
    reason: str = ""
    receiver: str = ""

    @property
    def reopens(self) -> bool:
        """Whether a closed ticket is worked on again."""
        return self.before in CLOSED and self.after not in CLOSED

    @property
    def closes(self) -> bool:
        """Whether this ends the city's work, for now."""
        return self.before not in CLOSED and self.after in CLOSED

    @property
    def unpublishes(self) -> bool:
        """Withdrawn and spam leave the map; every other decline stays visible with its reason."""
        return self.reason in UNPUBLISHING_REASONS


def status_of(value: str) -> Status:
    """A status from untrusted text; raises Refusal `status_unknown`."""
    try:
        return Status(value)
    except ValueError:
        raise Refusal("status_unknown", "status", status=value[:40]) from None


def decide_move(before: Status, after: Status, *, reason: str = "", receiver: str = "", answer: str = "") -> Move:
    """Whether a ticket may go from `before` to `after`.

    reason: a code of DECLINE_REASONS, needed to decline; `answer` (public words) explains the reason `other`.
    receiver: key of the outside department, needed to forward.
    Raises Refusal `move_not_allowed`, `reason_missing`, `answer_missing` or `receiver_missing`.
    """
    if after not in MOVES[before]:
        raise Refusal("move_not_allowed", "status", before=before, after=after)
    if after is Status.DECLINED and reason not in DECLINE_REASONS:
        raise Refusal("reason_missing", "reason")
    if after is Status.DECLINED and reason == "other" and not answer.strip():
        raise Refusal("answer_missing", "answer")
    if after is Status.WAITING and not answer.strip():
        raise Refusal("question_missing", "answer")
    if after is Status.FORWARDED and not receiver:
        raise Refusal("receiver_missing", "receiver")
    return Move(
        before,
        after,
        reason if after is Status.DECLINED else "",
        receiver if after is Status.FORWARDED else "",
    )


def decide_transfer(current: str, target: str, known: Mapping[str, object]) -> str:
    """The department that a ticket goes to; raises Refusal `department_unknown` or `department_same`."""
    if target not in known:
        raise Refusal("department_unknown", "department")
    if target == current:
        raise Refusal("department_same", "department")
    return target


def decide_version(seen: int, now: int) -> None:
    """Two clerks on one ticket: raises Refusal `version_stale` for the one who saw an older state."""
    if seen != now:
        raise Refusal("version_stale", "version")
