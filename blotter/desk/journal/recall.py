"""Values of an earlier run, read back from its journal: a door, so nothing of what stands there is taken on trust."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from blotter.core.book.asks import shown
from blotter.core.book.cancel import Ask, CancelState, Verdict
from blotter.core.book.row import Row
from blotter.core.contract import display_symbol
from blotter.core.instant import Instant
from blotter.core.order import Order, OrderKey
from blotter.core.text import show
from blotter.core.words import figures
from blotter.desk.journal.ledger import Cancel, Entry, text
from blotter.desk.journal.record import Kind, Record, plain
from blotter.desk.journal.register import brief

_ORDER = TypeAdapter(Order)
_ENVELOPE = frozenset({"seq", "run", "kind", "utc", "mono", "prev", "hash"})


def key(cancel: Cancel) -> OrderKey:
    return OrderKey(cancel.account, cancel.cl_ord_id)


def order(cancel: Cancel) -> Order:
    """The order as it was displayed when its cancel was asked."""
    return displayed(cancel.asked)


def displayed(entry: Entry) -> Order:
    """The order in the row of an entry; all but its key left out where that cannot be read."""
    account, cl_ord_id = text(entry.said, "account"), text(entry.said, "clOrdId")
    try:
        said = _ORDER.validate_python(entry.said.get("row"))
    except ValidationError:
        said = Order(account, cl_ord_id)
    return replace(said, account=account, cl_ord_id=cl_ord_id)


def row(cancels: Collection[Cancel], now: Instant) -> Row:
    """One order as it was displayed when it was asked to be canceled, with what was asked for it. It has no tag: tags
    are of one run.
    """
    *_, last = cancels
    asks = []
    for each in cancels:
        asked = moment(each.asked.utc, now)
        state = CancelState.PENDING if verdict(each) == Verdict.ACCEPTED else CancelState.UNKNOWN
        asks.append(Ask(each.intent, state, asked, asked))
    strongest = shown(tuple(asks))
    assert strongest is not None
    return Row(
        order(last),
        "",
        reported=asks[-1].asked,
        cancel=strongest.state,
        cancel_at=strongest.at,
        intent=strongest.intent,
        asks=tuple(asks),
    )


def moment(utc: datetime, now: Instant) -> Instant:
    """A moment of another process on our clocks, as far as the wall clock can tell; never after ``now``."""
    ago = max((now.utc - utc).total_seconds(), 0.0)
    return Instant(min(utc, now.utc), now.mono - ago)


def intent(cancel: Cancel) -> Record:
    """The intent as a record that can be written again, with the run that it is from."""
    body: dict[str, Any] = {name: value for name, value in cancel.asked.said.items() if name not in _ENVELOPE}
    mono = cancel.asked.said.get("mono")
    at = Instant(cancel.asked.utc, mono if isinstance(mono, float) else 0.0)
    found = Record(Kind.INTENT, at, body | {"of": text(cancel.asked.said, "run")})
    try:
        plain(body)
    except RecursionError:
        # Read, but too deep to be written again.
        return brief(found)
    return found


def told(cancel: Cancel, tag: str = "") -> str:
    """``ka ORD-1 BUY 100 ZZA``: enough to know the order by. ``tag`` is its own in this run, empty if it has none."""
    known = order(cancel)
    words = [tag, known.cl_ord_id, known.side]
    if known.qty:
        words.append(figures.quantity(known.qty))
    words.append(display_symbol(known))
    return " ".join(show(word) for word in words if word)


def ending(cancel: Cancel, tag: str = "") -> str:
    """``ka ORD-1 CANCELED``: how a cancel of an earlier run ended, as that run put it down."""
    outcome = cancel.outcome
    said: Mapping[str, Any] = outcome.said if outcome else {}
    order_is = show(text(said, "ordStatus"))
    how = {
        "canceled": order_is or "CANCELED",
        "moot": f"not canceled, it was {order_is}",
        "refused": "cancel refused",
        "not sent": "cancel not sent",
    }.get(text(said, "outcome"), show(text(said, "outcome")))
    filled = text(said, "cumQty")
    more = f"; {show(filled)} filled" if filled not in ("", "0") and how != "cancel not sent" else ""
    who = " ".join(show(word) for word in (tag, cancel.cl_ord_id) if word)
    return f"{who} {how}{more}"


def place(start: Mapping[str, Any]) -> str:
    """Where a run sits: the terminal and the host of its start record."""
    who = start.get("who")
    if not isinstance(who, Mapping):
        return "another blotter of yours"
    tty, host = show(text(who, "tty").removeprefix("/dev/")), show(text(who, "host"))
    return f"another blotter of yours ({' on '.join(each for each in (tty, host) if each)})"


def verdict(cancel: Cancel) -> str:
    """What the last answer was taken for; empty while an attempt is without one."""
    return _said_last(cancel, "verdict")


def cause(cancel: Cancel) -> str:
    """Why the last answer was taken for that; empty while an attempt is without one."""
    return _said_last(cancel, "cause")


def _said_last(cancel: Cancel, name: str) -> str:
    attempts = sum(entry.kind == Kind.ATTEMPT for entry in cancel.followed)
    answers: list[Entry] = [entry for entry in cancel.followed if entry.kind == Kind.ANSWER]
    return text(answers[-1].said, name) if answers and len(answers) >= attempts else ""
