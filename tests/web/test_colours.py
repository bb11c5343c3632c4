"""The colours of base.css are strong enough, in both themes and with the city's own (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.settings import ROOT

CSS = (ROOT / "static" / "css" / "base.css").read_text(encoding="utf-8")
LANDSHUT = read_city(ROOT / "cities" / "landshut").city.accent
ACCENTS = (LANDSHUT, "#00528a", "#000000", "#b00020", "#4b2e83", "#1b5e20", "#6f6f6f")  # the last is as pale as may be
TEXT, PART = 4.5, 3.0
STATUSES = ("new", "work", "waiting", "resolved", "forwarded", "declined")
NAMED = {"white": "#ffffff", "black": "#000000"}

Colour = tuple[float, float, float]
MIX = re.compile(r"color-mix\(in srgb, (\S+) (\d+)%, (\S+)\)")


def tokens(theme: str, accent: str) -> dict[str, str]:
    """The custom properties of a theme, as they are written."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    found = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", light))
    if theme == "dark":
        found |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", dark))
    return found | {"--city-accent": accent}


def resolve(words: str, known: dict[str, str]) -> Colour:
    """A colour as red, green and blue from 0 to 1."""
    if reference := re.fullmatch(r"var\((--[\w-]+)\)", words):
        return resolve(known[reference[1]], known)
    if mix := MIX.fullmatch(words):
        one, other, share = resolve(mix[1], known), resolve(mix[3], known), int(mix[2]) / 100
        red, green, blue = (a * share + b * (1 - share) for a, b in zip(one, other, strict=True))
        return red, green, blue
    digits = NAMED.get(words, words).removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


WORDS = [
    *((ink, paper) for ink in ("--ink", "--ink-soft") for paper in ("--paper", "--paper-soft")),
    *(("--ink", paper) for paper in ("--danger-soft", "--warning-soft", "--good-soft", "--accent-soft")),
    *(("--danger", paper) for paper in ("--paper", "--danger-soft")),
    *(("--accent", paper) for paper in ("--paper", "--paper-soft")),
    *(("--accent-strong", paper) for paper in ("--paper", "--accent-soft")),
    *(("--on-accent", paper) for paper in ("--accent", "--accent-strong")),
    *((f"--status-{status}", "--paper") for status in STATUSES),
    ("--status-resolved", "--paper-soft"),
]
PARTS = [
    *(("--line-strong", paper) for paper in ("--paper", "--paper-soft")),
    *((part, "--paper") for part in ("--accent", "--danger", "--warning-line")),
    *((f"--status-{status}", "--paper-soft") for status in STATUSES),
]


@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_parts_stand_out_from_what_is_behind_them(theme: str, accent: str) -> None:
    known = tokens(theme, accent)
    for pairs, least in ((WORDS, TEXT), (PARTS, PART)):
        weak = {
            f"{front} on {back}": round(found, 2)
            for front, back in pairs
            if (found := contrast(resolve(known[front], known), resolve(known[back], known))) < least
        }
        assert not weak


def test_black_on_white_is_as_strong_as_it_gets() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda path: path.name)
def test_no_page_names_a_colour_of_its_own(path: Path) -> None:
    """Every colour is a token, so that themes and the city reach it."""
    rules = re.sub(r":root \{.*?\}|@media print \{.*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^\n]*\{)", re.sub(r"\[href[^\]]*\]", "", rules)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda path: path.name)
def test_pages_are_laid_out_along_the_line_of_reading(path: Path) -> None:
    """No left and right where a page from right to left would have to turn them round."""
    sided = r"(?:margin|padding|border)-(?:left|right)|text-align: ?left|float: ?(?:left|right)"
    assert re.findall(sided, path.read_text(encoding="utf-8")) == []
