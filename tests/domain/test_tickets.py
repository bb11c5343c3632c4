"""The table of moves: where a ticket can go, and what each step demands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.domain.errors import Refusal
from maengelmelder.domain.tickets import (
    CLOSED,
    DECLINE_REASONS,
    GROUPS,
    MOVES,
    UNPUBLISHING_REASONS,
    Group,
    Status,
    decide_move,
    decide_transfer,
    decide_version,
    status_of,
)

STATUSES = st.sampled_from(list(Status))
WORDS = st.text(max_size=20)


def code_of(action: object, *arguments: object, **named: object) -> str:
    """The code of the refusal, empty if there was none."""
    assert callable(action)
    try:
        action(*arguments, **named)
    except Refusal as refusal:
        return refusal.code
    return ""


def reachable_from(start: Status) -> set[Status]:
    """Every status that steps of the table lead to."""
    seen: set[Status] = set()
    waiting = [start]
    while waiting:
        for after in MOVES[waiting.pop()]:
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def test_the_table_speaks_of_every_status() -> None:
    assert set(MOVES) == set(GROUPS) == set(Status)


def test_every_status_is_reached_from_a_new_report_and_none_is_a_dead_end() -> None:
    assert reachable_from(Status.RECEIVED) == set(Status) - {Status.RECEIVED}
    for status in Status:
        assert {Status.RESOLVED, Status.IN_PROGRESS} <= reachable_from(status)


def test_nothing_becomes_new_again_and_nothing_moves_onto_itself() -> None:
    for before, targets in MOVES.items():
        assert Status.RECEIVED not in targets
        assert before not in targets
        assert len(set(targets)) == len(targets)


def test_what_is_closed_reopens_before_it_is_planned_or_asked_about() -> None:
    for before in CLOSED:
        assert not {Status.SCHEDULED, Status.WAITING} & set(MOVES[before])
        assert set(MOVES[before]) - CLOSED


def test_work_that_was_commissioned_is_not_yet_done() -> None:
    assert GROUPS[Status.SCHEDULED] is Group.WORK
    assert Status.SCHEDULED not in CLOSED
    assert {Status.RESOLVED, Status.FORWARDED, Status.DECLINED} == CLOSED


@given(STATUSES, STATUSES, WORDS, WORDS, WORDS)
def test_a_move_is_allowed_exactly_where_the_table_says(
    before: Status, after: Status, reason: str, receiver: str, answer: str
) -> None:
    code = code_of(decide_move, before, after, reason=reason, receiver=receiver, answer=answer)
    assert (code == "move_not_allowed") == (after not in MOVES[before])


@given(STATUSES.filter(lambda status: Status.DECLINED in MOVES[status]), WORDS)
def test_declining_needs_a_reason_from_the_list(before: Status, reason: str) -> None:
    code = code_of(decide_move, before, Status.DECLINED, reason=reason, answer="weil")
    assert code == ("" if reason in DECLINE_REASONS else "reason_missing")


@pytest.mark.parametrize("answer", ["", " ", "\n\t"])
def test_another_reason_and_a_question_need_words(answer: str) -> None:
    assert code_of(decide_move, Status.RECEIVED, Status.DECLINED, reason="other", answer=answer) == "answer_missing"
    assert code_of(decide_move, Status.RECEIVED, Status.WAITING, answer=answer) == "question_missing"


@given(STATUSES.filter(lambda status: Status.FORWARDED in MOVES[status]))
def test_forwarding_needs_a_receiver(before: Status) -> None:
    assert code_of(decide_move, before, Status.FORWARDED) == "receiver_missing"
    assert decide_move(before, Status.FORWARDED, receiver="stba").receiver == "stba"


@given(STATUSES, STATUSES, st.sampled_from(DECLINE_REASONS))
def test_reason_and_receiver_stay_only_where_they_belong(before: Status, after: Status, reason: str) -> None:
    if after not in MOVES[before]:
        return
    move = decide_move(before, after, reason=reason, receiver="stba", answer="so ist es")
    assert move.reason == (reason if after is Status.DECLINED else "")
    assert move.receiver == ("stba" if after is Status.FORWARDED else "")
    assert move.unpublishes == (after is Status.DECLINED and reason in UNPUBLISHING_REASONS)


@given(STATUSES, STATUSES)
def test_a_move_closes_or_reopens_never_both(before: Status, after: Status) -> None:
    if after not in MOVES[before]:
        return
    move = decide_move(before, after, reason="no_defect", receiver="stba", answer="so ist es")
    assert not (move.closes and move.reopens)
    assert move.closes == (before not in CLOSED and after in CLOSED)
    assert move.reopens == (before in CLOSED and after not in CLOSED)


@given(st.text(max_size=60))
def test_only_the_known_words_are_a_status(value: str) -> None:
    known = value in {str(status) for status in Status}
    assert code_of(status_of, value) == ("" if known else "status_unknown")


def test_a_transfer_goes_to_another_known_department() -> None:
    known = {"tba": 1, "sga": 2}
    assert decide_transfer("tba", "sga", known) == "sga"
    assert code_of(decide_transfer, "tba", "tba", known) == "department_same"
    assert code_of(decide_transfer, "tba", "gone", known) == "department_unknown"
    assert code_of(decide_transfer, "gone", "gone", known) == "department_unknown"


@given(st.integers(), st.integers())
def test_who_saw_another_version_is_told(seen: int, now: int) -> None:
    assert code_of(decide_version, seen, now) == ("" if seen == now else "version_stale")
