"""The keys and the codes, from the lists that the program itself goes by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from blotter.core.book.status import legend
from blotter.core.text import cells
from blotter.core.words.piece import Line, Piece, Role
from blotter.core.words.wrap import wrap
from blotter.ui.commands import COMMANDS, Command
from blotter.ui.lines.reader import SCROLLS
from blotter.ui.lines.reading_screen import ReadingScreen

CONFIRMATION = (
    ("y", "send the cancel: yes, and nothing else, once the question has stood there for a moment"),
    ("n esc enter", "keep the order"),
    ("12 enter", "many orders: their count is the yes, once the whole set was on the screen; n and esc keep all"),
)

SIDES = (("B", "BUY"), ("S", "SELL"), ("SS", "SELL SHORT"), ("BC", "BUY TO COVER"))

LINK = (
    ("12 working", "orders that are not finished, in all accounts"),
    ("? 12+? working", "nothing was read yet, or not the list of every account: there may be any number more"),
    ("OK", "the stream is heard and the list is read: what the rows say is true"),
    ("stream 2s list 12s", "how long ago the stream was last heard and the whole list last read"),
    ("STALE 7s", "the stream has said nothing for so long, or STALE list 7s, the list is so old: figures may be old"),
    ("RECONNECTING", "the stream is down and being tried again; in brackets the attempt"),
    ("POLLING 5s", "no stream: the list is read every so often, and is so old"),
    ("OFFLINE", "neither the stream nor the list is read; c says whether a cancel can still be sent"),
    ("LIVE PRACTICE", "whose money it is, never the state of the link"),
)

AGE = (
    ("7s", "how long ago the last news of the order happened"),
    (
        "STALE 7s ~7s",
        "in a row: for so long the stream is silent and no list came, or the list fails: figures may be old",
    ),
    ("DOUBT 7s ?7s", "the order is to be read again; until then the figures may be wrong"),
)


class HelpScreen(ReadingScreen):
    """Readable at 80x24; scrolls."""

    CLOSE: ClassVar[frozenset[str]] = frozenset({"escape", "q", "question_mark", "?"})
    FOOT: ClassVar[str] = f"esc, ? or q closes   {SCROLLS}"

    def __init__(self, commands: Sequence[Command] = COMMANDS) -> None:
        super().__init__()
        self._commands = tuple(commands)

    def content(self, width: int) -> Sequence[Line]:
        return tuple(help_lines(self._commands, width))


def help_lines(commands: Sequence[Command], width: int) -> Iterator[Line]:
    """Keys, the confirmation's keys, the status codes and the other words of the screen."""
    keys = [(command.shown, f"{command.words}: {command.help}") for command in commands]
    sections = (
        ("KEYS", keys),
        ("In the confirmation", CONFIRMATION),
        ("Status", legend()),
        ("Age", AGE),
        ("Side", SIDES),
        ("The header", LINK),
    )
    label = 2 + max(cells(name) for _, entries in sections for name, _ in entries)
    for index, (title, entries) in enumerate(sections):
        if index:
            yield ()
        yield (Piece(f" {title}", Role.TITLE),)
        for name, words in entries:
            for number, line in enumerate(wrap(words, max(1, width - label - 2))):
                shown = name if not number else ""
                yield (Piece(f"  {shown}{' ' * (label - cells(shown))}", Role.STRONG), Piece(line))
