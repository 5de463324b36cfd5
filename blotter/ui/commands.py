"""Every action of the blotter, said once: its keys, its words, its help, when it is allowed and why not.

The footer, the help screen, the README's table and the keyboard all read this list, so that none of them can promise
what another does not keep.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from blotter.core.asking.override import why_tag
from blotter.core.book.status import is_finished, why_not_cancel
from blotter.ui.situation import Situation
from blotter.ui.table.view import View

if TYPE_CHECKING:
    from blotter.ui.outlet import Outlet
    from blotter.ui.questions import Questions
    from blotter.ui.table.order_table import OrderTable


class Actions(Protocol):
    """What the application can be asked to do."""

    @property
    def view(self) -> View: ...
    @property
    def table(self) -> OrderTable: ...
    @property
    def questions(self) -> Questions: ...
    def open_details(self) -> None: ...
    def edit_filter(self) -> None: ...
    def relist(self) -> None: ...
    def grow_messages(self) -> None: ...
    def acknowledge(self) -> None: ...
    @property
    def outlet(self) -> Outlet: ...
    def open_accounts(self) -> None: ...
    def open_help(self) -> None: ...
    def quit_or_close(self) -> None: ...


def _always(situation: Situation) -> str | None:
    return None


def _needs_row(situation: Situation) -> str | None:
    return None if situation.row else "no order under the cursor"


def _may_send(situation: Situation) -> str | None:
    if situation.read_only:
        return situation.read_only
    return f"not sent: the desk has stopped ({situation.failed})" if situation.failed else None


def _may_mark(situation: Situation) -> str | None:
    row = situation.row
    if row is not None and is_finished(row.order):
        return f"order is {row.order.ord_status}"
    return _needs_row(situation)


def _may_stop(situation: Situation) -> str | None:
    return None if situation.unsent else "no cancel waits to be sent"


def _may_show_result(situation: Situation) -> str | None:
    return None if situation.has_result else "no cancel of many was asked yet"


def _may_cancel(situation: Situation) -> str | None:
    if (refusal := _may_send(situation)) or situation.marked:
        return refusal
    if situation.row is None:
        return "no order under the cursor"
    if situation.barred and not situation.waits:
        return f"not sent: {situation.barred}"
    if situation.waits or why_tag(situation.row, situation.now):
        return None
    return why_not_cancel(situation.row, situation.now)


def _may_relist(situation: Situation) -> str | None:
    return f"not asked: the desk has stopped ({situation.failed})" if situation.failed else None


@dataclass(frozen=True, slots=True)
class Command:
    """One action.

    ``keys`` are characters as typed, or Textual's names of keys that type none. ``shown`` is how they are written for
    people. ``footer`` commands stand in the bottom line, ``of_row`` ones are about the cursor's order. ``refusal`` is
    the reason why the key cannot act now, as a sentence for the panel, else ``None``.
    """

    keys: tuple[str, ...]
    shown: str
    words: str
    help: str
    act: Callable[[Actions], None]
    refusal: Callable[[Situation], str | None] = _always
    footer: bool = False
    of_row: bool = False


COMMANDS = (
    Command(
        ("c",),
        "c",
        "cancel",
        "ask to cancel the marked orders, or else the one under the cursor; only y sends, or its tag where a reason"
        " stands against it, or the count where there are many",
        lambda app: app.questions.ask_cancel(),
        _may_cancel,
        footer=True,
        of_row=True,
    ),
    Command(
        ("K",),
        "K",
        "many",
        "ask to cancel many: a this account, b buys, s sells, i this symbol, f what the filter shows, d day orders,"
        " * everything; then the count must be typed",
        lambda app: app.questions.canceling.choose(),
        _may_send,
        footer=True,
    ),
    Command(
        ("/",),
        "/",
        "filter",
        "show only orders that match (symbol, tag, id, account); enter keeps the filter, esc clears it",
        lambda app: app.edit_filter(),
        footer=True,
    ),
    Command(
        ("enter",),
        "enter",
        "details",
        "everything known of the order",
        lambda app: app.open_details(),
        _needs_row,
        footer=True,
        of_row=True,
    ),
    Command(
        ("t",),
        "t",
        "finished",
        "hide every finished order that is shown, or else show all of today's; what ended out of view stays counted as"
        " unseen",
        lambda app: app.view.toggle_finished(app.table.drawn),
        footer=True,
    ),
    Command(
        (" ",),
        "space",
        "mark",
        "mark the order under the cursor, or take its mark away; c then means the marked ones",
        lambda app: app.view.mark(),
        _may_mark,
        of_row=True,
    ),
    Command(
        ("x",),
        "x",
        "stop",
        "send nothing more of a cancel of many; what is on its way stays on its way",
        lambda app: app.questions.canceling.stop(),
        _may_stop,
    ),
    Command(
        ("R",),
        "R",
        "result",
        "what became of each order of the last cancel of many; e there writes it to a file",
        lambda app: app.questions.canceling.show_result(),
        _may_show_result,
    ),
    Command(("up", "k"), "↑ k", "up", "cursor to the order above", lambda app: app.view.move(-1)),
    Command(("down", "j"), "↓ j", "down", "cursor to the order below", lambda app: app.view.move(1)),
    Command(("home", "g"), "Home g", "first", "cursor to the first order", lambda app: app.view.first()),
    Command(("end", "G"), "End G", "last", "cursor to the last order", lambda app: app.view.last()),
    Command(("pageup",), "PageUp", "page up", "one screen up", lambda app: app.view.page(-1)),
    Command(("pagedown",), "PageDown", "page down", "one screen down", lambda app: app.view.page(1)),
    Command(
        ("m",),
        "m",
        "messages",
        "grow the messages to a scrollable history, and back",
        lambda app: app.grow_messages(),
        footer=True,
    ),
    Command(
        ("!",),
        "!",
        "acknowledge",
        "put away the finished orders in view and mark the messages in view as read; where there are none, go to the"
        " next order that ended unseen",
        lambda app: app.acknowledge(),
        footer=True,
    ),
    Command(
        ("r",),
        "r",
        "re-list",
        "read every list anew, reconnect at once and repaint the screen",
        lambda app: app.relist(),
        _may_relist,
    ),
    Command(
        ("a",),
        "a",
        "accounts",
        "every account: its stream, its list, since when, and what is in the way",
        lambda app: app.open_accounts(),
    ),
    Command(
        ("e",),
        "e",
        "export",
        "write the orders shown to a file, which the messages name",
        lambda app: app.outlet.export_orders(),
    ),
    Command(
        ("Y",),
        "Y",
        "copy id",
        "hand the order's client order id to the terminal's clipboard",
        lambda app: app.outlet.copy_id(),
        _needs_row,
        of_row=True,
    ),
    Command(
        ("escape",),
        "esc",
        "clear",
        "show all orders again; where no filter is on, take all marks away",
        lambda app: app.view.escape(),
    ),
    Command(("?",), "?", "keys", "the keys and the legend of status codes", lambda app: app.open_help(), footer=True),
    Command(
        ("q", "ctrl+q", "ctrl+c"),
        "q",
        "quit",
        "end the blotter, or close what is open (also ctrl+q, ctrl+c); orders are left as they are",
        lambda app: app.quit_or_close(),
        footer=True,
    ),
)

BY_KEY = {key: command for command in COMMANDS for key in command.keys}
QUIT = BY_KEY["q"]


def readme_table() -> str:
    """The keys as the Markdown table of the README."""
    lines = ["| key | does |", "| --- | --- |"]
    for command in COMMANDS:
        keys = " ".join(f"`{key}`" for key in command.shown.split())
        lines.append(f"| {keys} | {command.help} |")
    return "\n".join(lines)
