"""What was learnt as a file of plain numbers: reading it can run nothing, and needs no package."""

import json
import math
import os
import secrets
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maengelmelder.domain.learnt import MOST_FEATURES, Feature, Learnt

NAME = "learnt.json"
FORMAT = 1
MOST_BYTES = 100 * 1024 * 1024


class LearntUnreadable(Exception):
    """The file is not what `write_learnt` wrote."""


def write_learnt(path: Path, learnt: Learnt, notes: Mapping[str, Any]) -> None:
    """Put the model in the place of the old one in one step; `notes` tell people when and from what it was learnt."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(_document(learnt) | {"notes": dict(notes)}, file, ensure_ascii=False, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def read_learnt(path: Path) -> Learnt:
    """The model; raises LearntUnreadable for a damaged file or another format, OSError when there is none."""
    if path.stat().st_size > MOST_BYTES:
        raise LearntUnreadable("too large")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return _learnt(document)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise LearntUnreadable(f"{type(error).__name__}: {error}") from error


def _document(learnt: Learnt) -> dict[str, Any]:
    names = sorted(learnt.features, key=lambda name: learnt.features[name].column)
    return {
        "format": FORMAT,
        "categories": learnt.categories,
        "features": names,
        "rarities": [learnt.features[name].rarity for name in names],
        "weights": [list(row) for row in learnt.weights],
        "start": learnt.start,
        "unit": learnt.unit,
        "sharpness": learnt.sharpness,
        "trust": learnt.trust,
    }


def _learnt(document: Any) -> Learnt:
    if document["format"] != FORMAT:
        raise LearntUnreadable(f"format {document['format']!r}")
    names, rarities = document["features"], _numbers(document["rarities"])
    learnt = Learnt(
        categories=tuple(map(str, document["categories"])),
        features={str(name): Feature(at, value) for at, (name, value) in enumerate(zip(names, rarities, strict=True))},
        weights=[array("h", row) for row in document["weights"]],
        start=_numbers(document["start"]),
        unit=_numbers([document["unit"]])[0],
        sharpness=_numbers([document["sharpness"]])[0],
        trust=_numbers([document["trust"]])[0],
    )
    _demand_shape(learnt)
    return learnt


def _numbers(values: Any) -> tuple[float, ...]:
    """Finite numbers of a size that cannot overflow when they are multiplied."""
    numbers = tuple(map(float, values))
    if not all(math.isfinite(number) and abs(number) < 1e6 for number in numbers):
        raise LearntUnreadable("a number out of bounds")
    return numbers


def _demand_shape(learnt: Learnt) -> None:
    width = len(learnt.categories)
    fits = (
        len(learnt.weights) == len(learnt.features) <= MOST_FEATURES
        and len(learnt.start) == width == len(set(learnt.categories))
        and all(len(row) == width for row in learnt.weights)
        and all(feature.rarity > 0 for feature in learnt.features.values())
        and 0 <= learnt.trust <= 1
    )
    if not fits:
        raise LearntUnreadable("rows and columns do not fit together")
