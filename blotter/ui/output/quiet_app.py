"""An application that keeps its own faults to itself, and sends a slow terminal no more than it has to.

Textual ends a crashed application by printing a traceback with every local variable of every frame: orders, account
ids, whatever a widget held. Here nothing is printed; whoever ran the application reads :attr:`QuietApp.fault`.
"""

from __future__ import annotations

from typing import Any

from rich.console import Console, RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.screen import Screen

from blotter.ui.output.driver import Driver
from blotter.ui.output.shadow import Shadow

TURN = 3.0
"""Seconds for which the next line is the one to be sent whole: an 80x24 screen takes 72, at some 30 bytes a second."""


class QuietApp(App[None]):
    """The base of the blotter's application. A fault ends it with exit code 1; a frame sends the cells that differ."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.shadow = Shadow()
        self._turn: int | None = None

    def get_driver_class(self) -> type[Driver]:
        return Driver

    @property
    def fault(self) -> Exception | None:
        """The first error that no handler caught."""
        return self._exception

    def repaint(self) -> None:
        """Send the whole screen, whatever the terminal shows."""
        self.shadow.forget()
        self.screen.refresh(layout=True)

    def keep_painted(self, now: float) -> None:
        """Send each line whole in its turn, so that what another program writes on the terminal does not stay there.
        To be called once a second; ``now`` is in seconds.

        It goes with the next frame. To refresh a part of the screen here would take all else out of that frame.
        """
        before, self._turn = self._turn, int(now / TURN) % max(1, self.size.height)
        if before not in (None, self._turn):
            self.shadow.doubt(self._turn)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            renderable = _Difference(renderable, self.shadow)
        super()._display(screen, renderable)

    def panic(self, *renderables: RenderableType) -> None:
        """Errors that know how to draw themselves come this way."""
        self._return_code = 1
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()


class _Difference(CompositorUpdate):
    """An update as the terminal needs it. It is worked out when it is sent, for not every update is."""

    def __init__(self, update: CompositorUpdate, shadow: Shadow) -> None:
        self._update = update
        self._shadow = shadow

    def render_segments(self, console: Console) -> str:
        return self._shadow.bring(self._update, console)
