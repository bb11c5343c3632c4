"""What is wrong in a city directory, said in German to the staff who keep it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Spot:
    """A line of a file; line 0 stands for the file as a whole."""

    file: str
    line: int = 0


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. `file` is relative to the city directory; line 0: the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.message}"


class CityDirectoryError(Exception):
    """The directory cannot be loaded; `problems` holds everything that is wrong, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Findings:
    """Collects while the files are read, so that one run tells everything."""

    def __init__(self) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def error(self, at: Spot, message: str) -> None:
        """Note something that keeps the directory from being loaded."""
        self.errors.append(Problem(at.file, at.line, message))

    def warn(self, at: Spot, message: str) -> None:
        """Note something that a person should look at, while the directory still loads."""
        self.warnings.append(Problem(at.file, at.line, message))


def suggest(word: str, known: Iterable[str]) -> str:
    """A question that names the most similar known word, with a blank before it; empty when none is similar."""
    similar = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Meinten Sie "{similar[0]}"?' if similar else ""
