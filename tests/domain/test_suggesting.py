"""What a text speaks of: every spelling, compound words, two languages, and nothing where nothing fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.adapters.suggesting.german import stem
from maengelmelder.domain.catalogue import Catalogue, Category
from maengelmelder.domain.city import City, Text
from maengelmelder.domain.suggesting import LEAST_SCORE, Keywords, combine, rank, suggest
from maengelmelder.domain.suggestion_figures import Figures, most_frequent
from maengelmelder.domain.word_stems import fold, words_in
from maengelmelder.settings import ROOT

LANDSHUT = read_city(ROOT / "cities" / "landshut")
KEYWORDS = Keywords.of(LANDSHUT, stem)


def suggested(text: str, keywords: Keywords = KEYWORDS) -> list[str]:
    return [one.category for one in suggest(rank(keywords.shares(text)))]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Die Laterne vor dem Rathaus ist aus", "laterne"),
        ("Strassenlaternen flackern", "laterne"),
        ("riesige Löcher im Asphalt", "schlagloch"),
        ("RIESIGE LOECHER IM ASPHALT", "schlagloch"),
        ("Mülleimer quillt über", "papierkorb"),
        ("Muelleimer quillt ueber", "papierkorb"),
        ("Fußgängerampel zu kurz grün", "ampel"),
        ("Bäume drohen umzufallen", "baum"),
        ("Schrottfahrrad am Bahnhof", "schrottrad"),
        ("Es ist nicht geräumt", "winterdienst"),
        ("street lamps broken", "laterne"),
        ("two potholes", "schlagloch"),
    ],
)
def test_what_people_write_leads_to_the_right_category_first(text: str, category: str) -> None:
    assert suggested(text)[:1] == [category]


@pytest.mark.parametrize("text", ["", "   ", "guten Tag", "xyzzy", "12 34", "!?", "\ud800", "ein und die"])
def test_nothing_is_suggested_where_nothing_fits(text: str) -> None:
    assert suggested(text) == []


@given(st.text(max_size=300) | st.text("abeglnrstuäöüß@1- ", max_size=2000))
def test_any_text_is_ranked_alike_every_time(text: str) -> None:
    ranked = rank(KEYWORDS.shares(text))
    assert ranked == rank(KEYWORDS.shares(text))
    assert {one.category for one in ranked} == {key for key, one in LANDSHUT.categories.items() if one.active}
    assert all(0 <= one.score <= 1 for one in ranked)
    shown = suggest(ranked)
    assert len(shown) <= 3
    assert all(one.score >= LEAST_SCORE for one in shown)


def test_only_what_can_be_reported_is_suggested() -> None:
    lamp, old = (Category(key, "", Text("Laterne"), "desk", active=key == "lamp") for key in ("lamp", "old"))
    catalogue = Catalogue(City("town", Text("Town"), desk="desk"), {}, {}, {"old": old, "lamp": lamp})
    assert suggested("Laterne", Keywords.of(catalogue, stem)) == ["lamp"]


def test_a_word_that_many_categories_know_says_little() -> None:
    shared = [Category(str(n), "", Text("Schaden"), "desk", keywords=("Brunnen",) if n == 3 else ()) for n in range(5)]
    catalogue = Catalogue(City("town", Text("Town"), desk="desk"), {}, {}, {one.key: one for one in shared})
    assert suggested("Schaden am Brunnen", Keywords.of(catalogue, stem))[0] == "3"


def test_without_a_stemmer_whole_words_still_match() -> None:
    assert suggested("Ampel", Keywords.of(LANDSHUT, str)) == [
        "ampel",
        *suggested("Ampel", Keywords.of(LANDSHUT, str))[1:],
    ]


def test_experience_decides_alone_where_the_catalogue_knows_no_word() -> None:
    assert combine({"a": 0.0, "b": 0.0}, {"b": 0.6}, 0.9) == {"a": 0.0, "b": 0.6}
    assert combine({"a": 0.5, "b": 0.0}, {}, 0.9) == {"a": 0.5, "b": 0.0}
    assert combine({"a": 0.5, "b": 0.0}, {"b": 0.5}, 0.8) == pytest.approx({"a": 0.1, "b": 0.4})


def test_every_spelling_of_an_umlaut_is_one_word() -> None:
    assert fold("Müll") == fold("MUELL") == fold("Mu\u0308ll") == fold("mull")
    assert fold("Straße") == fold("STRASSE")
    assert fold("Mauer") == "mauer"


def test_nothing_that_tells_of_somebody_is_a_word() -> None:
    text = "Rufen Sie 0871/88-1234 oder anna.huber@example.org, www.huber.example, LA-AB123, Haus12, https://h.example"
    assert list(words_in(text)) == ["rufen", "sie", "oder"]


def test_figures_count_the_first_and_the_first_three() -> None:
    figures = Figures.of(
        [(["a", "b", "c", "d"], "a"), (["a", "b", "c", "d"], "c"), (["a", "b", "c", "d"], "d"), ([], "a")]
    )
    assert (figures.texts, figures.first, figures.among) == (4, 1, 2)
    assert (figures + figures).among_share == 0.5
    assert Figures(0, 0, 0).first_share == 0.0
    assert most_frequent("abbcccdddd") == ("d", "c", "b")
