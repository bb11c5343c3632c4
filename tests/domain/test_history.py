"""The sealed history: whoever changes one entry breaks every seal that follows."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.domain.history import PUBLIC, START, Entry, Event, hash_words, seal

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
ENTRY = Entry(7, 1, AT, Event.MOVED, "user:3", {"before": "received", "after": "accepted"}, "w" * 64)

CHANGES = (
    {"ticket": 8},
    {"position": 2},
    {"at": AT + timedelta(microseconds=1)},
    {"event": Event.ANSWERED},
    {"actor": "user:4"},
    {"actor": "system"},
    {"data": {"before": "received", "after": "declined"}},
    {"data": {"before": "received"}},
    {"data": {"before": "received", "after": "accepted", "reason": ""}},
    {"words": "v" * 64},
    {"words": ""},
)

CODES = st.dictionaries(st.text(max_size=8), st.one_of(st.text(max_size=8), st.integers(-(2**40), 2**40)), max_size=4)
ENTRIES = st.builds(
    Entry,
    st.integers(1, 2**31),
    st.integers(1, 10_000),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(list(Event)),
    st.text(max_size=12),
    CODES,
    st.text(max_size=12),
)


def test_the_seal_is_a_plain_sha256_that_others_can_recompute() -> None:
    text = (
        '[7,1,"2026-03-02T09:00:00.123456+00:00","moved","user:3",'
        '{"after":"accepted","before":"received"},"' + "w" * 64 + '","' + START + '"]'
    )
    assert seal(ENTRY, START) == hashlib.sha256(text.encode()).hexdigest()


def test_every_single_change_breaks_the_seal() -> None:
    true = seal(ENTRY, START)
    for change in CHANGES:
        assert seal(replace(ENTRY, **change), START) != true, change
    assert seal(ENTRY, "1" + START[1:]) != true


@given(st.lists(ENTRIES, min_size=2, max_size=6), st.data())
def test_a_changed_a_lost_and_a_swapped_entry_are_found(entries: list[Entry], data: st.DataObject) -> None:
    chain = _seals(entries)
    at = data.draw(st.integers(0, len(entries) - 1))
    forged = [replace(e, actor=e.actor + "!") if place == at else e for place, e in enumerate(entries)]
    assert _seals(forged)[at:] != chain[at:]
    assert all(a != b for a, b in zip(_seals(forged)[at:], chain[at:], strict=True))
    assert _seals(entries[:at] + entries[at + 1 :]) != chain
    if entries[0] != entries[1]:
        assert _seals([entries[1], entries[0], *entries[2:]]) != chain


def _seals(entries: list[Entry]) -> list[str]:
    seals, previous = [], START
    for entry in entries:
        previous = seal(entry, previous)
        seals.append(previous)
    return seals


@given(ENTRIES)
def test_the_seal_does_not_depend_on_the_zone_or_on_the_order_of_keys(entry: Entry) -> None:
    elsewhere = timezone(timedelta(hours=5, minutes=30))
    try:
        moved = entry.at.astimezone(elsewhere)
    except OverflowError:
        return
    turned = dict(reversed(list(entry.data.items())))
    assert seal(replace(entry, at=moved, data=turned), START) == seal(entry, START)


@given(st.text(), st.text(), st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_the_hash_of_words_depends_on_words_and_salt(words: str, other: str, salt: bytes, pepper: bytes) -> None:
    assert hash_words(words, salt) == hash_words(words, salt)
    assert (hash_words(words, salt) == hash_words(other, salt)) == (words == other)
    assert (hash_words(words, salt) == hash_words(words, pepper)) == (salt == pepper)


def test_notes_deliveries_and_refusals_are_never_public() -> None:
    assert not PUBLIC & {Event.NOTED, Event.DELIVERED, Event.UNDELIVERED, Event.REFUSED, Event.ROUTED}
