"""The decoding process may fail in any way: the photo waits or is refused, and nothing unclean gets through."""

import contextlib
import gc
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from maengelmelder.adapters.photo_bare import is_bare_jpeg
from maengelmelder.adapters.photo_sizes import PhotoSizer
from maengelmelder.ports import PhotoUnreadable, PhotoWorkerFailed

IMAGES = Path(__file__).parents[1] / "data" / "images"
PHOTO = (IMAGES / "hopper.webp").read_bytes()
HEIC = (IMAGES / "xiaomi.heic").read_bytes()

# Speaks as the decoding process does, but runs ACTION instead of decoding.
STAND_IN = """
import os, signal, socket, sys, time
control = socket.socket(fileno=0)
while True:
    message, (source, target), _, _ = socket.recv_fds(control, 1, 2)
    code = 0
    ACTION
    control.sendall(code.to_bytes(2, "big", signed=True))
"""


def jpeg(**options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), "red").save(file, "JPEG", **options)
    return file.getvalue()


CLEAN = jpeg()


def stand_in(action: str, timeout_s: float = 20.0) -> PhotoSizer:
    return PhotoSizer(timeout_s, (sys.executable, "-c", STAND_IN.replace("ACTION", action)))


def answering(large: bytes, small: bytes) -> PhotoSizer:
    return stand_in(f"os.write(target, {len(large).to_bytes(4, 'big') + large + small!r})")


@pytest.fixture
def sizer() -> Iterator[PhotoSizer]:
    sizer = PhotoSizer()
    yield sizer
    sizer.close()


def children() -> set[int]:
    """Living processes that this one has started."""
    own = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return {int(number) for number in own.split()}


def only_child(before: set[int]) -> int:
    (child,) = children() - before
    return child


def test_the_stand_in_that_behaves_is_believed() -> None:
    assert answering(CLEAN, CLEAN).make_sizes(PHOTO).large == CLEAN


@pytest.mark.parametrize(
    "dirty",
    [
        jpeg(comment=b"hello"),
        jpeg(exif=Image.Exif()),
        jpeg(icc_profile=b"profile"),
        jpeg(xmp=b"<xmp>"),
        jpeg(progressive=True),
        jpeg(extra=b"\xff\xed\0\x0cPhotoshop "),
        jpeg(extra=b"rubbish"),
        CLEAN + b"<script>",
        CLEAN + CLEAN,
        CLEAN[:-2],
        CLEAN[:-2] + b"\xff\xfe\0\x04ab\xff\xd9",
        CLEAN[:2] + CLEAN[20:2] + b"\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01" + CLEAN[20:],
        b"\x89PNG\r\n\x1a\n",
        b"",
    ],
)
def test_a_picture_with_anything_in_it_is_not_let_through(dirty: bytes) -> None:
    assert is_bare_jpeg(CLEAN, 64)
    assert not is_bare_jpeg(dirty, 1600)
    for large, small in ((dirty, CLEAN), (CLEAN, dirty)):
        with pytest.raises(PhotoUnreadable):
            answering(large, small).make_sizes(PHOTO)


def test_a_picture_larger_than_asked_for_is_not_let_through() -> None:
    assert not is_bare_jpeg(CLEAN, 63)


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("code = 4", "out of memory"),
        ("code = -9", "exit code -9"),
        ("code = -11", "exit code -11"),
        ("code = 5", "exit code 5"),
        ("os.abort()", "ConnectionResetError"),
        ("os._exit(0)", "ConnectionResetError"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "ConnectionResetError"),
    ],
)
def test_what_may_be_the_machines_fault_may_be_tried_again(action: str, reason: str) -> None:
    with pytest.raises(PhotoWorkerFailed, match=reason):
        stand_in(action).make_sizes(PHOTO)


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("code = 3; os.write(target, b'SyntaxError')", "^SyntaxError$"),
        ("code = 3; os.write(target, b'words\\nof the file')", "^unknown$"),
        (f"code = -{int(signal.SIGXCPU)}", "processor time"),
    ],
)
def test_what_is_the_files_fault_is_final(action: str, reason: str) -> None:
    with pytest.raises(PhotoUnreadable, match=reason):
        stand_in(action).make_sizes(PHOTO)


