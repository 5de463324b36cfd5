"""The life of an access token while the desk runs.

A token of a login is refreshed ahead of its end, and once when the broker refuses it, however many calls wait. The
refresh is a task of its own that no waiting call can cut off: a refresh token that rotates is lost with the answer that
replaces it. It happens under the login's lock, after reading the file once more, so that two blotters refresh once;
what comes is on disk before it is used.

When the broker refuses to refresh, the login is over, and where what it gave lacks the right to cancel, nothing may be
sent: until the file changes, which is what ``blotter login`` in another terminal does. When it merely cannot be asked,
the token serves to its end, and the next call tries again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from blotter.broker.auth import ClientSecret, NoToken, Token
from blotter.broker.errors import BrokerError, TokenRefused, clause
from blotter.broker.oauth import TokenEndpoint
from blotter.broker.pkce import EXECUTION
from blotter.core.clock import Clock
from blotter.core.notice import Notice, Severity
from blotter.desk.messages import LoginState
from blotter.desk.secrets.login import Busy, LoginFile, Stamp, StoredLogin
from blotter.desk.secrets.private_file import UnsafeFile
from blotter.desk.secrets.restraint import Restraint
from blotter.desk.secrets.token_file import LOOK

EARLY = 300.0
LATE = 60.0
"""Seconds before its end from which a token is refreshed, and from which no call is sent with it any more. A token of a
short life is refreshed in its last fifth, and given up in its last tenth.
"""

LOCK = 15.0
"""Seconds to wait for another blotter that refreshes."""

CUT = 0.2
"""Seconds for a refresh that was given up to let go of what it holds."""

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a refresh that could not be asked for is tried again."""

LOGGED_OUT, READ_ONLY = "LOGGED OUT", "READ-ONLY"
"""The words of a login that permits no cancels."""

Tell = Callable[[Notice], None]
Permit = Callable[[LoginState], None]


