"""What people type when they mean an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.domain.addresses import (
    Address,
    Kind,
    Typed,
    name_key,
    nearby,
    nearest_of,
    number_key,
    only_place,
    read_typed,
)
from maengelmelder.domain.places import Place

HERE = Place(12.15, 48.53)
METRE = 1 / 111_195  # degrees of latitude


def house(number: str, metres: float = 0.0, street: str = "Altstadt", kind: Kind = "address") -> Address:
    return Address(street, Place(HERE.lon, HERE.lat + metres * METRE), number, "84028", "Landshut", kind)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Theodor-Heuss-Straße", "theodor heuss str."),
        ("Theodor-Heuss-Straße", "THEODOR-HEUSS-STRASSE"),
        ("Münchnerau", "Muenchnerau"),
        ("Große Gasse", "Grosse  Gasse"),
        ("Sankt-Martin-Platz", "St. Martin Pl."),
        ("Café-Zeile", "Cafe Zeile"),
        ("Münchnerau", "Mu\u0308nchnerau"),
    ],
)
def test_several_ways_of_writing_are_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


def test_different_streets_stay_different() -> None:
    names = ["Altstadt", "Neustadt", "Am Alten Viehmarkt", "Altstadtgasse", "Schirmgasse", "Straße A", "Straße B"]
    assert len({name_key(name) for name in names}) == len(names)


@given(st.text(max_size=60))
def test_a_key_is_its_own_key_and_holds_letters_and_digits_only(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key
    assert key == "" or key.isalnum()


@given(st.text(max_size=60), st.sampled_from(["-", " ", ".", ", ", "\u00a0", "'"]))
def test_signs_and_case_never_change_a_key(text: str, sign: str) -> None:
    words = text.split()
    plain = [word for word in words if "." not in word]
    assert name_key(" ".join(plain)) == name_key((sign + " ").join(plain).strip())


@given(st.text(alphabet="abcdefgäöüß-. ", max_size=40))
def test_capitals_never_change_a_key(text: str) -> None:
    assert name_key(text.upper()) == name_key(text)


@given(st.text(max_size=400))
def test_whatever_is_typed_can_be_read(text: str) -> None:
    typed = read_typed(text)
    assert typed.name == name_key(typed.name)
    assert not typed.number or typed.name


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Altstadt", Typed("altstadt")),
        ("Altstadt 12a", Typed("altstadt", "12a")),
        ("altstadt 12 A, 84028 Landshut", Typed("altstadt", "12a", "84028", "landshut")),
        ("Altstadt 12 Landshut", Typed("altstadt", "12", "", "landshut")),
        ("84028 Landshut", Typed("", "", "84028", "landshut")),
        ("Straße des 17. Juni 135", Typed("strdes17juni", "135")),
        ("Straße des 17. Juni", Typed("strdes17juni")),
        ("Hauptstr. 12-14", Typed("hauptstr", "12-14")),
        ("Hauptstr. 12/1", Typed("hauptstr", "12/1")),
        ("12", Typed("12")),
        ("", Typed("")),
    ],
)
def test_an_address_is_taken_apart(text: str, typed: Typed) -> None:
    assert read_typed(text) == typed


def test_house_numbers_are_compared_without_blanks_and_case() -> None:
    assert number_key("12 A") == number_key("12a") != number_key("12")


def test_an_address_that_exists_once_is_meant() -> None:
    twelve = house("12")
    assert only_place(read_typed("altstadt 12"), [twelve, house("12a")]) == twelve
    assert only_place(read_typed("Altstadt 12, 84028 Landshut"), [twelve]) == twelve


@pytest.mark.parametrize("text", ["Altstadt", "Altstadt 13", "Altstadt 12, 84034", "Altstadt 12 hinter dem Haus"])
def test_words_that_say_less_or_more_are_no_exact_address(text: str) -> None:
    assert only_place(read_typed(text), [house("12")]) is None


def test_two_houses_of_one_address_far_apart_are_no_exact_address() -> None:
    assert only_place(read_typed("Altstadt 12"), [house("12"), house("12", 500)]) is None
    assert only_place(read_typed("Altstadt 12"), [house("12"), house("12", 20)]) is not None


def test_a_house_counts_before_a_nearer_street() -> None:
    street = house("", 5, kind="way")
    assert nearest_of(HERE, [street, house("14", 60), house("12", 40)]) == house("12", 40)
    assert nearest_of(HERE, [street, house("12", 101)]) == street
    assert nearest_of(HERE, [house("12", 101)]) is None


def test_a_district_is_never_the_nearest_address() -> None:
    assert nearest_of(HERE, [house("", 1, "Achdorf", "district")]) is None


def test_places_are_named_by_the_house_beside_them_or_by_their_street() -> None:
    assert nearby(house("12")) == "bei Altstadt 12"
    assert nearby(house("", street="Spielplatz", kind="poi")) == "bei Spielplatz"
    assert nearby(house("", kind="way")) == "Altstadt"
