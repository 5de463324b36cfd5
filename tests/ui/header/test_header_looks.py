"""The header with three accounts in every kind of trouble, at every width, quiet and busy: read in the review."""

from __future__ import annotations

from collections.abc import Iterator

from blotter.core.account import Account
from blotter.core.words.piece import plain
from blotter.desk.messages import LinkPhase, LinkState
from blotter.ui.header.headline import Facts, headline
from blotter.ui.table.counts import Counts
from tests.ui.fake_desk import HandClock
from tests.ui.looks import text_looks_like

CLOCK = HandClock()
QUIET = Counts(working=12, done=212, codes={}, shown=12, total=12)
BUSY = Counts(working=12, done=212, codes={"CXL??": 1, "CXL?": 2}, shown=3, total=12)
P = LinkPhase


def link(
    phase: LinkPhase,
    account: str,
    *,
    heard: float | None = 2.0,
    listed: float | None = 12.0,
    trouble: str = "",
    attempt: int = 0,
    nickname: str = "",
    sim: bool = False,
) -> LinkState:
    return LinkState(
        Account(account, is_sim=sim, nickname=nickname),
        phase,
        CLOCK.ago(9),
        attempt,
        None if heard is None else CLOCK.ago(heard),
        None if listed is None else CLOCK.ago(listed),
        trouble,
    )


ONE, TWO, THREE = "A7-0001", "A7-0002", "A7-0003"
SCENES = {
    "in good order": [link(P.OK, name) for name in (ONE, TWO, THREE)],
    "with nicknames": [link(P.OK, ONE, nickname="main"), link(P.OK, TWO, nickname="hedge"), link(P.OK, THREE)],
    "live beside practice": [link(P.OK, ONE, nickname="main"), link(P.OK, TWO), link(P.OK, "SIM-3", sim=True)],
    "one list is old": [link(P.OK, ONE, listed=3), link(P.OK, TWO, listed=280), link(P.OK, THREE, listed=3)],
    "one may not be listed": [
        link(P.OK, ONE),
        link(P.STALE, TWO, listed=37, trouble="403 not permitted"),
        link(P.OK, THREE),
    ],
    "one was never found": [
        link(P.OK, ONE),
        link(P.OFFLINE, TWO, heard=None, listed=None, trouble="404 not found"),
        link(P.OK, THREE),
    ],
    "two of three fail": [
        link(P.STALE, ONE, listed=37, trouble="403 not permitted"),
        link(P.OFFLINE, TWO, heard=None, listed=None, trouble="404 not found"),
        link(P.OK, THREE),
    ],
    "both fail": [
        link(P.STALE, ONE, listed=37, trouble="403 not permitted"),
        link(P.OFFLINE, TWO, heard=None, listed=None, trouble="404 not found"),
    ],
    "both fail, and have nicknames": [
        link(P.OFFLINE, ONE, nickname="main", heard=None, trouble="no link"),
        link(P.STALE, TWO, nickname="hedge", listed=75, trouble="list too slow"),
    ],
    "both fail alike": [link(P.OFFLINE, name, trouble="403 not permitted") for name in (ONE, TWO)],
    "three of three fail": [
        link(P.STALE, ONE, listed=37, trouble="403 not permitted"),
        link(P.OFFLINE, TWO, heard=None, listed=None, trouble="404 not found"),
        link(P.RECONNECTING, THREE, attempt=3, trouble="503 broker trouble"),
    ],
    "one has no stream": [
        link(P.OK, ONE),
        link(P.POLLING, TWO, listed=4, heard=None, trouble="no stream"),
        link(P.OK, THREE),
    ],
    "the stream is silent": [link(P.STALE, name, heard=37) for name in (ONE, TWO, THREE)],
    "the stream was lost": [link(P.RECONNECTING, name, attempt=3) for name in (ONE, TWO, THREE)],
    "there is no stream": [link(P.POLLING, name, listed=4, heard=37) for name in (ONE, TWO, THREE)],
    "the token of the stream is refused": [
        link(P.POLLING, name, listed=4, heard=130, trouble="stream token refused") for name in (ONE, TWO, THREE)
    ],
    "that of one is": [
        link(P.OK, ONE),
        link(P.POLLING, TWO, listed=4, heard=None, trouble="stream token refused"),
        link(P.OK, THREE),
    ],
    "nothing answers": [link(P.OFFLINE, name, trouble="no link") for name in (ONE, TWO, THREE)],
    "each differs": [
        link(P.RECONNECTING, ONE, attempt=12, heard=37, listed=40),
        link(P.OFFLINE, TWO, attempt=12, heard=37, listed=40, trouble="403 not permitted"),
        link(P.POLLING, THREE, attempt=12, heard=37, listed=4),
    ],
    "at the start": [link(P.CONNECTING, name, heard=None, listed=None) for name in (ONE, TWO, THREE)],
}


def lines() -> Iterator[str]:
    for scene, links in SCENES.items():
        yield f"== {scene}"
        for width in (80, 100, 160):
            yield plain(headline(Facts(CLOCK.now(), QUIET, tuple(links)), width))
            busy = Facts(CLOCK.now(), BUSY, tuple(links), unread=2, filter="aapl")
            yield plain(headline(busy, width))
        yield ""


def test_the_scenes_are_states_that_the_desk_gives() -> None:
    for scene, links in SCENES.items():
        assert len({link.heard for link in links if link.phase in (P.OK, P.STALE)}) <= 1, (
            f"{scene}: they share a stream"
        )
        polled = [(each.heard, each.listed) for each in links if each.phase is P.POLLING and each.heard and each.listed]
        for heard, listed in polled:
            assert heard.mono <= listed.mono, f"{scene}: the list was read since the stream was lost"


def test_headers() -> None:
    said = "\n".join(lines())
    assert "…" not in said, "nothing that stands there is cut"
    text_looks_like(said, "headers")
