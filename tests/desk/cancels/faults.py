"""The fault table of a cancel: what a broker, or what stands before it, can do to one request, and what that proves.

A fault strikes before the request was read or after, and the request is applied or not, whatever was answered. Faults
of connecting that need no desk to be shown (a name that does not resolve, a full pool, a header that cannot be sent)
are in ``tests/broker/test_exchange.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pytest
from _pytest.mark import ParameterSet

from blotter.desk.cancels.outcome import Cause
from tests.broker.http_server import Request, Script, answer, cuts, hang_up, replies, reset, silence
from tests.desk.desk_broker import NESTED, says

FLAT = {"error": "not like that", "codes": [{"code": "X", "description": "no", "field": "symbol"}], "metadata": {}}
HTML = "<html>Please log in</html>"


@dataclass(frozen=True)
class Fault:
    """``http`` is the status that goes on record, ``None`` where no answer came. ``closes``: the connection ends with
    it. ``names``: the answer names the order.
    """

    script: Script
    cause: Cause
    http: int | None = None
    closes: bool = False
    names: bool = False

    @property
    def endless(self) -> bool:
        """Only the deadline ends it."""
        return self.http is None and not self.closes


class Cell(NamedTuple):
    """One fault, when it strikes, and whether the request is applied all the same."""

    fault: Fault
    early: bool
    applied: bool


def cells(faults: Mapping[str, Fault]) -> list[ParameterSet]:
    """Every fault, before and after the request was read, applied and not: all that can exist."""
    return list(_cells(faults))


def _cells(faults: Mapping[str, Fault]) -> Iterator[ParameterSet]:
    for name, fault in faults.items():
        for early in (False, True):
            for applied in (False, True):
                if early and fault.names:
                    continue  # Who names the order in his answer has read the request.
                if early and applied and fault.closes:
                    continue  # What was not read from a connection that is closed can be applied by nobody.
                when, what = "before" if early else "after", "applied" if applied else "not applied"
                yield pytest.param(Cell(fault, early, applied), id=f"{name}, {when} it was read, {what}")


async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
    """A byte now and then keeps every timeout of a read from firing; only the total deadline ends this."""
    for byte in answer({"success": True}):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


def breaks(script: Script) -> Fault:
    """The connection ends, or what comes over it is no answer."""
    return Fault(script, Cause.NO_ANSWER, closes=True)


def http(status: int, body: object, cause: Cause = Cause.TROUBLE, **headers: str) -> Fault:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(replies(answer(body, status, sent)), cause, status)


def ok(cause: Cause, success: bool | None, status: str, text: str = "", orig: str = "ORD-1") -> Fault:
    """HTTP 200 in the broker's own words."""
    return Fault(replies(says(success, status, text, orig)), cause, 200, names=True)


UNKNOWN = {
    "no reply": Fault(silence, Cause.NO_ANSWER),
    "a reply that drips": Fault(drip, Cause.NO_ANSWER),
    "reset": breaks(reset),
    "closed": breaks(hang_up),
    "cut in the headers": breaks(cuts(b"HTTP/1.1 200 OK\r\nContent-Le")),
    "cut in the body": breaks(cuts(answer({"success": True, "status": "PENDING_CANCEL"})[:-4])),
    "garbage": breaks(cuts(b"\x15\x03\x01\x00\x02\x02\x28\r\n\r\n")),
    "500 flat": http(500, {"error": "boom", "codes": [], "metadata": {}}),
    "500 without a body": http(500, b""),
    "502 of a proxy": http(502, "<html>Bad Gateway</html>"),
    "503 nested": http(503, NESTED),
    "504 nested": http(504, NESTED),
    "408": http(408, FLAT),
    "425": http(425, FLAT),
    "418": http(418, FLAT),
    "307": http(307, b"", Location="http://127.0.0.1:1/"),
    "303": http(303, b"", Location="/v1/orders/cancel"),
    "400 of a proxy": http(400, HTML),
    "404 of a proxy": http(404, "<html>Not Found</html>"),
    "409 without a body": http(409, b""),
    "200 HTML": http(200, HTML),
    "200 bad JSON": http(200, '{"success": tru'),
    "200 empty": http(200, b""),
    "200 that says nothing": http(200, {}),
    "200 with a key twice": http(200, '{"success": false, "success": true, "status": "CANCELED"}'),
    "200 with a success that is no boolean": http(200, {"success": "yes", "status": "CANCELED"}),
    "200 about another order": ok(Cause.TROUBLE, True, "CANCELED", orig="ORD-9"),
    "200 taken, but FILLED": ok(Cause.CONTRADICTION, True, "FILLED"),
    "200 taken, but EXPIRED": ok(Cause.CONTRADICTION, True, "EXPIRED"),
    "200 taken, in a status nobody knows": ok(Cause.TROUBLE, True, "MOONING"),
}

REFUSED = {
    "400": http(400, FLAT, Cause.BAD_REQUEST),
    "401": http(401, {"error": "unauthorized", "message": "token expired"}, Cause.UNAUTHORIZED),
    "403": http(403, FLAT, Cause.FORBIDDEN),
    "404": http(404, NESTED, Cause.NOT_FOUND),
    "409": http(409, FLAT, Cause.CONFLICT),
    "422": http(422, FLAT, Cause.BAD_REQUEST),
    "200 refused": ok(Cause.REFUSED, False, "", "not now"),
    "200 refused as too late": ok(Cause.REFUSED, False, "CANCELED", "too late"),
    "200 taken and REJECTED": ok(Cause.REFUSED, True, "REJECTED", "not now"),
    "200 of a REJECTED alone": ok(Cause.REFUSED, None, "REJECTED", "not now"),
}

NOT_SENT = {
    "429 without a time": http(429, FLAT, Cause.RATE_LIMITED),
    "429 for long": http(429, FLAT, Cause.RATE_LIMITED, Retry_After="30"),
    "429 beyond the deadline": http(429, FLAT, Cause.RATE_LIMITED, Retry_After="4"),
}

ACCEPTED = {
    "200 taken": ok(Cause.ACKNOWLEDGED, True, "PENDING_CANCEL"),
    "200 taken, without a status": ok(Cause.ACKNOWLEDGED, True, ""),
    "200 taken, in a working status": ok(Cause.ACKNOWLEDGED, True, "PARTIALLY_FILLED"),
    "200 of a PENDING_CANCEL alone": ok(Cause.ACKNOWLEDGED, None, "PENDING_CANCEL"),
}

CANCELED = {
    "200 CANCELED": ok(Cause.CANCELED, True, "CANCELED"),
    "200 of a CANCELED alone": ok(Cause.CANCELED, None, "CANCELED"),
}
