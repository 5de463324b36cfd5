"""How patient the feed is, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """All in seconds. Tests shrink them; the defaults are what a trader lives with.

    The stream's three ages belong together: a ping every ``ping`` must have been answered before silence is
    called ``stale``, and a second one before the stream is dropped.
    """

    ping: float = 20.0
    stale: float = 30.0
    """Silence after which the stream, or age after which a polled list, is no longer the truth."""
    drop: float = 40.0
    """Silence after which the stream is given up: this is how a half-open connection is found out."""
    poll: float = 5.0
    """Between two reads of the list while there is no stream, and after a read that failed."""
    head_start: float = 1.0
    """At the start, how long a list waits for the stream, so that one read serves both."""
    open: float = 15.0
    """To open and authenticate a stream."""
    close: float = 0.5
    """To leave a broken stream in peace before it is left to itself."""
    list: float = 60.0
    """One whole list, however many pages: a broker that drips bytes must not stop the clock."""
    hold: float = 5.0
    """How long the stream's news waits for the first list under it. Then it is shown, list or no list."""
    gap: float = 5.0
    """How long the news of a gap waits, once there is a stream again, for the accounts not read under it yet."""
    first_retry: float = 1.0
    last_retry: float = 30.0
    first_ask_again: float = 30.0
    last_ask_again: float = 300.0
    """Between two requests for the subscription that the broker refused, while its stream stands."""
    settled: float = 10.0
    """A stream that lived this long was a success: the next outage starts at ``first_retry`` again."""
    grace: float = 2.0
    """How much later than a list the stream may tell the same news before the two are said to disagree."""
    tick: float = 1.0
    jump: float = 3.0
    """A longer gap between two ticks means that the program, or the machine, stood still."""
