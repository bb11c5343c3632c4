"""What the city directory says is what the database gives back."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.database import db
from maengelmelder.domain.catalogue import Area, Catalogue
from maengelmelder.domain.places import Geometry, Ring
from maengelmelder.services.administering.load_city import load_city
from maengelmelder.settings import ROOT
from maengelmelder.store import catalogue_codec as codec
from maengelmelder.store.queries.catalogue import CityMissing, forget_cached, get_catalogue


@pytest.fixture(scope="module")
def landshut() -> Catalogue:
    return read_city(ROOT / "cities" / "landshut")


def rounded(area: Area) -> Area:
    def points(ring: Ring) -> Ring:
        return tuple((round(x, 9), round(y, 9)) for x, y in ring)

    if area.geometry is None:
        return area
    polygons = tuple(tuple(points(ring) for ring in rings) for rings in area.geometry.polygons)
    return replace(area, geometry=Geometry(polygons, tuple(points(line) for line in area.geometry.lines)))


def test_landshut_comes_back_whole_with_its_borders_to_nine_digits(session: Session, landshut: Catalogue) -> None:
    found = get_catalogue(session)
    drawn = {key: rounded(area) for key, area in landshut.areas.items() if area.geometry}
    assert {key: rounded(area) for key, area in found.areas.items()} == drawn
    assert replace(found, areas={}) == replace(landshut, areas={})
    for name in ("departments", "groups", "categories", "contacts", "kinds"):
        assert list(getattr(found, name)) == list(getattr(landshut, name)), f"the order of {name}"


def test_a_document_of_a_newer_program_is_read_without_what_is_unknown(landshut: Catalogue) -> None:
    category = landshut.categories["schlagloch"]
    document = codec.to_document(category) | {"from_the_future": 1}
    assert codec.category_of(document) == category
    assert codec.city_of(codec.to_document(landshut.city) | {"new": True}) == landshut.city


def test_the_catalogue_is_read_once_until_the_city_is_loaded_again(
    session: Session, app: Flask, landshut: Catalogue
) -> None:
    first = get_catalogue(session)
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert get_catalogue(session) is first
        assert len([s for s in statements if s.startswith("SELECT")]) == 1
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    load_city(session, landshut)
    assert get_catalogue(session) is not first
    session.rollback()
    forget_cached()


def test_what_a_city_no_longer_names_is_retired_and_kept(session: Session, landshut: Catalogue) -> None:
    fewer = {key: category for key, category in landshut.categories.items() if key != "schlagloch"}
    load_city(session, replace(landshut, categories=fewer))
    found = get_catalogue(session)
    assert not found.categories["schlagloch"].active
    assert found.categories["laterne"].active
    session.rollback()
    forget_cached()


def test_without_a_city_one_sentence_says_what_to_do(session: Session) -> None:
    session.execute(text("DELETE FROM city"))
    with pytest.raises(CityMissing, match="city load"):
        get_catalogue(session)
    session.rollback()
