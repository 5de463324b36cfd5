"""The stream's messages: building the broker's, reading the client's."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

Message = dict[str, Any]


def event(payload: Message) -> Message:
    return {"type": "event", "payload": payload}


def action(name: str, at: datetime, **more: Any) -> Message:
    """An event that is about the session itself; ``at`` becomes epoch milliseconds."""
    return event({"action": name, **more, "timestamp": int(at.timestamp() * 1000)})


def response(ident: object, status: int, **more: Any) -> Message:
    return {"type": "response", "id": ident, "payload": {"status": status, **more}}


def refusal(ident: object, status: int, code: str, message: str) -> Message:
    return response(ident, status, code=code, message=message)


def subscribed(ident: object, topic: str, data: Any) -> Message:
    return {"type": "subscribed", "id": ident, "payload": {"topic": topic, "data": data}}


def order_event(account: str, record: Message) -> Message:
    """An order's whole record, as of now."""
    return event({"topic": "account", "name": "account.order", "target": account, "data": record})


def read(line: str) -> Message | None:
    """One message of the client: a JSON object whose payload, if any, is one too; else ``None``."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or not isinstance(message.get("payload", {}), dict):
        return None
    return message


def part(message: Message, name: str) -> Message:
    """An object inside a message; empty when it is absent or something else."""
    inner = message.get(name)
    return inner if isinstance(inner, dict) else {}
