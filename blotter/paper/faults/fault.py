"""What can go wrong at a broker and on the way to it, by name and by amount."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Kind(StrEnum):
    """The faults, in the words of ``--faults``. The first five are the line's, all others the broker's."""

    DROP = "drop"
    RESET = "reset"
    HALF_OPEN = "half-open"
    OUTAGE = "outage"
    DRIP = "drip"
    STALL = "stall"
    GARBAGE = "garbage"
    REORDER = "reorder"
    DUPLICATE = "duplicate"
    LOSE = "lose"
    EXPIRE = "expire"
    REFUSE = "refuse"
    BUSY = "busy"
    FAIL = "fail"
    HTML = "html"
    MUTE = "mute"


@dataclass(frozen=True, slots=True)
class About:
    """``does`` is for people, with ``N`` as the amount. Chance takes the amount from ``least`` to ``most``; where
    both are 0 there is none. ``whole`` amounts count things, the others are seconds.
    """

    does: str
    least: float = 0
    most: float = 0
    whole: bool = False


FAULTS = {
    Kind.DROP: About("every connection is closed"),
    Kind.RESET: About("every connection is reset after N more bytes", 1, 3000, whole=True),
    Kind.HALF_OPEN: About("open connections stay and carry nothing any more; new ones work"),
    Kind.OUTAGE: About("nothing can be reached for N seconds", 3, 20),
    Kind.DRIP: About("for N seconds the bytes trickle in", 3, 15),
    Kind.STALL: About("the stream says nothing for N seconds", 5, 50),
    Kind.GARBAGE: About("N messages on the stream cannot be read", 1, 5, whole=True),
    Kind.REORDER: About("the next N order messages arrive in disorder", 3, 30, whole=True),
    Kind.DUPLICATE: About("the next N order messages arrive twice", 5, 50, whole=True),
    Kind.LOSE: About("the next N order messages never arrive", 1, 10, whole=True),
    Kind.EXPIRE: About("the stream's session expires"),
    Kind.REFUSE: About("for N seconds there is no stream (HTTP 403)", 3, 20),
    Kind.BUSY: About("for N seconds lists and cancels are too many (HTTP 429)", 3, 15),
    Kind.FAIL: About("for N seconds lists and cancels get HTTP 500; some take effect", 3, 15),
    Kind.HTML: About("for N seconds lists are answered with a web page", 3, 15),
    Kind.MUTE: About("the next N cancels take effect and are not answered", 1, 3, whole=True),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; ``amount`` is in seconds, bytes, messages or calls, as :class:`About` says, 0 where there is none."""

    kind: Kind
    amount: float = 0

    def __str__(self) -> str:
        """As ``--faults`` takes it: ``stall:35``."""
        return f"{self.kind}:{self.amount:g}" if self.amount else str(self.kind)


def draw(kind: Kind, chance: Random) -> Fault:
    """A fault of that kind, of a size that chance decides."""
    about = FAULTS[kind]
    if about.whole:
        return Fault(kind, chance.randint(int(about.least), int(about.most)))
    return Fault(kind, round(chance.uniform(about.least, about.most), 1))
