"""What the desk is told at its start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blotter.broker.auth import Tokens
from blotter.broker.wire.cancels import AccountFields
from blotter.desk.feed.timings import Timings


@dataclass(frozen=True, slots=True)
class Patience:
    """How patient the desk is with a broker that owes it a word. All in seconds; tests shrink them."""

    reads: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)
    """Before each of the reads that settle an unknown outcome, with jitter."""
    slow: float = 60.0
    """Between the reads that go on after those."""
    gather: float = 0.05
    """How long a read waits for others of the same account that want one: they share it."""
    pending: tuple[float, ...] = (5.0, 10.0, 15.0)
    """Before the reads of an order whose cancel was taken and not confirmed."""
    long_pending: float = 30.0
    """A cancel that is pending for longer is told, once."""
    last_words: float = 10.0
    """How long the pending cancels of many have after the last answer, before the whole is called over."""
    neighbours: float = 2.0
    """Between two looks at the journals of other blotters of this user."""
    first_retry: float = 1.0
    last_retry: float = 30.0
    """Between two tries of the accounts call at the start."""


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """``accounts`` empty means all that the broker names. ``timeout`` is one cancel's total, from the confirming key.

    The journal is kept in ``state_dir``; whoever wires the desk gives practice runs a folder of their own. What earlier
    runs left open is told and settled with ``settle_earlier``, else only shown. ``nicknames`` are by account id; for
    the accounts in ``view_only`` nothing is ever sent. ``ca_file`` holds
    authorities to trust beside the usual ones.
    """

    base_url: str
    stream_url: str
    token: Tokens
    state_dir: Path
    accounts: tuple[str, ...] = ()
    account_fields: AccountFields = AccountFields.BOTH
    timeout: float = 10.0
    read_only: bool = False
    nicknames: Mapping[str, str] = field(default_factory=dict)
    view_only: frozenset[str] = frozenset()
    relist_every: float = 30.0
    cancel_concurrency: int = 8
    settle_earlier: bool = True
    ca_file: Path | None = None
    patience: Patience = field(default_factory=Patience)
    timings: Timings = field(default_factory=Timings)
