"""The ``blotter`` command: the process made safe before anything is imported, then the command that was named.

Whatever gets out of a command ends here, in one line: Python's own traceback quotes the error's message.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from blotter import environment, hardening

COMMANDS = ("orders", "cancel", "kill", "audit")


def main() -> int:
    """Run the command that the arguments name; returns its exit code."""
    os.umask(0o077)
    hardening.harden()
    environment.tame()
    _spare_the_extras()
    # Only now: what this imports loads OpenSSL, which reads its own variables when it is loaded.
    from blotter import crash

    crash.hush()
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - the last frame that can keep a traceback off the terminal
        return crash.last_word(error)


def _spare_the_extras() -> None:
    """Leave out httpx's own command line, which it imports wherever it can, with click, rich and pygments behind it: a
    seventh of the time that ``blotter orders`` takes. ``None`` is Python's word for a module that cannot be imported,
    and httpx does without.
    """
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # as the language reference says, section 5.3.1


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["paper"]:
        from blotter.paper.command import main as paper

        return paper(arguments[1:])
    if arguments[:1] in (["login"], ["logout"], ["whoami"]):
        from blotter.identity.command import main as identity

        return identity(arguments)
    if arguments and arguments[0] in COMMANDS:
        # Each is a module of its own: a command imports only what it uses.
        return int(import_module(f"blotter.commands.{arguments[0]}").main(arguments[1:]))
    from blotter.cli import main as screen

    return screen(arguments)


if __name__ == "__main__":
    sys.exit(main())
