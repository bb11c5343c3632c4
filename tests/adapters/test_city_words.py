"""The city's words: keys from labels, English beside the German, and the pages."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maengelmelder.adapters.city_directory import inspect_city, missing_translations, read_city
from maengelmelder.adapters.city_directory.keys import is_key, slug
from maengelmelder.adapters.city_directory.nodes import Scalar
from maengelmelder.adapters.city_directory.problems import Findings, Spot

KLEINSTADT = Path(__file__).parents[1] / "data" / "cities" / "kleinstadt"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return Path(shutil.copytree(KLEINSTADT, tmp_path / "stadt"))


def write(town: Path, file: str, text: str) -> None:
    (town / file).parent.mkdir(parents=True, exist_ok=True)
    (town / file).write_text(text, encoding="utf-8")


def errors(town: Path) -> list[str]:
    return [str(problem) for problem in inspect_city(town).errors]


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Feld- oder Waldweg", "feld_oder_waldweg"),
        ("größer", "groesser"),
        ("Öl/Kraftstoff (läuft aus)", "oel_kraftstoff_laeuft_aus"),
        ("ÜBERALL", "ueberall"),
        ("Café", "cafe"),
        ("  10 m ", "10_m"),
        ("gro\u0308ßer", "groesser"),
    ],
)
def test_a_key_is_made_from_its_label(label: str, key: str) -> None:
    assert slug(label) == key


@given(st.text())
def test_a_made_key_is_always_a_possible_key_or_empty(label: str) -> None:
    key = slug(label)
    assert key == "" or is_key(Scalar(Spot("x"), key), Findings())
    assert slug(key) == key


def test_english_stands_beside_the_german(town: Path) -> None:
    write(
        town,
        "en.yaml",
        """
city: {name: Smalltown}
groups: {wege: Streets}
contacts: {polizei: Police}
areas: {grenze: Smalltown, ortsteil_oberdorf: Upper Village}
categories:
  loch:
    name: Hole in the road
    keywords: [pothole]
    emergency: "If the road has caved in: 110."
    questions:
      groesse:
        label: How big is it?
        options: {handgross: like a hand, groesser: bigger}
""",
    )
    city = read_city(town)
    hole = city.categories["loch"]
    assert city.city.name.in_language("en") == "Smalltown"
    assert hole.name.in_language("en") == "Hole in the road"
    assert hole.name.in_language("de") == hole.name.in_language("tr") == "Loch in der Straße"
    assert hole.emergency.text.in_language("en") == "If the road has caved in: 110."
    assert [o.label.in_language("en") for o in hole.questions[0].options] == [
        "like a hand", "bigger", "Feld- oder Waldweg",
    ]  # fmt: skip
    assert hole.other_keywords == {"en": ("pothole",)}
    assert city.areas["ortsteil_oberdorf"].name.in_language("en") == "Upper Village"
    missing = missing_translations(city, "en")
    assert "categories.loch.questions.groesse.options.feld_oder_waldweg" in missing
    assert "categories.loch.name" not in missing
    assert len(missing_translations(city, "fr")) > len(missing)


def test_leichte_sprache_and_regions_have_files_of_their_own(town: Path) -> None:
    write(town, "de@simple.yaml", "groups: {wege: Straßen}\n")
    write(town, "pt_BR.yaml", "groups: {wege: Ruas}\n")
    label = read_city(town).groups["wege"].label
    assert [label.in_language(code) for code in ("de@simple", "pt_BR")] == ["Straßen", "Ruas"]


@pytest.mark.parametrize(
    ("overlay", "said"),
    [
        ("group:\n  wege: Streets\n", 'en.yaml:1: "group" gibt es hier im Katalog nicht. Meinten Sie "groups"?'),
        ("groups:\n  weg: Streets\n", 'en.yaml:2: "weg" gibt es hier im Katalog nicht. Meinten Sie "wege"?'),
        ("categories:\n  loch:\n    title: Hole\n", 'en.yaml:3: "title" gibt es hier im Katalog nicht.'),
        (
            "categories:\n  loch:\n    questions:\n      groesse:\n        options:\n          klein: small\n",
            'en.yaml:6: "klein" gibt es hier im Katalog nicht.',
        ),
        ("categories:\n  muell:\n    emergency: Help\n", 'en.yaml:3: "emergency" gibt es hier im Katalog nicht.'),
        (
            "groups:\n  wege:\n    label: Streets\n",
            'en.yaml:3: Unter "groups › wege › label" steht im Katalog etwas anderes als hier.',
        ),
        (
            "categories:\n  loch:\n    name: [Hole]\n",
            'en.yaml:3: Unter "categories › loch › name" steht im Katalog etwas anderes als hier.',
        ),
        (
            "groups: &a {wege: x}\n",
            "en.yaml:1: Anker und Verweise (& und *) sind nicht erlaubt. Bitte schreiben Sie es aus.",
        ),
    ],
)
def test_a_translation_of_something_that_is_not_there_is_told(town: Path, overlay: str, said: str) -> None:
    write(town, "en.yaml", overlay)
    assert errors(town) == [said]


def test_pages_are_plain_text_with_a_title_in_every_language(town: Path) -> None:
    write(town, "pages/hilfe.md", "# Hilfe\n\n## Notfall\n\nRufen Sie <b>110</b>.\n")
    write(town, "pages/en/hilfe.md", "# Help\n\nCall 110.\n")
    page = read_city(town).pages["hilfe"]
    assert (page.title.de, page.body.de) == ("Hilfe", "## Notfall\n\nRufen Sie <b>110</b>.")
    assert (page.title.in_language("en"), page.body.in_language("en")) == ("Help", "Call 110.")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("pages/impresum.md", "# Impressum\n\nText",
         'pages/impresum.md: Eine Seite "impresum" gibt es nicht. Meinten Sie "impressum"?'),
        ("pages/hilfe.md", "Hilfe\n\nText", 'pages/hilfe.md:1: Die erste Zeile muss der Titel sein: "# Titel".'),
        ("pages/hilfe.md", "# Hilfe\n", "pages/hilfe.md:1: Unter dem Titel steht kein Text."),
        ("pages/en/hilfe.md", "# Help\n\nText",
         "pages/en/hilfe.md: Zu dieser Übersetzung fehlt die deutsche Seite pages/hilfe.md."),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_shown_is_told(town: Path, file: str, text: str, said: str) -> None:
    write(town, file, text)
    assert errors(town) == [said]


def test_a_gap_that_the_city_has_to_fill_is_a_warning_at_its_first_line(town: Path) -> None:
    write(town, "pages/impressum.md", "# Impressum\n\nTelefon: [bitte eintragen]\nE-Mail: [bitte eintragen]\n")
    warnings = [str(warning) for warning in inspect_city(town).warnings if warning.file == "pages/impressum.md"]
    assert warnings == ["pages/impressum.md:3: Hier fehlen noch Angaben der Stadt: 2 Zeilen mit [bitte eintragen]."]
