"""What makes a report acceptable."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.errors import Refusals
from maengelmelder.domain.places import Place
from maengelmelder.domain.reports import (
    Draft,
    decide_report,
    find_category,
    is_printable,
    is_published,
    may_show_photos,
    needs_stop,
    printable,
    shows_at_once,
)

LANDSHUT = read_city(Path(__file__).parents[2] / "cities" / "landshut")
ALTSTADT = Place(12.1522, 48.5369)
LAMP = Draft(category="laterne", place=ALTSTADT, description="aus", answers={"art": ["aus"]})


def faults(draft: Draft, catalogue: Catalogue = LANDSHUT, **how: bool) -> list[tuple[str, str | None]]:
    """The codes and fields of what is wrong; empty when the report can be taken."""
    try:
        decide_report(catalogue, draft, **how)
    except Refusals as refusals:
        return [(refusal.code, refusal.field) for refusal in refusals.refusals]
    return []


def lamp(**changes: Any) -> Draft:
    return replace(LAMP, **changes)


def test_a_broken_lamp_in_the_old_town_is_taken() -> None:
    accepted = decide_report(LANDSHUT, LAMP)
    assert accepted.category.key == "laterne"
    assert accepted.answers == {"art": ("aus",)}
    assert accepted.urgency == "mittel"


def test_a_photo_is_enough_without_a_word() -> None:
    assert faults(lamp(description="", photos=1)) == []


def test_a_street_name_is_enough_without_a_position() -> None:
    assert faults(lamp(place=None, address="Altstadt 12")) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"place": None}, ("place_missing", "place")),
        ({"place": None, "address": " \n"}, ("place_missing", "place")),
        ({"category": ""}, ("category_missing", "category")),
        ({"category": "ufo"}, ("category_unknown", "category")),
        ({"description": " "}, ("text_or_photo_missing", "description")),
        ({"description": "x" * 10_000}, ("text_too_long", "description")),
        ({"description": "Loch\x00"}, ("text_not_printable", "description")),
        ({"address": "x" * 301}, ("text_too_long", "address")),
        ({"name": "x" * 101}, ("text_too_long", "name")),
        ({"accuracy_m": -1.0}, ("accuracy_not_a_number", "accuracy")),
        ({"accuracy_m": float("nan")}, ("accuracy_not_a_number", "accuracy")),
        ({"photos": 4}, ("photos_too_many", "photos")),
        ({"answers": {}}, ("answer_required", "answer-art")),
        ({"answers": {"art": ["explodiert"]}}, ("answer_unknown", "answer-art")),
        ({"answers": {"art": ["aus", "flackert"]}}, ("answer_single", "answer-art")),
        ({"answers": {"art": ["aus"], "farbe": ["rot"]}}, ("question_unknown", "answer-farbe")),
        ({"answers": {"art": ["aus"], "mastnummer": ["7\x00"]}}, ("text_not_printable", "answer-mastnummer")),
        ({"answers": {"art": ["aus"], "mastnummer": ["7" * 501]}}, ("text_too_long", "answer-mastnummer")),
        ({"place": Place(12.1522, 49.5)}, ("place_outside", "place")),
        ({"place": Place(48.5369, 12.1522)}, ("place_swapped", "place")),
        ({"place": Place(12.18, 48.58)}, ("place_in_neighbour", "place")),
    ],
)
def test_a_faulty_report_is_refused_at_the_right_field(change: dict[str, Any], expected: tuple[str, str]) -> None:
    assert faults(lamp(**change)) == [expected]


def test_all_faults_are_told_at_once() -> None:
    found = faults(Draft())
    assert found == [
        ("category_missing", "category"),
        ("place_missing", "place"),
        ("text_or_photo_missing", "description"),
    ]


def test_the_neighbouring_municipality_is_named() -> None:
    with pytest.raises(Refusals) as caught:
        decide_report(LANDSHUT, lamp(place=Place(12.18, 48.58)))
    assert caught.value.refusals[0].params["neighbour"].name.de == "Ergolding"  # type: ignore[attr-defined]


def test_a_label_stands_for_its_option_in_german_and_english() -> None:
    label = LANDSHUT.categories["laterne"].questions[0].options[1].label
    for words in (label.de, label.other["en"]):
        assert decide_report(LANDSHUT, lamp(answers={"art": [words]})).answers == {"art": ("flackert",)}


def test_parking_takes_no_photos() -> None:
    draft = Draft(category="parken", place=ALTSTADT, description="jeden Morgen", photos=1)
    assert faults(draft) == [("photos_not_wanted", "photos")]


def test_an_open_cable_must_be_answered_before_it_is_taken() -> None:
    dangerous = lamp(answers={"art": ["mast_umgefahren_oder_kabel_offen"]})
    assert faults(dangerous) == [("emergency_unanswered", "emergency")]
    assert faults(replace(dangerous, emergency="maybe")) == [("emergency_unanswered", "emergency")]
    assert faults(replace(dangerous, emergency="called")) == []
    assert faults(replace(dangerous, emergency="no_danger")) == []
    assert faults(dangerous, at_hand=False) == []


def test_a_burst_pipe_always_stops() -> None:
    assert needs_stop(LANDSHUT.categories["wasseraustritt"], {})
    assert not needs_stop(LANDSHUT.categories["schlagloch"], {"gefahr": ["ja"]})


def test_danger_raises_the_urgency() -> None:
    sign = Draft(category="verkehrsschild", place=ALTSTADT, description="fehlt", answers={"sicherheit": ["ja"]})
    assert decide_report(LANDSHUT, sign).urgency == "hoch"
    assert decide_report(LANDSHUT, replace(sign, answers={"sicherheit": ["nein"]})).urgency == "mittel"


def test_a_retired_category_leads_to_its_successor_or_the_desk() -> None:
    old = replace(LANDSHUT.categories["laterne"], key="lampe", active=False, successor="laterne")
    gone = replace(old, key="gaslicht", successor="")
    circle = replace(old, key="kreis", successor="kreis")
    catalogue = replace(LANDSHUT, categories={**LANDSHUT.categories, "lampe": old, "gaslicht": gone, "kreis": circle})
    keys = {key: find_category(catalogue, key) for key in ("lampe", "gaslicht", "kreis", "nie")}
    assert {key: category.key if category else None for key, category in keys.items()} == {
        "lampe": "laterne",
        "gaslicht": "sonstiges",
        "kreis": "sonstiges",
        "nie": None,
    }


def test_a_report_that_waited_while_its_category_was_retired_is_taken_with_the_answers_that_still_fit() -> None:
    lamp = replace(LANDSHUT.categories["laterne"], active=False, successor="sonstiges")
    sign = replace(LANDSHUT.categories["verkehrsschild"], active=False, successor="laterne")
    catalogue = replace(LANDSHUT, categories={**LANDSHUT.categories, "laterne": lamp})
    waited = Draft(category="laterne", place=ALTSTADT, description="dunkel", answers={"art": ["aus"]})
    assert decide_report(catalogue, waited).category.key == "sonstiges"
    assert decide_report(catalogue, waited).answers == {}

    catalogue = replace(LANDSHUT, categories={**LANDSHUT.categories, "verkehrsschild": sign})
    waited = replace(waited, category="verkehrsschild", answers={"art": ["flackert"], "sicherheit": ["ja"]})
    assert decide_report(catalogue, waited).answers == {"art": ("flackert",)}
    dangerous = replace(waited, answers={"art": ["mast_umgefahren_oder_kabel_offen"]})
    with pytest.raises(Refusals):
        decide_report(catalogue, dangerous)


def test_publicity_follows_category_then_answer_then_the_citys_choice() -> None:
    graffiti, wreck = LANDSHUT.categories["graffiti"], LANDSHUT.categories["schrottauto"]
    assert is_published(graffiti, {})
    assert not is_published(graffiti, {"inhalt": ["ja"]})
    assert not is_published(wreck, {})
    assert not may_show_photos(LANDSHUT.categories["totes_tier"], {})
    assert shows_at_once("immediate", graffiti, {})
    assert not shows_at_once("immediate", graffiti, {"inhalt": ["ja"]})
    assert not shows_at_once("review", graffiti, {})


@given(st.text())
def test_what_printable_leaves_is_printable_and_nothing_else_is_lost(text: str) -> None:
    left = printable(text)
    assert is_printable(left)
    assert (left == text) == is_printable(text)


def test_line_breaks_umlauts_and_emoji_are_printable_but_null_is_not() -> None:
    assert is_printable("Schlagloch\r\n\tgroß 🕳️ – „tief“")
    for sign in ("\x00", "\x1b", "\x7f", "\ud800", "\ufffe"):
        assert not is_printable(f"a{sign}b")
