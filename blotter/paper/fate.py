"""What becomes of a cancel: decided by the seed and the order, not by the moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from random import Random

from blotter.paper import texts
from blotter.paper.order import PaperOrder


class Ending(Enum):
    PLAIN = auto()
    """Pending for a moment, then canceled."""
    LATE_FILL = auto()
    """A piece still trades while it is pending; the rest is canceled."""
    LOST = auto()
    """The order fills completely while the cancel is pending, and the cancel is refused."""
    REFUSED = auto()
    """Refused in the answer."""
    REFUSED_LATER = auto()
    """Accepted, then refused by the venue; the order works on."""


SHARES = {Ending.PLAIN: 62, Ending.LATE_FILL: 10, Ending.LOST: 12, Ending.REFUSED: 10, Ending.REFUSED_LATER: 6}


@dataclass(frozen=True, slots=True)
class Fate:
    """``settles_after`` is how many seconds the cancel is pending, ``share`` the piece that a late fill takes."""

    ending: Ending
    settles_after: float
    share: float
    text: str


def fate_of(seed: int, order: PaperOrder, *, plain: bool) -> Fate:
    """The fate of the order's next cancel. An order that is not trading cannot win a race, so its cancel is plain."""
    rng = Random(f"{seed}/{order.cl_ord_id}/{order.cancels}")
    settles_after = rng.uniform(0.8, 2.0)
    share = rng.uniform(0.2, 0.6)
    text = rng.choice(texts.REFUSALS)
    ending = rng.choices(list(SHARES), list(SHARES.values()))[0]
    if plain or order.status not in ("NEW", "PARTIALLY_FILLED") or (ending is Ending.LATE_FILL and order.leaves < 2):
        ending = Ending.PLAIN
    return Fate(ending, settles_after, share, text)
