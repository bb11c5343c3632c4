"""How well the duplicate hint finds what is the same matter, and how often it asks for nothing.

    scripts/measure_duplicates.py pairs final.csv            pairs read and labelled by hand (Konstanz, 2020–2022)
    scripts/measure_duplicates.py moved gelbekarten.csv.gz   real places, moved as a phone's position is (Stuttgart)

Where the reports come from and how pairs were labelled: tests/data/duplicates/SOURCES.md.
"""

import argparse
import csv
import gzip
import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from maengelmelder.adapters.city_directory import read_city
from maengelmelder.adapters.suggesting.german import stem
from maengelmelder.domain.duplicates import REACH_M, STRONG_M, Candidate, Duplicate, Sighting, rank_duplicates
from maengelmelder.domain.places import METRES_PER_DEGREE, Place
from maengelmelder.domain.tickets import Status
from maengelmelder.settings import ROOT

DATA = ROOT / "tests" / "data" / "duplicates"
LANDSHUT = read_city(ROOT / "cities" / "landshut")
# Landshut does not show all its categories, and hints at none of those; other cities show others.
CATALOGUE = replace(LANDSHUT, categories={key: replace(c, public=True) for key, c in LANDSHUT.categories.items()})
CELL = 0.004  # degrees: more than REACH_M in either direction
SAMPLE = 3000
LISTED_FOR = timedelta(days=3)
# Rayleigh, metres: open sky (4.9 m, van Diggelen and Enge 2015, quoted by gps.gov), between houses, in a gorge of a
# street or with a map dragged by thumb; shares and the last two figures are our assumption, to the bad side.
ERRORS_M = ((0.6, 4.9), (0.3, 15.0), (0.1, 40.0))
NEXT_REPORT_DAYS = 7.0  # mean of an exponential distribution: how long after the first somebody else reports


@dataclass(frozen=True)
class Told:
    """One report of a city's file."""

    number: int
    category: str
    place: Place
    at: datetime
    text: str = ""

    def as_candidate(self) -> Candidate:
        """The report as an open ticket whose text was released."""
        return Candidate(self.number, self.category, self.place, Status.RECEIVED, self.at, text=self.text)

    def cell(self) -> tuple[int, int]:
        """Which square of a grid it lies in."""
        return math.floor(self.place.lon / CELL), math.floor(self.place.lat / CELL)


class Town:
    """Reports that can be asked for what was open near a place."""

    def __init__(self, reports: Sequence[Told], open_days: int) -> None:
        self.open_for = timedelta(days=open_days)
        self.cells: dict[tuple[int, int], list[Told]] = defaultdict(list)
        for report in reports:
            self.cells[report.cell()].append(report)

    def hints(self, report: Told, now: datetime, text: str = "") -> tuple[Duplicate, ...]:
        """What somebody who reports this now would be shown."""
        x, y = report.cell()
        near = (one for dx in (-1, 0, 1) for dy in (-1, 0, 1) for one in self.cells.get((x + dx, y + dy), ()))
        before = (one for one in near if now - self.open_for <= one.at <= now and one.number != report.number)
        sighting = Sighting(CATALOGUE.categories[report.category], report.place, text=text)
        return rank_duplicates(CATALOGUE, sighting, (one.as_candidate() for one in before), now, stem)


def keys_of(city: str) -> dict[str, str]:
    """Landshut's categories for another city's."""
    with (DATA / "categories.csv").open(encoding="utf-8", newline="") as file:
        return {row["there"]: row["here"] for row in csv.DictReader(file) if row["city"] == city}


def konstanz(path: Path) -> list[Told]:
    """The reports that have a place."""
    keys = keys_of("Konstanz")
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Told(
                int(row["id"]),
                keys[row["sub_cat"]],
                Place(float(row["lon"]), float(row["lat"])),
                datetime.fromisoformat(row["reported"]).replace(tzinfo=UTC),
                row["description"],
            )
            for row in csv.DictReader(file)
            if row["lat"] and row["sub_cat"] in keys
        ]


def stuttgart(path: Path) -> list[Told]:
    """Each report once: the file, without texts, tells of most of them in two or three days' listings."""
    keys = keys_of("Stuttgart")
    seen: dict[tuple[str, Place], datetime] = {}
    reports = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=1):
            place = Place(float(row["lon"]), float(row["lat"]))
            at = datetime.fromisoformat(row["first_seen_at_timestamp"]).replace(tzinfo=UTC)
            before = seen.get((row["category"], place))
            seen[row["category"], place] = at
            if before is None or at - before > LISTED_FOR:
                reports.append(Told(number, keys[row["category"]], place, at))
    return reports


