"""Loading a city directory into the tables: repeatable, and nothing in use is ever deleted, only retired."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from maengelmelder.domain import catalogue as c
from maengelmelder.domain import city as t
from maengelmelder.store import models as m
from maengelmelder.store.catalogue_codec import to_document
from maengelmelder.store.types import to_shape


@dataclass
class Loaded:
    """How many rows of each table were written, and the areas that wait for a geometry."""

    departments: int = 0
    groups: int = 0
    categories: int = 0
    areas: int = 0
    areas_without_geometry: list[str] = field(default_factory=list)


def load_city(session: Session, catalogue: c.Catalogue) -> Loaded:
    """Make the tables say what the catalogue says; rows that it no longer names become inactive."""
    departments = _sync(session, m.Department, catalogue.departments, _department)
    groups = _sync(session, m.CategoryGroup, catalogue.groups, _group)
    areas = _sync(session, m.Area, catalogue.areas, _area)
    categories = _sync(
        session, m.Category, catalogue.categories, lambda category: _category(category, groups[category.group].id)
    )
    _write_responsibilities(session, catalogue, categories, areas, departments)
    _write_pages(session, catalogue.pages)
    _write_city(session, catalogue)
    waiting = [area.key for area in catalogue.areas.values() if area.geometry is None]
    return Loaded(len(departments), len(groups), len(categories), len(areas), waiting)


def _sync(session: Session, model: Any, wanted: Mapping[str, Any], values_of: Any) -> dict[str, Any]:
    session.execute(update(model).where(model.key.not_in(wanted)).values(active=False))
    rows = {row.key: row for row in session.scalars(select(model))}
    for position, (key, thing) in enumerate(wanted.items()):
        row = rows.setdefault(key, model(key=key))
        for name, value in {"active": True, **values_of(thing), "position": position}.items():
            setattr(row, name, value)
        session.add(row)
    session.flush()
    return {key: rows[key] for key in wanted}


def _department(department: c.Department) -> dict[str, Any]:
    return {"name": department.name.de, "email": department.email, "definition": to_document(department)}


def _group(group: c.Group) -> dict[str, Any]:
    return {"definition": to_document(group)}


def _category(category: c.Category, group_id: int) -> dict[str, Any]:
    return {
        "name": category.name.de,
        "group_id": group_id,
        "active": category.active,
        "definition": to_document(category),
    }


def _area(area: c.Area) -> dict[str, Any]:
    return {
        "name": area.name.de,
        "kind": area.kind,
        "active": area.geometry is not None,
        "geometry": to_shape(area.geometry),
        "definition": to_document(area),
    }


def _write_responsibilities(
    session: Session,
    catalogue: c.Catalogue,
    categories: Mapping[str, m.Category],
    areas: Mapping[str, m.Area],
    departments: Mapping[str, m.Department],
) -> None:
    session.execute(delete(m.Responsibility))
    for category in catalogue.categories.values():
        for position, (area, department, copy) in enumerate(_rules(category)):
            session.add(
                m.Responsibility(
                    category_id=categories[category.key].id,
                    area_id=areas[area].id if area else None,
                    department_id=departments[department].id,
                    copy=copy,
                    position=position,
                )
            )


def _rules(category: c.Category) -> Iterable[tuple[str, str, bool]]:
    yield "", category.department, False
    yield from (("", department, True) for department in category.cc)
    yield from ((route.area, route.department, route.as_cc) for route in category.routes)


def _write_pages(session: Session, pages: Mapping[str, t.Page]) -> None:
    session.execute(delete(m.Page))
    session.add_all(m.Page(key=page.key, definition=to_document(page)) for page in pages.values())


def _write_city(session: Session, catalogue: c.Catalogue) -> None:
    definition = {
        "city": to_document(catalogue.city),
        # Lists, because PostgreSQL's JSONB forgets the order of keys.
        "contacts": [to_document(contact) for contact in catalogue.contacts.values()],
        "kinds": [to_document(kind) for kind in catalogue.kinds.values()],
    }
    city = session.scalars(select(m.City)).first() or m.City(revision=0)
    city.key, city.definition, city.revision = catalogue.city.key, definition, city.revision + 1
    session.add(city)
    session.flush()
