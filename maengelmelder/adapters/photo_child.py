"""The process that decodes one untrusted picture: `python -m maengelmelder.adapters.photo_child`.

Standard input: the original. Standard output: the length of the large JPEG (4 bytes, big-endian), the large JPEG, the
small JPEG; or, with one of the exit codes below, the name of what went wrong. Being killed is part of the plan.
"""

import os
import resource
import sys

from maengelmelder.domain.photos import MAX_BYTES

UNREADABLE, OUT_OF_MEMORY = 3, 4  # exit codes
MAX_MEMORY = 700 * 1024**2  # address space in bytes
MAX_CPU_S = 20
MAX_OUTPUT = 8 * 1024**2  # bytes; both sizes together are below 2 MB even for noise


def main() -> int:
    """Reads, renders, writes; answers the exit code."""
    limit_process()
    try:
        from maengelmelder.adapters.photo_render import render

        large, small = render(sys.stdin.buffer.read(MAX_BYTES))
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:
        sys.stdout.write(type(error).__name__)  # the name only: messages may quote the file
        return UNREADABLE
    sys.stdout.buffer.write(len(large).to_bytes(4, "big") + large + small)
    return 0


def limit_process() -> None:
    """Bounds memory, processor time, output and open files of this process, for good, and lets others go first."""
    limits = {
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_CPU: MAX_CPU_S,
        resource.RLIMIT_FSIZE: MAX_OUTPUT,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))
    os.nice(10)


if __name__ == "__main__":
    sys.exit(main())
