"""The confirmation: docked over the bottom lines, bound to one order, answered by one key.

It is a place on the screen and no dialog box: a full-screen modal costs tens of kilobytes to open, which is seconds on
a slow link before the trader can read what is asked. Nothing dims and no row of the table moves.

When ``y`` may count is :mod:`blotter.ui.asking.attention`'s to say: only after the question can have been read.

Where the tag is asked for in place of ``y``, each of its letters and the enter after it are held to the same. There
``n`` is a letter like the others, and only ``esc`` keeps.

There are no actions here that a binding or markup could name; the only way to a request is a key event to this widget.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from blotter.core.asking.confirmation import Confirmation
from blotter.core.book.cancel import CancelRequest
from blotter.core.book.row import Row
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.sheets.sheet import HEIGHT, Sheet, sheet
from blotter.core.words.piece import edged
from blotter.ui.asking.arrival import arrival
from blotter.ui.asking.attention import Attention
from blotter.ui.asking.keys import typed
from blotter.ui.lines.line_view import LineView

TOO_QUICK = "too quick: read it first, then y"
OTHER_KEY = "only y, n, esc and enter answer here"
LONGEST_TAG = 5


class Confirm(LineView, can_focus=True):
    """Asks about one order at a time; every question ends in exactly one :class:`Decided`."""

    KEEP: ClassVar[frozenset[str]] = frozenset({"n", "escape", "enter"})
    PASSED_ON: ClassVar[frozenset[str]] = frozenset({"ctrl+c", "ctrl+q"})
    """Keys that leave the program do so from here, too."""

    class Decided(Message):
        """``request`` is ``None`` when the order is kept; ``reason`` is set when the program withdrew the question.

        Who hears this takes the question off the screen, in one frame with putting back what it stood in place of.
        """

        def __init__(self, request: CancelRequest | None, reason: str = "") -> None:
            super().__init__()
            self.request = request
            self.reason = reason

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._clock = clock
        self._asked: Confirmation | None = None
        self._hint = ""
        self._typed = ""
        """What stands of the tag, where it is asked for."""
        self._attention: Attention[tuple[Sheet, Row]] = Attention()
        self._before: Widget | None = None

    @property
    def is_open(self) -> bool:
        return self._asked is not None

    @property
    def asked(self) -> Confirmation | None:
        """The question that is open."""
        return self._asked

    def on_mount(self) -> None:
        self.display = False
        self.set_interval(1.0, self._tick)

    def open(
        self, row: Row, kind: str, pressed: Instant, journal: str = "", account: str = "", chosen: str = ""
    ) -> None:
        """Ask about ``row``. ``kind`` is the account's LIVE or PRACTICE, ``account`` what it is called, ``pressed`` the
        moment of the key; ``journal`` says why no cancel can be put on record, empty while each can; ``chosen`` how
        the order was chosen, where not by the cursor.
        """
        if self._asked is not None:
            self.close("another order was chosen")
        self._asked = Confirmation.open(row, kind, pressed, journal, account, chosen)
        self._typed = ""
        self._hint = ""
        self._attention.start()
        self.display = True
        self._before = self.screen.focused
        self.screen.set_focus(self)
        self._ask()

    def follow(self, row: Row) -> None:
        """News of any order: the question's own changes its figures, or blocks it."""
        if self._asked is not None:
            self._change(self._asked.follow(row, self._clock.now()))

    def block(self, reason: str) -> None:
        """Nothing can be sent any more (the desk died, the program is read-only now): say so and refuse ``y``."""
        if self._asked is not None:
            self._change(self._asked.block(reason))

    def close(self, reason: str = "") -> None:
        """Withdraw the question; the order is kept."""
        if self._asked is not None:
            self._end(None, reason)

    def on_key(self, event: events.Key) -> None:
        if self._asked is None or event.key in self.PASSED_ON:
            return
        event.stop()
        event.prevent_default()
        if self._asked.override and not self._asked.blocked and event.key != "escape":
            self._type(self._asked, event, arrival(event, self._clock.now()))
        elif event.key in self.KEEP:
            self._end(None)
        elif event.key == "y":
            self._yes(self._asked, arrival(event, self._clock.now()))
        else:
            self._refuse(arrival(event, self._clock.now()), OTHER_KEY)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()

    def on_resize(self) -> None:
        self._ask()

    def render_line(self, y: int) -> Strip:
        self._attention.frame(self.call_later, lambda: self._clock.now().mono)
        return super().render_line(y)

    def _type(self, asked: Confirmation, event: events.Key, arrived: Instant) -> None:
        """A key where the tag is asked for."""
        tag, letter = asked.row.tag, typed(event)
        wanted = f"type {tag}, then enter; esc keeps:"
        if event.key == "enter" and self._typed == tag:
            self._yes(asked, arrived)
        elif event.key == "enter":
            self._typed = ""
            self._refuse(arrived, wanted)
        elif event.key == "backspace":
            self._retype(self._typed[:-1])
        elif letter is None:
            self._refuse(arrived, wanted)
        elif self._attention.too_quick(arrived.mono):
            self._typed = ""
            self._refuse(arrived, f"too quick: read it first, then type {tag}:")
        else:
            self._retype((self._typed + letter)[:LONGEST_TAG])

    def _retype(self, text: str) -> None:
        self._typed, self._hint = text, ""
        self._ask()

    def _yes(self, asked: Confirmation, arrived: Instant) -> None:
        drawn, seen = self._attention.drawn, self._attention.seen
        if asked.blocked or drawn is None or not drawn[0].whole:
            return
        if seen is None or self._attention.too_quick(arrived.mono):
            self._refuse(arrived, TOO_QUICK)
            return
        shown, row = seen
        self._end(CancelRequest(row.order, row.tag, shown.text, asked.pressed, arrived, asked.reason, asked.journal))

    def _refuse(self, arrived: Instant, hint: str) -> None:
        """Say why the key did nothing; the quiet starts anew."""
        self._attention.disturb(arrived.mono)
        self._hint = hint
        self._ask()

    def _change(self, asked: Confirmation) -> None:
        if asked != self._asked:
            self._asked = asked
            self._hint = ""
            self._ask()

    def _tick(self) -> None:
        if self._asked is not None:
            self._ask()

    def _ask(self) -> None:
        """Put the question as it stands now."""
        if self._asked is None:
            return
        width, height = self.screen.size
        before, seen = self._attention.drawn, self._attention.seen
        height = min(height, HEIGHT) if seen is None else self.size.height
        drawn = sheet(self._asked, width, self._clock.now(), self._hint, height, typed=self._typed)
        if before is None or drawn != before[0] or self._asked.row is not before[1]:
            self._attention.drawn = (drawn, self._asked.row)
            if seen is not None and drawn == seen[0]:
                self._attention.seen = self._attention.drawn
            self.put(tuple(map(edged, drawn.lines)))

    def _end(self, request: CancelRequest | None, reason: str = "") -> None:
        self._asked = None
        self.display = False
        self.screen.set_focus(self._before)
        self.post_message(self.Decided(request, reason))
