"""What happens to the kept login in another terminal: it is refreshed, taken away or replaced there."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from blotter.broker.auth import NoToken, RefreshToken, Token
from blotter.broker.pkce import EXECUTION, SCOPES
from blotter.desk.messages import LoginState
from blotter.desk.secrets.login import LoginFile
from tests.desk.feed.broker import until
from tests.desk.secrets.logins import DOWN, LACKS, READ_ONLY, START, Endpoint, kept, now


async def test_a_login_in_another_terminal_is_found_though_no_refresh_is_due_yet(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        fresh = await house.tokens.renewed(await house.tokens.current())
        assert fresh is not None
        house.another(access=Token("access-new"))
        found = await house.tokens.renewed(fresh)
        assert found is not None
        assert found.reveal() == "access-new"
        assert len(endpoint.shown) == 1


async def test_another_blotter_has_refreshed_already(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        other = house.another()
        assert await other.renewed(Token("access-0")) is not None
        token = await house.tokens.renewed(Token("access-0"))
        assert token is not None
        assert token.reveal() == "access-1"
        house.clock.seconds = 3541
        assert await now(house.tokens) == await now(other) == "access-2"
        assert endpoint.shown == ["refresh-0", "refresh-1"]


async def test_another_blotter_refreshes_and_is_noticed_while_we_wait_for_the_lock(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        mine = house.tokens
        house.clock.seconds = 3541
        async with LoginFile(house.file.path).locked(1):
            waiting = asyncio.create_task(now(mine))
            await until(lambda: any(task.get_name() == "refresh of the token" for task in asyncio.all_tasks()))
            ends = START + timedelta(seconds=3541 + 3600)
            house.another(access=Token("access-other"), refresh=RefreshToken("refresh-other"), ends=ends)
            assert await now(mine) == "access-other"
        assert await waiting == "access-other"
        assert endpoint.shown == []


async def test_a_login_that_is_gone_when_it_can_be_renewed_again_was_not_renewed(tmp_path: Path) -> None:
    endpoint = Endpoint(failing=DOWN)
    async with kept(tmp_path, endpoint) as house:
        house.clock.seconds = 3541
        await now(house.tokens)
        house.file.forget()
        house.clock.seconds = 3550
        with pytest.raises(NoToken, match="logged out"):
            await now(house.tokens)
        assert house.texts[1:] == ["Nothing is sent any more: this profile was logged out; log in again: blotter login"]


@pytest.mark.parametrize("what", ["removed", "elsewhere", "open"])
async def test_a_login_that_is_gone_or_not_ours_is_not_refreshed(tmp_path: Path, what: str) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        if what == "removed":
            house.file.forget()
        elif what == "elsewhere":
            house.another(base_url="https://other.example", access=Token("access-other"))
        else:
            house.file.path.chmod(0o644)
        expected = {"removed": "logged out", "elsewhere": "logged in to another broker", "open": "chmod 600"}[what]
        with pytest.raises(NoToken, match=expected):
            await house.tokens.renewed(Token("access-0"))
        assert endpoint.shown == []


async def test_a_login_in_another_terminal_is_taken_up_unasked(tmp_path: Path) -> None:
    """Nobody has to ask for anything: the next press of a key is to find it."""
    async with kept(tmp_path, Endpoint()) as house:
        tokens = house.another(scopes=frozenset(SCOPES) - {EXECUTION})
        assert house.states == [READ_ONLY]
        changed = asyncio.create_task(tokens.changed())
        house.another(access=Token("access-new"))
        await asyncio.wait_for(changed, 10)
        assert (await tokens.current()).reveal() == "access-new"
        assert house.states[-1] == LoginState()
        assert house.texts[-1] == "Cancels can be sent again"


async def test_a_narrower_login_in_another_terminal_is_taken_up_as_what_it_is(tmp_path: Path) -> None:
    async with kept(tmp_path, Endpoint()) as house:
        mine = house.tokens
        house.another(access=Token("access-new"), scopes=frozenset(SCOPES) - {EXECUTION})
        house.notices.clear()
        assert await mine.renewed(Token("access-0")) is not None
        assert mine.why_not_cancel == LACKS
        assert house.texts == [f"Read-only: {LACKS}"]
