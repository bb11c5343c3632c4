"""The gazetteer answers alike on both databases."""

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from maengelmelder.domain.addresses import nearby
from maengelmelder.domain.places import Place
from maengelmelder.store.models import KnownAddress
from maengelmelder.store.queries.addresses import (
    find_addresses,
    find_attributions,
    find_exact_address,
    find_nearest_address,
)
from tests.conftest import MONDAY
from tests.gazetteer import CSV, know_addresses

GASSE = "Erfundene Gasse"


@pytest.fixture
def known(session: Session) -> Session:
    know_addresses(session, MONDAY)
    return session


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (
            "erfundene gasse 12",
            [f"{GASSE} 12, 84028 Landshut", f"{GASSE} 12a, 84028 Landshut", f"{GASSE}, 84028 Landshut"],
        ),
        ("Erfundne Gase 14", [f"{GASSE} 14, 84028 Landshut", f"{GASSE}, 84028 Landshut"]),
        ("groesse str 7", ["Doktor-Größe-Straße 7, 84034 Landshut", "Doktor-Größe-Straße, 84034 Landshut"]),
        ("Erfundene Gasse 99", [f"{GASSE}, 84028 Landshut"]),
        ("muster", ["Muster-Süd"]),
        ("Ferne Straße", []),
        ("", []),
        ("%", []),
        ("x' OR 1=1 --", []),
        ("Erfundene Gasse 1%", [f"{GASSE} 12, 84028 Landshut", f"{GASSE} 14, 84028 Landshut"]),
    ],
)
def test_an_address_is_found_by_what_people_type(known: Session, text: str, labels: list[str]) -> None:
    assert [address.label for address in find_addresses(known, text, 8)][: len(labels) or 1] == labels


def test_no_more_is_found_than_was_asked_for(known: Session) -> None:
    assert len(find_addresses(known, "erfundene gasse 12", 2)) == 2


def test_a_new_import_is_noticed_at_once(known: Session) -> None:
    assert find_addresses(known, "Muster-Süd", 8)
    know_addresses(known, MONDAY, CSV)
    assert not find_addresses(known, "Muster-Süd", 8)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(12.1522, 48.5369), "bei Erfundene Gasse 12"),
        (Place(12.1525, 48.5372), "bei Erfundene Gasse 12a"),
        (Place(12.1639, 48.5405), "Doktor-Größe-Straße"),
        (Place(12.1700, 48.5300), None),
    ],
)
def test_a_place_is_named_by_what_stands_there(known: Session, place: Place, words: str | None) -> None:
    address = find_nearest_address(known, place)
    assert (nearby(address) if address else None) == words


@pytest.mark.parametrize("place", [Place(0, 0), Place(180, 90), Place(-180, -90), Place(12.15, 90)])
def test_no_place_on_earth_is_too_odd_to_ask_about(known: Session, place: Place) -> None:
    assert find_nearest_address(known, place) is None


def test_an_exact_address_has_a_position_and_a_vague_one_has_none(known: Session) -> None:
    exact = find_exact_address(known, "doktor groesse strasse 7")
    assert exact is not None
    assert (exact.place.lon, exact.place.lat) == pytest.approx((12.1602, 48.5402))
    assert find_exact_address(known, "Doktor-Größe-Straße") is None
    assert find_exact_address(known, "Erfundne Gasse 12") is None


def test_two_sources_of_one_address_are_one_answer(known: Session) -> None:
    know_addresses(known, MONDAY, CSV, source="Vermessungsamt")
    labels = [address.label for address in find_addresses(known, "erfundene gasse 12a", 8)]
    assert labels.count("Erfundene Gasse 12a, 84028 Landshut") == 1
    assert find_exact_address(known, "Erfundene Gasse 12a") is not None


def test_the_map_names_where_addresses_came_from(session: Session) -> None:
    assert find_attributions(session) == []
    know_addresses(session, MONDAY)
    assert find_attributions(session) == ["© OpenStreetMap"]


def test_the_same_file_again_changes_nothing(known: Session) -> None:
    def count(at: datetime) -> int | None:
        know_addresses(known, at)
        return known.scalar(select(func.count()).select_from(KnownAddress))

    assert count(MONDAY) == count(MONDAY)
