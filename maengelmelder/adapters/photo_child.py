"""The process in which untrusted pictures are decoded: `python -m maengelmelder.adapters.photo_child`.

It waits with the decoders loaded, which takes longer than a photo does, and forks for every picture, so that none meets
what another one left. Standard input is a socket; each byte on it comes with two open files, the original and an empty
one for the answer. Told back is the exit code of the fork, two bytes, negative for a signal: being killed is part of
the plan. The answer holds the length of the large JPEG (4 bytes, big-endian), the large JPEG, the small JPEG; or, with
the code UNREADABLE, the name of what went wrong.
"""

import os
import socket
import sys

from maengelmelder.adapters.photo_limits import CRASHED, IDLE_S, OUT_OF_MEMORY, UNREADABLE, limit_process
from maengelmelder.adapters.photo_render import load_common_decoders, render
from maengelmelder.domain.photos import MAX_BYTES


def main() -> int:
    """Serves one picture after the other, until nobody is there any more or nothing has come for a while."""
    os.nice(10)  # people who look at pages go first
    load_common_decoders()
    with socket.socket(fileno=sys.stdin.fileno()) as control:
        control.settimeout(IDLE_S)
        while True:
            try:
                message, files, _, _ = socket.recv_fds(control, 1, 2)
            except TimeoutError:
                return 0
            if not message:
                return 0
            control.sendall(_serve(control, *files).to_bytes(2, "big", signed=True))


def _serve(control: socket.socket, source: int, target: int) -> int:
    """Decodes in a fork and answers its exit code; closes both files."""
    fork = os.fork()
    if fork == 0:
        code = CRASHED
        try:
            control.close()  # the picture's code, should it take over, must not see the next one
            limit_process()
            code = _decode(source, target)
        finally:
            os._exit(code)
    os.close(source)
    os.close(target)
    return os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1])


def _decode(source: int, target: int) -> int:
    with os.fdopen(source, "rb") as original, os.fdopen(target, "wb") as answer:
        try:
            large, small = render(original.read(MAX_BYTES))
        except MemoryError:
            return OUT_OF_MEMORY
        except Exception as error:
            answer.write(type(error).__name__.encode())  # the name only: messages may quote the file
            return UNREADABLE
        answer.write(len(large).to_bytes(4, "big") + large + small)
    return 0


if __name__ == "__main__":
    sys.exit(main())
