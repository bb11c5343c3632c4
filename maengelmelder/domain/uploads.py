"""A photo that arrives in pieces: where the next one belongs, and how much may wait."""

from dataclasses import dataclass
from datetime import timedelta

from maengelmelder.domain.errors import Refusal

KEPT = timedelta(hours=24)  # from the first byte on; the privacy page says so
MOST_PIECES = 300  # phones send at least 64 KB at a time, so the largest photo has 240
MOST_WAITING_BYTES = 2 * 1024**3  # of all photos together whose report has not been sent
PIECE_COSTS_BYTES = 4096  # at least a block on the disk, however small the piece


class OffsetWrong(Exception):
    """The piece does not belong here; `offset`: from which byte on to send."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


@dataclass(frozen=True)
class Taken:
    """What of a piece is new: `data`, from byte `start` on; empty for a mere repeat. anew: another photo begins."""

    start: int
    data: bytes
    anew: bool = False


def decide_piece(have: int, start: int, data: bytes, held: bytes) -> Taken:
    """What to keep of a piece that begins at byte `start`, when the first `have` bytes of the photo are here.

    held: the bytes that are here from `start` on, as far as the piece reaches. Raises OffsetWrong for a piece that
    would leave a gap, or that continues another photo than the one we have.
    """
    if start > have:
        raise OffsetWrong(have)
    if data[: len(held)] == held:
        return Taken(start + len(held), data[len(held) :])
    if start:
        raise OffsetWrong(0)
    return Taken(0, data, anew=True)


def check_end(start: int, length: int, size: int) -> None:
    """Whether a piece ends within its photo. Raises Refusal `upload_too_long`."""
    if start + length > size:
        raise Refusal("upload_too_long", "chunk")


def check_pieces(pieces: int) -> None:
    """Whether so many pieces may make one photo. Raises Refusal `upload_in_crumbs`."""
    if pieces > MOST_PIECES:
        raise Refusal("upload_in_crumbs", "chunk")
