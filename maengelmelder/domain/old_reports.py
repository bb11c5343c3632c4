"""Reports of an older system: taken by the same rules, but nobody is there to answer, and their past is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from maengelmelder.domain.catalogue import Area, Catalogue
from maengelmelder.domain.errors import Refusal, Refusals
from maengelmelder.domain.reports import Accepted, Draft, decide_report
from maengelmelder.domain.routing import Route, decide_route
from maengelmelder.domain.tickets import Move, Status

MAX_SOURCE_ID = 100


@dataclass(frozen=True)
class OldReport:
    """One report as the older system knew it.

    line: where it stands in the file. source_id: the older system's own id. moved_at: when it got `status`; None if
    that is not known. reason, receiver: as for `decide_move`. areas: where it lies by the older system's own word.
    """

    line: int
    source_id: str
    draft: Draft
    reported_at: datetime
    status: Status = Status.RECEIVED
    moved_at: datetime | None = None
    reason: str = ""
    receiver: str = ""
    areas: tuple[Area, ...] = ()

    def past(self, now: datetime) -> tuple[Move, datetime] | None:
        """The move that brought it where it is, and when; a time that nobody knows is the moment of the import."""
        if self.status is Status.RECEIVED:
            return None
        return Move(Status.RECEIVED, self.status, self.reason, self.receiver), self.moved_at or now


def decide_old_report(catalogue: Catalogue, old: OldReport, now: datetime) -> tuple[Accepted, Route]:
    """Whether an old report is taken, and who is responsible for it.

    Raises Refusals with every fault: those of `decide_report`, `id_missing`, `id_too_long`, `time_in_future`,
    `moved_before_reported`.
    """
    faults = list(_faults(old, now))
    try:
        accepted = decide_report(catalogue, old.draft, from_form=False, at_hand=False)
    except Refusals as refusals:
        raise Refusals([*faults, *refusals.refusals]) from None
    if faults:
        raise Refusals(faults)
    return accepted, decide_route(catalogue, accepted.category, old.draft.place, accepted.answers, old.areas)


def _faults(old: OldReport, now: datetime) -> Iterator[Refusal]:
    if not old.source_id:
        yield Refusal("id_missing", "id")
    if len(old.source_id) > MAX_SOURCE_ID:
        yield Refusal("id_too_long", "id", limit=MAX_SOURCE_ID)
    if max(old.reported_at, old.moved_at or old.reported_at) > now:
        yield Refusal("time_in_future", "reported")
    if old.moved_at is not None and old.moved_at < old.reported_at:
        yield Refusal("moved_before_reported", "closed")
