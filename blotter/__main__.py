"""The ``blotter`` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command that the arguments name; returns its exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["paper"]:
        from blotter.paper.command import main as paper

        return paper(arguments[1:])
    from blotter.cli import main as screen

    return screen(arguments)


if __name__ == "__main__":
    sys.exit(main())
