"""Whether the disks have room left."""

import shutil
from pathlib import Path

LEAST_FREE = 0.05


def has_room(path: Path) -> bool:
    """Whether a twentieth of the disk under this directory is free."""
    try:
        usage = shutil.disk_usage(path if path.exists() else path.parent)
    except OSError:
        return False
    return usage.free >= usage.total * LEAST_FREE
