"""The life of an access token: ahead of its end, once for all, and what a failed refresh means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from blotter.broker.auth import NoToken, RefreshToken, Token
from blotter.broker.pkce import EXECUTION, SCOPES
from blotter.core.notice import Severity
from blotter.desk.messages import LoginState
from blotter.desk.secrets.login import LoginFile
from blotter.desk.secrets.private_file import write_private
from blotter.desk.secrets.token_file import FileTokens, read_token
from blotter.desk.secrets.tokens import LoginTokens
from tests.broker.http_server import answer, serve
from tests.desk.feed.broker import until
from tests.desk.secrets.logins import START, Endpoint, HandClock, Kept

REVOKED = answer({"error": "invalid_grant", "error_description": "it was revoked"}, 400)
DOWN = answer("", 503)


@asynccontextmanager
async def kept(folder: Path, endpoint: Endpoint) -> AsyncIterator[Kept]:
    async with serve(endpoint) as server:
        yield Kept(folder, server, HandClock())


async def now(tokens: LoginTokens) -> str:
    return (await tokens.current()).reveal()


async def settle(tokens: LoginTokens) -> None:
    await tokens.settle(5)


async def test_a_token_serves_until_five_minutes_before_its_end(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        for house.clock.seconds in (0, 1800, 3299):
            assert await now(house.tokens) == "access-0"
        assert endpoint.shown == []


async def test_it_is_refreshed_ahead_without_holding_a_call_up(tmp_path: Path) -> None:
    endpoint = Endpoint(hold=asyncio.Event())
    async with kept(tmp_path, endpoint) as house:
        house.clock.seconds = 3301
        assert await now(house.tokens) == "access-0"
        await house.server.received(1)
        assert endpoint.hold is not None
        endpoint.hold.set()
        await settle(house.tokens)
        assert await now(house.tokens) == "access-1"
        stored = house.file.read()
        assert stored is not None
        assert stored.refresh is not None
        assert (stored.access.reveal(), stored.refresh.reveal()) == ("access-1", "refresh-1")
        assert stored.ends == START + timedelta(seconds=3301 + 3600)
        assert house.texts == []


async def test_in_the_last_minute_calls_wait_for_it_and_it_is_one(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        house.clock.seconds = 3541
        assert {await each for each in asyncio.as_completed([now(house.tokens) for _ in range(20)])} == {"access-1"}
        assert endpoint.shown == ["refresh-0"]


async def test_a_refused_token_is_refreshed_once_for_all_who_wait(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        refused = await house.tokens.current()
        found = await asyncio.gather(*(house.tokens.renewed(refused) for _ in range(20)))
        assert {token.reveal() for token in found if token} == {"access-1"}
        late = await house.tokens.renewed(refused)
        assert late is not None
        assert late.reveal() == "access-1"
        assert endpoint.shown == ["refresh-0"]


async def test_a_fresh_token_that_is_refused_too_is_not_refreshed_again_and_again(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        fresh = await house.tokens.renewed(await house.tokens.current())
        assert fresh is not None
        assert await house.tokens.renewed(fresh) is None
        house.clock.seconds = 31
        another = await house.tokens.renewed(fresh)
        assert another is not None
        assert another.reveal() == "access-2"
        assert len(endpoint.shown) == 2


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


async def test_a_token_that_was_refreshed_ahead_and_is_refused_at_once_shows_that_the_login_is_over(
    tmp_path: Path,
) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        house.clock.seconds = 3541
        token = await house.tokens.current()
        endpoint.failing = REVOKED
        with pytest.raises(NoToken, match="refused to renew"):
            await house.tokens.renewed(token)


async def test_a_caller_that_gives_up_does_not_cut_the_refresh_off(tmp_path: Path) -> None:
    endpoint = Endpoint(hold=asyncio.Event())
    async with kept(tmp_path, endpoint) as house:
        house.clock.seconds = 3599
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(house.tokens.current(), 0.1)
        await house.server.received(1)
        assert endpoint.hold is not None
        endpoint.hold.set()
        await settle(house.tokens)
        stored = house.file.read()
        assert stored is not None
        assert stored.access.reveal() == "access-1"


async def test_what_waits_when_a_refresh_is_given_up_hears_that_there_is_no_token(tmp_path: Path) -> None:
    """Cut off with it, a cancel that never left would count as unknown."""
    async with kept(tmp_path, Endpoint(hold=asyncio.Event())) as house:
        house.clock.seconds = 3600
        waiting = asyncio.create_task(now(house.tokens))
        await house.server.received(1)
        await house.tokens.settle(0)
        with pytest.raises(NoToken, match="the login was not renewed in time"):
            await waiting


async def test_a_refresh_that_asked_nobody_yet_is_given_up_at_once(tmp_path: Path) -> None:
    async with kept(tmp_path, Endpoint()) as house, LoginFile(house.file.path).locked(1):
        house.clock.seconds = 3600
        waiting = asyncio.create_task(now(house.tokens))
        async with asyncio.timeout(5):
            while not waiting.done():
                await house.tokens.settle(3600)
                await asyncio.sleep(0)
        with pytest.raises(NoToken, match="the login was not renewed in time"):
            await waiting


async def test_a_revoked_login_stops_everything_until_somebody_logs_in(tmp_path: Path) -> None:
    endpoint = Endpoint(failing=REVOKED)
    async with kept(tmp_path, endpoint) as house:
        said = "the broker refused to renew the login; log in again: blotter login"
        with pytest.raises(NoToken, match=said):
            await house.tokens.renewed(Token("access-0"))
        for _ in range(3):
            with pytest.raises(NoToken, match=said):
                await house.tokens.current()
        assert endpoint.shown == ["refresh-0"]
        [notice] = house.notices
        assert notice.severity is Severity.ALERT
        assert notice.text == f"Nothing is sent any more: {said}"
        assert notice.broker_text == "invalid_grant: it was revoked"

        house.another(access=Token("access-new"), refresh=RefreshToken("refresh-new"))
        assert await now(house.tokens) == "access-new"
        assert house.texts[1:] == ["Logged in again"]
        assert house.states == [LoginState("LOGGED OUT", said), LoginState()]


async def test_a_broker_that_cannot_be_asked_is_asked_again_and_the_token_serves_to_its_end(tmp_path: Path) -> None:
    endpoint = Endpoint(failing=DOWN)
    async with kept(tmp_path, endpoint) as house:
        house.clock.seconds = 3541
        assert await now(house.tokens) == "access-0"
        assert await now(house.tokens) == "access-0"
        assert len(endpoint.shown) == 1
        [notice] = house.notices
        assert notice.severity is Severity.WARN
        trouble = f"trouble at {house.server.url[7:]} with the request for an access token (HTTP 503)"
        assert notice.text == f"The login could not be renewed, trying again; its token ends at 15:00:00Z: {trouble}"
        house.clock.seconds = 3600
        with pytest.raises(NoToken, match="the login could not be renewed: ") as caught:
            await now(house.tokens)
        assert str(caught.value) == f"the login could not be renewed: {trouble}"
        endpoint.failing = None
        house.clock.seconds = 3610
        assert await now(house.tokens) == "access-1"
        assert house.texts[1:] == ["The login was renewed"]


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


async def test_a_login_that_cannot_be_renewed_is_announced_and_serves_to_its_end(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        tokens = house.another(refresh=None)
        house.clock.seconds = 3301
        for _ in range(3):
            assert await now(tokens) == "access-0"
        assert house.texts == ["The login ends at 15:00:00Z and cannot be renewed. Before that: blotter login"]
        house.clock.seconds = 3600
        with pytest.raises(NoToken, match="the login has ended"):
            await now(tokens)
        assert endpoint.shown == []


async def test_a_short_life_is_refreshed_in_its_last_fifth(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        tokens = house.another(ends=START + timedelta(seconds=10))
        house.clock.seconds = 7.9
        assert await now(tokens) == "access-0"
        await settle(tokens)
        assert endpoint.shown == []
        house.clock.seconds = 9.1
        assert await now(tokens) == "access-1"


LACKS = "the login lacks order:execution; log in again: blotter login"
READ_ONLY = LoginState("READ-ONLY", LACKS)


async def test_a_scope_that_a_refresh_loses_makes_it_read_only_until_a_token_has_it_again(tmp_path: Path) -> None:
    endpoint = Endpoint(scope="account:information order:information")
    async with kept(tmp_path, endpoint) as house:
        assert house.tokens.why_not_cancel == ""
        token = await house.tokens.renewed(Token("access-0"))
        assert token is not None
        assert (house.states, house.tokens.why_not_cancel) == ([READ_ONLY], LACKS)
        assert [(each.severity, each.text) for each in house.notices] == [(Severity.ALERT, f"Read-only: {LACKS}")]
        endpoint.scope = " ".join(SCOPES)
        house.clock.seconds = 31
        await house.tokens.renewed(token)
        assert (house.states, house.tokens.why_not_cancel) == ([READ_ONLY, LoginState()], "")
        assert house.texts[1:] == ["Cancels can be sent again"]


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


async def test_whoever_waits_for_another_token_hears_of_a_refresh(tmp_path: Path) -> None:
    async with kept(tmp_path, Endpoint()) as house:
        changed = asyncio.create_task(house.tokens.changed())
        assert await house.tokens.renewed(Token("access-0")) is not None
        await asyncio.wait_for(changed, 10)


async def test_a_narrower_login_in_another_terminal_is_taken_up_as_what_it_is(tmp_path: Path) -> None:
    async with kept(tmp_path, Endpoint()) as house:
        mine = house.tokens
        house.another(access=Token("access-new"), scopes=frozenset(SCOPES) - {EXECUTION})
        house.notices.clear()
        assert await mine.renewed(Token("access-0")) is not None
        assert mine.why_not_cancel == LACKS
        assert house.texts == [f"Read-only: {LACKS}"]


async def test_whoever_is_told_later_is_told_what_holds(tmp_path: Path) -> None:
    async with kept(tmp_path, Endpoint()) as house:
        tokens = house.another(scopes=frozenset(SCOPES) - {EXECUTION})
        states: list[LoginState] = []
        tokens.tell(house.notices.append, states.append)
        assert states == [READ_ONLY]


async def test_a_disk_that_does_not_take_the_login_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    """The folder is exchanged for one that others can write into, while the broker answers."""
    endpoint = Endpoint(hold=asyncio.Event())
    folder = tmp_path / "logins"
    async with kept(folder, endpoint) as house:
        waiting = asyncio.create_task(house.tokens.renewed(Token("access-0")))
        await house.server.received(1)
        await asyncio.to_thread(tmp_path.chmod, 0o777)
        assert endpoint.hold is not None
        endpoint.hold.set()
        token = await waiting
        assert token is not None
        assert token.reveal() == "access-1"
        [said] = house.texts
        assert said.startswith("The renewed login ends with this run, as it could not be stored: others can write into")


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
