"""Which categories most people mean, so that the form can offer them before anybody has typed or searched."""

from collections.abc import Mapping

from maengelmelder.domain.catalogue import Catalogue, Category
from maengelmelder.domain.reports import is_required

MOST = 3


def decide_usual(catalogue: Catalogue, counts: Mapping[str, int], most: int = MOST) -> tuple[str, ...]:
    """Keys of the categories to offer, the most frequent first; `counts`: tickets by category key.

    Where nothing was counted yet, the first of each group comes before the second of any, and what can be reported
    without another question before the rest. An emergency that always stops is never a shortcut, nor is what takes
    no photo or is never shown: both want their explanation read.
    """
    order: list[tuple[tuple[int, bool, int], str]] = []
    for group in catalogue.groups:
        usual = [category for category in catalogue.active_in(group) if _may_be_offered(category)]
        quick_first = sorted(usual, key=_asks)
        order += [
            ((-counts.get(category.key, 0), _asks(category), place), category.key)
            for place, category in enumerate(quick_first)
        ]
    return tuple(key for _, key in sorted(order, key=lambda entry: entry[0])[:most])


def _may_be_offered(category: Category) -> bool:
    always_stops = category.emergency.level == "stop" and not category.emergency.only_if
    return category.public and category.photo.max > 0 and not always_stops


def _asks(category: Category) -> bool:
    """Whether something must be answered before the report can be sent."""
    return category.emergency.level == "stop" or any(is_required(category, asked) for asked in category.questions)
