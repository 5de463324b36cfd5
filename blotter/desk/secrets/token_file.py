"""A secret that is the whole content of a file."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TypeVar

from blotter.broker.auth import ClientSecret, NoToken, Secret, Token
from blotter.desk.secrets.private_file import UnsafeFile, read_private

_Kind = TypeVar("_Kind", bound=Secret)

LOOK = 1.0
"""Seconds between two looks for what somebody else may have written."""


class FileTokens:
    """A token in a file that somebody else keeps fresh; it is read again when the broker refuses what was read, and by
    :meth:`changed`.
    """

    why_not_cancel = ""

    def __init__(self, path: Path, token: Token) -> None:
        self._path = path
        self._token = token

    async def current(self) -> Token:
        return self._token

    async def renewed(self, refused: Token) -> Token | None:
        if not refused.same(self._token):
            return self._token
        try:
            fresh = await asyncio.to_thread(read_token, self._path)
        except UnsafeFile as error:
            raise NoToken(str(error)) from None
        if refused.same(fresh):
            return None
        self._token = fresh
        return fresh

    async def changed(self) -> None:
        before = self._token
        while before.same(self._token):
            await asyncio.sleep(LOOK)
            # What is wrong with the file is said when its token is needed.
            with contextlib.suppress(UnsafeFile):
                self._token = await asyncio.to_thread(read_token, self._path)

    async def settle(self, seconds: float) -> None:
        return None


def read_token(path: Path) -> Token:
    """The access token that is the whole content of a file. Raises :class:`UnsafeFile`."""
    return _read(path, Token)


def read_secret(path: Path) -> ClientSecret:
    """The client's secret, kept like a token. Raises :class:`UnsafeFile`."""
    return _read(path, ClientSecret)


def _read(path: Path, kind: type[_Kind]) -> _Kind:
    try:
        return kind(read_private(path).decode("ascii", "replace"))
    except FileNotFoundError:
        problem = f"{path} is not there"
    except ValueError as error:
        problem = f"{path}: {error}"
    raise UnsafeFile(problem)
