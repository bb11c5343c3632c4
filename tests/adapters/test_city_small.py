"""A second city needs files, not code: a small town whose staff write plain lists."""

from dataclasses import replace
from pathlib import Path

import pytest

from maengelmelder.adapters.city_directory import inspect_city, missing_translations, read_city
from maengelmelder.domain.catalogue import Catalogue, Deadlines, Option, PhotoRule
from maengelmelder.domain.city import Holidays, Text
from maengelmelder.domain.places import METRES_PER_DEGREE, Place
from maengelmelder.domain.reports import needs_stop
from maengelmelder.domain.routing import decide_route

TOWN = Path(__file__).parents[1] / "data" / "cities" / "kleinstadt"


@pytest.fixture(scope="module")
def town() -> Catalogue:
    return read_city(TOWN)


def test_the_town_has_its_own_name_colour_and_margin(town: Catalogue) -> None:
    city = town.city
    assert (city.key, city.name, city.ags, city.accent) == ("kleinstadt", Text("Kleinstadt"), "01234567", "#7A1F2B")
    assert (city.desk, city.boundary_margin_m, city.centre) == ("rathaus", 50.0, Place(10.005, 52.005))
    assert city.timezone == "Europe/Berlin"


def test_days_that_yaml_takes_for_dates_stay_as_they_were_typed(town: Catalogue) -> None:
    assert town.city.holidays == Holidays("DE", "NI", ("public",))
    assert town.groups["wege"].season == ("10-15", "04-15")


def test_words_that_yaml_takes_for_true_false_or_numbers_stay_words(town: Catalogue) -> None:
    question = town.categories["muell"].questions[0]
    assert (question.key, question.unpublish_if) == ("no", ("ja",))
    assert (town.contacts["polizei"].tel, town.contacts["buergerbuero"].tel) == ("110", "0871 88-0")


def test_a_plain_list_of_answers_gets_stable_keys(town: Catalogue) -> None:
    question = town.categories["loch"].questions[0]
    assert question.options == (
        Option("handgross", Text("handgroß")),
        Option("groesser", Text("größer")),
        Option("feld_oder_waldweg", Text("Feld- oder Waldweg")),
    )
    assert question.raise_urgency_if == ("groesser",)
    assert dict(question.route_if) == {"feld_oder_waldweg": "rathaus"}


def test_what_nobody_wrote_has_the_usual_value(town: Catalogue) -> None:
    other = town.categories["anderes"]
    assert (other.kind, other.public, other.urgency, other.active) == ("problem", True, "mittel", True)
    assert (other.deadlines, other.photo) == (Deadlines(target_wd=30), PhotoRule(max=1))
    assert town.groups["rest"].icon == "more"
    assert (town.pages, town.kinds) == ({}, {})


def test_a_hole_in_the_county_road_goes_to_the_county_elsewhere_to_the_depot(town: Catalogue) -> None:
    hole = town.categories["loch"]
    on_road, beside = Place(10.015, 52.001), Place(10.015, 52.001 + 20 / METRES_PER_DEGREE)
    assert decide_route(town, hole, on_road, {}).department == "kreis"
    assert decide_route(town, hole, on_road, {}).cc == ("rathaus",)
    assert decide_route(town, hole, beside, {}).department == "bauhof"
    assert decide_route(town, hole, Place(10.015, 52.015), {}).cc == ()
    assert decide_route(town, hole, on_road, {"groesse": ["feld_oder_waldweg"]}).department == "rathaus"


def test_features_of_one_name_are_one_area(town: Catalogue) -> None:
    lower = town.areas["ortsteil_unterdorf"]
    assert lower.kind == "district"
    assert lower.name == Text("Unterdorf")
    assert [lower.covers(Place(lon, 52.005)) for lon in (10.005, 10.015, 10.025)] == [True, True, False]


def test_an_area_nobody_has_drawn_holds_nowhere(town: Catalogue) -> None:
    assert town.areas["gruen"].geometry is None
    assert not town.areas["gruen"].covers(Place(10.005, 52.005))


def test_the_stop_depends_on_the_answer(town: Catalogue) -> None:
    hole = town.categories["loch"]
    assert needs_stop(hole, {"groesse": ["groesser"]})
    assert not needs_stop(hole, {"groesse": ["handgross"]})


def test_reading_it_twice_gives_the_same_and_only_reminds_of_pages(town: Catalogue) -> None:
    inspection = inspect_city(TOWN)
    assert inspection.errors == ()
    assert inspection.catalogue == town
    assert {warning.message for warning in inspection.warnings} == {"Diese Seite fehlt noch."}


def test_a_city_without_overlay_is_told_every_text_that_lacks_english(town: Catalogue) -> None:
    missing = missing_translations(town, "en")
    assert "categories.loch.questions.groesse.options.feld_oder_waldweg" in missing
    assert "categories.loch.emergency" in missing
    assert "areas.kreisstrasse" in missing
    assert "areas.ortsteil_unterdorf" not in missing  # a proper name
    assert missing_translations(replace(town, categories={}, groups={}), "en")[0] == "city.name"
