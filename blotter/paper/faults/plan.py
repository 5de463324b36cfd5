"""Which faults come when: what ``--faults`` says, played from a seed.

``drop,stall:35`` are faults for chance to choose from, ``stall:35@5`` comes once, 5 s after the start, and ``all``
stands for every kind there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from random import Random

from blotter.paper.faults.fault import FAULTS, Fault, Kind, draw

MOST = 86_400
_ENTRY = re.compile(
    r"(?P<name>[a-z-]+)(?::(?P<amount>[0-9]{1,6}(?:\.[0-9]{1,3})?))?(?:@(?P<at>[0-9]{1,6}(?:\.[0-9]{1,3})?)s?)?"
)


@dataclass(frozen=True, slots=True)
class Planned:
    """``amount`` and ``at`` are ``None`` where chance decides."""

    kind: Kind
    amount: float | None = None
    at: float | None = None

    def fault(self, chance: Random) -> Fault:
        return draw(self.kind, chance) if self.amount is None else Fault(self.kind, self.amount)


def read_faults(text: str) -> tuple[Planned, ...]:
    """What ``text`` plans. Raises :class:`ValueError` with a sentence for people."""
    planned: list[Planned] = []
    for entry in text.split(","):
        if entry.strip() == "all":
            planned += [Planned(kind) for kind in Kind]
        else:
            planned.append(_read(entry.strip()))
    return tuple(planned)


def play(planned: tuple[Planned, ...], every: float, seed: int) -> Iterator[tuple[float, Fault]]:
    """Faults with the seconds at which they strike, in order. What has no time of its own comes about every ``every``
    seconds, for ever. The market's own chance is another, so that faults leave its play as it is.
    """
    chance = Random(f"{seed}/faults")
    scripted = [(entry.at, entry.fault(chance)) for entry in planned if entry.at is not None]
    anytime = [entry for entry in planned if entry.at is None]
    return merge(sorted(scripted, key=_time), _by_chance(anytime, every, chance), key=_time)


def _by_chance(planned: list[Planned], every: float, chance: Random) -> Iterator[tuple[float, Fault]]:
    at = 0.0
    while planned:
        at += every * chance.uniform(0.5, 1.5)
        yield at, chance.choice(planned).fault(chance)


def _time(struck: tuple[float, Fault]) -> float:
    return struck[0]


def _read(entry: str) -> Planned:
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise ValueError(f"must be faults such as drop, stall:35 or drop@5, with commas between them, not {entry!r}")
    name, amount, at = found.group("name", "amount", "at")
    if name not in set(Kind):
        raise ValueError(f"there is no fault {name!r}; there are {', '.join(Kind)}, and all")
    kind = Kind(name)
    about = FAULTS[kind]
    if amount is not None:
        if not about.most:
            raise ValueError(f"{name} takes no amount, but {entry!r} gives one")
        if not 0 < float(amount) <= MOST or (about.whole and not float(amount).is_integer()):
            raise ValueError(f"{name} takes {_amounts(about.whole)}, not {amount!r}")
    return Planned(kind, None if amount is None else float(amount), None if at is None else float(at))


def _amounts(whole: bool) -> str:
    return f"a whole number from 1 to {MOST}" if whole else f"seconds above 0, up to {MOST}"
