"""A bad night in a real terminal: each fault in its words, and when it is over the screen is the broker's book.

The program talks to a practice broker over real sockets, with real timings but for those nights that would take a
trader's patience. Most of a night is waiting, so all nights pass at once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from blotter.paper.settings import PaperSettings
from tests.paper.faulty import Faulty
from tests.terminal.pty_session import PtySession
from tests.terminal.test_journey import choose_a_working_order

CODES = {"NEW": "NEW", "PARTIALLY_FILLED": "PART", "SUSPENDED": "SUSP", "PENDING_NEW": "PEND"}
ROW = re.compile(r"^.{7}.* (?P<left>[\d,]+)/(?P<total>[\d,]+) .* (?P<code>[A-Z]{3,4}) .* (?P<name>A\d-\d{6})\b")


class Night:
    """A blotter on a practice broker that can be made ill."""

    def __init__(self, broker: Faulty, session: PtySession) -> None:
        self.broker = broker
        self.session = session

    def until(self, words: str) -> None:
        """The screen says so, its line breaks aside; a ``|`` stands between words of which any will do."""

        def says(screen: str) -> bool:
            return any(each in " ".join(screen.split()) for each in words.split("|"))

        says.__doc__ = repr(words)
        self.session.until(says)

    def ok(self) -> None:
        self.session.until(lambda screen: re.search(r" OK stream \d+s list ", screen.splitlines()[0]))

    def same(self) -> None:
        """The working orders on the screen are those of the broker, in its words."""
        theirs = {
            order.cl_ord_id: (f"{order.leaves:f}", f"{order.draft.qty:f}", CODES[order.status])
            for order in self.broker.orders()
            if not order.finished
        }

        def is_the_brokers_book(screen: str) -> bool:
            mine = {
                found["name"]: (found["left"], found["total"], found["code"])
                for line in screen.splitlines()
                if (found := ROW.match(line)) and found["code"] in CODES.values()
            }
            return mine == theirs

        assert len(theirs) > 5
        self.session.until(is_the_brokers_book)


def moves(night: Night) -> None:
    """The market goes on meanwhile."""
    night.broker.step(8)


def relist(night: Night) -> None:
    night.session.type("r")


def moves_and_relist(night: Night) -> None:
    moves(night)
    relist(night)


def cancel(night: Night) -> None:
    """Cancel the first order that is NEW: nothing is answered, and nothing is heard of it."""
    choose_a_working_order(night.session)
    night.session.type("c")
    night.until("keep the order")
    night.session.say_yes()


@dataclass(frozen=True)
class Fault:
    """``strikes`` as ``--faults`` takes it; ``words`` come on the screen one after the other."""

    strikes: str
    words: tuple[str, ...] = ()
    act: Callable[[Night], None] = moves
    never: str = ""


FAULTS = {
    # Where the lists fall with the stream, it is a race which of the two is found out first.
    "drop": Fault("drop", ("POLLING|RECONNECTING|OFFLINE", "no stream for", "list re-read,", "changed:")),
    "reset": Fault("reset:300", ("POLLING|RECONNECTING|OFFLINE", "no stream for", "list re-read,", "changed:")),
    "outage": Fault("outage:5", ("RECONNECTING|OFFLINE", "no stream for", "changed:")),
    # One age stands for a second: a slow machine can draw the next one only.
    "half-open": Fault("half-open", ("STALE 3s|STALE 4s|STALE 5s", "no stream for", "(silent for", "changed:")),
    "drip": Fault("drip:4", ("STALE", "was not complete after 2 s", "is read again"), relist),
    "stall": Fault("stall:4", ("STALE 2s|STALE 3s|STALE 4s",), never="no stream for"),
    "garbage": Fault("garbage:5", ("could not be read: order",)),
    "lose": Fault("lose:8", ("list disagreed with the stream on",), moves_and_relist),
    "reorder": Fault("reorder:6", never="disagreed"),
    "duplicate": Fault("duplicate:50", never="disagreed"),
    "expire": Fault("expire", ("POLLING", "no stream for", "(the session expired)", "changed:")),
    "refuse": Fault("refuse:3", ("POLLING", "HTTP 403", "no stream for", "changed:")),
    "busy": Fault("busy:3", ("Too many requests", "The list is read again in"), relist, never="STALE"),
    "fail": Fault("fail:2", ("STALE", "Trouble at", "(HTTP 500)", "is read again"), relist),
    "html": Fault("html:3", ("STALE", "could not be read (HTTP 200)", "is read again"), relist),
    "mute": Fault("mute:1,lose:2", ("CXL>", "CXL??", "Outcome unknown", "CXLD"), cancel),
}

HASTY = (sys.executable, "-m", "tests.terminal.hasty")
NIGHTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("half-open", "drip"), HASTY),
    (("stall", "fail"), HASTY),
    (("outage", "duplicate"), ()),
    (("html", "reset"), ()),
    (("mute", "busy"), ()),
    (("refuse", "reorder"), ()),
    (("expire", "lose"), ()),
    (("drop", "garbage"), ()),
)


def strike(night: Night, fault: Fault) -> None:
    night.ok()
    night.same()
    for each in fault.strikes.split(","):
        night.broker.strike(each)
    fault.act(night)
    for words in fault.words:
        night.until(words)
    night.ok()
    night.same()
    assert not fault.never or fault.never not in night.session.text


def spend(names: tuple[str, ...], program: tuple[str, ...], home: Path) -> list[Exception]:
    """A night with these faults; gives what went wrong, each beside the name of its fault."""
    troubles: list[Exception] = []
    settings = PaperSettings(orders=10, accounts=1, rate=0)
    with Faulty(settings) as broker:
        environment = {**broker.environment, "BLOTTER_TIMEOUT": "2"}
        arguments = {"program": program} if program else {}
        with PtySession(home, columns=200, lines=40, environment=environment, **arguments) as session:
            for name in names:
                try:
                    strike(Night(broker, session), FAULTS[name])
                except AssertionError as trouble:
                    troubles.append(AssertionError(f"{name}: {trouble}"))
            session.type("\x11")
            assert session.exit_code() == 0
            session.assert_restored()
            assert b"Traceback" not in session.raw
    return troubles


def test_every_fault_has_its_night() -> None:
    assert sorted(name for names, _ in NIGHTS for name in names) == sorted(FAULTS)


def test_every_fault_says_what_it_is_and_leaves_the_brokers_book(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One test for all, because they pass at once, however tests are spread over processes."""
    with ThreadPoolExecutor(len(NIGHTS)) as pool:
        nights = [pool.submit(spend, names, program, tmp_path_factory.mktemp("home")) for names, program in NIGHTS]
    if troubles := [trouble for night in nights for trouble in night.result()]:
        raise ExceptionGroup("a bad night", troubles)
