"""Which categories the form offers before anybody has typed: what people report, then what asks least."""

from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.domain.usual import MOST, decide_usual
from maengelmelder.settings import ROOT

LANDSHUT = read_city(ROOT / "cities" / "landshut")


def test_a_new_city_offers_different_groups_that_ask_nothing() -> None:
    keys = decide_usual(LANDSHUT, {})
    assert keys == ("schlagloch", "verkehrsschild", "muell_wild")
    assert len({LANDSHUT.categories[key].group for key in keys}) == MOST


def test_what_people_report_most_comes_first() -> None:
    assert decide_usual(LANDSHUT, {"graffiti": 3, "laterne": 9, "gehweg": 5}) == ("laterne", "gehweg", "graffiti")


def test_an_emergency_is_never_a_shortcut_nor_is_what_nobody_sees() -> None:
    assert LANDSHUT.categories["wasseraustritt"].emergency.level == "stop"
    assert not LANDSHUT.categories["parken"].public
    counts = {"wasseraustritt": 1000, "parken": 900, "gully": 1}
    assert decide_usual(LANDSHUT, counts)[0] == "gully"
    assert not {"wasseraustritt", "parken"} & set(decide_usual(LANDSHUT, counts))


@given(st.dictionaries(st.sampled_from((*LANDSHUT.categories, "retired")), st.integers(0, 10_000)))
def test_it_always_offers_three_that_can_be_reported(counts: dict[str, int]) -> None:
    keys = decide_usual(LANDSHUT, counts)
    assert len(set(keys)) == MOST
    assert all(LANDSHUT.categories[key].active for key in keys)
