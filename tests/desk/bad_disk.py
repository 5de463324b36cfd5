"""Disks that fail, or hang, at one call of one file."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from blotter.desk.disk import File


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


class Hanging(File):
    """A disk whose fsync does not return before it is let go, from the given call on."""

    def __init__(self, path: Path, calls: int, let_go: threading.Event) -> None:
        super().__init__(path)
        self._calls = calls
        self._let_go = let_go

    def sync(self) -> None:
        self._calls -= 1
        if self._calls < 0:
            self._let_go.wait(20)
        super().sync()
