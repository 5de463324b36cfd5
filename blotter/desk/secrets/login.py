"""A login as it is kept between runs: one file for each profile, and who may touch it when."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from blotter.broker.auth import RefreshToken, Token
from blotter.broker.pkce import EXECUTION
from blotter.broker.wire.grants import Grant
from blotter.desk.secrets.folder import private_folder, shell_word
from blotter.desk.secrets.private_file import UnsafeFile, read_private, remove_private, write_private

Stamp = tuple[int, int, int] | None
"""Changes whenever the login is written; ``None`` when there is none."""

_POLL = 0.05


class Busy(Exception):
    """Another process holds the login's lock and does not give it back in time."""


@dataclass(frozen=True, slots=True)
class StoredLogin:
    """``given`` and the two ends are UTC; an end is ``None`` where the broker did not say one."""

    base_url: str
    client_id: str
    access: Token
    given: datetime
    ends: datetime | None
    refresh: RefreshToken | None
    refresh_ends: datetime | None
    scopes: frozenset[str]

    @property
    def can_execute(self) -> bool:
        return EXECUTION in self.scopes

    def followed(self, grant: Grant, now: datetime) -> StoredLogin:
        """What a refresh makes of it. What the broker does not say anew stays as it was."""
        return StoredLogin(
            base_url=self.base_url,
            client_id=self.client_id,
            access=grant.access,
            given=now,
            ends=_end(now, grant.lives),
            refresh=grant.refresh or self.refresh,
            refresh_ends=_end(now, grant.refresh_lives) or (None if grant.refresh else self.refresh_ends),
            scopes=self.scopes if grant.scopes is None else grant.scopes,
        )


def first_login(base_url: str, client_id: str, grant: Grant, asked: frozenset[str], now: datetime) -> StoredLogin:
    """What the exchange of a code makes. An answer that names no scopes grants all that were asked for."""
    return StoredLogin(
        base_url=base_url,
        client_id=client_id,
        access=grant.access,
        given=now,
        ends=_end(now, grant.lives),
        refresh=grant.refresh,
        refresh_ends=_end(now, grant.refresh_lives),
        scopes=asked if grant.scopes is None else grant.scopes,
    )


class LoginFile:
    """One profile's login at ``path``, with a lock beside it. Methods raise :class:`UnsafeFile`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> StoredLogin | None:
        """``None`` when nobody is logged in."""
        try:
            content = read_private(self.path)
        except FileNotFoundError:
            return None
        try:
            return _Record.model_validate_json(content).login()
        except ValueError:
            # Not chained: the parser quotes what it reads.
            pass
        raise UnsafeFile(f"{self.path} is not a login of this program: rm {shell_word(self.path)}")

    def check(self) -> None:
        """Whether a login can be kept here, said before anybody goes to the trouble of logging in."""
        private = self.path.parent
        try:
            private_folder(private)
            read_private(self.path)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise UnsafeFile(str(error) if error.errno is None else f"{private}: {os.strerror(error.errno)}") from None

    def write(self, login: StoredLogin) -> None:
        """Whoever writes holds the lock."""
        write_private(self.path, _Record.of(login).content())

    def forget(self) -> bool:
        """Whether there was anything to forget. Whoever forgets holds the lock."""
        return remove_private(self.path)

    def stamp(self) -> Stamp:
        try:
            found = self.path.lstat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @asynccontextmanager
    async def locked(self, seconds: float) -> AsyncIterator[None]:
        """Only one process at a time. Raises :class:`Busy`."""
        deadline = time.monotonic() + seconds
        with self._lock_file() as fd:
            while not _take(fd):
                if time.monotonic() >= deadline:
                    raise Busy(f"another blotter has been busy with this login for {seconds:g} s")
                await asyncio.sleep(_POLL)
            yield

    @contextmanager
    def _lock_file(self) -> Iterator[int]:
        """Never removed: a lock on a file that was removed locks nobody out."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            private_folder(self.path.parent)
            fd = os.open(self.path.with_suffix(".lock"), flags, 0o600)
        except OSError as error:
            said = str(error) if error.errno is None else os.strerror(error.errno)
            raise UnsafeFile(f"the lock beside {self.path} cannot be used: {said}") from None
        try:
            yield fd
        finally:
            os.close(fd)


class _Record(BaseModel):
    """The file's content."""

    model_config = ConfigDict(hide_input_in_errors=True, extra="ignore", frozen=True)

    base_url: str
    client_id: str
    access_token: str
    given: AwareDatetime
    ends: AwareDatetime | None = None
    refresh_token: str | None = None
    refresh_ends: AwareDatetime | None = None
    scopes: tuple[str, ...] = ()

    @classmethod
    def of(cls, login: StoredLogin) -> _Record:
        return cls(
            base_url=login.base_url,
            client_id=login.client_id,
            access_token=login.access.reveal(),
            given=login.given,
            ends=login.ends,
            refresh_token=login.refresh.reveal() if login.refresh else None,
            refresh_ends=login.refresh_ends,
            scopes=tuple(sorted(login.scopes)),
        )

    def login(self) -> StoredLogin:
        return StoredLogin(
            base_url=self.base_url,
            client_id=self.client_id,
            access=Token(self.access_token),
            given=self.given,
            ends=self.ends,
            refresh=RefreshToken(self.refresh_token) if self.refresh_token else None,
            refresh_ends=self.refresh_ends,
            scopes=frozenset(self.scopes),
        )

    def content(self) -> bytes:
        return json.dumps(self.model_dump(mode="json"), indent=1).encode() + b"\n"


def _end(now: datetime, lives: float | None) -> datetime | None:
    return None if lives is None else now + timedelta(seconds=lives)


def _take(fd: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
