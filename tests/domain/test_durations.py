"""What the city may say about how long it usually takes."""

from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.domain.durations import Finished, UsualTime, decide_usual_time

GROUP_OF = {"laterne": "licht", "ampel": "licht", "muell": "sauber"}


def lamps(*days: int) -> list[Finished]:
    return [Finished("laterne", day, 1) for day in days]


def test_ten_lamps_say_when_half_and_nine_of_ten_were_mended() -> None:
    assert decide_usual_time(lamps(1, 2, 3, 4, 6, 7, 8, 9, 21, 90), "laterne", GROUP_OF) == UsualTime(6, 21, "category")


def test_nine_lamps_are_too_few_and_the_group_speaks_for_them() -> None:
    finished = [*lamps(*[2] * 9), Finished("ampel", 5, 11)]
    assert decide_usual_time(finished, "laterne", GROUP_OF) == UsualTime(5, 5, "group")


def test_a_group_with_too_few_leaves_the_word_to_the_city() -> None:
    finished = [*lamps(3), Finished("muell", 1, 30)]
    assert decide_usual_time(finished, "laterne", GROUP_OF) == UsualTime(1, 1, "city")


def test_a_city_that_finished_little_says_nothing() -> None:
    assert decide_usual_time([Finished("muell", 1, 9)], "muell", GROUP_OF) is None
    assert decide_usual_time([], "muell", GROUP_OF) is None


def test_a_category_that_the_catalogue_no_longer_knows_still_counts_for_the_city() -> None:
    finished = [Finished("uralt", 4, 10)]
    assert decide_usual_time(finished, "neu", GROUP_OF) == UsualTime(4, 4, "city")
    assert decide_usual_time(finished, "uralt", GROUP_OF) == UsualTime(4, 4, "category")


@given(st.lists(st.integers(1, 400), min_size=10, max_size=200))
def test_half_and_nine_of_ten_are_what_they_say(days: list[int]) -> None:
    usual = decide_usual_time(lamps(*days), "laterne", GROUP_OF)
    assert usual is not None
    for share, within in ((0.5, usual.half), (0.9, usual.most)):
        assert sum(day <= within for day in days) >= share * len(days)
        assert sum(day < within for day in days) < share * len(days)
