"""One invented ticket: reported, worked on, released, in the order of its age."""

import random
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import yaml
from sqlalchemy.orm import Session

from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.city_limits import is_inside
from maengelmelder.domain.photos import stored_name
from maengelmelder.domain.places import Place
from maengelmelder.domain.reports import Draft
from maengelmelder.domain.tickets import Status
from maengelmelder.house import house
from maengelmelder.services import history
from maengelmelder.services.handling.move import Wish, move
from maengelmelder.services.reporting.submit import Incoming, submit
from maengelmelder.settings import ROOT
from maengelmelder.store.models import Photo, Ticket, TicketText
from maengelmelder.store.queries.catalogue import get_catalogue

DEMO = ROOT / "demo"
SPREAD_DEGREES = (0.022, 0.012)  # most things happen around the middle of the city
RELEASED_SHARE = 0.8
PHOTO_SHARE = 0.5


@dataclass(frozen=True)
class Story:
    """What may be reported in a category, and what the city says when it is done."""

    category: str
    weight: int
    texts: Sequence[str]
    resolved: str
    photo: str = ""
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def read_stories() -> list[Story]:
    """The stories of `demo/reports.yaml`."""
    return [Story(category=key, **story) for key, story in _document()["categories"].items()]


def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DEMO / "reports.yaml").read_text(encoding="utf-8"))
    return document


def tell(session: Session, story: Story, at: datetime, chance: random.Random) -> None:
    """Report it at that time, and let the city work on it since; the caller commits. Raises Refusals."""
    catalogue = get_catalogue(session)
    photos = _photos(story, chance)
    answers = {key: [chance.choice(options)] for key, options in story.answers.items()}
    draft = Draft(
        category=story.category,
        place=_place(catalogue, chance),
        description=chance.choice(story.texts),
        answers=answers | {key: [words] for key, words in story.words.items()},
        photos=len(photos),
    )
    incoming = Incoming(draft, str(uuid.uuid4()), secrets.token_hex(32), photos)
    ticket = submit(session, catalogue, incoming, at).report.ticket
    _release(ticket, at + timedelta(hours=3), chance)
    _work(session, ticket, story, at, chance)


def _place(catalogue: Catalogue, chance: random.Random) -> Place:
    centre = catalogue.city.centre or Place(12.1522, 48.5369)
    while True:
        lon = chance.gauss(centre.lon, SPREAD_DEGREES[0])
        place = Place(round(lon, 6), round(chance.gauss(centre.lat, SPREAD_DEGREES[1]), 6))
        if is_inside(catalogue, place):
            return place


def _photos(story: Story, chance: random.Random) -> list[str]:
    if not story.photo or chance.random() > PHOTO_SHARE:
        return []
    key = secrets.token_urlsafe(24)
    house().photos.put(stored_name(key, "original"), (DEMO / "photos" / story.photo).read_bytes())
    return [key]


def _release(ticket: Ticket, at: datetime, chance: random.Random) -> None:
    if chance.random() > RELEASED_SHARE or at > house().now():
        return
    things: list[TicketText | Photo] = [*ticket.texts, *ticket.photos]
    for thing in things:
        thing.released_at = at if thing.releasable else None


def _work(session: Session, ticket: Ticket, story: Story, at: datetime, chance: random.Random) -> None:
    words = _document()["words"]
    for status, days in _steps(chance):
        at += timedelta(days=days)
        if at > house().now():
            return
        answer = {
            Status.RESOLVED: story.resolved,
            Status.SCHEDULED: words["scheduled"],
            Status.WAITING: words["waiting"],
        }
        wish = Wish(
            ticket.version,
            status,
            answer=answer.get(status, ""),
            note=words["note"] if status is Status.IN_PROGRESS else "",
            reason="no_defect" if status is Status.DECLINED else "",
        )
        move(session, ticket, wish, history.SYSTEM, at)


def _steps(chance: random.Random) -> Iterator[tuple[Status, float]]:
    """Statuses with the days until each: mostly done within two weeks, some wait, a few are declined."""
    yield Status.ACCEPTED, chance.uniform(0.1, 3)
    if (turn := chance.random()) < 0.08:
        yield Status.DECLINED, chance.uniform(1, 5)
        return
    middle = Status.WAITING if turn < 0.14 else Status.SCHEDULED if turn < 0.3 else Status.IN_PROGRESS
    yield middle, chance.uniform(0.5, 6)
    yield Status.RESOLVED, chance.expovariate(1 / 10)
