"""Makes the public sizes of a photo: hands the original to a limited child and trusts nothing that comes back."""

import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from maengelmelder.adapters import photo_child
from maengelmelder.domain.photo_header import START_OF_SCAN, jpeg_segments, read_header
from maengelmelder.domain.photos import LARGE_PX, SMALL_PX
from maengelmelder.ports import PhotoUnreadable, PhotoWorkerFailed, Sizes

PROJECT = Path(__file__).parents[2]
TIMEOUT_S = 60.0  # three times the processor time: a busy machine may be slow
# No secrets of ours; one malloc arena, as each further one counts 64 MB against the limit.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
APP0, TABLES = 0xE0, {0xDB, 0xC4, 0xDD, 0xC0, START_OF_SCAN}  # DQT, DHT, DRI, baseline frame
PLAIN_JFIF = re.compile(rb"JFIF\0\x01[\x00-\x02].{5}\0\0", re.DOTALL)  # no thumbnail
MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7]")


class PhotoSizer:
    """A PhotoDecoder that decodes in a child process.

    timeout_s: wall-clock seconds that the child may take.
    """

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self.timeout_s = timeout_s

    def make_sizes(self, original: bytes) -> Sizes:
        """Both sizes, upright, sRGB, without metadata.

        Raises PhotoUnreadable if this file will never do: not decodable, all processor time used up, output not clean.
        Raises PhotoWorkerFailed if it may be the machine: stalled, killed, crashed, out of memory.
        """
        output = self._run_child(original)
        end = 4 + int.from_bytes(output[:4], "big")
        large, small = output[4:end], output[end:]
        if not (is_bare_jpeg(large, LARGE_PX) and is_bare_jpeg(small, SMALL_PX)):
            raise PhotoUnreadable("the output carries more than a picture")
        header = read_header(large)
        return Sizes(large, small, header.width, header.height)

    def _run_child(self, original: bytes) -> bytes:
        # A file, not a pipe: the child's own limit bounds it, however wild the child has gone.
        with tempfile.TemporaryFile() as output:
            try:
                done = subprocess.run(  # noqa: S603
                    [sys.executable, "-Es", "-m", photo_child.__name__],
                    input=original,
                    stdout=output,
                    stderr=subprocess.DEVNULL,
                    cwd=PROJECT,
                    env=ENVIRONMENT,
                    timeout=self.timeout_s,
                    check=False,
                )
            except (subprocess.TimeoutExpired, OSError) as error:
                raise PhotoWorkerFailed(type(error).__name__) from None
            output.seek(0)
            answer = output.read(photo_child.MAX_OUTPUT)
        _check_exit(done.returncode, answer)
        return answer


def _check_exit(code: int, answer: bytes) -> None:
    if code == photo_child.UNREADABLE:
        reason = answer[:40].decode("ascii", "replace")
        raise PhotoUnreadable(reason if reason.isidentifier() else "unknown")
    if code == -signal.SIGXCPU:
        raise PhotoUnreadable("needs more processor time than a photo may")
    if code == photo_child.OUT_OF_MEMORY:
        raise PhotoWorkerFailed("out of memory")
    if code:
        raise PhotoWorkerFailed(f"exit code {code}")


def is_bare_jpeg(data: bytes, longest: int) -> bool:
    """Whether these bytes are one baseline JPEG of at most so many pixels a side, and not a byte more.

    Allowed are a JFIF head without thumbnail, tables, frame and a single scan: no Exif, XMP, profile, comment, second
    picture, and nothing after the end.
    """
    try:
        header = read_header(data)
        end = 2
        for marker, start, stop in jpeg_segments(data):
            plain = marker in TABLES or (marker == APP0 and PLAIN_JFIF.fullmatch(data, start, stop))
            if start != end + 4 or not plain:
                return False
            end = stop
    except Exception:
        return False  # fail closed, whatever it is
    last = MARKER_IN_SCAN.search(data, end)
    one_scan = last is not None and last.group() == b"\xff\xd9" and last.end() == len(data)
    return one_scan and header.media_type == "image/jpeg" and max(header.width, header.height) <= longest
