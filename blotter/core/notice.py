"""A message for the notification panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from blotter.core.order import OrderKey


class Severity(StrEnum):
    """The word that stands before a message. ``ALERT`` is counted in the header until acknowledged."""

    INFO = "info"
    WARN = "warn"
    ALERT = "ALERT"


@dataclass(frozen=True, slots=True)
class Notice:
    """``text`` is our sentence, ``broker_text`` the broker's own words, raw: both reach a screen through ``show``.

    ``outcomes`` names the cancels whose last word this is, as the journal does: who acknowledges the message
    acknowledges them.
    """

    at: datetime
    severity: Severity
    text: str
    broker_text: str = ""
    key: OrderKey | None = None
    tag: str = ""
    outcomes: tuple[str, ...] = ()
