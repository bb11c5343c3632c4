"""Who is responsible: category × area → department, the most specific rule first, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from maengelmelder.domain.catalogue import Area, AreaRoute, Catalogue, Category
from maengelmelder.domain.places import Place

Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Because:
    """Why a ticket went where it went, in keys; the edge makes a sentence of it."""

    rule: Literal["answer", "area", "category", "desk", "place"]
    question: str = ""
    option: str = ""
    area: str = ""


@dataclass(frozen=True)
class Route:
    """The responsible department, those that get a copy and may read, and the reason."""

    department: str
    cc: tuple[str, ...]
    because: Because


def decide_route(
    catalogue: Catalogue, category: Category, place: Place | None, answers: Answers, stated: Sequence[Area] = ()
) -> Route:
    """Answer beats area beats the category's default; among areas the smallest wins; the desk takes the rest.

    place: None for a ticket that has only a typed address; it waits at the desk until it has one, unless an area is
    stated.
    stated: areas that somebody named, such as the district in an older system. They hold without a look at the map,
    even without geometry, and no other area of their kind does.
    """
    areas = _areas_here(catalogue, category, place, stated)
    if place is None and not stated:
        department, because = catalogue.city.desk, Because("place")
    else:
        department, because = _responsible(catalogue, category, areas, answers)
    copies = [*category.cc, *(route.department for _, route in areas if route.as_cc)]
    cc = tuple(dict.fromkeys(key for key in copies if key != department and key in catalogue.departments))
    return Route(department, cc, because)


def _responsible(
    catalogue: Catalogue, category: Category, areas: list[tuple[Area, AreaRoute]], answers: Answers
) -> tuple[str, Because]:
    for question in category.questions:
        for option in answers.get(question.key, ()):
            if question.route_if.get(option, "") in catalogue.departments:
                return question.route_if[option], Because("answer", question=question.key, option=option)
    for area, route in areas:
        if not route.as_cc and route.department in catalogue.departments:
            return route.department, Because("area", area=area.key)
    if category.department in catalogue.departments:
        return category.department, Because("category")
    return catalogue.city.desk, Because("desk")


def _areas_here(
    catalogue: Catalogue, category: Category, place: Place | None, stated: Sequence[Area]
) -> list[tuple[Area, AreaRoute]]:
    """The category's area rules that hold at the place, the smallest area first."""
    said, kinds = {area.key: area for area in stated}, {area.kind for area in stated}
    known = {**catalogue.areas, **said}
    ruled = [(known[route.area], route) for route in category.routes if route.area in known]

    def holds(area: Area) -> bool:
        if area.kind in kinds:
            return area.key in said
        return place is not None and area.covers(place)

    here = [(area, route) for area, route in ruled if holds(area)]
    return sorted(here, key=lambda pair: (pair[0].size_m2, pair[0].key))
