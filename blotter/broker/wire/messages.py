"""The stream's messages.

Large parts of this protocol are documented by example only, so it is read by looking and not by place: the
correlation id may stand at the top or inside ``payload``, a snapshot's ``ordersV2`` anywhere under it, and any event
whose data looks like an order is one, whatever its name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from blotter.broker.wire.failures import Words, words_of_document
from blotter.broker.wire.json import Number
from blotter.broker.wire.orders import Unreadable, id_of, read_order
from blotter.broker.wire.pages import read_orders
from blotter.broker.wire.values import decimal, is_text
from blotter.core.order import OrderFields

_DEEPEST = 8
_SLICE = 50
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """News of one order, whole or a patch."""

    account: str
    cl_ord_id: str
    fields: OrderFields


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The broker's picture of an account right after subscribing. It may be cut short."""

    account: str
    orders: tuple[tuple[str, OrderFields], ...]
    unreadable: tuple[Unreadable, ...]


@dataclass(frozen=True, slots=True)
class UnreadableEvent:
    """A message that could not be read. Account and order are empty where not even they were legible."""

    reason: str
    account: str = ""
    cl_ord_id: str = ""


@dataclass(frozen=True, slots=True)
class RefreshWarning:
    """The session ends soon unless authenticated anew."""


@dataclass(frozen=True, slots=True)
class SessionExpired:
    """The broker no longer takes the session as authenticated."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Any other message: a sign of life."""


StreamEvent = OrderEvent | Snapshot | UnreadableEvent | RefreshWarning | SessionExpired | Heard


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every message has around it: its id, its action (in lower case), how it answers; the rest as it came."""

    kind: str
    id: str
    action: str
    status: int | None
    said: Words
    payload: dict[str, Any]

    @property
    def refuses(self) -> bool:
        """Whether, taken as an answer, it says no."""
        return self.action == "error" or (self.status or 0) >= 400 or bool(self.payload.get("error"))

    @property
    def expires_in(self) -> float | None:
        """Seconds until the session ends, from ``expiresIn``, which is in milliseconds."""
        data = self.payload.get("data")
        given = data.get("expiresIn") if isinstance(data, dict) else self.payload.get("expiresIn")
        try:
            milliseconds = decimal(given) if isinstance(given, str) else None
        except ValueError:
            return None
        return None if milliseconds is None or milliseconds <= 0 else float(milliseconds) / 1000


def read_envelope(value: object) -> Envelope | None:
    """The message in a JSON value, opened; ``None`` when it is no object."""
    if not isinstance(value, dict):
        return None
    payload = value.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    status = payload.get("status", value.get("status"))
    return Envelope(
        kind=_text(value.get("type")),
        id=_text(value.get("id")) or _text(payload.get("id")),
        action=_text(payload.get("action")).lower(),
        status=int(status) if isinstance(status, Number) and status.isdecimal() and len(status) == 3 else None,
        said=words_of_document(payload),
        payload=payload,
    )


async def read_events(envelope: Envelope, account: str, only: str) -> list[StreamEvent]:
    """What a message tells. ``account`` is the one it answers for, ``only`` the one subscribed account, or empty.

    The loop gets a turn between slices of a long one, so that no message holds up a cancel.
    """
    if envelope.action == "refreshauth":
        return [RefreshWarning()]
    if envelope.action in {"authexpired", "authrequired", "authtimeout"}:
        return [SessionExpired()]
    records = _find(envelope.payload, "ordersV2")
    if records is not _ABSENT:
        return [await _snapshot(records, account or _target(envelope.payload) or only)]
    named = "order" in _text(envelope.payload.get("name")).lower()
    data, owner = envelope.payload.get("data"), _target(envelope.payload) or only
    found: list[StreamEvent] = []
    for count, record in enumerate(data if isinstance(data, list) else [data], 1):
        if isinstance(record, dict) and (named or {"clOrdId", "ordStatus"} <= record.keys()):
            found.append(_order(record, _text(record.get("accountId")) or owner))
        if count % _SLICE == 0:
            await asyncio.sleep(0)
    if named and not found:
        return [UnreadableEvent("an order event has no order in it", account or owner)]
    return found or [Heard()]


def _order(record: dict[str, Any], account: str) -> OrderEvent | UnreadableEvent:
    if not account:
        return UnreadableEvent("an order event names no account", cl_ord_id=id_of(record))
    found = read_order(record, account)
    if isinstance(found, Unreadable):
        return UnreadableEvent(found.reason, account, found.cl_ord_id)
    return OrderEvent(account, *found)


async def _snapshot(records: object, account: str) -> StreamEvent:
    if records is None:
        records = []
    if not isinstance(records, list):
        return UnreadableEvent("the orders of a snapshot are not a list", account)
    if not account:
        owners = {_text(record.get("accountId")) for record in records if isinstance(record, dict)}
        account = owners.pop() if len(owners) == 1 else ""
    if not account:
        return UnreadableEvent("a snapshot names no account") if records else Heard()
    return Snapshot(account, *await read_orders(records, account))


def _find(value: object, name: str, depth: int = 0) -> object:
    """The first member called ``name`` in ``value`` or the objects within it."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return _ABSENT
    if name in value:
        return value[name]
    return next((found for child in value.values() if (found := _find(child, name, depth + 1)) is not _ABSENT), _ABSENT)


def _target(payload: dict[str, Any]) -> str:
    """The account that a message says it is about."""
    return next(filter(None, _targets(payload)), "")


def _targets(payload: dict[str, Any]) -> Iterator[str]:
    yield _text(payload.get("target"))
    for name in ("params", "data"):
        inner = payload.get(name)
        if isinstance(inner, dict):
            yield _text(inner.get("accountId"))


def _text(value: object) -> str:
    return str(value) if isinstance(value, str) and is_text(value) else ""
