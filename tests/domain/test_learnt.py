"""What is learnt is words that several tickets hold, as numbers, and nothing about anybody."""

from array import array
from math import isclose, sqrt

from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.domain.catalogue import Catalogue, Category
from maengelmelder.domain.city import City, Text
from maengelmelder.domain.learnt import LEAST_TICKETS, Feature, Learnt, choose_features, move_to_successors, vector_of

TEXTS = ["Laterne dunkel"] * LEAST_TICKETS + ["Laterne von Xaverius Huber-Quastl, Tel. 0871123456, x@example.org"]
MODEL = Learnt(
    categories=("lamp", "bin"),
    features={"w:laterne": Feature(0, 1.0), "w:eimer": Feature(1, 1.0)},
    weights=[array("h", [100, -100]), array("h", [-100, 100])],
    start=(0.0, 0.1),
    unit=0.01,
    sharpness=2.0,
    trust=0.9,
)


def test_what_few_tickets_hold_is_not_learnt() -> None:
    learnt = " ".join(choose_features(TEXTS, str))
    assert "w:laterne" in learnt
    for private in ("xaver", "huber", "quastl", "0871", "example", "@"):
        assert private not in learnt


def test_a_word_often_in_one_ticket_is_still_one_ticket() -> None:
    assert choose_features(["Huber " * 9, "Huber"], str) == {}


@given(st.lists(st.text("aberlt ", max_size=40), max_size=8), st.text(max_size=200))
def test_both_kinds_of_feature_have_length_one_or_none(texts: list[str], text: str) -> None:
    vector = vector_of(text, choose_features(texts, str), str)
    length = sqrt(sum(value * value for value in vector.values()))
    assert any(isclose(length, wanted, abs_tol=1e-9) for wanted in (0.0, 1.0, sqrt(2)))


def test_shares_add_up_to_one_and_follow_the_words() -> None:
    lamp, bin_ = MODEL.shares("Laterne", str), MODEL.shares("der Eimer", str)
    assert isclose(sum(lamp.values()), 1.0)
    assert lamp["lamp"] > 0.9
    assert bin_["bin"] > 0.9


def test_a_text_without_any_learnt_word_says_nothing() -> None:
    assert MODEL.shares("", str) == {}
    assert MODEL.shares("Unbekanntes", str) == {}


@given(st.text(max_size=2000))
def test_no_text_breaks_it(text: str) -> None:
    assert all(0 <= share <= 1 for share in MODEL.shares(text, str).values())


def test_a_retired_category_hands_its_share_to_its_successor() -> None:
    old = Category("old", "", Text("Old"), "roads", active=False, successor="new")
    new, other = Category("new", "", Text("New"), "roads"), Category("other", "", Text("Other"), "roads")
    categories = {one.key: one for one in (old, new, other)}
    catalogue = Catalogue(City("town", Text("Town"), desk="desk"), {}, {}, categories)
    assert move_to_successors({"old": 0.5, "new": 0.2, "gone": 0.3}, catalogue) == {"new": 0.7}