def judge_pairs(path: Path, open_days: int) -> None:
    """Print recall on the labelled pairs, and how many hints everybody else sees."""
    reports = {report.number: report for report in konstanz(path)}
    partners: dict[int, list[int]] = defaultdict(list)
    doubtful: set[int] = set()
    again: set[int] = set()
    for earlier, later, same, why in labels():
        if same == "yes" and reports[later].at - reports[earlier].at <= timedelta(days=open_days):
            partners[later].append(earlier)
            again |= {later} if why == "sent again" else set()
        elif same != "no":
            doubtful.add(later)
    town = Town(list(reports.values()), open_days)
    print(f"\nopen for {open_days} days; {len(reports)} reports, {len(partners)} of them with a labelled duplicate")
    for name, use_text in (("place and category", False), ("with the text", True)):
        shown = {n: town.hints(r, r.at, r.text if use_text else "") for n, r in reports.items()}
        others = [hints for number, hints in shown.items() if number not in partners and number not in doubtful]
        print(f"  {name}:")
        for words, chosen in (
            ("all", partners),
            ("without what was sent twice by mistake", {n: p for n, p in partners.items() if n not in again}),
            (f"at most {STRONG_M:.0f} m", _within(reports, partners, 0, STRONG_M)),
            (f"{STRONG_M:.0f} to {REACH_M:.0f} m", _within(reports, partners, STRONG_M, REACH_M)),
            (
                "in categories that Landshut shows",
                {n: p for n, p in partners.items() if LANDSHUT.categories[reports[n].category].public},
            ),
        ):
            found = sum(any(hint.candidate.number in wanted for hint in shown[n]) for n, wanted in chosen.items())
            print(f"    recall, {words}: {found}/{len(chosen)}{_share(found, len(chosen))}")
        right = [hint.candidate.number in partners[n] for n in partners for hint in shown[n]]
        print(f"    hints to those: {len(right)}, of them right {sum(right)}{_share(sum(right), len(right))}")
        _print_others(others)


def _within(reports: dict[int, Told], partners: dict[int, list[int]], low: float, high: float) -> dict[int, list[int]]:
    """The reports whose nearest duplicate lies so far away."""
    return {
        number: wanted
        for number, wanted in partners.items()
        if low <= min(reports[number].place.metres_to(reports[one].place) for one in wanted) < high
    }


def labels() -> Iterator[tuple[int, int, str, str]]:
    """Earlier report, later report, whether they are the same matter, and why."""
    with (DATA / "konstanz_pairs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield int(row["earlier"]), int(row["later"]), row["same"], row["why"]


def judge_moved(path: Path, open_days: int) -> None:
    """Print recall on real places that a second person reports from a phone, in the crowd of all real reports."""
    reports = stuttgart(path)
    town = Town(reports, open_days)
    choice = random.Random(20)  # noqa: S311 - always the same sample
    first = reports[0].at + timedelta(days=open_days)
    sample = choice.sample([report for report in reports if report.at >= first], SAMPLE)
    found = strong = near = 0
    for report in sample:
        days = min(choice.expovariate(1 / NEXT_REPORT_DAYS), open_days)
        second = replace(report, number=0, place=_moved(report.place, choice))
        is_found = any(
            hint.candidate.number == report.number for hint in town.hints(second, report.at + timedelta(days=days))
        )
        is_near = report.place.metres_to(second.place) <= STRONG_M
        found, near, strong = found + is_found, near + is_near, strong + (is_found and is_near)
    print(f"\nopen for {open_days} days; {SAMPLE} of {len(reports)} reports, each reported once more")
    print(
        f"    recall: {found}/{SAMPLE}{_share(found, SAMPLE)}; within {STRONG_M:.0f} m {strong}/{near}"
        f"{_share(strong, near)}"
    )
    _print_others([town.hints(report, report.at) for report in sample])


def _moved(place: Place, choice: random.Random) -> Place:
    """Where a second phone says it is."""
    (sigma,) = choice.choices([metres for _, metres in ERRORS_M], [share for share, _ in ERRORS_M])
    east, north = choice.gauss(0, sigma), choice.gauss(0, sigma)
    lat = place.lat + north / METRES_PER_DEGREE
    return Place(place.lon + east / (METRES_PER_DEGREE * math.cos(math.radians(place.lat))), lat)


def _print_others(shown: Sequence[Sequence[Duplicate]]) -> None:
    asked = sum(bool(hints) for hints in shown)
    print(
        f"    everybody else: {asked}/{len(shown)} are asked{_share(asked, len(shown))}, "
        f"{sum(map(len, shown)) / len(shown):.2f} hints each"
    )


def _share(part: int, whole: int) -> str:
    return f" = {part / whole:.3f}" if whole else ""


def main() -> None:
    """Measure one of both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("pairs", "moved"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--open-days", type=int, nargs="+", default=[30, 60, 180])
    arguments = parser.parse_args()
    for days in arguments.open_days:
        (judge_pairs if arguments.what == "pairs" else judge_moved)(arguments.file, days)


if __name__ == "__main__":
    main()
