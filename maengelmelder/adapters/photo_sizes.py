"""Makes the public sizes of a photo: hands the original to a limited process and trusts nothing that comes back."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path

from maengelmelder.adapters.photo_bare import is_bare_jpeg
from maengelmelder.adapters.photo_limits import MAX_OUTPUT, OUT_OF_MEMORY, UNREADABLE
from maengelmelder.domain.photo_header import read_header
from maengelmelder.domain.photos import LARGE_PX, SMALL_PX
from maengelmelder.ports import PhotoUnreadable, PhotoWorkerFailed, Sizes

PROJECT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-Es", "-m", "maengelmelder.adapters.photo_child")
# None of our secrets; one malloc arena, as each further one counts 64 MB against the limit.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
TIMEOUT_S = 60.0  # three times the processor time that a picture may take: a busy machine may be slow


class PhotoSizer:
    """A PhotoDecoder that decodes in a process of its own, started with the first photo; one photo at a time.

    timeout_s: wall-clock seconds that a photo may take. command: starts what speaks as `photo_child` does.
    """

    def __init__(self, timeout_s: float = TIMEOUT_S, command: Sequence[str] = COMMAND) -> None:
        self.timeout_s = timeout_s
        self._command = command
        self._lock = threading.Lock()
        self._process: _DecodingProcess | None = None

    def make_sizes(self, original: bytes) -> Sizes:
        """Both sizes, upright, sRGB, without metadata.

        Raises PhotoUnreadable if this file will never do: not decodable, all processor time used up, output not clean.
        Raises PhotoWorkerFailed if it may be the machine: stalled, killed, crashed, out of memory.
        """
        answer = self._decode(original)
        end = 4 + int.from_bytes(answer[:4], "big")
        large, small = answer[4:end], answer[end:]
        if not (is_bare_jpeg(large, LARGE_PX) and is_bare_jpeg(small, SMALL_PX)):
            raise PhotoUnreadable("the output carries more than a picture")
        header = read_header(large)
        return Sizes(large, small, header.width, header.height)

    def close(self) -> None:
        """End the process; the next photo starts another one. Happens by itself when nobody holds the sizer."""
        if self._process:
            self._process.end()
        self._process = None

    def _decode(self, original: bytes) -> bytes:
        # Files, not pipes: the limit on the size of files bounds the answer, however wild the decoder has gone.
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
            source.write(original)
            source.seek(0)
            with self._lock:
                code = self._ask(source.fileno(), target.fileno())
            target.seek(0)
            answer = target.read(MAX_OUTPUT)
        _check_exit(code, answer)
        return answer

    def _ask(self, source: int, target: int) -> int:
        if self._process is None or not self._process.is_alive():
            self.close()
            self._process = _DecodingProcess(self._command)
        try:
            return self._process.ask(source, target, self.timeout_s)
        except OSError as error:
            self.close()
            raise PhotoWorkerFailed(type(error).__name__) from None


class _DecodingProcess:
    """Our end of `photo_child`. Ends with its last reference, at the latest with this program."""

    def __init__(self, command: Sequence[str]) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=PROJECT,
                env=ENVIRONMENT,
                start_new_session=True,
            )
        self.end = weakref.finalize(self, _kill_group, self._process, self._control)

    def is_alive(self) -> bool:
        """Whether it still waits for pictures; it ends by itself when idle."""
        return self._process.poll() is None

    def ask(self, source: int, target: int, timeout_s: float) -> int:
        """The exit code for one picture; raises OSError (TimeoutError, ConnectionError) if none comes."""
        self._control.settimeout(timeout_s)
        socket.send_fds(self._control, [b"?"], [source, target])
        code = self._control.recv(2)
        if len(code) != 2:
            raise ConnectionResetError
        return int.from_bytes(code, "big", signed=True)


def _kill_group(process: subprocess.Popen[bytes], control: socket.socket) -> None:
    control.close()
    if process.poll() is None:  # else the number may be somebody else's by now
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _check_exit(code: int, answer: bytes) -> None:
    if code == UNREADABLE:
        reason = answer[:40].decode("ascii", "replace")
        raise PhotoUnreadable(reason if reason.isidentifier() else "unknown")
    if code == -signal.SIGXCPU:
        raise PhotoUnreadable("needs more processor time than a photo may")
    if code == OUT_OF_MEMORY:
        raise PhotoWorkerFailed("out of memory")
    if code:
        raise PhotoWorkerFailed(f"exit code {code}")
