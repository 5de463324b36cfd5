"""What stands on the terminal, cell by cell, so that only cells that differ are sent.

Textual sends a line in which anything changed from its first column on, and a new screen as several whole frames, of
which the first are empty. On a slow link that is seconds; what differs is mostly the last digit of an age. Nothing is
read back from the terminal: whoever knows that it may show something else than what was sent (it was away, the trader
asks for a repaint) calls :meth:`Shadow.forget`. Nobody knows when another program writes on it (``wall``), so one line
after the other is doubted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

Cell = tuple[str, Style | None] | None
"""A character with all that is combined with it, empty for the second half of a wide one, and its style; ``None`` for
what is not known.
"""

BLANK = (" ", None)
NEAR = 8
"""So many equal cells between two that differ are sent again: to move the cursor over them costs as much."""

ERASE = "\x1b[K"
"""Makes the rest of the line blank."""


class Shadow:
    """The shadow of one terminal."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell]] = {}
        self._size = Size(0, 0)
        self._doubted: set[int] = set()

    def forget(self) -> None:
        """The terminal may show anything: what is drawn next is sent in full."""
        self._lines.clear()

    def doubt(self, y: int) -> None:
        """One line may show anything: it is sent in full beside what is drawn next."""
        self._doubted.add(y)

    def bring(self, update: CompositorUpdate, console: Console) -> str:
        """What makes the terminal show this update; it must be sent, once, and before anything else is."""
        if not isinstance(update, LayoutUpdate | ChopsUpdate):
            self.forget()
            return update.render_segments(console)
        if (size := _size(update)) != self._size:
            self.forget()
            self._size = size
        drawn: dict[int, list[Cell]] = {}
        for x, y, strip in _strips(update):
            line = drawn.setdefault(y, list(self._lines.get(y, ())))
            cells = _cells(strip)
            line += [None] * (x + len(cells) - len(line))
            line[x : x + len(cells)] = cells
        for y in self._doubted & self._lines.keys():
            known = self._lines.pop(y)
            drawn.setdefault(y, known)
        self._doubted.clear()
        return "".join(self._bring_line(y, line, console) for y, line in drawn.items())

    def _bring_line(self, y: int, line: list[Cell], console: Console) -> str:
        there, self._lines[y] = self._lines.get(y, []), line
        if there == line:
            return ""
        if not (_is_ascii(there) and _is_ascii(line)):
            there = []  # of other characters terminals may count the cells otherwise: the line goes whole
        end = len(line)
        is_whole = end >= self._size.width  # else something may stand beyond it
        while is_whole and end and line[end - 1] == BLANK:
            end -= 1
        sent: list[str] = []
        for start, stop in _runs(there, line):
            text = _render(line[start : max(start, min(stop, end))], console)
            sent.append(f"\x1b[{y + 1};{start + 1}H{text}")
            if stop > end:
                sent.append(ERASE)
                break
        return "".join(sent)


def _size(update: LayoutUpdate | ChopsUpdate) -> Size:
    """Of the screen that it was drawn for: one that comes up again can still have the size from before."""
    if isinstance(update, LayoutUpdate):
        return update.region.size
    return Size(update.chop_ends[0][-1], len(update.chops))


def _strips(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The pieces of lines in an update, each with its column and its line.

    Beside the spans of a part there may be pieces, too, of what lies below widgets that were not drawn.
    """
    if isinstance(update, ChopsUpdate):
        for y, first, last in update.spans:
            for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
                if chop is not None and x < last and end > first:
                    yield x, y, chop
        return
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield x, y, strip
            x += strip.cell_length


def _cells(strip: Iterable[Segment]) -> list[Cell]:
    cells: list[tuple[str, Style | None]] = []
    for text, style, control in strip:
        if control:
            continue
        look = _look(style)
        blank = BLANK if _is_unseen(look) else (" ", look)
        for character in text:
            width = 1 if character.isascii() else get_character_cell_size(character)
            if character == " ":
                cells.append(blank)
            elif width:
                cells += [(character, look), ("", look)][:width]
            elif cells:
                at = -1 if cells[-1][0] else -2
                cells[at] = (cells[at][0] + character, cells[at][1])
    return [*cells]


@lru_cache
def _look(style: Style | None) -> Style | None:
    """The style without what a terminal does by itself: its own two colours."""
    if style is None:
        return None
    colors = [None if color is None or color.is_default else color for color in (style.color, style.bgcolor)]
    return (style.without_color + Style(color=colors[0], bgcolor=colors[1])) or None


@lru_cache
def _is_unseen(look: Style | None) -> bool:
    """Whether a space that looks so is like a cell that was erased."""
    if look is None:
        return True
    return not (look.bgcolor or look.reverse or look.underline or look.underline2 or look.overline or look.strike)


def _is_ascii(line: Iterable[Cell]) -> bool:
    """Whether all of it is known, and one cell wide each on every terminal."""
    return all(cell is not None and cell[0].isascii() for cell in line)


def _runs(there: Sequence[Cell], line: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """The columns to send, from and to."""
    start = stop = -1
    for at, cell in enumerate(line):
        if cell is None or (at < len(there) and cell == there[at]):
            continue
        if stop < 0:
            start = at
        elif at - stop > NEAR or None in line[stop:at]:
            yield start, stop
            start = at
        stop = at + 1
    if stop >= 0:
        yield start, stop


def _render(cells: Iterable[Cell], console: Console) -> str:
    """Neighbours of one style share its sequences, blanks between words go with what stands before them."""
    segments: list[Segment] = []
    for text, look in (cell for cell in cells if cell is not None):
        before = segments[-1] if segments else None
        if before and (look == before.style or ((text, look) == BLANK and _is_unseen(before.style))):
            segments[-1] = Segment(before.text + text, before.style)
        else:
            segments.append(Segment(text, look))
    return Strip(segments).render(console)
