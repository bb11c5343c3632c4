"""One point a street."""

from maengelmelder.domain.addresses import Address, Kind
from maengelmelder.domain.places import Place
from maengelmelder.domain.street_points import streets_of


def point(lon: float, lat: float, kind: Kind = "way", street: str = "Hauptstraße", **more: str) -> Address:
    return Address(street, Place(lon, lat), kind=kind, **more)


def test_a_street_is_shown_in_its_middle_and_on_its_own_course() -> None:
    course = [point(12.150 + i * 0.0005, 48.53) for i in range(9)]
    house = point(12.1521, 48.5302, "address", housenumber="7", postcode="84028", locality="Landshut")
    [street] = streets_of([*course, house])
    assert street == Address("Hauptstraße", course[4].place, "", "84028", "Landshut", "street")


def test_two_streets_of_one_name_stay_two() -> None:
    found = list(streets_of([point(12.10, 48.50), point(12.20, 48.55), point(12.2001, 48.5501)]))
    assert len(found) == 2


def test_several_ways_of_writing_make_one_street_and_named_places_none() -> None:
    same = [point(12.1, 48.5), point(12.1, 48.5, street="Hauptstr."), point(12.1, 48.5, "poi", "Brunnen")]
    assert [street.street for street in streets_of(same)] == ["Hauptstraße"]


def test_a_street_with_two_postcodes_names_none() -> None:
    houses = [
        point(12.1, 48.5, "address", housenumber=n, postcode=code) for n, code in (("1", "84028"), ("2", "84030"))
    ]
    [street] = streets_of(houses)
    assert (street.postcode, street.kind) == ("", "street")
