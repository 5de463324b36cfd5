"""What the tests of ``blotter cancel`` share: the command as a script runs it, and brokers that answer in some way."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.broker.http_server import Script, answer
from tests.commands.running import Ran, on, run
from tests.desk.desk_broker import DeskBroker, says
from tests.paper.serving import Serving


def cancel(home: Path, broker: DeskBroker | Serving, *arguments: str, **more: str) -> Ran:
    """Without a question, and with JSON for an answer. ``more`` are variables."""
    return run(home, "cancel", *arguments, "--yes", "--json", to=on(broker) | more)


def ends(broker: DeskBroker, status: str = "CANCELED", **fields: Any) -> Script:
    """Take the cancel, and let the stream say the last word before the answer is read."""

    async def script(request: Any, writer: Any) -> None:
        name = request.json["origClOrdId"]
        writer.write(says(True, "PENDING_CANCEL", "Cancel request processed", name))
        await broker.feed.tell(name, status, **{"text": "done", **fields})

    return script


def refuses(text: str = "too late to cancel") -> Script:
    async def script(request: Any, writer: Any) -> None:
        writer.write(says(False, "REJECTED", text, request.json["origClOrdId"]))

    return script


def answers(status: int) -> Script:
    """An error of the broker's own, as HTTP has it."""

    async def script(request: Any, writer: Any) -> None:
        writer.write(answer({"code": "X", "message": "no"}, status))

    return script


async def never(request: Any, writer: Any) -> None:
    """Take the request and say nothing."""
    await asyncio.sleep(60)
