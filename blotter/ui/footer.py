"""The bottom line: the keys that matter most, what ended, and which rows of how many are in view."""

from __future__ import annotations

from collections.abc import Sequence

from blotter.core.words.piece import Line, Piece, Role, join, length
from blotter.ui.commands import COMMANDS, Command
from blotter.ui.lines.line_view import LineView
from blotter.ui.situation import Situation
from blotter.ui.table.view import View

GAP = "  "


class Footer(LineView):
    """Commands that cannot act now are dimmed, not hidden: pressing one says why."""

    def tell(self, situation: Situation, view: View) -> None:
        if self.size.width:
            self.put([footer(situation, standing(view), self.size.width)])


def footer(situation: Situation, forms: Sequence[Line], width: int) -> Line:
    """As many commands as find room beside the first of ``forms`` that leaves room for those that must not be left out:
    the two most important ones, help and quit. The last form gives way to them.
    """
    commands = [command for command in COMMANDS if command.footer]

    def room(words: Line) -> int:
        return width - length(_keys(commands, situation)) - len(GAP) - length(words) - 1

    needed = length(_keys([*commands[:2], *commands[-2:]], situation)) + len(GAP) + 1
    where = next((form for form in forms if needed + length(form) <= width), ())
    while len(commands) > 4 and room(where) < 0:
        del commands[-3]
    line = _keys(commands, situation)
    return (*line, Piece(" " * (room(where) + len(GAP))), *where) if where else line


def standing(view: View) -> list[Line]:
    """The marks, the orders that ended and which key does what about them, and the rows in view where not all are. Each
    form is shorter than the one before; ``2 marked  56 ended, 16 here: t hides, ! puts away  1-16 of 68``.
    """
    marks, hidden = view.marked
    marked = [Piece(f"{marks} marked" + (f" ({hidden} hidden)" if hidden else ""), Role.DIM)] if marks else []
    first, last = view.top + 1, min(len(view), view.top + view.height)
    rows = [Piece(f"{first}-{last} of {len(view)}", Role.DIM)] if len(view) > view.height else []
    ended = [Piece(words, Role.NEWS) for words in _ended(view)]
    forms = [[*marked, words, *rows] for words in ended]
    return [join(((piece,) for piece in form), GAP) for form in (*forms, ended[-1:] or [*marked, *rows], rows)]


def _ended(view: View) -> list[str]:
    """The finished orders that leave working ones no room in the window, and those hidden before they were in view."""
    ended = view.ended
    if not ended.shown:
        return [f"{ended.unseen} ended unseen: ! shows", f"{ended.unseen} unseen: !"] if ended.unseen else []
    if len(view) <= view.height and not ended.unseen:
        return []
    count = f"{ended.shown} ended"
    unseen = f", {ended.unseen} unseen" if ended.unseen else ""
    if ended.here == ended.shown:
        return [f"{count}{unseen}: ! puts away", f"{count}: ! puts away"]
    here = f", {ended.here} here" if ended.here else ""
    act = "puts away" if here else "shows"
    hides = (f"{count}{here}{unseen}", f"{count}{here or unseen}", count)
    return [f"{hides[0]}: t hides, ! {act}", *(f"{words}: t hides" for words in hides)]


def _keys(commands: list[Command], situation: Situation) -> Line:
    line: list[Piece] = [Piece(" ")]
    for index, command in enumerate(commands):
        line.append(Piece(GAP if index else ""))
        able = command.refusal(situation) is None
        line += [
            Piece(command.shown, Role.STRONG if able else Role.DIM),
            Piece(f" {command.words}", Role.PLAIN if able else Role.DIM),
        ]
    return tuple(line)
