"""What breaks beside the reading of the stream."""

from __future__ import annotations

import asyncio
import random

import pytest

from blotter.broker.auth import Token
from blotter.broker.errors import BrokerError
from blotter.broker.stream import StreamEvent, connect
from blotter.core.account import Account
from blotter.core.instant import Instant
from blotter.desk.clock import SystemClock
from blotter.desk.feed.line import Line
from tests.desk.feed.broker import TOKEN, FeedBroker, running
from tests.desk.feed.live import FAST


class Broken:
    """A listener with a bug in it."""

    def carried(self, account: str) -> None:
        raise RuntimeError("a bug")

    def not_carried(self, account: str, error: BrokerError) -> None: ...

    def carries(self, account: str) -> bool:
        return False

    def opened(self) -> None: ...

    async def said(self, message: StreamEvent, now: Instant) -> None: ...

    def lost(self, reason: str, attempt: int) -> None: ...

    def failed(self, error: BrokerError, attempt: int) -> None: ...


async def test_a_bug_is_not_taken_for_a_stream_that_is_quiet() -> None:
    async with running(FeedBroker()) as broker:
        line = Line(
            lambda: connect(broker.stream_url, Token(TOKEN)),
            [Account("ACC-1")],
            clock=SystemClock(),
            timings=FAST,
            chance=random.Random(4),
            listener=Broken(),
        )
        with pytest.raises(RuntimeError, match="a bug"):
            async with asyncio.timeout(5):
                await line.run()
