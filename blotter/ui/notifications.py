"""The messages of the broker and of the program: newest first, three lines, or a history that can be read.

Nothing ever pops up over the table. What needs the trader (refusals, unknown outcomes) stands with a mark and is
counted until it was in view when it was acknowledged: an alert that can be put away unseen is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.core.piece import Line, Piece, Role
from blotter.ui.message import KeptMessage
from blotter.ui.reader import PASSED_ON, Reader

KEPT = 2000
"""Messages kept; the history says when older ones were left out."""

HEIGHT = 3
NEWEST = 2
"""Lines that the newest message may take of them: at 80 columns its point often stands in the second."""


class NotificationPanel(Reader, can_focus=False):
    """Three lines of the newest messages, the first in up to two of them; grown, all, wrapped so that nothing is lost.

    Only the grown panel takes the keyboard, and gives it back to whoever had it.
    """

    COLLAPSE: ClassVar[frozenset[str]] = frozenset({"escape", "m", "q"})
    BUBBLE: ClassVar[frozenset[str]] = PASSED_ON | {"!", "exclamation_mark"}

    class UnreadChanged(Message):
        """How many alerts wait to be acknowledged."""

        def __init__(self, unread: int) -> None:
            super().__init__()
            self.unread = unread

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._messages: list[KeptMessage] = []
        self._left_out = 0
        self._grown = False
        self._framed = False
        self._before: Widget | None = None

    @property
    def unread(self) -> int:
        return sum(message.unread for message in self._messages)

    @property
    def grown(self) -> bool:
        return self._grown

    def add(self, notices: Iterable[Notice]) -> None:
        """Take messages, the newest last; a history being read keeps its place."""
        before, unread = len(self._lines), self.unread
        for notice in notices:
            self._messages.insert(0, KeptMessage(notice))
            if len(self._messages) > KEPT:
                self._leave_one_out()
        self._redraw()
        if self._grown and self.scroll_y > 0:
            self.scroll_to(y=self.scroll_y + len(self._lines) - before, animate=False, force=True)
        self._tell(unread)

    def about(self, key: OrderKey) -> tuple[Notice, ...]:
        """The messages kept on one order, newest first."""
        return tuple(each for message in self._messages for each in message.notice.about(key))

    def outcomes(self) -> tuple[str, ...]:
        """The cancels, by their names in the journal, whose last word is in view and not acknowledged yet."""
        seen = (name for message in self._in_view() if message.drawn for name in message.outcomes)
        return tuple(dict.fromkeys(seen))

    def acknowledge(self) -> int:
        """Count the alerts in view as read, those that no frame has shown yet excepted; returns how many that were."""
        unread = self.unread
        for message in self._in_view():
            if message.drawn:
                message.unread, message.outcomes = False, ()
        self._redraw()
        self._tell(unread)
        return unread - self.unread

    def toggle(self) -> None:
        if self._grown:
            self.collapse()
        else:
            self.grow()

    def grow(self) -> None:
        """Show the whole history and take the keyboard."""
        if self._grown:
            return
        self._grown = self.can_focus = True
        self.add_class("-grown")
        self._before = self.screen.focused
        self.screen.set_focus(self)
        self._redraw()

    def collapse(self) -> None:
        """Back to three lines; the keyboard goes back to whoever had it."""
        if not self._grown:
            return
        self.scroll_to(y=0, animate=False, force=True)
        self._grown = self.can_focus = False
        self.remove_class("-grown")
        self.screen.set_focus(self._before)
        self._redraw()

    def on_key(self, event: events.Key) -> None:
        if event.key in self.BUBBLE or not self._grown:
            return  # a key typed right behind the one that collapsed us was meant for the table
        event.stop()
        event.prevent_default()
        if event.key in self.COLLAPSE:
            self.collapse()
        else:
            self.scroll_by_key(event.key)

    def on_resize(self) -> None:
        self._redraw()

    def render_line(self, y: int) -> Strip:
        if not self._framed:
            self._framed = True
            self.call_later(self._written, tuple(self._in_view()))
        return super().render_line(y)

    def _written(self, messages: Iterable[KeptMessage]) -> None:
        """Runs after the frame that asked for our lines, for a frame is composed and written in one step."""
        self._framed = False
        for message in messages:
            message.drawn = True

    def _leave_one_out(self) -> None:
        """Drop the oldest message that is not an unread alert, or the oldest of all if there are none but those."""
        index = next((i for i in range(len(self._messages) - 1, 0, -1) if not self._messages[i].unread), -1)
        del self._messages[index]
        self._left_out += 1

    def _in_view(self) -> Iterator[KeptMessage]:
        if not self._grown:
            yield from self._messages[: len(self._folded())]
            return
        top = self.scroll_offset.y
        bottom = top + self.scrollable_content_region.height
        y = 0
        for message in self._messages:
            if top <= y < bottom:
                yield message
            y += len(message.wrapped(self._room))

    @property
    def _room(self) -> int:
        return self.scrollable_content_region.width

    def _redraw(self) -> None:
        if not self._room:
            return
        self.put(tuple(self._history()) if self._grown else self._newest())

    def _folded(self) -> list[tuple[Line, ...]]:
        """The lines of each message that the small panel has room for."""
        folded: list[tuple[Line, ...]] = []
        room = HEIGHT
        for message in self._messages[:HEIGHT]:
            if room > 0:
                folded.append(message.folded(self._room, 1 if folded else NEWEST))
                room -= len(folded[-1])
        return folded

    def _newest(self) -> tuple[Line, ...]:
        folded = self._folded()
        below = sum(message.unread for message in self._messages[len(folded) :])
        lines = [line for message in folded for line in message]
        if below:
            hint = f"  {below} ALERT below: m"
            last = self._messages[len(folded) - 1]
            lines[-1] = (*last.short(self._room - len(hint)), Piece(hint, Role.ALERT))
        return (*lines, *[()] * (HEIGHT - len(lines)))

    def _history(self) -> Iterator[Line]:
        for message in self._messages:
            yield from message.wrapped(self._room)
        if self._left_out:
            yield (Piece(f" {self._left_out} older messages are not kept here (the last {KEPT} are)", Role.DIM),)
        elif not self._messages:
            yield (Piece(" no messages yet", Role.DIM),)

    def _tell(self, before: int) -> None:
        if self.unread != before:
            self.post_message(self.UnreadChanged(self.unread))
