"""What came back stands in the journal as it came, without the secrets in it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.broker.http_server import Request, answer
from tests.desk.desk_broker import TOKEN, running_broker
from tests.desk.seat import seated

QUOTING = '{"error": {"code": "X1", "message": "not with Bearer %s", "request_id": "r-81f"},  "more": 1}'
PAGE = "<html><b>%s</b> caf\u00e9</html>"


@pytest.mark.parametrize(
    ("status", "body"),
    [(403, QUOTING), (500, QUOTING), (422, PAGE), (200, PAGE), (200, '{"success": "maybe %s"}')],
)
def test_an_answer_that_is_no_reply_is_kept_word_for_word(tmp_path: Path, status: int, body: str) -> None:
    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(body % TOKEN, status=status))

    with running_broker("ORD-1") as broker, seated(broker, tmp_path) as seat:
        broker.on_cancel = [script]
        seat.live()
        seat.yes()
        seat.until(lambda: seat.records("answer"))
    (said,) = seat.records("answer")
    assert said["http"] == status
    assert said["raw"] == body % "•••"
    assert TOKEN not in "".join(path.read_text() for path in tmp_path.iterdir())
