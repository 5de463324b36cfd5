"""The three commands, from arguments to exit code: 0 done, 1 refused or failed, 2 usage or settings.

No secret is ever an argument: every user of the host can read those.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from blotter import environment
from blotter.arguments import Parser

LOGIN = """\
Log in at the broker. Prints an address to open in a browser, on any machine; then takes the address that the browser
was sent back to, or the code in it, pasted without being shown. It wants client_id and redirect_uri in config.toml.
The login is kept for this profile, renewed by itself, and used by every command that starts without another token."""


def main(arguments: Sequence[str]) -> int:
    """Run the command that is named first."""
    given = _parser().parse_args(arguments)
    secret = environment.take_token()

    from blotter import config, paths
    from blotter.desk.secrets.private_file import UnsafeFile
    from blotter.identity.say import Unwritable, refuse

    flags = {"profile": given.profile, "base_url": getattr(given, "base_url", None)}
    try:
        if given.command == "logout":
            from blotter.identity.logout import log_out

            return log_out(config.profile_name(flags, os.environ), paths.logins_folder())
        place = config.place(flags, os.environ, paths.config_file())
        if given.command == "whoami":
            from blotter.identity.whoami import say_who

            return say_who(place, secret, paths.logins_folder())
        from blotter.identity.login import Wish, log_in

        wish = Wish(listen=given.listen, ask_secret=given.ask_secret, read_only=given.read_only)
        return log_in(place, wish, paths.logins_folder(), paths.config_file(), overruled=bool(secret))
    except (config.ConfigError, UnsafeFile) as error:
        refuse(*str(error).split("\n"))
        return 2
    except Unwritable as error:
        refuse(str(error))
        return 1


def _parser() -> Parser:
    parser = Parser("blotter", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    login = commands.add_parser("login", description=LOGIN, help="log in at the broker", allow_abbrev=False)
    login.add_argument(
        "--listen",
        action="store_true",
        help="wait for the browser on a port of 127.0.0.1 instead of for a paste, for who forwards that port",
    )
    login.add_argument(
        "--ask-secret",
        action="store_true",
        help="ask for the client's secret, which is not shown and not kept; client_secret_file keeps one",
    )
    login.add_argument("--read-only", action="store_true", help="do not ask the broker for the right to cancel")
    logout = commands.add_parser("logout", description="Forget the login of this profile.", allow_abbrev=False)
    whoami = commands.add_parser(
        "whoami",
        description="Say which profile, which accounts, which scopes, and when the token ends; never the token.",
        allow_abbrev=False,
    )
    for each in (login, logout, whoami):
        each.add_argument("--profile", metavar="NAME", help="the profile of config.toml (default: its top)")
    for each in (login, whoami):
        each.add_argument("--base-url", metavar="URL", help="the broker's address")
    return parser
