"""The life of an access token: ahead of its end, once for all, and what a failed refresh means."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from blotter.broker.auth import NoToken, RefreshToken, Token
from blotter.broker.pkce import EXECUTION, SCOPES
from blotter.core.notice import Severity
from blotter.desk.messages import LoginState
from blotter.desk.secrets.login import LoginFile
from tests.broker.http_server import answer
from tests.desk.feed.broker import until
from tests.desk.secrets.logins import DOWN, LACKS, READ_ONLY, START, Endpoint, kept, now, settle

REVOKED = answer({"error": "invalid_grant", "error_description": "it was revoked"}, 400)


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


async def test_a_broker_that_refuses_whatever_it_gives_is_asked_ever_less_often(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        given = Token("access-0")
        moments = []
        for house.clock.seconds in range(121):
            if another := await house.tokens.renewed(given):
                moments.append(house.clock.seconds)
                given = another
        assert moments == [0, 1, 3, 8, 18, 48, 78, 108]
        house.clock.seconds = 168
        for count in (9, 9, 10):
            given = await house.tokens.renewed(given) or given
            assert len(endpoint.shown) == count
            house.clock.seconds += 0.5


async def test_a_login_that_is_revoked_right_after_its_token_was_renewed_is_over_at_the_next_refusal(
    tmp_path: Path,
) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        fresh = await house.tokens.renewed(await house.tokens.current())
        assert fresh is not None
        endpoint.failing = REVOKED
        house.clock.seconds = 1
        with pytest.raises(NoToken, match="refused to renew"):
            await house.tokens.renewed(fresh)
        assert [state.word for state in house.states] == ["LOGGED OUT"]


async def test_a_refusal_that_came_too_soon_is_looked_into_though_nobody_asks_again(tmp_path: Path) -> None:
    endpoint = Endpoint()
    async with kept(tmp_path, endpoint) as house:
        fresh = await house.tokens.renewed(await house.tokens.current())
        assert fresh is not None
        endpoint.failing = REVOKED
        assert await house.tokens.renewed(fresh) is None
        waiting = asyncio.create_task(house.tokens.changed())
        house.clock.seconds = 1
        await until(lambda: bool(house.states))
        assert [state.word for state in house.states] == ["LOGGED OUT"]
        house.another(access=Token("access-new"))
        await asyncio.wait_for(waiting, 10)
        assert endpoint.shown == ["refresh-0", "refresh-1"]


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


async def test_whoever_waits_for_another_token_hears_of_a_refresh(tmp_path: Path) -> None:
    async with kept(tmp_path, Endpoint()) as house:
        changed = asyncio.create_task(house.tokens.changed())
        assert await house.tokens.renewed(Token("access-0")) is not None
        await asyncio.wait_for(changed, 10)


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
