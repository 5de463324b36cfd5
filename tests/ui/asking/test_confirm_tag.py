"""The question that asks for the order's tag in place of ``y``."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events

from blotter.core.book.cancel import Ask, CancelState
from blotter.core.book.row import Row
from tests.core.samples import sample
from tests.ui.asking.scene import Scene, scene
from tests.ui.looks import screen

REASON = "has no answer, its outcome is unknown"
TOO_QUICK = "too quick: read it first, then type ka:"


def unknown(on: Scene) -> Row:
    ask = Ask("run-1", CancelState.UNKNOWN, on.clock.ago(9), on.clock.ago(4))
    return replace(sample(), cancel=CancelState.UNKNOWN, cancel_at=ask.at, asks=(ask,))


async def test_the_tag_and_enter_send_with_the_reason() -> None:
    async with scene() as on:
        await on.ask(unknown(on))
        assert REASON in screen(on.app)
        on.read()
        await on.pilot.press("k", "a", "enter")
        request = (await on.decision()).request
        assert request is not None
        assert request.override == "the cancel of 14:02:02Z has no answer, its outcome is unknown"
        assert request.override in request.shown
        assert not request.unaudited


async def test_without_a_journal_it_goes_out_unaudited() -> None:
    async with scene() as on:
        on.confirm.open(sample(), "LIVE", on.clock.now(), "the journal in /x cannot be written: No space left")
        await on.seen("this cancel goes out without a record")
        on.read()
        await on.pilot.press("k", "a", "enter")
        request = (await on.decision()).request
        assert request is not None
        assert request.unaudited == "the journal in /x cannot be written: No space left"
        assert not request.override


@pytest.mark.parametrize("keys", [["y"], ["y", "enter"], ["enter"], ["n", "a", "enter"], ["k", "b", "enter"], ["n"]])
async def test_anything_but_the_tag_sends_nothing_and_stays(keys: list[str]) -> None:
    async with scene() as on:
        await on.ask(unknown(on))
        on.read()
        await on.pilot.press(*keys)
        await on.still_open()
        if keys[-1] == "enter":
            await on.seen("type ka, then enter; esc keeps:")


async def test_a_letter_can_be_taken_back() -> None:
    async with scene() as on:
        await on.ask(unknown(on))
        on.read()
        await on.pilot.press("k", "b")
        await on.seen(": kb_")
        await on.pilot.press("backspace", "a", "enter")
        assert (await on.decision()).request is not None


async def test_esc_keeps() -> None:
    async with scene() as on:
        await on.ask(unknown(on))
        on.read()
        await on.pilot.press("k", "escape")
        assert (await on.decision()).request is None


async def test_letters_typed_before_the_question_could_be_read_do_not_count() -> None:
    async with scene() as on:
        await on.ask(unknown(on))
        for letter in "ka":
            on.confirm.on_key(events.Key(letter, letter))
        on.confirm.on_key(events.Key("enter", "\r"))
        await on.still_open()
        on.read()
        await on.pilot.press("k", "a", "enter")
        assert (await on.decision()).request is not None


async def test_a_letter_too_quick_says_so() -> None:
    async with scene() as on:
        await on.ask(unknown(on))
        on.confirm.on_key(events.Key("k", "k"))
        await on.seen(TOO_QUICK)


async def test_when_the_outcome_is_known_the_question_is_off() -> None:
    async with scene() as on:
        await on.ask(unknown(on))
        on.read()
        on.confirm.follow(sample())
        await on.seen("y is off: what stood against this cancel is settled")
        await on.pilot.press("k", "a")
        await on.still_open()
        await on.pilot.press("n")
        assert (await on.decision()).request is None
