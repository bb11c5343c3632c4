"""Suggestions from the catalogue's words and, where the city has learnt, from its experience."""

from pathlib import Path

import structlog

from maengelmelder.adapters.suggesting.german import stem
from maengelmelder.adapters.suggesting.learnt_file import NAME, LearntUnreadable, read_learnt
from maengelmelder.domain.catalogue import Catalogue
from maengelmelder.domain.learnt import Learnt, move_to_successors
from maengelmelder.domain.suggesting import Keywords, Suggestion, combine, rank

log = structlog.get_logger()


class LocalSuggester:
    """A Suggester on this machine. What `maengelmelder learn` leaves in `directory` counts from the next text on."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / NAME
        self._learnt: tuple[tuple[int, ...], Learnt | None] = ((), None)
        self._keywords: tuple[Catalogue, Keywords] | None = None

    def rank(self, catalogue: Catalogue, text: str) -> tuple[Suggestion, ...]:
        """Every category that can be reported, the best first; all with 0 when nothing fits."""
        keywords = self._keywords_of(catalogue)
        shares, learnt = keywords.shares(text), self._read_when_changed()
        if learnt is None:
            return rank(shares)
        known = move_to_successors(learnt.shares(text, stem), catalogue)
        return rank(combine(shares, known, learnt.trust))

    def _keywords_of(self, catalogue: Catalogue) -> Keywords:
        """A catalogue is read once for each of its revisions, so the same one is the same object."""
        if self._keywords is None or self._keywords[0] is not catalogue:
            self._keywords = catalogue, Keywords.of(catalogue, stem)
        return self._keywords[1]

    def _read_when_changed(self) -> Learnt | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if stamp != self._learnt[0]:
            self._learnt = stamp, self._read()
        return self._learnt[1]

    def _read(self) -> Learnt | None:
        try:
            return read_learnt(self._path)
        except (LearntUnreadable, OSError) as error:
            log.warning("suggestions_unreadable", error=str(error))
            return None
