"""What the journal's folder stands on: is there room, and does the disk keep what it says it keeps?"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

LOW = 50 * 10**6
"""Bytes. Below that a trader should know before the disk is full."""

MOUNTS = Path("/proc/self/mountinfo")

_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "9p", "ncpfs"})
_OCTAL = re.compile(r"\\([0-7]{3})")


def doubts(folder: Path, mounts: Path = MOUNTS, low: int = LOW) -> Iterator[str]:
    """A sentence for each. What cannot be found out is no doubt."""
    with contextlib.suppress(OSError):
        room = os.statvfs(folder)
        free = room.f_bavail * room.f_frsize
        if free < low:
            yield (
                f"Only {free / 10**6:.1f} MB are free for the journal: free some room, for on a full disk each cancel"
                f" asks for its tag; it is in {folder}"
            )
    kind = file_system(folder, mounts)
    if kind in _REMOTE or kind.startswith("fuse."):
        yield (
            f"The journal is on a network file system ({kind}), which can lose what it said was written: name a local"
            f" folder by XDG_STATE_HOME; it is in {folder}"
        )


def file_system(folder: Path, mounts: Path = MOUNTS) -> str:
    """The type of the file system that ``folder`` is on, empty where the system does not say."""
    found: dict[Path, str] = {}
    with contextlib.suppress(OSError, ValueError):
        for line in mounts.read_text().splitlines():
            place, _, kind = line.partition(" - ")
            fields = place.split()
            if len(fields) > 4 and kind:
                at = _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[4])
                found[Path(at)] = kind.split()[0]
    here = folder.resolve()
    return next((found[place] for place in (here, *here.parents) if place in found), "")
