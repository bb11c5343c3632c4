"""The catalogue as values, read once for each of its revisions."""

import json
from collections import OrderedDict
from collections.abc import Collection, Iterable
from typing import Any

from geoalchemy2.functions import ST_AsGeoJSON
from sqlalchemy import select
from sqlalchemy.orm import Session

from maengelmelder.domain.catalogue import Area, Catalogue
from maengelmelder.domain.places import geometry_of
from maengelmelder.store import catalogue_codec as codec
from maengelmelder.store import models as m

CACHE_SIZE = 4
_cache: OrderedDict[tuple[str, int], Catalogue] = OrderedDict()


class CityMissing(LookupError):
    """No city has been loaded into this database yet."""


def get_catalogue(session: Session) -> Catalogue:
    """The catalogue as it stands; raises CityMissing. One small query when nothing has changed."""
    key = (str(session.get_bind().engine.url), get_revision(session))
    if key not in _cache:
        _cache[key] = _read(session)
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return _cache[key]


def find_category_ids(session: Session, keys: Collection[str]) -> list[int]:
    """Ids of the categories with these keys; a key that nobody knows has none."""
    return list(session.scalars(select(m.Category.id).where(m.Category.key.in_(keys))))


def get_revision(session: Session) -> int:
    """A number that changes with every change of the catalogue; raises CityMissing."""
    revision: int | None = session.scalar(select(m.City.revision))
    if revision is None:
        raise CityMissing("no city loaded: run `maengelmelder city load DIR`")
    return revision


def forget_cached() -> None:
    """Drop what was read, for a database that is replaced under the same address."""
    _cache.clear()


def _read(session: Session) -> Catalogue:
    city = session.scalars(select(m.City)).one()
    departments = session.scalars(select(m.Department).order_by(m.Department.position))
    groups = session.scalars(select(m.CategoryGroup).where(m.CategoryGroup.active).order_by(m.CategoryGroup.position))
    categories = session.scalars(select(m.Category).order_by(m.Category.position))
    return Catalogue(
        city=codec.city_of(city.definition["city"]),
        departments={row.key: codec.department_of(row.definition) for row in departments if row.active},
        groups={row.key: codec.group_of(row.definition) for row in groups},
        categories={row.key: codec.category_of(row.definition | {"active": row.active}) for row in categories},
        areas=_read_areas(session),
        contacts={row["key"]: codec.contact_of(row) for row in _rows(city.definition["contacts"])},
        kinds={row["key"]: codec.kind_of(row) for row in _rows(city.definition["kinds"])},
        pages={row.key: codec.page_of(row.definition) for row in session.scalars(select(m.Page).order_by(m.Page.id))},
    )


def _rows(documents: Any) -> Iterable[Any]:
    """Documents in their order; a city loaded by an earlier version kept them by key."""
    return documents.values() if isinstance(documents, dict) else documents


def _read_areas(session: Session) -> dict[str, Area]:
    query = select(m.Area.definition, ST_AsGeoJSON(m.Area.geometry, 9)).where(m.Area.active).order_by(m.Area.position)
    return {
        document["key"]: codec.area_of(document, geometry_of(json.loads(geojson)) if geojson else None)
        for document, geojson in session.execute(query)
    }
