"""Whether a request can be expected to reach the broker, so that the cancel key does not keep one back without need.

A request that could not be sent says at once that the next one cannot be either: a dead network and a firewall that
drops everything are met when the connection is made. That no answer came says less: a broker whose lists hang may take
cancels. So it counts only when the broker is mute, to every account, on the stream and to every list, for as long as
makes a stream stale. Then a cancel is kept back as well: it would stand in the buffers of a broker that hangs, to be
carried out when nobody thinks of it any more. A refusal of whatever kind is an answer.

Without a token nothing is sent either, and that is no matter of the link: it has a word of its own.
"""

from __future__ import annotations

from blotter.broker.errors import BrokerError, LoggedOut, NotSent
from blotter.core.instant import Instant
from blotter.desk.feed.brief import unanswered

NO_LINK, NO_LOGIN = "no link", "no login"


class LastWord:
    """Of the broker, which all accounts share: ``at`` is when anything last came from it."""

    def __init__(self) -> None:
        self.at: Instant | None = None


class Reach:
    """What became of one account's requests. ``limit`` is how many seconds the broker may be mute."""

    def __init__(self, word: LastWord, limit: float) -> None:
        self._word = word
        self._limit = limit
        self._since: Instant | None = None
        self._sent = True
        self.barrier = NO_LINK
        """What keeps requests from arriving, when something does."""

    def answered(self, now: Instant) -> None:
        """A request came to something, to a refusal maybe."""
        self._word.at = now
        self._since = None

    def failed(self, now: Instant, error: BrokerError) -> None:
        """A request came to ``error``."""
        if not unanswered(error):
            self.answered(now)
            return
        barrier = NO_LOGIN if isinstance(error, LoggedOut) else NO_LINK
        self._since = self._since if self._since and barrier == self.barrier else now
        self.barrier = barrier
        self._sent = not isinstance(error, NotSent)

    def lost(self, now: Instant) -> Instant | None:
        """Since when no request can be expected to arrive; ``None`` while one can."""
        word = self._word.at
        mute = word is None or now.since(word) >= self._limit
        return self._since if mute or not self._sent else None
