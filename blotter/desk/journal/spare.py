"""Room for the next hundred cancels: a file that is there to be removed when the disk is full."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

NAME = "spare"

ROOM = 1 << 20
"""Bytes. A cancel takes four to eight kilobytes, from its intent to its outcome."""


class Spare:
    """One for a folder, whoever made it. Reserving space in the journal's own file would move its end."""

    def __init__(self, folder: Path, room: int = ROOM) -> None:
        self._path = folder / NAME
        self._room = room

    def keep(self) -> None:
        """See that it is there. Blocking; where it cannot be made there is none, which is no trouble yet."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            fd = os.open(self._path, flags, 0o600)
        except OSError:
            return
        try:
            # Not zeros: a file system that compresses would keep no room for them.
            left = secrets.token_urlsafe(self._room)[: self._room].encode("ascii")
            while left:
                left = left[os.write(fd, left) :]
            os.fsync(fd)
        except OSError:
            self.release()
        finally:
            os.close(fd)

    def release(self) -> bool:
        """Give the room back. Returns whether there was any."""
        with contextlib.suppress(OSError):
            self._path.unlink()
            return True
        return False
