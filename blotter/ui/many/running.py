"""The two lines of a mass cancel that is under way, in the place of the cursor's details: the table stays usable."""

from __future__ import annotations

from blotter.core.account import Accounts
from blotter.core.sheets.result_sheet import running_lines
from blotter.ui.lines.line_view import LineView
from blotter.ui.many.runs import Runs


class Running(LineView):
    """Draws how far it is, in the width it has."""

    def on_mount(self) -> None:
        self.display = False

    def tell(self, runs: Runs, accounts: Accounts) -> None:
        progress, width = runs.progress, self.app.size.width
        if progress is None or not width:
            return
        if progress.over:
            keys = "R shows the result of each"
        elif progress.unsent:
            keys = f"x stops the {progress.unsent} not sent yet   R shows each"
        elif progress.again:
            keys = f"x stops the {progress.again} to be sent again   R shows each"
        else:
            keys = "waiting for the last words   R shows each"
        self.put(running_lines(progress, runs.kinds(accounts), keys, width))
