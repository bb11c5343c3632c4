"""Whatever is wrong with a city directory is told with file and line, and everything at once."""

import shutil
from pathlib import Path

import pytest

from maengelmelder.adapters.city_directory import CityDirectoryError, Problem, inspect_city, read_city

KLEINSTADT = Path(__file__).parents[1] / "data" / "cities" / "kleinstadt"


class Town:
    """A copy of the small town that a test may spoil."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        shutil.copytree(KLEINSTADT, directory)

    def change(self, file: str, old: str, new: str) -> None:
        path = self.directory / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def write(self, file: str, content: str | bytes) -> None:
        path = self.directory / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def problems(self) -> list[str]:
        with pytest.raises(CityDirectoryError) as error:
            read_city(self.directory)
        return [str(problem) for problem in error.value.problems]

    def warnings(self) -> list[str]:
        inspection = inspect_city(self.directory)
        assert inspection.errors == ()
        return [str(warning) for warning in inspection.warnings if not warning.file.startswith("pages/")]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "stadt")


CITY, CATALOGUE, AREAS, DEPARTMENTS = "city.yaml", "catalogue.yaml", "areas.yaml", "departments.yaml"
ONE_MISTAKE = [
    (CATALOGUE, "department: bauhof\n    route", "department: bauhoff\n    route",
     'catalogue.yaml:8: Kategorie "loch": Dienststelle "bauhoff" ist unbekannt. Meinten Sie "bauhof"?'),
    (CATALOGUE, "group: wege", "group: weg",
     'catalogue.yaml:6: Kategorie "loch": Gruppe "weg" ist unbekannt. Meinten Sie "wege"?'),
    (CATALOGUE, "department: kreis}", "department: landkreis}",
     'catalogue.yaml:10: Kategorie "loch": Dienststelle "landkreis" ist unbekannt. Meinten Sie "kreis"?'),
    (CATALOGUE, "area: kreisstrasse", "area: strasse",
     'catalogue.yaml:10: Kategorie "loch": Gebiet "strasse" ist unbekannt. Meinten Sie "kreisstrasse"?'),
    (CATALOGUE, "call: [polizei]", "call: [polizist]",
     'catalogue.yaml:21: Kategorie "loch": Notfallkontakt "polizist" ist unbekannt. Meinten Sie "polizei"?'),
    (CATALOGUE, "{groesse: [groesser]}", "{groesse: [grosser]}",
     'catalogue.yaml:23: Kategorie "loch", emergency: Frage "groesse": Die Antwort "grosser" gibt es nicht. '
     'Meinten Sie "groesser"?'),
    (CATALOGUE, "only_if: {groesse", "only_if: {lage",
     'catalogue.yaml:23: Kategorie "loch", emergency: Die Frage "lage" gibt es in dieser Kategorie nicht.'),
    (CATALOGUE, "unpublish_if: [ja]", "unpublish_if: [vielleicht]",
     'catalogue.yaml:30: Kategorie "muell", Frage "no": Die Antwort "vielleicht" gibt es nicht.'),
    (CATALOGUE, "raise_urgency_if: größer", "raise_urgency_if: winzig",
     'catalogue.yaml:17: Kategorie "loch", Frage "groesse": Die Antwort "winzig" gibt es nicht.'),
    (CATALOGUE, '{"Feld- oder Waldweg": rathaus}', '{"Feld- oder Waldweg": rathause}',
     'catalogue.yaml:18: Kategorie "loch", Frage "groesse": Dienststelle "rathause" ist unbekannt. '
     'Meinten Sie "rathaus"?'),
    (CATALOGUE, "photo: {max: 1}", "successor: mull",
     'catalogue.yaml:37: Kategorie "anderes": Kategorie "mull" ist unbekannt. Meinten Sie "muell"?'),
    (CATALOGUE, "photo: {max: 1}", "successor: anderes",
     'catalogue.yaml:37: Kategorie "anderes": Eine Kategorie kann nicht ihre eigene Nachfolgerin sein.'),
    (CATALOGUE, "sla: {target_wd: 30}", "sla: {target_wt: 30}",
     'catalogue.yaml:36: Kategorie "anderes", sla: Den Eintrag "target_wt" gibt es hier nicht. '
     'Meinten Sie "target_wd"?'),
    (CATALOGUE, "urgency: niedrig", "urgency: niedrich",
     'catalogue.yaml:28: Kategorie "muell": "urgency" muss niedrig, mittel oder hoch sein, nicht "niedrich". '
     'Meinten Sie "niedrig"?'),
    (CATALOGUE, "target_wd: 30", "target_wd: bald",
     'catalogue.yaml:36: Kategorie "anderes", sla: "target_wd" muss eine ganze Zahl von 0 bis 2000 sein, nicht '
     '"bald".'),
    (CATALOGUE, "max: 1", "max: 4",
     'catalogue.yaml:37: Kategorie "anderes", photo: "max" muss eine ganze Zahl von 0 bis 3 sein, nicht "4".'),
    (CATALOGUE, "public: false", "public: vielleicht",
     'catalogue.yaml:31: Kategorie "muell", Frage "hinweis": "public" muss true oder false sein, nicht "vielleicht".'),
    (CATALOGUE, "name: Müll", "name: [Müll]",
     'catalogue.yaml:26: Kategorie "muell": "name" muss ein einfacher Wert sein, nicht eine Liste.'),
    (CATALOGUE, "    name: Müll\n", "", 'catalogue.yaml:24: Kategorie "muell": "name" fehlt.'),
    (CATALOGUE, "key: anderes", "key: muell", 'catalogue.yaml:32: Die Kategorie "muell" gibt es zweimal.'),
    (CATALOGUE, "key: hinweis", "key: no",
     'catalogue.yaml:31: Kategorie "muell": Die Frage "no" gibt es hier zweimal.'),
    (CATALOGUE, "key: muell", "key: Müll",
     'catalogue.yaml:24: "Müll" ist als Schlüssel nicht möglich (nur a–z, 0–9 und _, höchstens 60 Zeichen). '
     'Vorschlag: "muell".'),
    (CATALOGUE, "[handgroß, größer, Feld- oder Waldweg]", "[handgroß, größer, Feld- oder Waldweg, Größer]",
     'catalogue.yaml:16: Kategorie "loch", Frage "groesse": Die Antwort "groesser" gibt es hier zweimal.'),
    (CATALOGUE, "label: Hinweise, type: text", "label: Hinweise, type: text, options: [a, b]",
     'catalogue.yaml:31: Kategorie "muell", Frage "hinweis": "text" hat keine Antworten zur Auswahl (options).'),
    (CATALOGUE, "type: yesno, unpublish_if: [ja]", "type: multi",
     'catalogue.yaml:30: Kategorie "muell", Frage "no": "multi" braucht mindestens zwei Antworten (options).'),
    (CATALOGUE, "from: 10-15", "from: 15-10",
     'catalogue.yaml:2: Gruppe "wege", season: "15-10" ist kein Tag der Form "10-15" (Monat-Tag).'),
    (DEPARTMENTS, "bauhof@kleinstadt.example", "bauhof(at)kleinstadt",
     'departments.yaml:6: Dienststelle "bauhof": "bauhof(at)kleinstadt" ist keine gültige E-Mail-Adresse.'),
    (DEPARTMENTS, "kind: extern", "kind: extren",
     'departments.yaml:9: Dienststelle "kreis": "kind" muss intern, beteiligung oder extern sein, nicht "extren". '
     'Meinten Sie "extern"?'),
    (DEPARTMENTS, "area: kreisstrasse", "area: kreisstr",
     'departments.yaml:11: Dienststelle "kreis": Gebiet "kreisstr" ist unbekannt. Meinten Sie "kreisstrasse"?'),
    (DEPARTMENTS, "bauhof:\n", "rathaus:\n",
     'departments.yaml:4: "rathaus" steht hier zum zweiten Mal (zuerst in Zeile 1).'),
    (CITY, '"#7A1F2B"', '"rot"',
     'city.yaml:4: "rot" ist keine Farbe. Erwartet wird die Form "#00528A", in Anführungszeichen.'),
    (CITY, "desk: rathaus", "desk: rathhaus",
     'city.yaml:5: Redaktion (desk): Dienststelle "rathhaus" ist unbekannt. Meinten Sie "rathaus"?'),
    (CITY, "desk:", "deks:", 'city.yaml:5: Den Eintrag "deks" gibt es hier nicht. Meinten Sie "desk"?'),
    (CITY, '"01234567"', "1234567", 'city.yaml:3: Der Gemeindeschlüssel hat acht Ziffern, nicht "1234567".'),
    (CITY, "desk: rathaus", "desk: rathaus\ntimezone: Europe/Berln",
     'city.yaml:6: Die Zeitzone "Europe/Berln" gibt es nicht. Meinten Sie "Europe/Berlin"?'),
    (CITY, "lat: 52.005", "lat: NaN", "city.yaml:7: Mittelpunkt (centre): Das ist keine Angabe in Grad (WGS 84)."),
    (CITY, "boundary_margin_m: 50", "boundary_margin_m: weit",
     'city.yaml:6: "boundary_margin_m" muss eine Zahl von 0 bis 10000 sein (Meter), nicht "weit".'),
    (CITY, "subdivision", "subdivison",
     'city.yaml:8: Feiertage (holidays): Den Eintrag "subdivison" gibt es hier nicht. Meinten Sie "subdivision"?'),
    (CITY, "desk: rathaus", "desk: rathaus\ncrest: wappen.svg", 'city.yaml:6: Die Datei "wappen.svg" gibt es nicht.'),
    (CITY, "desk: rathaus", "desk: rathaus\ncrest: ../../wappen.svg",
     'city.yaml:6: Die Datei "../../wappen.svg" liegt nicht im Verzeichnis der Stadt.'),
    (CITY, "key: kleinstadt", "version: 2\nkey: kleinstadt",
     'city.yaml:1: Das Format "2" ist unbekannt. Dieses Programm liest Format 1.'),
    ("emergency.yaml", "tel: 110", "tel: eins-eins-null",
     'emergency.yaml:1: Notfallkontakt "polizei": "eins-eins-null" ist keine Telefonnummer.'),
    (AREAS, "areas/grenze.geojson", "areas/grenzen.geojson",
     'areas.yaml:2: Die Datei "areas/grenzen.geojson" gibt es nicht.'),
    (AREAS, ", buffer_m: 10", "",
     'areas.yaml:3: Gebiet "kreisstrasse": Ein Gebiet aus Linien braucht "buffer_m": wie viele Meter zu beiden Seiten '
     "dazugehören."),
    (AREAS, "{name: Grünanlagen}", "{name: Grünanlagen, kind: boundary}",
     "areas.yaml:1: Es gibt mehr als eine Stadtgrenze (kind: boundary): grenze, gruen."),
    (AREAS, "name: ORT", "name: NAME",
     'areas/ortsteile.geojson:2: Sammlung (collections): Hier fehlt die Eigenschaft "NAME" als kurzer Text.'),
    (AREAS, "gruen: {", "ortsteil_unterdorf: {",
     'areas/ortsteile.geojson:3: Sammlung (collections): Das Gebiet "ortsteil_unterdorf" gibt es schon. '
     'Mit "prefix" wird es eindeutig.'),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), ONE_MISTAKE, ids=[case[3][:60] for case in ONE_MISTAKE])
def test_a_mistake_is_told_where_it_stands(town: Town, file: str, old: str, new: str, said: str) -> None:
    town.change(file, old, new)
    assert said in town.problems()


def test_all_mistakes_are_told_in_one_go_sorted_by_file_and_line(town: Town) -> None:
    town.change(CATALOGUE, "department: bauhof\n    route", "department: bauhoff\n    route")
    town.change(CATALOGUE, "urgency: niedrig", "urgency: keine")
    town.change(DEPARTMENTS, "bauhof@kleinstadt.example", "bauhof")
    town.change(CITY, '"#7A1F2B"', '"rot"')
    assert [problem.split(": ")[0] for problem in town.problems()] == [
        "catalogue.yaml:8", "catalogue.yaml:28", "city.yaml:4", "departments.yaml:6",
    ]  # fmt: skip


def test_one_mistake_gives_one_message(town: Town) -> None:
    town.change(CATALOGUE, "group: wege", "group: weg")
    assert len(town.problems()) == 1


@pytest.mark.parametrize("file", [CITY, DEPARTMENTS, CATALOGUE])
def test_a_missing_file_is_named_and_the_others_are_still_checked(town: Town, file: str) -> None:
    (town.directory / file).unlink()
    town.change("emergency.yaml", "tel: 110", "tel: x")
    problems = town.problems()
    assert f"{file}: Diese Datei fehlt." in problems
    assert 'emergency.yaml:1: Notfallkontakt "polizei": "x" ist keine Telefonnummer.' in problems
    assert len(problems) == 2


@pytest.mark.parametrize("file", [CITY, DEPARTMENTS, CATALOGUE, AREAS, "emergency.yaml"])
def test_a_broken_file_is_told_once_without_blaming_the_others(town: Town, file: str) -> None:
    town.write("en.yaml", "groups:\n  wege: Roads\n")
    with (town.directory / file).open("a", encoding="utf-8") as end:
        end.write("kaputt: [\n")
    assert [problem.split(":")[0] for problem in town.problems()] == [file]


@pytest.mark.parametrize("file", [AREAS, "emergency.yaml"])
def test_without_an_optional_file_what_refers_to_it_is_told(town: Town, file: str) -> None:
    (town.directory / file).unlink()
    assert any("ist unbekannt" in problem for problem in town.problems())


def test_a_directory_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CityDirectoryError) as error:
        read_city(tmp_path / "fehlt")
    assert error.value.problems == [Problem(str(tmp_path / "fehlt"), 0, "Dieses Verzeichnis gibt es nicht.")]


def test_successors_in_a_circle_are_told_once(town: Town) -> None:
    town.change(CATALOGUE, "photo: {max: 1}", "active: false\n    successor: muell")
    town.change(CATALOGUE, "urgency: niedrig", "active: false\n    successor: anderes")
    said = "catalogue.yaml: Die Nachfolge (successor) läuft im Kreis: anderes → muell → anderes."
    assert town.problems() == [said]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (CITY, "#7A1F2B", "#FFDD00",
         "city.yaml:4: Die Farbe hat auf Weiß nur den Kontrast 1,3 zu 1, nötig sind 5 zu 1."),
        (CITY, "lat: 52.005", "lat: 53", "city.yaml: Der Mittelpunkt (centre) liegt nicht in der Stadtgrenze."),
        (DEPARTMENTS, "  email: bauhof@kleinstadt.example\n", "",
         'departments.yaml: Dienststelle "bauhof" hat keine E-Mail-Adresse und erfährt von Meldungen nur im Programm.'),
        ("emergency.yaml", "tel: 110", 'tel: ""',
         'emergency.yaml:1: Notfallkontakt "polizei": Es fehlt noch die Telefonnummer; '
         "bis dahin wird er nicht angezeigt."),
        (AREAS, "kind: boundary, ", "", "areas.yaml: Ohne Stadtgrenze (kind: boundary) gilt jeder Ort als innerhalb."),
        (CATALOGUE, "{key: rest, label: Alles andere}", "{key: rest, label: Rest}\n  - {key: leer, label: Leer}",
         'catalogue.yaml: Die Gruppe "leer" hat keine Kategorie.'),
    ],
)  # fmt: skip
def test_what_only_needs_a_look_is_a_warning(town: Town, file: str, old: str, new: str, said: str) -> None:
    town.change(file, old, new)
    assert said in town.warnings()


def test_a_file_with_a_mistyped_name_is_noticed(town: Town) -> None:
    town.write("areas.yml", "areas: {}\n")
    assert town.warnings() == ['areas.yml: Diese Datei wird nicht gelesen. Meinten Sie "areas.yaml"?']


def test_files_that_are_not_text_or_far_too_large_are_told(town: Town) -> None:
    town.write("emergency.yaml", "polizei: {label: Polizei,\n tel: 110}\nbüro: {}".encode("latin-1"))
    town.write(CATALOGUE, b"#" * 4_000_001)
    assert town.problems() == [
        "catalogue.yaml: Die Datei ist größer als 4 MB.",
        "emergency.yaml:3: Die Datei ist nicht in UTF-8 gespeichert.",
    ]


def test_a_crest_heavier_than_a_page_is_refused(tmp_path: Path) -> None:
    town = Town(tmp_path / "town")
    town.write("wappen.png", b"x" * 60_001)
    town.change("city.yaml", "desk: rathaus", "desk: rathaus\ncrest: wappen.png")
    assert "city.yaml:6: Das Wappen ist größer als 60 kB; jede Seite zeigt es." in town.problems()
