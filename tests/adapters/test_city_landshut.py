"""Landshut as it is shipped: nothing of its catalogue is lost, and everything has English."""

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from maengelmelder.adapters.city_directory import inspect_city, missing_translations, read_city
from maengelmelder.adapters.city_directory.pages import PAGES
from maengelmelder.domain.catalogue import Catalogue, Deadlines, PhotoRule
from maengelmelder.domain.city import Holidays
from maengelmelder.domain.city_limits import find_neighbour, is_inside
from maengelmelder.domain.places import METRES_PER_DEGREE, Place
from maengelmelder.domain.reports import is_published, is_required, needs_stop
from maengelmelder.domain.routing import decide_route

LANDSHUT = Path(__file__).parents[2] / "cities" / "landshut"
TOWN_HALL = Place(12.1519, 48.5370)
UNDRAWN = {"bundesstrassen", "gewaesser_1_ordnung", "bahnanlagen", "gruenanlagen", "innenstadt"}


@pytest.fixture(scope="module")
def city() -> Catalogue:
    return read_city(LANDSHUT)


def test_it_loads_with_open_gaps_but_without_errors() -> None:
    inspection = inspect_city(LANDSHUT)
    assert inspection.errors == ()
    gaps = {w.file for w in inspection.warnings if w.file.startswith("pages/")}
    assert gaps == {f"pages/{folder}{page}.md" for folder in ("", "en/") for page in PAGES}
    assert {w.file for w in inspection.warnings} - gaps == {"emergency.yaml"}


def test_nothing_is_missing(city: Catalogue) -> None:
    sizes = len(city.categories), len(city.departments), len(city.groups), len(city.contacts), len(city.kinds)
    assert sizes == (35, 20, 9, 4, 3)
    assert Counter(category.group for category in city.categories.values()) == {
        "strasse": 7, "verkehr": 3, "sauber": 10, "gruen": 6, "wasser": 4, "bus": 1, "winter": 1, "parken": 1,
        "sonst": 2,
    }  # fmt: skip
    questions = [question for category in city.categories.values() for question in category.questions]
    assert Counter(question.type for question in questions) == {"choice": 34, "yesno": 7, "text": 10, "multi": 2}
    assert Counter(c.emergency.level for c in city.categories.values()) == {"none": 18, "hint": 10, "stop": 7}


def test_every_category_leads_to_a_tile_and_a_department_in_both_languages(city: Catalogue) -> None:
    assert missing_translations(city, "en") == []
    for category in city.categories.values():
        assert category.group in city.groups
        assert category.department in city.departments
        assert category.keywords
        assert category.other_keywords["en"]


def test_no_mail_can_leave_for_a_real_office(city: Catalogue) -> None:
    addresses = {d.email for d in city.departments.values()}
    assert all(address.endswith("@maengelmelder.example") for address in addresses - {""})
    assert [key for key, department in city.departments.items() if not department.email] == ["privat"]


def test_the_seldom_rules_are_there(city: Catalogue) -> None:
    winter, ugly, bench = (city.categories[key] for key in ("winterdienst", "graffiti", "bank_mobiliar"))
    assert not is_published(winter, {"flaeche": ["gehweg_vor_privatgrundstueck"]})
    assert is_published(winter, {"flaeche": ["gehweg_der_stadt"]})
    assert not is_published(ugly, {"inhalt": ["ja"]})
    assert ugly.photo == PhotoRule(3, "never_if_flagged")
    assert decide_route(city, bench, TOWN_HALL, {"objekt": ["oeffentliche_toilette"]}).department == "gebaeude"
    assert decide_route(city, city.categories["schlagloch"], TOWN_HALL, {}).department == "bab"
    assert city.categories["kanaldeckel"].routes[0].as_cc
    assert city.categories["schlagloch"].leika == "99108018137000"
    assert city.categories["parken"].photo == PhotoRule(0, "never")
    assert (city.kinds["problem"].default, city.kinds["idee"].votes, city.kinds["lob"].public) == (True, True, False)
    assert not city.categories["muell_wild"].questions[2].public


def test_a_question_that_an_emergency_depends_on_must_be_answered(city: Catalogue) -> None:
    lamp = city.categories["laterne"]
    assert is_required(lamp, lamp.questions[0])
    assert not is_required(lamp, lamp.questions[1])
    assert needs_stop(lamp, {"art": ["mast_umgefahren_oder_kabel_offen"]})
    assert needs_stop(city.categories["wasseraustritt"], {})


