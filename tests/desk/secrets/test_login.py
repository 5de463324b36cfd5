"""A login as it is kept: what is written is read back, and what is damaged is not guessed at."""

from __future__ import annotations

import asyncio
import json
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from blotter.broker.auth import RefreshToken, Token
from blotter.broker.pkce import EXECUTION, SCOPES
from blotter.broker.wire.grants import Grant
from blotter.desk.secrets.login import Busy, LoginFile, first_login
from blotter.desk.secrets.private_file import UnsafeFile
from tests.desk.secrets.logins import START

GRANT = Grant(Token("canary-access"), RefreshToken("canary-refresh"), 3600.0, 86_400.0, None)
LOGIN = first_login("https://broker.example", "blotter", GRANT, frozenset(SCOPES), START)


@pytest.fixture
def file(tmp_path: Path) -> LoginFile:
    return LoginFile(tmp_path / "it's mine" / "default.json")


def test_what_is_written_is_read_back(file: LoginFile) -> None:
    assert file.read() is None
    assert file.stamp() is None
    file.write(LOGIN)
    found = file.read()
    assert found is not None
    assert found.access.same(LOGIN.access)
    assert found.refresh is not None
    assert found.refresh.same(RefreshToken("canary-refresh"))
    assert replace(found, access=LOGIN.access, refresh=LOGIN.refresh) == LOGIN
    assert "canary" not in repr(found)


def test_every_write_changes_the_stamp(file: LoginFile) -> None:
    file.write(LOGIN)
    before = file.stamp()
    file.write(LOGIN)
    assert before != file.stamp()


def test_it_is_forgotten(file: LoginFile) -> None:
    file.write(LOGIN)
    assert file.forget()
    assert file.read() is None
    assert not file.forget()


@pytest.mark.parametrize("content", ["", "{}", "[]", "{", '{"access_token": "canary"}', "\u0000"])
def test_a_damaged_file_is_refused_and_not_quoted(file: LoginFile, content: str) -> None:
    file.write(LOGIN)
    file.path.write_text(content)
    with pytest.raises(UnsafeFile, match="is not a login of this program: rm ") as error:
        file.read()
    assert error.value.__cause__ is None
    assert error.value.__context__ is None
    assert "canary" not in str(error.value)
    subprocess.run(["sh", "-c", str(error.value).rpartition(": ")[2]], check=True)
    assert file.read() is None


def test_a_key_of_a_later_version_is_let_through(file: LoginFile) -> None:
    file.write(LOGIN)
    file.path.write_text(json.dumps(json.loads(file.path.read_text()) | {"later": 1}))
    assert file.read() is not None


def test_a_refresh_keeps_what_the_broker_does_not_say_anew() -> None:
    later = START + timedelta(hours=1)
    same = LOGIN.followed(Grant(Token("next")), later)
    assert same.refresh is LOGIN.refresh
    assert (same.ends, same.refresh_ends, same.scopes) == (None, LOGIN.refresh_ends, LOGIN.scopes)
    rotated = LOGIN.followed(Grant(Token("next"), RefreshToken("rotated"), 60.0), later)
    assert (rotated.ends, rotated.refresh_ends) == (later + timedelta(minutes=1), None)
    narrowed = LOGIN.followed(Grant(Token("next"), scopes=frozenset({"order:information"})), later)
    assert not narrowed.can_execute
    assert LOGIN.can_execute
    assert EXECUTION in LOGIN.scopes


async def test_one_at_a_time(file: LoginFile) -> None:
    async with file.locked(1.0):
        with pytest.raises(Busy):
            async with LoginFile(file.path).locked(0.1):
                pass
        waiting = asyncio.create_task(_hold(LoginFile(file.path)))
        await asyncio.sleep(0)
    await asyncio.wait_for(waiting, 5)
    assert file.path.with_suffix(".lock").stat().st_mode & 0o777 == 0o600


async def _hold(file: LoginFile) -> None:
    async with file.locked(5.0):
        pass


async def test_a_lock_is_not_opened_through_a_link(file: LoginFile) -> None:
    file.write(LOGIN)
    file.path.with_suffix(".lock").symlink_to(file.path)
    with pytest.raises(UnsafeFile, match="the lock beside"):
        async with file.locked(0.1):
            pass


def test_whether_a_login_can_be_kept_is_known_beforehand(file: LoginFile, tmp_path: Path) -> None:
    file.check()
    assert file.path.parent.stat().st_mode & 0o777 == 0o700
    tmp_path.chmod(0o777)
    with pytest.raises(UnsafeFile, match=f"others can write into {tmp_path}: chmod go-w {tmp_path}"):
        file.check()
