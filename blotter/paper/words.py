"""The enumerations of a request: what may be sent, and what the broker makes of it."""

from __future__ import annotations


def _same(*words: str) -> dict[str, str]:
    return {word: word for word in words}


SIDES = _same("BUY", "SELL", "SELL_SHORT", "BUY_TO_COVER")
TYPES = _same("MARKET", "LIMIT", "STOP", "STOP_LIMIT")
TIMES_IN_FORCE = _same("DAY", "GTC", "IOC", "FOK", "EXTENDED_HOURS", "AT_THE_OPENING", "AT_THE_CLOSE") | {
    "ATO": "AT_THE_OPENING",
    "ATC": "AT_THE_CLOSE",
    "EXT": "EXTENDED_HOURS",
}
SECURITY_TYPES = {"CS": "EQUITY", "OPT": "OPTION"}
"""Sent on the left, read back on the right."""
PUT_CALL = {"PUT": "PUT", "CALL": "CALL", "P": "PUT", "C": "CALL"}
LEG_SIDES = {"BUY": "BUY", "SELL": "SELL", "B": "BUY", "S": "SELL"}
EFFECTS = {"OPEN": "OPEN", "CLOSE": "CLOSE", "O": "OPEN", "C": "CLOSE"}
