"""Which one phase an account's link is in: the truthful one.

There are two ways to know an account's orders, the stream and the list, and the phase says which of them vouches for
what is shown:

- ``OK``: the stream is open and speaks, and the whole list was read under it.
- ``STALE``: there is a picture, and nothing vouches for it any more: the open stream fell silent, or under an open
  stream the list could not be read, or the polled list is older than a silence would be allowed to be.
- ``POLLING``: there is no stream, and the list, read by itself, answers.
- ``RECONNECTING``: the stream was lost, and the list has not spoken since.
- ``OFFLINE``: the last attempt at a stream failed or was refused, and so did the last read of the list. A list that
  the broker refuses to show counts as one that does not answer: what the trader sees is as old.
- ``CONNECTING``: nothing has answered yet and nothing has failed.

Only ``OK`` and ``POLLING`` let rows count as fresh.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from blotter.core.instant import Instant
from blotter.desk.messages import LinkPhase

FRESH: Final = frozenset({LinkPhase.OK, LinkPhase.POLLING})


@dataclass(slots=True)
class Evidence:
    """What is known about one account's stream and list.

    ``open`` says that the stream carries this account, ``synced`` that the list was read whole since it does.
    ``lost`` is when the stream before went away, until the next one is in step; ``stream_failed`` that none could be
    had since. ``listed`` is the last whole list and ``list_failed`` says that a later read did not succeed.
    """

    open: bool = False
    synced: bool = False
    heard: Instant | None = None
    lost: Instant | None = None
    stream_failed: bool = False
    listed: Instant | None = None
    list_failed: bool = False


def phase(known: Evidence, now: Instant, limit: float) -> LinkPhase:
    """The phase that is true ``now``; ``limit`` is the age in seconds beyond which nothing counts as current."""
    if known.open and known.synced:
        silent = known.heard is None or now.since(known.heard) >= limit
        return LinkPhase.STALE if silent or known.list_failed else LinkPhase.OK
    if known.list_failed:
        return _without_list(known)
    if _polled(known):
        assert known.listed is not None
        return LinkPhase.POLLING if now.since(known.listed) < limit else LinkPhase.STALE
    if known.lost is None and not known.stream_failed:
        return LinkPhase.CONNECTING
    return LinkPhase.RECONNECTING


def _without_list(known: Evidence) -> LinkPhase:
    if known.open:
        return LinkPhase.STALE
    return LinkPhase.OFFLINE if known.stream_failed else LinkPhase.RECONNECTING


def _polled(known: Evidence) -> bool:
    """Whether a list was read since the stream went away."""
    if known.listed is None:
        return False
    return known.lost is None or known.listed.mono >= known.lost.mono
