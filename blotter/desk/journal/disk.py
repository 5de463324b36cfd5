"""The only system calls of the journal, so that tests can put a full or failing disk in their place."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from pathlib import Path
from typing import Protocol

LOCK_TRIES = 20
LOCK_PAUSE = 0.005


class Tape(Protocol):
    """An append-only file. Every method may raise ``OSError``."""

    def append(self, data: bytes) -> None:
        """All of ``data`` in one write, or an error: a short write is an error, for it left a torn line."""

    def sync(self) -> None:
        """What was appended is on the disk when this returns."""

    def close(self) -> None: ...


class File:
    """A new file that belongs to this process alone: mode 0600, never an existing one, never through a link.

    The lock is advisory and tells other blotters of the user that this run is alive; nothing depends on it, so a
    file system without locks does no harm.
    """

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._fd = os.open(path, flags, 0o600)
        try:
            _lock(self._fd)
            _sync_folder(path.parent)
        except OSError:
            os.close(self._fd)
            raise

    def append(self, data: bytes) -> None:
        if os.fstat(self._fd).st_nlink == 0:
            raise FileNotFoundError("the file was removed")
        written = os.write(self._fd, data)
        if written != len(data):
            raise OSError(errno.ENOSPC, f"only {written} of {len(data)} bytes could be written")

    def sync(self) -> None:
        os.fsync(self._fd)

    def close(self) -> None:
        os.close(self._fd)


def is_full(trouble: OSError) -> bool:
    """Whether room is all that is missing."""
    return trouble.errno in (errno.ENOSPC, errno.EDQUOT)


def _lock(fd: int) -> None:
    """Another blotter may hold the lock for the moment in which it asks whether anybody does."""
    for _ in range(LOCK_TRIES):
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOCK_PAUSE)
        except OSError:
            return
        else:
            return


def _sync_folder(path: Path) -> None:
    """A new file is durable only when its name is: the folder has to reach the disk, too."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
