"""A token that stands in a file: it is read again when it changes, and when it is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from blotter.broker.auth import NoToken
from blotter.desk.secrets.private_file import write_private
from blotter.desk.secrets.token_file import FileTokens, read_token


async def test_a_token_that_somebody_else_puts_into_the_file_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "token"
    write_private(path, b"access-0\n")
    tokens = FileTokens(path, read_token(path))
    changed = asyncio.create_task(tokens.changed())
    write_private(path, b"access-1\n")
    await asyncio.wait_for(changed, 10)
    assert (await tokens.current()).reveal() == "access-1"


async def test_a_token_file_is_read_again_when_its_token_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "token"
    write_private(path, b"access-0\n")
    tokens = FileTokens(path, read_token(path))
    first = await tokens.current()
    assert await tokens.renewed(first) is None
    write_private(path, b"access-1\n")
    assert (await tokens.current()).reveal() == "access-0"
    fresh = await tokens.renewed(first)
    assert fresh is not None
    assert fresh.reveal() == (await tokens.current()).reveal() == "access-1"
    path.unlink()
    with pytest.raises(NoToken, match="token is not there"):
        await tokens.renewed(fresh)
