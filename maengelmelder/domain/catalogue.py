"""A city's catalogue as values: what can be reported, what is asked, who is responsible where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from maengelmelder.domain.city import City, EmergencyContact, Kind, Page, Text
from maengelmelder.domain.places import Geometry, Place

DepartmentKind = Literal["intern", "beteiligung", "extern"]
QuestionType = Literal["choice", "multi", "yesno", "text"]
EmergencyLevel = Literal["none", "hint", "stop"]
Urgency = Literal["niedrig", "mittel", "hoch"]
AreaKind = Literal["boundary", "neighbour", "district", "responsibility"]

YES, NO = "ja", "nein"
NO_WORDS = Text("")


@dataclass(frozen=True)
class Department:
    """A Dienststelle; without `email` nothing is sent to it. `verified` tells how name and task are known."""

    key: str
    name: Text
    kind: DepartmentKind = "intern"
    email: str = ""
    unit: str = ""
    role: str = ""
    area: str = ""
    verified: str = ""


@dataclass(frozen=True)
class Group:
    """One of the tiles on the report form; `season` ("MM-DD", "MM-DD") moves it to the front."""

    key: str
    label: Text
    icon: str
    season: tuple[str, str] | None = None


@dataclass(frozen=True)
class Option:
    """A possible answer. The key is stored and never changes, the label may."""

    key: str
    label: Text


@dataclass(frozen=True)
class Question:
    """A question of a category.

    `route_if` maps an option's key to the department that gets the ticket then; `unpublish_if` and
    `raise_urgency_if` hold the option keys that have this effect. `public` is False for answers that are never shown.
    """

    key: str
    label: Text
    type: QuestionType
    options: tuple[Option, ...] = ()
    required: bool = False
    public: bool = True
    route_if: Mapping[str, str] = field(default_factory=dict)
    unpublish_if: tuple[str, ...] = ()
    raise_urgency_if: tuple[str, ...] = ()


@dataclass(frozen=True)
class Emergency:
    """What a category says before a report: nothing, a hint, or a stop that must be answered.

    `only_if` maps a question's key to the option keys for which the stop counts; empty: always.
    """

    level: EmergencyLevel = "none"
    call: tuple[str, ...] = ()
    text: Text = NO_WORDS
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class PhotoRule:
    """How many photos a category takes (0–3) and when they may be shown."""

    max: int = 3
    publish: Literal["after_review", "never", "never_if_flagged"] = "after_review"


@dataclass(frozen=True)
class Deadlines:
    """Proposed times: working days (`_wd`) or clock hours (`_h`); None: none set."""

    triage_wd: int | None = None
    answer_wd: int | None = None
    secure_h: int | None = None
    target_wd: int | None = None


@dataclass(frozen=True)
class AreaRoute:
    """In this area another department is responsible, or (`as_cc`) gets a copy and may read."""

    area: str
    department: str
    as_cc: bool = False


@dataclass(frozen=True)
class Category:
    """One kind of defect. `successor` is the key that takes over when the category is retired (`active` False).

    `keywords` are German; `other_keywords` holds those of other languages, by language tag. `note` is for staff.
    """

    key: str
    group: str
    name: Text
    department: str
    cc: tuple[str, ...] = ()
    routes: tuple[AreaRoute, ...] = ()
    kind: str = "problem"
    public: bool = True
    urgency: Urgency = "mittel"
    questions: tuple[Question, ...] = ()
    emergency: Emergency = Emergency()
    photo: PhotoRule = PhotoRule()
    deadlines: Deadlines = Deadlines()
    keywords: tuple[str, ...] = ()
    other_keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""
    leika: str = ""
    successor: str = ""
    active: bool = True

    def find_question(self, key: str) -> Question | None:
        """The question with this key, if the category asks it."""
        return next((question for question in self.questions if question.key == key), None)


@dataclass(frozen=True)
class Area:
    """A part of the map. Without geometry it is inactive; `buffer_m` widens a line to the street it stands for.

    `designation`: Stadt, Markt or Gemeinde of a neighbour.
    """

    key: str
    name: Text
    kind: AreaKind
    geometry: Geometry | None = None
    buffer_m: float = 0.0
    designation: str = ""

    def covers(self, place: Place) -> bool:
        """Whether the place lies in the area, or within `buffer_m` metres of it."""
        return self.geometry is not None and self.geometry.is_within(place, self.buffer_m)

    @cached_property
    def size_m2(self) -> float:
        """Size in square metres, so that the smallest of several areas can win."""
        return 0.0 if self.geometry is None else self.geometry.size_m2(self.buffer_m)


@dataclass(frozen=True)
class Catalogue:
    """Everything the city directory says. Keys are unique within each mapping; order is the city's."""

    city: City
    departments: Mapping[str, Department]
    groups: Mapping[str, Group]
    categories: Mapping[str, Category]
    areas: Mapping[str, Area] = field(default_factory=dict)
    contacts: Mapping[str, EmergencyContact] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    @cached_property
    def boundary(self) -> Area | None:
        """The city's boundary, None as long as the city has not drawn it: then every place counts as inside."""
        return next((area for area in self.areas.values() if area.kind == "boundary" and area.geometry), None)

    def active_in(self, group: str) -> tuple[Category, ...]:
        """The categories that can be reported in a group, in the city's order."""
        return tuple(c for c in self.categories.values() if c.group == group and c.active)