class LoginTokens:
    """The tokens of a stored login; a :class:`~blotter.broker.auth.Tokens`. Lives in one event loop.

    ``command`` is what the trader types to log in again. ``secret`` brings the client's secret, where it has one.
    """

    def __init__(
        self,
        file: LoginFile,
        login: StoredLogin,
        endpoint: TokenEndpoint,
        clock: Clock,
        *,
        command: str,
        secret: Callable[[], ClientSecret | None] = lambda: None,
    ) -> None:
        self._file = file
        self._endpoint = endpoint
        self._clock = clock
        self._command = command
        self._secret = secret
        self._tell: Tell | None = None
        self._permit: Permit | None = None
        self._told = LoginState()
        self._flight: asyncio.Task[None] | None = None
        self._asked = False
        self._over = ""
        self._late = ""
        self._failures = 0
        self._not_before = 0.0
        self._restraint = Restraint()
        self._suspect: Token | None = None
        self._login = login
        self._stamp: Stamp = file.stamp()
        self._since = clock.now()
        self._warned = False

    @property
    def login(self) -> StoredLogin:
        return self._login

    @property
    def state(self) -> LoginState:
        """What the login permits now."""
        if self._over:
            return LoginState(LOGGED_OUT, self._over)
        if not self._login.can_execute:
            return LoginState(READ_ONLY, f"the login lacks {EXECUTION}; log in again: {self._command}")
        return LoginState()

    @property
    def why_not_cancel(self) -> str:
        return self.state.why_not

    def tell(self, tell: Tell, permit: Permit) -> None:
        """Whom to tell what the trader ought to know, and what the login permits whenever that has changed."""
        self._tell, self._permit, self._told = tell, permit, LoginState()
        self._judge()

    async def changed(self) -> None:
        before = self._login.access
        while before.same(self._login.access):
            await asyncio.sleep(LOOK)
            await self._look_again()
            await self._look_into()

    async def current(self) -> Token:
        if self.why_not_cancel or self._left() <= self._margin(EARLY, 5):
            await self._look_again()
        if not self._over and (left := self._left()) <= self._margin(EARLY, 5):
            await self._ahead(left)
        return self._usable()

    async def renewed(self, refused: Token) -> Token | None:
        await self._look_again()
        if not refused.same(self._login.access):
            return self._usable()
        if not self._over:
            if self._restraint.holds(self._clock.now()):
                self._suspect = refused
                return None
            if flight := self._refresh(forced=True):
                await asyncio.shield(flight)
        if refused.same(self._login.access):
            raise NoToken(self._over or self._late or "the token was refused")
        return self._usable()

    async def settle(self, seconds: float) -> None:
        flight = self._flight
        if flight is None or flight.done():
            return
        await asyncio.wait({flight}, timeout=seconds if self._asked else 0)
        if not flight.done():
            flight.cancel()
            await asyncio.wait({flight}, timeout=CUT)

    def _usable(self) -> Token:
        if self._over or (self._late and self._left() <= 0):
            raise NoToken(self._over or self._late)
        return self._login.access

    async def _ahead(self, left: float) -> None:
        """The token ends soon: refresh it, and wait for that only where it ends very soon."""
        if self._login.refresh is None and left > 0:
            if not self._warned:
                self._warned = True
                ends = _clock(self._login.ends) if self._login.ends else "soon"
                self._say(
                    Severity.ALERT, f"The login ends at {ends} and cannot be renewed. Before that: {self._command}"
                )
            return
        flight = self._refresh(forced=False)
        if flight is not None and left <= self._margin(LATE, 10):
            await asyncio.shield(flight)

    def _refresh(self, *, forced: bool) -> asyncio.Task[None] | None:
        """The one refresh that is under way; ``None`` when the last one failed a moment ago."""
        if self._flight is None or self._flight.done():
            if self._clock.now().mono < self._not_before:
                return None
            self._flight = asyncio.create_task(self._fly(self._login.access, forced), name="refresh of the token")
        return self._flight

    async def _fly(self, old: Token, forced: bool) -> None:
        """Never raises: what went wrong is told, and is the answer to all calls that follow."""
        self._asked = False
        try:
            async with self._file.locked(LOCK):
                await self._exchange(old, forced)
        except TokenRefused as error:
            self._end("the broker refused to renew the login", error.words)
        except asyncio.CancelledError:
            # Whoever waits for it hears that there is no token, and is not cut off as well.
            self._late = "the login was not renewed in time"
        except BrokerError as error:
            self._postpone(clause(error), error.words)
        except (Busy, UnsafeFile) as error:
            self._postpone(str(error))

    async def _exchange(self, old: Token, forced: bool) -> None:
        """Replace ``old``, unless another blotter has: the login that is known here may be newer by now."""
        stored = await asyncio.to_thread(self._file.read)
        if stored is None:
            return self._end("this profile was logged out")
        if stored.base_url != self._login.base_url:
            return self._end("this profile was logged in to another broker")
        if not stored.access.same(old):
            return self._take_up(stored, self._file.stamp())
        if stored.refresh is None:
            return self._end("the login has ended, and the broker gave nothing to renew it with")
        secret = await asyncio.to_thread(self._secret)
        self._asked = True
        grant = await self._endpoint.refresh(stored.refresh, secret)
        login = stored.followed(grant, self._clock.now().utc)
        try:
            await asyncio.to_thread(self._file.write, login)
        except UnsafeFile as error:
            self._say(Severity.ALERT, f"The renewed login ends with this run, as it could not be stored: {error}")
        if forced:
            self._restraint.refreshed(self._clock.now())
        return self._take_up(login, self._file.stamp())

    async def _look_into(self) -> None:
        """A token that was refused too soon for another refresh gets it now: the login may have been revoked."""
        refused = self._suspect is not None and self._suspect.same(self._login.access)
        if not refused or self._over or self._restraint.holds(self._clock.now()):
            return
        if flight := self._refresh(forced=True):
            await asyncio.shield(flight)

    async def _look_again(self) -> None:
        """Another blotter may have refreshed the login, or the trader logged in anew."""
        stamp = await asyncio.to_thread(self._file.stamp)
        if stamp is None or stamp == self._stamp:
            return
        try:
            stored = await asyncio.to_thread(self._file.read)
        except UnsafeFile:
            # The refresh that follows says so, or what was over stays over.
            return
        if stored is not None and stored.base_url == self._login.base_url:
            self._take_up(stored, stamp)

    def _take_up(self, login: StoredLogin, stamp: Stamp) -> None:
        late, self._over, self._late = self._late, "", ""
        self._failures, self._not_before = 0, 0.0
        self._login = login
        self._warned = False
        self._stamp = stamp
        self._since = self._clock.now()
        if late:
            self._say(Severity.INFO, "The login was renewed")
        self._judge()

    def _judge(self, words: str = "") -> None:
        """Tell what the login permits, where that is news."""
        state, before = self.state, self._told
        if state == before:
            return
        self._told = state
        if self._permit is not None:
            self._permit(state)
        if self._over:
            self._say(Severity.ALERT, f"Nothing is sent any more: {self._over}", words)
        elif state.why_not:
            self._say(Severity.ALERT, f"Read-only: {state.why_not}")
        else:
            self._say(Severity.INFO, "Logged in again" if before.word == LOGGED_OUT else "Cancels can be sent again")

    def _left(self) -> float:
        """Seconds until the token ends: by the wall clock when it was taken up, by the other one since."""
        if self._login.ends is None:
            return float("inf")
        return (self._login.ends - self._since.utc).total_seconds() - self._clock.now().since(self._since)

    def _margin(self, most: float, part: float) -> float:
        if self._login.ends is None:
            return most
        return min(most, (self._login.ends - self._login.given).total_seconds() / part)

    def _end(self, reason: str, words: str = "") -> None:
        self._over, self._late = f"{reason}; log in again: {self._command}", ""
        self._stamp = self._file.stamp()
        self._judge(words)

    def _postpone(self, reason: str, words: str = "") -> None:
        pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        self._not_before = self._clock.now().mono + pause
        told, self._late = bool(self._late), f"the login could not be renewed: {reason}"
        if not told:
            until = f"; its token ends at {_clock(self._login.ends)}" if self._login.ends and self._left() > 0 else ""
            self._say(Severity.WARN, f"The login could not be renewed, trying again{until}: {reason}", words)

    def _say(self, severity: Severity, text: str, words: str = "") -> None:
        if self._tell is not None:
            self._tell(Notice(self._clock.now().utc, severity, text, words))


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}Z"
