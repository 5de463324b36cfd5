"""An application that keeps its own faults to itself.

Textual ends a crashed application by printing a traceback with every local variable of every frame: orders, account
ids, whatever a widget held. Here nothing is printed; whoever ran the application reads :attr:`QuietApp.fault`.
"""

from __future__ import annotations

from rich.console import RenderableType
from textual.app import App


class QuietApp(App[None]):
    """The base of the blotter's application. A fault ends it with exit code 1."""

    @property
    def fault(self) -> Exception | None:
        """The first error that no handler caught."""
        return self._exception

    def panic(self, *renderables: RenderableType) -> None:
        """Errors that know how to draw themselves, and those of the input thread, come this way."""
        self._return_code = 1
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()
