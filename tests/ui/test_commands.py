from __future__ import annotations

import inspect

from blotter.core.instant import Instant
from blotter.core.words.piece import Piece, length, plain
from blotter.ui.commands import BY_KEY, COMMANDS, Actions, readme_table
from blotter.ui.footer import footer
from blotter.ui.situation import Situation
from blotter.ui.table.order_table import OrderTable
from blotter.ui.table.view import View
from tests.ui.fake_desk import HandClock
from tests.ui.orders import a_row

NOW: Instant = HandClock().now()


def test_no_key_means_two_things() -> None:
    assert len(BY_KEY) == sum(len(command.keys) for command in COMMANDS)


def test_y_and_n_mean_nothing_outside_the_confirmation() -> None:
    assert not {"y", "n"} & BY_KEY.keys()


def test_nothing_that_can_be_done_is_without_a_key() -> None:
    asked: set[str] = set()
    noted: set[str] = set()

    class Noted:
        def __getattr__(self, name: str) -> object:
            return self if name == "canceling" else lambda: noted.add(name)

    class Asked:
        view = View()
        table = OrderTable(view)
        questions = outlet = Noted()

        def __getattr__(self, name: str) -> object:
            return lambda: asked.add(name)

    for command in COMMANDS:
        command.act(Asked())  # type: ignore[arg-type]  # it answers to every name
    assert asked == {name for name, _ in inspect.getmembers(Actions, inspect.isfunction) if not name.startswith("_")}
    assert noted == {"ask_cancel", "choose", "stop", "show_result", "copy_id", "export_orders"}


def test_why_not_is_a_sentence() -> None:
    cancel = BY_KEY["c"]
    row = a_row(0)
    assert cancel.refusal(Situation(NOW, row)) is None
    assert cancel.refusal(Situation(NOW)) == "no order under the cursor"
    assert cancel.refusal(Situation(NOW, row, read_only="read-only: so it is")) == "read-only: so it is"
    assert cancel.refusal(Situation(NOW, row, failed="a bug")) == "not sent: the desk has stopped (a bug)"
    assert BY_KEY["q"].refusal(Situation(NOW, failed="a bug")) is None


WHERE = [(Piece(words),) for words in ("56 ended, 16 here: t hides, ! puts away  13-24 of 52", "13-24 of 52")]


def test_the_footer_fits_and_keeps_help_and_quit() -> None:
    for width in range(40, 200):
        line = footer(Situation(NOW, a_row(0)), WHERE, width)
        assert length(line) <= width or width < 60
        assert "? keys" in plain(line)
        assert "q quit" in plain(line)
    assert plain(footer(Situation(NOW), [], 80)).startswith(" c cancel  K many  / filter  enter details")


def test_the_readme_table_names_every_command() -> None:
    table = readme_table()
    assert table.count("\n") == len(COMMANDS) + 1
    for command in COMMANDS:
        assert command.help in table
