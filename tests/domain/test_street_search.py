"""Half-typed and mistyped street names."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.domain.addresses import Address, read_typed
from maengelmelder.domain.places import Place
from maengelmelder.domain.street_search import StreetSearch, count_typos

NAMES = [
    "Altstadt",
    "Altstadtgasse",
    "Neustadt",
    "Theodor-Heuss-Straße",
    "Münchnerau",
    "Am Alten Viehmarkt",
    "Äußere Au",
]


def street(name: str, locality: str = "Landshut", postcode: str = "84028") -> Address:
    return Address(name, Place(12.1, 48.5), "", postcode, locality, "street")


def names(search: StreetSearch, text: str) -> list[str]:
    return [found.street for found in search.find(read_typed(text), 8)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Altstadt", "Altstadt"),
        ("altst", "Altstadt"),
        ("altstadtg", "Altstadtgasse"),
        ("heuss", "Theodor-Heuss-Straße"),
        ("Theodor Heuss Str", "Theodor-Heuss-Straße"),
        ("Teodor-Heus-Strasse", "Theodor-Heuss-Straße"),
        ("Munchnerau", "Münchnerau"),
        ("Atlstadt", "Altstadt"),
        ("aeussere au", "Äußere Au"),
        ("Neustat", "Neustadt"),
        ("Altstadt Landshut", "Altstadt"),
    ],
)
def test_the_street_that_is_meant_comes_first(text: str, first: str) -> None:
    assert names(StreetSearch(map(street, NAMES)), text)[:1] == [first]


@pytest.mark.parametrize("text", ["", "xyz", "q", "!!", "84028"])
def test_what_means_no_street_finds_none(text: str) -> None:
    assert names(StreetSearch(map(street, NAMES)), text) == []


def test_words_behind_the_comma_choose_between_streets_of_one_name() -> None:
    search = StreetSearch([street("Hauptstraße", "Ergolding", "84030"), street("Hauptstraße", "Altdorf", "84032")])
    assert [a.locality for a in search.find(read_typed("Hauptstr, Ergolding"), 8)] == ["Ergolding"]
    assert [a.locality for a in search.find(read_typed("Hauptstr, 84032"), 8)] == ["Altdorf"]
    assert len(search.find(read_typed("Hauptstr, Nirgendwo"), 8)) == 2


@given(st.text(alphabet="abcd", max_size=8), st.text(alphabet="abcd", max_size=8))
def test_typos_are_counted_like_the_textbook_says(wanted: str, key: str) -> None:
    def distance(a: str, b: str) -> int:
        if not a or not b:
            return len(a) + len(b)
        rows = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
        for i in range(1, len(a) + 1):
            for j in range(1, len(b) + 1):
                cost = a[i - 1] != b[j - 1]
                rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
                if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
        return rows[-1][-1]

    best = min(distance(wanted, key[:end]) for end in range(len(key) + 1))
    assert count_typos(wanted, key, 2) == (best if best <= 2 else None)


def test_a_large_city_is_searched_at_once() -> None:
    search = StreetSearch(street(f"{a}{b}{c}straße") for a in NAMES for b in NAMES for c in map(str, range(100)))
    began = time.perf_counter()
    for text in ("straße" * 40, "Thedor-Heus-Strasse", "a" * 300, "xAltstadtNeustadt7strase"):
        search.find(read_typed(text), 8)
    assert time.perf_counter() - began < 1.0