def test_deadlines_fall_back_to_the_defaults(city: Catalogue) -> None:
    assert city.categories["poller_gelaender"].deadlines == Deadlines(triage_wd=1, answer_wd=5, target_wd=15)
    assert city.categories["kanaldeckel"].deadlines == Deadlines(triage_wd=1, answer_wd=5, secure_h=4, target_wd=5)


def test_the_town_hall_is_inside_and_ergolding_is_a_neighbouring_market_town(city: Catalogue) -> None:
    assert is_inside(city, TOWN_HALL)
    ergolding = Place(12.1703, 48.5760)
    neighbour = find_neighbour(city, ergolding)
    assert not is_inside(city, ergolding)
    assert neighbour is not None
    assert (neighbour.name.de, neighbour.designation) == ("Ergolding", "Markt")
    assert not is_inside(city, Place(TOWN_HALL.lat, TOWN_HALL.lon))


def test_a_little_beyond_the_boundary_is_accepted_and_farther_is_not(city: Catalogue) -> None:
    boundary = city.boundary
    assert boundary is not None
    assert boundary.geometry is not None
    north = max(boundary.geometry.polygons[0][0], key=lambda point: point[1])
    assert is_inside(city, Place(north[0], north[1] + 150 / METRES_PER_DEGREE))
    assert not is_inside(city, Place(north[0], north[1] + 250 / METRES_PER_DEGREE))


def test_city_and_neighbours_do_not_overlap(city: Catalogue) -> None:
    chance = random.Random(1)  # noqa: S311 - the same places in every run
    drawn = [area for area in city.areas.values() if area.kind in {"boundary", "neighbour"}]
    assert len(drawn) == 36
    for _ in range(500):
        place = Place(chance.uniform(11.9, 12.5), chance.uniform(48.4, 48.7))
        assert sum(area.covers(place) for area in drawn) <= 1


def test_the_city_is_as_large_as_landshut(city: Catalogue) -> None:
    boundary = city.boundary
    assert boundary is not None
    assert boundary.size_m2 == pytest.approx(65.8e6, rel=0.02)  # km² of the official statistics


def test_what_nobody_has_drawn_is_there_without_geometry(city: Catalogue) -> None:
    assert {key for key, area in city.areas.items() if area.geometry is None} == UNDRAWN
    assert {route.area for c in city.categories.values() for route in c.routes} <= UNDRAWN
    assert {d.area for d in city.departments.values() if d.area} <= UNDRAWN


def test_the_seven_market_towns_and_two_towns_are_called_what_they_are(city: Catalogue) -> None:
    neighbours = [area for area in city.areas.values() if area.kind == "neighbour"]
    assert Counter(area.designation for area in neighbours) == {"Gemeinde": 26, "Markt": 7, "Stadt": 2}


def test_the_holidays_are_bavarian(city: Catalogue) -> None:
    assert city.city.holidays == Holidays("DE", "BY", ("public", "catholic"))


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("impressum", ["§ 5 Digitale-Dienste-Gesetz", "Oberbürgermeister", "§ 18", "Aufsichtsbehörde"]),
        (
            "datenschutz",
            ["Art. 6 Abs. 1", "BayDSG", "Art. 15", "Art. 21", "BayLfD", "7 Tage", "30 Tage", "§ 25 Abs. 2"],
        ),
        ("barrierefreiheit", ["BayDiV", "BITV 2.0", "EN 301 549", "Durchsetzungs", "Rückmeldung"]),
        ("nutzungsbedingungen", ["110", "112", "Kennzeichen"]),
        ("hilfe", ["Mangel melden", "Eingegangen", "Weitergegeben", "Nicht umsetzbar"]),
    ],
)
def test_the_pages_say_what_the_law_and_the_citizen_ask_for(city: Catalogue, page: str, words: list[str]) -> None:
    for word in words:
        assert word in city.pages[page].body.de


def test_easy_language_has_short_sentences_and_one_to_a_line(city: Catalogue) -> None:
    lines = [line for line in city.pages["leichte-sprache"].body.de.splitlines() if line and "[bitte" not in line]
    assert max(len(line.lstrip("#- ").split()) for line in lines) <= 10
    assert all(line.count(".") <= 1 for line in lines)


def test_leichte_sprache_sends_nobody_to_another_number_than_the_rest(city: Catalogue) -> None:
    for category in city.categories.values():
        said, simply = (category.emergency.text.in_language(code) for code in ("de", "de@simple"))
        assert set(re.findall(r"\b11\d\b", said)) == set(re.findall(r"\b11\d\b", simply)), category.key


def test_every_category_that_stops_says_why_in_leichte_sprache(city: Catalogue) -> None:
    for category in city.categories.values():
        if category.emergency.level != "none":
            assert "de@simple" in category.emergency.text.other, category.key
