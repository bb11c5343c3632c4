"""Who is responsible: answer before area before category, the smallest area first, the desk for the rest."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.domain.catalogue import Area, AreaRoute, Catalogue, Category, Department, Question
from maengelmelder.domain.city import City, Text
from maengelmelder.domain.places import Geometry, Place
from maengelmelder.domain.routing import Because, decide_route

CENTRE = Place(12.15, 48.54)
KNOWN = ("desk", "roads", "parks", "state", "water")
KEYS = st.sampled_from((*KNOWN, "retired", ""))
SIZES = (0.01, 0.02, 0.04)


def square(key: str, half: float, middle: Place = CENTRE) -> Area:
    """An area around a place, `half` degrees to each side."""
    west, east, south, north = middle.lon - half, middle.lon + half, middle.lat - half, middle.lat + half
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Area(key, Text(key), "responsibility", Geometry(polygons=((ring,),)))


AREAS = {f"a{number}": square(f"a{number}", half) for number, half in enumerate(SIZES)}
AREAS["empty"] = Area("empty", Text("without geometry"), "responsibility")
AREAS["far"] = square("far", 0.01, Place(11.0, 48.0))

ROUTES = st.lists(st.builds(AreaRoute, st.sampled_from((*AREAS, "unknown")), KEYS, st.booleans()), max_size=6)
QUESTIONS = st.lists(
    st.builds(
        lambda number, routes: Question(f"q{number}", Text("?"), "choice", route_if=routes),
        st.integers(0, 2),
        st.dictionaries(st.sampled_from(("x", "y")), KEYS, max_size=2),
    ),
    max_size=3,
    unique_by=lambda question: question.key,
)
CATEGORIES = st.builds(
    lambda department, cc, routes, questions: Category(
        "hole", "road", Text("Hole"), department, cc=tuple(cc), routes=tuple(routes), questions=tuple(questions)
    ),
    KEYS,
    st.lists(KEYS, max_size=4),
    ROUTES,
    QUESTIONS,
)
ANSWERS = st.dictionaries(
    st.sampled_from(("q0", "q1", "q2", "q9")), st.lists(st.sampled_from(("x", "y", "z")), max_size=2), max_size=3
)
PLACES = st.one_of(st.none(), st.just(CENTRE), st.builds(Place, st.floats(12.10, 12.20), st.floats(48.49, 48.59)))


def city_with(category: Category) -> Catalogue:
    departments = {key: Department(key, Text(key)) for key in KNOWN}
    return Catalogue(City("town", Text("Town"), desk="desk"), departments, {}, {"hole": category}, AREAS)


@given(CATEGORIES, PLACES, ANSWERS)
def test_somebody_known_is_always_responsible_and_gets_no_copy(
    category: Category, place: Place | None, answers: dict[str, list[str]]
) -> None:
    route = decide_route(city_with(category), category, place, answers)
    assert route.department in KNOWN
    assert route.department not in route.cc
    assert set(route.cc) <= set(KNOWN)
    assert len(set(route.cc)) == len(route.cc)


@given(CATEGORIES, PLACES, ANSWERS)
def test_an_answer_beats_every_area_and_an_area_the_category(
    category: Category, place: Place | None, answers: dict[str, list[str]]
) -> None:
    route = decide_route(city_with(category), category, place, answers)
    by_answer = [
        question.route_if[option]
        for question in category.questions
        for option in answers.get(question.key, ())
        if question.route_if.get(option, "") in KNOWN
    ]
    by_area = [
        rule
        for rule in category.routes
        if place and rule.area in AREAS and AREAS[rule.area].covers(place) and not rule.as_cc
        if rule.department in KNOWN
    ]
    if place is None:
        assert (route.because, route.department) == (Because("place"), "desk")
    elif by_answer:
        assert (route.because.rule, route.department) == ("answer", by_answer[0])
    elif by_area:
        smallest = min(by_area, key=lambda rule: AREAS[rule.area].size_m2)
        assert (route.because.rule, route.because.area) == ("area", smallest.area)
        assert route.department in {rule.department for rule in by_area if rule.area == smallest.area}
    elif category.department in KNOWN:
        assert (route.because, route.department) == (Because("category"), category.department)
    else:
        assert (route.because, route.department) == (Because("desk"), "desk")


@given(CATEGORIES, ANSWERS)
def test_what_has_only_an_address_waits_at_the_desk(category: Category, answers: dict[str, list[str]]) -> None:
    route = decide_route(city_with(category), category, None, answers)
    assert (route.department, route.because) == ("desk", Because("place"))


@given(CATEGORIES, PLACES, ANSWERS)
def test_the_order_in_which_areas_are_written_does_not_matter(
    category: Category, place: Place | None, answers: dict[str, list[str]]
) -> None:
    one_each = {(rule.area, rule.as_cc): rule for rule in category.routes}
    category = replace(category, routes=tuple(one_each.values()))
    turned = replace(category, routes=tuple(reversed(category.routes)))
    first = decide_route(city_with(category), category, place, answers)
    second = decide_route(city_with(turned), turned, place, answers)
    assert (first.department, first.because, set(first.cc)) == (second.department, second.because, set(second.cc))


def test_the_smallest_of_nested_areas_wins_and_a_line_is_a_strip() -> None:
    routes = (AreaRoute("a2", "water"), AreaRoute("a1", "parks"), AreaRoute("a0", "state"))
    category = Category("hole", "road", Text("Hole"), "roads", routes=routes)
    city = city_with(category)
    assert decide_route(city, category, CENTRE, {}).department == "state"
    assert decide_route(city, category, Place(12.165, 48.54), {}).department == "parks"
    assert decide_route(city, category, Place(12.185, 48.54), {}).department == "water"
    assert decide_route(city, category, Place(12.3, 48.54), {}).department == "roads"


def test_an_area_route_for_reading_brings_a_copy_and_never_the_responsibility() -> None:
    category = Category("hole", "road", Text("Hole"), "roads", routes=(AreaRoute("a0", "parks", as_cc=True),))
    route = decide_route(city_with(category), category, CENTRE, {})
    assert (route.department, route.cc) == ("roads", ("parks",))


def test_areas_without_geometry_and_far_away_do_not_count() -> None:
    routes = (AreaRoute("empty", "state"), AreaRoute("far", "water"), AreaRoute("unknown", "parks"))
    category = Category("hole", "road", Text("Hole"), "roads", routes=routes)
    assert decide_route(city_with(category), category, CENTRE, {}).department == "roads"