def test_a_process_that_stalls_is_killed_and_replaced(sizer: PhotoSizer) -> None:
    sizer.make_sizes(PHOTO)
    before = children()
    stalled = stand_in("time.sleep(60)", timeout_s=1.0)
    with pytest.raises(PhotoWorkerFailed, match="TimeoutError"):
        stalled.make_sizes(PHOTO)
    assert children() == before
    sizer.timeout_s = 0.001
    with pytest.raises(PhotoWorkerFailed):
        sizer.make_sizes(HEIC)
    sizer.timeout_s = 60.0
    assert sizer.make_sizes(PHOTO).width == 128


def test_a_process_killed_in_the_middle_costs_one_attempt(sizer: PhotoSizer) -> None:
    before = children()
    sizer.make_sizes(PHOTO)
    child = only_child(before)
    killer = threading.Timer(0.1, os.killpg, (child, signal.SIGKILL))
    killer.start()
    with pytest.raises(PhotoWorkerFailed):
        sizer.make_sizes(HEIC)
    killer.join()
    assert sizer.make_sizes(PHOTO).width == 128


def test_a_process_that_ended_while_idle_costs_nothing(sizer: PhotoSizer) -> None:
    before = children()
    sizer.make_sizes(PHOTO)
    os.killpg(only_child(before), signal.SIGKILL)
    time.sleep(0.2)
    assert sizer.make_sizes(PHOTO).width == 128


def test_two_threads_may_ask_at_once(sizer: PhotoSizer) -> None:
    widths: list[int] = []
    threads = [threading.Thread(target=lambda: widths.append(sizer.make_sizes(PHOTO).width)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert widths == [128] * 4


def test_the_process_sees_none_of_our_secrets_and_ends_with_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    before = children()
    sizer = PhotoSizer()
    sizer.make_sizes(PHOTO)
    child = only_child(before)
    environment = Path(f"/proc/{child}/environ").read_bytes()
    assert b"MALLOC_ARENA_MAX" in environment
    assert b"very-secret" not in environment
    assert {Path(f"/proc/{child}/fd/{number}").readlink().name for number in (1, 2)} == {"null"}
    del sizer
    gc.collect()
    assert children() == before


def test_every_picture_is_decoded_under_limits_in_a_fork_of_its_own(sizer: PhotoSizer) -> None:
    before = children()
    sizer.make_sizes(PHOTO)
    waiting = only_child(before)
    decoding = threading.Thread(target=sizer.make_sizes, args=(HEIC,))
    decoding.start()
    limits = ""
    while decoding.is_alive() and "734003200" not in limits:
        for fork in Path(f"/proc/{waiting}/task/{waiting}/children").read_text(encoding="ascii").split():
            with contextlib.suppress(OSError):
                limits = Path(f"/proc/{fork}/limits").read_text(encoding="ascii")
    decoding.join()
    assert re.search(r"Max address space +734003200 +734003200", limits)
    assert re.search(r"Max cpu time +20 +20", limits)


def test_the_limits_hold() -> None:
    program = """
import resource, sys
from maengelmelder.adapters.photo_limits import limit_process
limit_process()
print(resource.getrlimit(resource.RLIMIT_CPU))
try:
    bytearray(720 * 1024**2)
except MemoryError:
    print("no more memory")
try:
    open(sys.argv[1], "wb").write(bytes(9 * 1024**2))
except OSError:
    print("no more disk")
"""
    target = "/dev/shm/maengelmelder-limits" if Path("/dev/shm").is_dir() else "limits.tmp"  # noqa: S108
    done = subprocess.run([sys.executable, "-c", program, target], capture_output=True, text=True, check=True)
    Path(target).unlink(missing_ok=True)
    assert done.stdout.split("\n")[:3] == ["(20, 20)", "no more memory", "no more disk"]
