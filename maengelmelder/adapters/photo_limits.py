"""What one picture may cost, and the exit codes of its process; loads no decoder, so that everyone may import it."""

import resource

UNREADABLE, OUT_OF_MEMORY, CRASHED = 3, 4, 5  # exit codes
MAX_MEMORY = 700 * 1024**2  # address space in bytes
MAX_CPU_S = 20
MAX_OUTPUT = 8 * 1024**2  # bytes; both sizes together are below 2 MB even for noise
IDLE_S = 60.0  # without a picture for so long, the decoding process ends and frees its memory


def limit_process() -> None:
    """Bounds memory, processor time, output and open files of this process, for good."""
    limits = {
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_CPU: MAX_CPU_S,
        resource.RLIMIT_FSIZE: MAX_OUTPUT,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))
