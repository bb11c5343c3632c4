"""Which of the city's words still lack a translation."""

from collections.abc import Iterator

from maengelmelder.domain.catalogue import Catalogue, Category
from maengelmelder.domain.city import Text

PROPER_NAMES = {"neighbour", "district"}  # kinds of areas whose names are the same in every language


def missing_translations(catalogue: Catalogue, language: str) -> list[str]:
    """The paths, as in the overlay file and joined by dots, of what citizens see and the language lacks."""
    return [".".join(path) for path, text in _texts(catalogue) if text.de and not text.other.get(language)]


def _texts(catalogue: Catalogue) -> Iterator[tuple[tuple[str, ...], Text]]:
    yield ("city", "name"), catalogue.city.name
    yield from ((("kinds", key), kind.label) for key, kind in catalogue.kinds.items())
    yield from ((("groups", key), group.label) for key, group in catalogue.groups.items())
    yield from ((("departments", key), department.name) for key, department in catalogue.departments.items())
    yield from ((("contacts", key), contact.label) for key, contact in catalogue.contacts.items())
    yield from ((("areas", key), a.name) for key, a in catalogue.areas.items() if a.kind not in PROPER_NAMES)
    for category in catalogue.categories.values():
        yield from _texts_of_category(category)
    for key, page in catalogue.pages.items():
        yield ("pages", key, "title"), page.title
        yield ("pages", key, "body"), page.body


def _texts_of_category(category: Category) -> Iterator[tuple[tuple[str, ...], Text]]:
    path = ("categories", category.key)
    yield (*path, "name"), category.name
    yield (*path, "emergency"), category.emergency.text
    for question in category.questions:
        yield (*path, "questions", question.key, "label"), question.label
        for option in question.options:
            yield (*path, "questions", question.key, "options", option.key), option.label
