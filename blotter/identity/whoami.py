"""``blotter whoami``: which profile, which accounts, which scopes, until when. Never the token."""

from __future__ import annotations

import asyncio
from pathlib import Path

from blotter.broker.client import Client
from blotter.broker.errors import BrokerError
from blotter.broker.pkce import EXECUTION
from blotter.config import ConfigError, Place
from blotter.config.tokens import Found, find
from blotter.core.account import Account
from blotter.desk.secrets.tokens import LoginTokens
from blotter.identity.login import ends
from blotter.identity.say import failed, refuse, say


def say_who(place: Place, secret: str, logins: Path) -> int:
    """Returns the exit code: 1 when nobody is logged in, or the broker does not say who."""
    say(f"profile   {place.profile}")
    say(f"broker    {place.base_url}")
    try:
        found = find(place, secret, logins)
    except ConfigError as error:
        refuse(str(error))
        return 1
    accounts: tuple[Account, ...] = ()
    trouble: BrokerError | None = None
    try:
        accounts = asyncio.run(_accounts(place, found))
    except BrokerError as error:
        trouble = error
    _say_token(found)
    if trouble is not None:
        failed(trouble)
        return 1
    _say_accounts(place, accounts)
    return 0


async def _accounts(place: Place, found: Found) -> tuple[Account, ...]:
    async with Client(place.base_url, found.tokens, ca_file=place.ca_file) as client:
        return await client.accounts()


def _say_token(found: Found) -> None:
    say(f"token     from {found.source}")
    login = found.tokens.login if isinstance(found.tokens, LoginTokens) else None
    if login is None:
        say("          the broker knows its scopes and its end")
        return
    say(f"          {ends(login)}")
    say(f"client    {login.client_id}")
    say(f"scopes    {' '.join(sorted(login.scopes))}")
    if not login.can_execute:
        say(f"          without {EXECUTION}: the blotter is read-only")


def _say_accounts(place: Place, accounts: tuple[Account, ...]) -> None:
    named = {account.id: account for account in accounts if account.id}
    shown = place.accounts or tuple(named)
    if not shown:
        say("accounts  none that can trade")
    for count, name in enumerate(shown):
        account = named.get(name, Account(name))
        notes = [place.nicknames.get(name, ""), account.kind, account.status]
        notes += ["view only"] if name in place.view_only else []
        notes += [] if name in named else ["the broker does not name it"]
        say(f"{'' if count else 'accounts':<10}{name}  {', '.join(filter(None, notes))}")
    if hidden := [name for name in named if name not in shown]:
        say(f"          not shown by this profile: {', '.join(hidden)}")
