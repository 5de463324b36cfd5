"""The question before many cancels: the set in the table's place, and under it the count that must be typed.

It is answered like the single question (:mod:`blotter.ui.asking.confirm`), with the count in place of ``y``: what was
typed before the set can have been read does not count, and neither does what was typed before the set's end was on the
screen. The keys are handed in by the application, in the order typed, and never wait for a focus to settle.

Where no journal can be written, the count opens the same question once more, with what that means: it must be read
before the second count, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.containers import Vertical
from textual.events import Key
from textual.message import Message
from textual.strip import Strip

from blotter.core.account import Accounts
from blotter.core.asking.many import Bars, Many
from blotter.core.asking.mass import MassCancel
from blotter.core.asking.scope import Selection
from blotter.core.book.cancel import CancelRequest
from blotter.core.book.row import Row
from blotter.core.clock import Clock
from blotter.core.instant import Instant
from blotter.core.sheets import many_sheet
from blotter.core.sheets.many_sheet import Typing
from blotter.core.words.piece import Line, edged, plain
from blotter.ui.asking.arrival import arrival
from blotter.ui.asking.attention import Attention
from blotter.ui.asking.keys import typed
from blotter.ui.lines.line_view import LineView
from blotter.ui.many.set_table import SetTable

KEEP = frozenset({"n", "escape"})
LONGEST = 6
TOO_QUICK = "too quick: read it, then type the count"
OTHER_KEY = "only the count, enter and n answer here"
TO_THE_END = "not yet, there is more of the set: End shows it, then type the count"


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a frame shows: of which set, and in which words."""

    many: Many
    above: tuple[Line, ...]
    below: tuple[Line, ...]


class SetView(Vertical):
    """What stands in the table's place while the question is open."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        self.above = LineView(classes="above")
        self.table = SetTable(self._redraw)
        self.redraw: Callable[[], None] = lambda: None
        super().__init__(self.above, self.table, id=id)

    def on_mount(self) -> None:
        self.display = False

    def _redraw(self) -> None:
        self.redraw()


class ManyConfirm(LineView):
    """The six lines. Every question ends in exactly one :class:`Decided`."""

    class Decided(Message):
        """``mass`` is ``None`` when all orders are kept; ``reason`` is set when the program withdrew the question."""

        def __init__(self, mass: MassCancel | None, reason: str = "") -> None:
            super().__init__()
            self.mass = mass
            self.reason = reason

    def __init__(self, clock: Clock, set_view: SetView, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._clock = clock
        self._set = set_view
        set_view.redraw = self.redraw
        self._many: Many | None = None
        self._accounts = Accounts()
        self._typed = ""
        self._begun = 0
        """The count that stood there when the first digit was typed."""
        self._again = False
        """Whether the count was typed once, and must be a second time."""
        self._hint = ""
        self._attention: Attention[_Drawn] = Attention()

    @property
    def is_open(self) -> bool:
        return self._many is not None

    @property
    def many(self) -> Many | None:
        """The question that is open."""
        return self._many

    def on_mount(self) -> None:
        self.display = False
        self.set_interval(1.0, self.redraw)

    def open(self, selection: Selection, accounts: Accounts, pressed: Instant, bars: Bars, journal: str = "") -> None:
        """Freeze the orders of ``selection`` and ask about them. ``journal`` says why no cancel can be put on record,
        empty while each can.
        """
        self._many = Many.open(selection, pressed, bars, journal)
        self._accounts = accounts
        self._typed, self._begun, self._again, self._hint = "", 0, False, ""
        self._attention.start()
        self._set.table.open(self._many, accounts)
        self._set.display = self.display = True
        self.redraw()

    def follow(self, rows: Sequence[Row]) -> None:
        """News of any orders."""
        if self._many is not None:
            self._many = self._many.follow(rows, self._clock.now())
            self.redraw()

    def block(self, reason: str) -> None:
        """Nothing can be sent any more."""
        if self._many is not None:
            self._many = self._many.block(reason)
            self.redraw()

    def close(self, reason: str = "") -> None:
        """Withdraw the question; all orders are kept."""
        if self._many is not None:
            self._end(None, reason)

    def press(self, event: Key) -> None:
        """Any key while the question is open."""
        many, arrived = self._many, arrival(event, self._clock.now())
        if many is None:
            return
        character = typed(event)
        if event.key in KEEP or (many.blocked and event.key == "enter"):
            self._end(None)
            return
        if self._set.table.scroll_by_key(character or event.key):
            self._hint = ""
        elif many.blocked:
            return
        elif event.key == "backspace":
            self._typed, self._hint = self._typed[:-1], ""
        elif event.key != "enter" and not (character and character in "0123456789"):
            self._attention.disturb(arrived.mono)
            self._hint = OTHER_KEY
        elif self._attention.too_quick(arrived.mono):
            self._attention.disturb(arrived.mono)
            self._typed, self._hint = "", TOO_QUICK
        elif not self._set.table.read:
            self._typed, self._hint = "", TO_THE_END
        elif event.key == "enter":
            self._answer(many, arrived)
            return
        else:
            self._begun = self._begun if self._typed else many.count
            self._typed, self._hint = (self._typed + (character or ""))[:LONGEST], ""
        self.redraw()

    def on_resize(self) -> None:
        self.redraw()

    def render_line(self, y: int) -> Strip:
        self._attention.frame(self.call_later, lambda: self._clock.now().mono)
        return super().render_line(y)

    def redraw(self) -> None:
        """Put the question as it stands now."""
        if self._many is None or not self.size.width:
            return
        width, table = self.screen.size.width, self._set.table
        above = many_sheet.above(self._many, self._accounts, width)
        self._set.above.styles.height = len(above)
        self._set.above.put(above)
        table.draw(self._many, self._clock.now())
        typing = Typing(self._typed, self._hint, table.read or table.fits, table.rows_in_view, self._again)
        below = many_sheet.below(self._many, self._accounts, typing, width)
        drawn = self._attention.drawn
        if drawn is None or (drawn.many, drawn.above, drawn.below) != (self._many, above, below):
            self._attention.drawn = _Drawn(self._many, above, below)
            self.put(tuple(map(edged, below)))

    def _answer(self, many: Many, arrived: Instant) -> None:
        seen = self._attention.seen
        if seen is None:
            return
        if wrong := many.wrong(self._typed, self._begun):
            self._typed, self._hint = "", wrong
        elif many.journal and not self._again:
            self._typed, self._again = "", True
            self._attention.start()
        else:
            self._end(self._mass(many, seen, arrived))
            return
        self.redraw()

    def _mass(self, many: Many, seen: _Drawn, confirmed: Instant) -> MassCancel:
        """Each order as it stood in the last frame that was written, if it is still in the set."""
        inside = {entry.asked.key for entry in many.inside}
        around = ("\n".join(map(plain, seen.above)), "\n".join(map(plain, seen.below)))
        columns = self._set.table.columns
        requests = tuple(
            CancelRequest(
                entry.row.order,
                entry.row.tag,
                many_sheet.shown(around, entry, columns, confirmed, self._accounts),
                many.pressed,
                confirmed,
                unaudited=many.journal,
            )
            for entry in seen.many.inside
            if entry.asked.key in inside
        )
        return MassCancel(f"{confirmed.utc:%H%M%S.%f}", many.sentence, requests, confirmed)

    def _end(self, mass: MassCancel | None, reason: str = "") -> None:
        self._many = None
        self._set.display = self.display = False
        self.post_message(self.Decided(mass, reason))
