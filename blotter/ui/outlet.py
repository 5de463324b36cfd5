"""What leaves the screen on the trader's wish: an id to the terminal's clipboard, tables to files.

Files are the desk's to write, which says where they are or why they are not there.
"""

from __future__ import annotations

from typing import Protocol

from blotter.core.book.row import Row
from blotter.core.notice import Severity
from blotter.core.sheets.export import results_csv, rows_csv
from blotter.desk.messages import DeskLink
from blotter.ui import clipboard
from blotter.ui.known import Known
from blotter.ui.many.runs import Runs
from blotter.ui.table.view import View


class Host(Protocol):
    def copy_to_clipboard(self, text: str) -> None: ...
    def tell(self, severity: Severity, text: str, row: Row | None = None) -> None: ...


class Outlet:
    """The orders of ``view`` and the results of ``runs``."""

    def __init__(self, host: Host, desk: DeskLink, known: Known, view: View, runs: Runs) -> None:
        self._host = host
        self._desk = desk
        self._known = known
        self._view = view
        self._runs = runs

    def copy_id(self) -> None:
        """The client order id of the cursor's order."""
        row = self._view.current
        if row is None:
            return
        if reason := clipboard.unfit(row.order.cl_ord_id):
            self._host.tell(Severity.WARN, f"client order id not copied: {reason}", row)
            return
        self._host.copy_to_clipboard(row.order.cl_ord_id)
        self._host.tell(Severity.INFO, f"asked the terminal to copy {row.order.cl_ord_id}", row)

    def export_orders(self) -> None:
        """All rows shown, in the order shown."""
        shown = self._view.keys()
        rows = (row for key in shown if (row := self._view.row(key)) is not None)
        self._export("orders.csv", rows_csv(rows, self._known.accounts))

    def export_results(self) -> None:
        """What became of each order of the last cancel of many."""
        self._export("cancels.csv", results_csv(self._runs.results.values(), self._known.accounts, self._view.row))

    def _export(self, name: str, text: str) -> None:
        if not self._desk.export(name, text):
            self._host.tell(Severity.ALERT, "not exported: the desk has stopped")
