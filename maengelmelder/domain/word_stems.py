"""What is left of a text when spelling, endings and everything personal are taken off it."""

import re
import unicodedata
from collections.abc import Callable, Iterator

Stem = Callable[[str], str]
"""Takes the ending off a folded German word; `str` itself where there is no stemmer."""

MOST_CHARACTERS = 1000  # what a report is about is said at its beginning; keeps a suggestion quick
MOST_LETTERS = 40  # of one word; the longest German ones that people write have about thirty
WORD = re.compile(r"\w+(?:-\w+)*")
NOT_A_LETTER = re.compile(r"[\d_]")

SPELLINGS = (
    (re.compile("ae|\u00e4"), "a"),
    (re.compile("oe|\u00f6"), "o"),
    (re.compile("(?<![aeq])ue|\u00fc"), "u"),  # Mauer, neue and Quelle have no ü
    (re.compile("\u00df"), "ss"),
)

STOPS = frozenset(
    re.findall(
        r"\w+",
        """ab aber alle allem allen aller alles als also am an andere anderen anderer auch auf aus bei beim bereits bin
    bis bitte bzw da dabei dadurch dafur daher damit dann daran darauf das dass davon davor dazu dem den denn der deren
    des deshalb die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es
    etwa etwas fur ganz gegen gibt guten hab habe haben hat hatte hier hinter ich ihm ihn ihnen ihr ihre im immer in
    ins ist ja jeder jetzt kann kein keine konnen konnte man mehr mein meine mir mit mich nach nicht nichts noch nun nur
    ob oder ohne per schon sehr seit sich sie sind so sowie tag uber um und uns unser unsere unten unter vom von vor
    wann war waren was weil weiter welche wenn wer werden wie wieder wir wird wo wurde wurden zu zum zur zwischen
    and are been from has have here not off our that the there this was with""",
    )
)


def fold(text: str) -> str:
    """Lower case without umlauts: Müll, Muell and MULL become one word. Longer texts are cut at `MOST_CHARACTERS`."""
    text = unicodedata.normalize("NFC", text[:MOST_CHARACTERS]).lower()
    for spelling, letter in SPELLINGS:
        text = spelling.sub(letter, text)
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def words_in(text: str) -> Iterator[str]:
    """Folded words in their order, parts of a hyphenated word also alone.

    Left out is what may tell of somebody: e-mail and web addresses, telephone, house and registration numbers.
    """
    for piece in fold(text).split():
        if "@" in piece or "://" in piece or piece.startswith("www."):
            continue
        for word in WORD.findall(piece):
            yield from _parts_of(word)


def _parts_of(word: str) -> Iterator[str]:
    if NOT_A_LETTER.search(word):
        return
    parts = word.split("-")
    if len(parts) > 1:
        yield "".join(parts)[:MOST_LETTERS]
    yield from (part[:MOST_LETTERS] for part in parts if len(part) > 1)


def stems_in(text: str, stem: Stem) -> Iterator[str]:
    """The stems of the words that say something."""
    return (stem(word) for word in words_in(text) if word not in STOPS)
