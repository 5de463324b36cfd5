"""The messages of the broker and of the program: newest first, three lines, or a history that can be read.

Nothing ever pops up over the table. What needs the trader (refusals, unknown outcomes) stands with a mark and is
counted until it was in view when it was acknowledged: an alert that can be put away unseen is none. So that hundreds,
after a cancel of many, can be read at all, those that say the same within a moment become one with all their tags,
which is acknowledged once every one of these was on the screen.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import accumulate, takewhile
from typing import ClassVar

from textual.events import Key
from textual.strip import Strip

from blotter.core.notice import Notice
from blotter.core.order import OrderKey
from blotter.core.words.piece import Line, Piece, Role, cut, join, length
from blotter.ui.asking.keys import typed
from blotter.ui.footer import GAP
from blotter.ui.lines.reader import SCROLLS, Reader
from blotter.ui.message import MOMENT, KeptMessage

KEPT = 2000
"""Messages kept; the history says when older ones were left out."""

HEIGHT = 3
FEW = 2
"""So many that say the same stand by themselves."""
NEAR = 50
"""So many of the newest messages are asked whether they say the same: each that is joined becomes the newest."""
NEWEST = 2
"""Lines that the newest message may take of them: at 80 columns its point often stands in the second."""

ACKNOWLEDGE = "!"
"""The one command that acts on the history, too."""

SCROLL, SCROLL_IN_SHORT = (Piece(SCROLLS),), (Piece("arrows scroll"),)


class NotificationPanel(Reader, can_focus=False):
    """Three lines of the newest messages, the first in up to two of them; grown, all, wrapped so that nothing is lost.

    While it is grown every key is its own, for what a command would act on stands behind it.
    """

    CLOSE: ClassVar[dict[str, str]] = {"escape": "esc", "m": "m", "q": "q"}
    """The keys that put the history away, and how they are written for people."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._messages: list[KeptMessage] = []
        self._left_out = 0
        self._grown = False
        self._framed = False
        self._idle = ""
        """The last key, where it did nothing."""

    @property
    def unread(self) -> int:
        return sum(message.waiting for message in self._messages)

    @property
    def grown(self) -> bool:
        return self._grown

    def add(self, notices: Iterable[Notice]) -> None:
        """Take messages, the newest last; a history being read keeps its place."""
        held = self._tops() if self._grown and self.scroll_y > 0 else {}
        changed = {self._take(notice) for notice in notices}
        self._redraw()
        if held:
            self.scroll_to(y=self.scroll_y + self._moved(held, changed), animate=False, force=True)

    def about(self, key: OrderKey) -> tuple[Notice, ...]:
        """The messages kept on one order, newest first."""
        mine = (
            each for message in self._messages for notice in reversed(message.notices) for each in notice.about(key)
        )
        return tuple(sorted(mine, key=lambda notice: notice.at, reverse=True))

    def outcomes(self) -> tuple[str, ...]:
        """The cancels, by their names in the journal, whose last word is in view and not acknowledged yet."""
        seen = (name for message, _ in self._in_view() if message.drawn for name in message.outcomes)
        return tuple(dict.fromkeys(seen))

    def acknowledge(self) -> int:
        """Count the alerts in view as read, those that no frame has shown yet excepted; returns how many that were."""
        unread = self.unread
        for message, _ in self._in_view():
            if message.drawn:
                message.unread, message.outcomes = False, ()
        self._redraw()
        return unread - self.unread

    def toggle(self) -> None:
        if self._grown:
            self.collapse()
        else:
            self.grow()

    def grow(self) -> None:
        """Show the whole history."""
        if not self._grown:
            self._grown = True
            self.add_class("-grown")
            self._redraw()

    def collapse(self) -> None:
        """Back to three lines."""
        if self._grown:
            self.scroll_to(y=0, animate=False, force=True)
            self._grown, self._idle = False, ""
            self.remove_class("-grown")
            self._redraw()

    def press(self, key: Key) -> bool:
        """Take one key of a history that is open; ``False`` leaves it to the commands."""
        name = typed(key) or key.key
        if not self._grown or name == ACKNOWLEDGE:
            self._idle = ""
            return False
        acts = name in self.CLOSE or self.scroll_by_key(key.key)
        self._idle = "" if acts else name
        if name in self.CLOSE:
            self.collapse()
        return True

    def keys(self, width: int) -> Line:
        """The bottom line of a history that is open: what its keys do, and that the last one did nothing."""
        *closing, last = self.CLOSE.values()
        can = [Piece(f"{', '.join(closing)} or {last} closes"), Piece(f"{ACKNOWLEDGE} marks as read")]
        idle = f"{self._idle} does nothing while the messages are open"
        why = [Piece(idle, Role.ALERT)] if self._idle else []
        forms = [join(((piece,) for piece in (*why, *can, *scrolls)), GAP) for scrolls in (SCROLL, SCROLL_IN_SHORT, ())]
        line = next((form for form in forms if length(form) < width), forms[-1])
        return cut((Piece(" "), *line), width)

    def on_resize(self) -> None:
        self._redraw()

    def render_line(self, y: int) -> Strip:
        if not self._framed:
            self._framed = True
            views = tuple((message, lines, message.picture) for message, lines in self._in_view())
            self.call_later(self._written, views)
        return super().render_line(y)

    def _written(self, views: Iterable[tuple[KeptMessage, range, tuple[Line, ...]]]) -> None:
        """Runs after the frame that asked for our lines, for a frame is composed and written in one step."""
        self._framed = False
        for message, lines, picture in views:
            message.drew(lines, picture)

    def _take(self, notice: Notice) -> KeptMessage:
        """The message that ``notice`` now stands in, which is the newest."""
        near = takewhile(lambda message: notice.at - message.newest.at <= MOMENT, self._messages[:NEAR])
        alike = {message.newest.key: message for message in near if message.may_join(notice)}
        kept = next((message for message in alike.values() if message.is_crowd), None)
        if kept is None and len(alike) >= FEW:
            kept, *others = reversed(alike.values())
            for other in others:
                self._messages.remove(other)
                kept.join(other.newest)
        if kept is None:
            kept = KeptMessage(notice)
        else:
            self._messages.remove(kept)
            kept.join(notice)
        self._messages.insert(0, kept)
        if len(self._messages) > KEPT:
            self._leave_one_out()
        return kept

    def _moved(self, held: dict[KeptMessage, int], changed: Container[KeptMessage]) -> int:
        """By how many lines what is being read stands lower than it was ``held``: the message in which the view begins,
        or where that went to the top, the next one that stayed.
        """
        now = self._tops()
        begins = [message for message, y in held.items() if y <= self.scroll_y][-1:]
        read = (*begins, *(message for message, y in held.items() if y > self.scroll_y))
        stayed = (each for each in read if each in now and (each not in changed or held[each] == now[each]))
        return next((now[message] - held[message] for message in stayed), 0)

    def _leave_one_out(self) -> None:
        """Drop the oldest message that is not an unread alert, or the oldest of all if there are none but those."""
        index = next((i for i in range(len(self._messages) - 1, 0, -1) if not self._messages[i].unread), -1)
        self._left_out += len(self._messages.pop(index).notices)

    def _in_view(self) -> Iterator[tuple[KeptMessage, range]]:
        """The messages in view, and which of their lines."""
        if not self._grown:
            for message, folded in zip(self._messages, self._folded(), strict=False):
                yield message, range(len(folded) if self._is_whole(message, folded) else 0)
            return
        top = self.scroll_offset.y
        bottom = top + self.scrollable_content_region.height
        for message, y in self._tops().items():
            lines = range(max(0, top - y), min(len(message.wrapped(self._room)), bottom - y))
            if lines and (message.is_crowd or not lines[0]):
                yield message, lines

    def _tops(self) -> dict[KeptMessage, int]:
        """The line of the history on which each message begins."""
        heights = accumulate((len(message.wrapped(self._room)) for message in self._messages), initial=0)
        return dict(zip(self._messages, heights, strict=False))

    def _is_whole(self, message: KeptMessage, folded: tuple[Line, ...]) -> bool:
        """Whether no tag of it is out of sight."""
        return not message.is_crowd or len(folded) == len(message.wrapped(self._room))

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
        hidden = self._messages[len(folded) :]
        hidden += [each for each, lines in zip(self._messages, folded, strict=False) if not self._is_whole(each, lines)]
        below = sum(message.waiting for message in hidden)
        lines = [line for message in folded for line in message]
        if below:
            hint = f"  {below} ALERT below: m"
            if len(lines) < HEIGHT:
                lines.append((Piece(" " * (self._room - len(hint))), Piece(hint, Role.ALERT)))
            else:
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
