"""The blotter's own command line, from arguments to exit code.

What can be answered without a screen (help, version, wrong settings, no terminal) is answered before Textual is
imported. Exit codes: 0 left by the trader, 1 an error of ours or of the desk, 2 usage or settings, 129 and 143 signals.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from blotter import __version__, environment
from blotter.arguments import Parser, account

DESCRIPTION = "A live blotter of working orders for the terminal, with the cancel beside it."
EPILOG = f"""\
commands, each with a --help of its own:
  blotter login, logout, whoami        log in over SSH, and who is logged in
  blotter orders, cancel, kill, audit  without a screen; the journal
  blotter paper                        the practice broker on its own

environment:
  BLOTTER_PROFILE  BLOTTER_BASE_URL  BLOTTER_STREAM_URL  BLOTTER_READ_ONLY
  BLOTTER_ACCOUNTS (comma-separated)  BLOTTER_TIMEOUT (seconds for one cancel)
  {environment.TOKEN_VARIABLE}  BLOTTER_ACCESS_TOKEN_FILE

A flag wins over the environment, that over the profile in config.toml, such as:
  base_url = "https://api.aries.com"
  client_id = "the id that the broker gave your application"
  redirect_uri = "https://localhost/callback"
  accounts = ["ACC-1", {{ id = "ACC-2", nickname = "ira", view_only = true }}]

  [profiles.sim]
  base_url = "https://api.aries.com"
  accounts = ["SIM-1"]"""


def main(arguments: Sequence[str]) -> int:
    """Run the blotter; returns its exit code."""
    parser = _parser()
    given, unknown = parser.parse_known_args(arguments)
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}; blotter --help names commands and flags")
    return _run(given, environment.take_token())


def _parser() -> Parser:
    parser = Parser(
        "blotter",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"blotter {__version__}")
    parser.add_argument("--profile", metavar="NAME", help="use the table [profiles.NAME] of config.toml")
    parser.add_argument("--base-url", metavar="URL", help="the broker's address; https, or http to 127.0.0.1")
    parser.add_argument(
        "--account",
        metavar="ID",
        type=account,
        action="append",
        dest="accounts",
        help="show this account (repeatable); without it, all that the broker names",
    )
    parser.add_argument("--paper", action="store_true", help="open a practice broker, and the blotter on it")
    parser.add_argument("--read-only", action="store_true", default=None, help="show orders, send nothing")
    return parser


def _run(given: argparse.Namespace, secret: str) -> int:
    from blotter import config, paths, terminal

    flags: dict[str, Any] = {
        "profile": given.profile,
        "base_url": given.base_url,
        "accounts": given.accounts,
        "read_only": given.read_only,
    }
    try:
        chosen: config.Settings | config.Practice
        if given.paper:
            chosen = config.practice(flags, os.environ, paths.config_file())
        else:
            chosen = config.live(flags, os.environ, paths.config_file(), secret, paths.logins_folder())
    except config.ConfigError as error:
        return _refuse(str(error))
    if problem := terminal.missing():
        return _refuse(problem)

    from blotter.session import run

    return run(chosen)


def _refuse(message: str) -> int:
    """Say why not, safe to look at: the keys of a file may hold anything."""
    from blotter.core.text import show

    print("\n".join(show(line) for line in f"blotter: {message}".splitlines()), file=sys.stderr)  # noqa: T201
    return 2
