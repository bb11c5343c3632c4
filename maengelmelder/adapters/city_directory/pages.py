"""`pages/`: the pages that the law or the citizen asks for, as plain text; translations in `pages/<language>/`."""

from collections.abc import Mapping
from pathlib import Path

from maengelmelder.adapters.city_directory.problems import Spot, suggest
from maengelmelder.adapters.city_directory.reading import Reading
from maengelmelder.domain.city import Page, Text

PAGES = ("impressum", "datenschutz", "barrierefreiheit", "leichte-sprache", "hilfe", "nutzungsbedingungen")
GAP = "[bitte eintragen"
MAX_PAGE_BYTES = 200_000
Folder = dict[str, tuple[str, str]]  # title and body by key


def read_pages(reading: Reading) -> dict[str, Page]:
    """The pages by key, in the order of `PAGES`; missing pages and open gaps are warned of."""
    directory = reading.directory / "pages"
    german = _read_folder(reading, directory)
    other = {
        folder.name: _read_folder(reading, folder)
        for folder in (sorted(directory.iterdir()) if directory.is_dir() else ())
        if folder.is_dir()
    }
    _report_missing(reading, german, other)
    return {key: _page(key, german[key], other) for key in PAGES if key in german}


def _read_folder(reading: Reading, folder: Path) -> Folder:
    pages = {}
    for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        file = path.relative_to(reading.directory).as_posix()
        if path.stem not in PAGES:
            hint = suggest(path.stem, PAGES)
            reading.findings.error(Spot(file), f'Eine Seite "{path.stem}" gibt es nicht.{hint}')
            continue
        text = reading.text(file, MAX_PAGE_BYTES)
        if text is not None:
            pages[path.stem] = _title_and_body(reading, file, text)
    return pages


def _title_and_body(reading: Reading, file: str, text: str) -> tuple[str, str]:
    title, _, body = text.strip().partition("\n")
    if not title.startswith("# ") or not title[2:].strip():
        reading.findings.error(Spot(file, 1), 'Die erste Zeile muss der Titel sein: "# Titel".')
    if not body.strip():
        reading.findings.error(Spot(file, 1), "Unter dem Titel steht kein Text.")
    gaps = [number for number, line in enumerate(text.splitlines(), 1) if GAP in line.lower()]
    if gaps:
        message = f"Hier fehlen noch Angaben der Stadt: {len(gaps)} Zeilen mit {GAP}]."
        reading.findings.warn(Spot(file, gaps[0]), message)
    return title.removeprefix("# ").strip(), body.strip()


def _report_missing(reading: Reading, german: Folder, other: Mapping[str, Folder]) -> None:
    for key in PAGES:
        if key not in german:
            reading.findings.warn(Spot(f"pages/{key}.md"), "Diese Seite fehlt noch.")
    for language, pages in other.items():
        for key in pages:
            if key not in german:
                message = f"Zu dieser Übersetzung fehlt die deutsche Seite pages/{key}.md."
                reading.findings.error(Spot(f"pages/{language}/{key}.md"), message)


def _page(key: str, german: tuple[str, str], other: Mapping[str, Folder]) -> Page:
    translated = {language: pages[key] for language, pages in other.items() if key in pages}
    title = Text(german[0], {language: page[0] for language, page in translated.items()})
    return Page(key, title, Text(german[1], {language: page[1] for language, page in translated.items()}))
