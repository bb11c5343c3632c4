"""The German stemmer."""

from functools import lru_cache
from threading import Lock

import snowballstemmer

_stemmer = snowballstemmer.stemmer("german")
_lock = Lock()  # the stemmer keeps the word at hand in itself


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its ending: laternen, laterne → latern."""
    with _lock:
        return str(_stemmer.stemWord(word))
