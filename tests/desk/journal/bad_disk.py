"""Disks that fail, or hang, at one call of one file."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from blotter.desk.journal.disk import File
from blotter.desk.journal.spare import Spare


class Trouble:
    """A disk that fails at one call and then works again. ``cut`` leaves half of a line behind."""

    def __init__(self, path: Path, plan: dict[str, int], code: int) -> None:
        self._file = File(path)
        self._path = path
        self._plan = plan
        self._code = code

    def _due(self, call: str) -> bool:
        left = self._plan.get(call, -1)
        self._plan[call] = left - 1
        return left == 0

    def append(self, data: bytes) -> None:
        if self._due("cut"):
            with self._path.open("ab") as half:
                half.write(data[: len(data) // 2])
            raise OSError("only 9 of 99 bytes could be written")
        if self._due("append"):
            raise OSError(self._code, os.strerror(self._code))
        self._file.append(data)

    def sync(self) -> None:
        if self._due("sync"):
            raise OSError(self._code, os.strerror(self._code))
        self._file.sync()

    def close(self) -> None:
        self._file.close()


class Sick:
    """A disk on which nothing can be written until it is well."""

    def __init__(self) -> None:
        self.well = False

    def open(self, path: Path) -> File:
        if not self.well:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return File(path)


class Hanging(File):
    """A disk whose fsync does not return before it is let go, from the given call on; then it works, or it ``fails``
    with this error.
    """

    def __init__(self, path: Path, calls: int, let_go: threading.Event, fails: int = 0) -> None:
        super().__init__(path)
        self._calls = calls
        self._let_go = let_go
        self._fails = fails

    def sync(self) -> None:
        self._calls -= 1
        if self._calls < 0 and not self._let_go.is_set():
            self._let_go.wait(20)
            if self._fails:
                raise OSError(self._fails, os.strerror(self._fails))
        super().sync()


class Counting(File):
    """A disk that counts."""

    appends = 0
    syncs = 0

    def append(self, data: bytes) -> None:
        self.appends += 1
        super().append(data)

    def sync(self) -> None:
        self.syncs += 1
        super().sync()


class SmallDisk:
    """A disk of ``room`` bytes. What does not fit leaves half a line, as a real one does."""

    def __init__(self, room: int) -> None:
        self.left = room

    def tape(self, path: Path) -> File:
        return _SmallFile(path, self)

    def spare(self, folder: Path, room: int = 20_000) -> Spare:
        return _SmallSpare(folder, room, self)


class _SmallFile(File):
    def __init__(self, path: Path, disk: SmallDisk) -> None:
        super().__init__(path)
        self._disk = disk

    def append(self, data: bytes) -> None:
        fits = data[: self._disk.left]
        self._disk.left -= len(fits)
        os.write(self._fd, fits)
        if fits != data:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _SmallSpare(Spare):
    def __init__(self, folder: Path, room: int, disk: SmallDisk) -> None:
        super().__init__(folder, room)
        self._bytes = room
        self._disk = disk

    def keep(self) -> None:
        if self._disk.left >= self._bytes:
            self._disk.left -= self._bytes
            super().keep()

    def release(self) -> bool:
        if not super().release():
            return False
        self._disk.left += self._bytes
        return True
