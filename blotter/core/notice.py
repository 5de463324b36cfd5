"""A message for the notification panel."""

from __future__ import annotations

from collections.abc import Iterator
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
    acknowledges them. ``alike`` says in the plural what such a message says of its order (``changed after their end``),
    where many may come at once; ``parts`` are those of single orders that this one sums up.
    """

    at: datetime
    severity: Severity
    text: str
    broker_text: str = ""
    key: OrderKey | None = None
    tag: str = ""
    outcomes: tuple[str, ...] = ()
    alike: str = ""
    parts: tuple[Notice, ...] = ()

    def about(self, key: OrderKey) -> Iterator[Notice]:
        """Itself, or those of its parts, that are about one order."""
        return (each for each in (self, *self.parts) if each.key == key)
