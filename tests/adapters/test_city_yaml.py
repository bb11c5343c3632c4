"""The city's YAML is text with line numbers: nothing is guessed, expanded or constructed."""

import time

import pytest

from maengelmelder.adapters.city_directory.nodes import Listing, Node, Scalar, Table, compose
from maengelmelder.adapters.city_directory.problems import Findings, Spot


def read(text: str) -> tuple[Node | None, list[str]]:
    findings = Findings()
    return compose("a.yaml", text, findings), [str(problem) for problem in findings.errors]


def value_of(text: str) -> str:
    node, errors = read(f"key: {text}\n")
    assert errors == []
    assert isinstance(node, Table)
    scalar = node.entries["key"].node
    assert isinstance(scalar, Scalar)
    return scalar.value


@pytest.mark.parametrize(
    "typed", ["ja", "nein", "no", "yes", "on", "off", "y", "true", "2024-10-15", "10-15", "0871", "0x10", "1e3",
              "1_000", "12:30:45", "09261000", "1.10", "=", "<<"]
)  # fmt: skip
def test_a_value_is_what_was_typed(typed: str) -> None:
    assert value_of(typed) == value_of(f'"{typed}"') == typed


@pytest.mark.parametrize("nothing", ["", "~", "null", '""', "''"])
def test_no_value_is_an_empty_text(nothing: str) -> None:
    assert value_of(nothing) == ""


def test_quoted_null_is_a_word() -> None:
    assert value_of('"null"') == "null"


def test_everything_knows_its_line() -> None:
    node, _ = read("a: 1\nb:\n  - x\n  - y: 2\n")
    assert isinstance(node, Table)
    listing = node.entries["b"].node
    assert isinstance(listing, Listing)
    assert node.entries["b"].key.spot == Spot("a.yaml", 2)
    assert [item.spot.line for item in listing.items] == [3, 4]


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert read("# nur ein Kommentar\n") == (Table(Spot("a.yaml", 1)), [])


def test_a_key_that_comes_twice_is_told_and_the_first_counts() -> None:
    node, errors = read("a: 1\nb: 2\na: 3\n")
    assert errors == ['a.yaml:3: "a" steht hier zum zweiten Mal (zuerst in Zeile 1).']
    assert isinstance(node, Table)
    assert node.entries["a"].node == Scalar(Spot("a.yaml", 1), "1")


@pytest.mark.parametrize("text", ["a: &x 1\n", "a: 1\nb: &x {c: 2}\nd: *x\n", "a: *x\n", "b: &x [1]\n"])
def test_anchors_and_aliases_are_refused(text: str) -> None:
    node, errors = read(text)
    assert node is None
    assert len(errors) == 1
    assert "Anker und Verweise" in errors[0]


def test_a_billion_laughs_cost_nothing() -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 40)]
    start = time.perf_counter()
    node, errors = read("\n".join(lines))
    assert (node, len(errors)) == (None, 1)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 5000 + "x", "a: " + "[" * 17 + "]" * 17])
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    node, errors = read(text)
    assert (node, len(errors)) == (None, 1)


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [ls]", "!!binary aGFsbG8=", "!eigen x", "!!str 1"])
def test_types_are_refused(tag: str) -> None:
    assert read(f"a: {tag}\n") == (None, ["a.yaml:1: YAML-Typen (!…) sind nicht erlaubt."])


def test_a_second_document_is_refused() -> None:
    node, errors = read("a: 1\n---\nb: 2\n")
    assert (node, len(errors)) == (None, 1)
    assert errors[0].startswith("a.yaml:2: ")


def test_a_tab_is_called_a_tab() -> None:
    assert read("a:\n\tb: 1\n") == (None, ["a.yaml:2: Hier steht ein Tabulator. YAML rückt nur mit Leerzeichen ein."])


@pytest.mark.parametrize(
    ("text", "line"), [("a: [1, 2\nb: 3\n", 2), ("a: 1\n  b: 2\n", 2), ("a: 'x\n", 2), ("a: 1\nb\n", 3)]
)
def test_broken_yaml_is_told_with_its_line(text: str, line: int) -> None:
    node, errors = read(text)
    assert node is None
    assert errors[0].startswith(f"a.yaml:{line}: Das ist kein gültiges YAML")


@pytest.mark.parametrize("text", ["a: \x00\n", "a: \x07\n"])
def test_unreadable_characters_are_told(text: str) -> None:
    node, errors = read(text)
    assert (node, len(errors)) == (None, 1)


def test_a_mapping_as_a_key_is_told() -> None:
    _, errors = read("? {a: 1}\n: x\nb: 2\n")
    assert errors == ["a.yaml:1: Vor dem Doppelpunkt muss ein einfaches Wort stehen."]
