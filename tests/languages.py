"""Catalogues for tests: another language out of nothing but the words that English translates."""

import re
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from maengelmelder.web.languages import TRANSLATIONS

_KEPT = re.compile(r"(%\(\w+\)s|\{\w+\}|%%)")
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنه"


def in_arabic_letters(words: str) -> str:
    """Each letter becomes an Arabic one: no sense, but a script from right to left, and as long as the German."""
    return "".join(part if _KEPT.fullmatch(part) else _letters(part) for part in _KEPT.split(words))


def _letters(text: str) -> str:
    return "".join(_ARABIC[ord(sign.casefold()[0]) % len(_ARABIC)] if sign.isalpha() else sign for sign in text)


def write_catalogue(directory: Path, code: str, translate: Callable[[str], str]) -> Path:
    """A compiled catalogue of a language below the directory; gives the directory."""
    with (TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        english = read_po(file)
    catalogue = Catalog(locale=code)
    for message in english:
        if isinstance(message.id, str) and message.id:
            catalogue.add(message.id, translate(message.id))
        elif message.id:
            catalogue.add(message.id, tuple(translate(message.id[-1]) for _ in range(catalogue.num_plurals)))
    target = directory / code / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)
    return directory
