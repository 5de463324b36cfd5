"""The bottom line: the keys that matter most, and which rows of how many are in view."""

from __future__ import annotations

from blotter.core.piece import Line, Piece, Role, length
from blotter.ui.commands import COMMANDS, Command
from blotter.ui.line_view import LineView
from blotter.ui.situation import Situation
from blotter.ui.view import View

GAP = "  "


class Footer(LineView):
    """Commands that cannot act now are dimmed, not hidden: pressing one says why."""

    def tell(self, situation: Situation, view: View) -> None:
        if self.size.width:
            self.put([footer(situation, position(view), self.size.width)])


def footer(situation: Situation, where: str, width: int) -> Line:
    """As many commands as find room beside ``where``, the most important first; quit and help are never left out."""
    commands = [command for command in COMMANDS if command.footer]
    while len(commands) > 2:
        line = _keys(commands, situation)
        if length(line) + len(GAP) + len(where) + 1 <= width:
            break
        del commands[-3]
    line = _keys(commands, situation)
    room = width - length(line) - len(where) - 1
    return (*line, Piece(" " * room), Piece(where, Role.DIM)) if room >= len(GAP) else line


def position(view: View) -> str:
    """``2 marked  13-24 of 52``: the marks, and the rows in view where not all are."""
    marks, hidden = view.marked
    said = [f"{marks} marked" + (f" ({hidden} hidden)" if hidden else "")] if marks else []
    if len(view) > view.height:
        said.append(f"{view.top + 1}-{min(len(view), view.top + view.height)} of {len(view)}")
    return GAP.join(said)


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
