"""The secrets of this floor: the access token before all, and what it is got with.

Whatever prints objects (tracebacks with locals, ``repr`` of a settings object, a debugger's ``vars``) prints a secret
masked: it hangs on no attribute, and only :meth:`Secret.reveal` says it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import ClassVar, NoReturn, Protocol
from weakref import WeakKeyDictionary

import httpx

_MASK = "•••"
_SHORTEST_MASKED = 6


class Secret:
    """A secret in visible ASCII, stripped of the white space that comes with files and pasting.

    Raises :class:`ValueError`, which never quotes it, for anything else: a header made of it would make the HTTP
    library raise an error that quotes the whole header.
    """

    __slots__ = ("__weakref__",)
    name: ClassVar[str] = "secret"

    def __init__(self, secret: str) -> None:
        stripped = secret.strip()
        if not stripped:
            raise ValueError(f"the {self.name} is empty")
        if not all("!" <= character <= "~" for character in stripped):
            raise ValueError(f"the {self.name} may hold visible ASCII characters only, without spaces inside")
        _SECRETS[self] = stripped

    def reveal(self) -> str:
        """The secret itself, for the header or message that is just being made."""
        return _SECRETS[self]

    def same(self, other: Secret) -> bool:
        """Whether both hide the same."""
        return _SECRETS[self] == _SECRETS[other]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_MASK})"

    def __str__(self) -> str:
        return _MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


_SECRETS: WeakKeyDictionary[Secret, str] = WeakKeyDictionary()


def hide(text: str) -> str:
    """``text`` with every secret that is in use masked: a broker may quote back what it was sent.

    The shortest are left alone: masking a secret of one letter would destroy every text.
    """
    for secret in sorted(_SECRETS.values(), key=len, reverse=True):
        if len(secret) >= _SHORTEST_MASKED:
            text = text.replace(secret, _MASK)
    return text


class NoToken(Exception):
    """There is no good access token; the message says why and what to do, and goes on after a colon."""


class Tokens(Protocol):
    """Where calls get their access token. Lives in one event loop. The first two methods raise :class:`NoToken`."""

    @property
    def why_not_cancel(self) -> str:
        """Why nothing may be canceled with it, and what to do; empty where it is permitted, or nobody knows."""
        ...

    async def current(self) -> Token:
        """One that is good by all we know, refreshed first where it is about to end."""

    async def renewed(self, refused: Token) -> Token | None:
        """Another one, after the broker refused ``refused``; ``None`` where there is no other to be had.

        However many calls were refused, the token is refreshed once for all of them.
        """

    async def changed(self) -> None:
        """Wait until there is another one, and look for one that somebody else brings; for ever where none can come."""

    async def settle(self, seconds: float) -> None:
        """Give a refresh that was asked for so long to be answered and stored, for its answer is worth a login; any
        other is given up at once. Called before the loop ends.
        """


class Token(Secret):
    """An access token. By itself it is its own :class:`Tokens`: there is no other."""

    __slots__ = ()
    name = "access token"
    why_not_cancel: ClassVar[str] = ""

    async def current(self) -> Token:
        return self

    async def renewed(self, refused: Token) -> Token | None:
        return None

    async def changed(self) -> None:
        await asyncio.Event().wait()

    async def settle(self, seconds: float) -> None:
        return None


class RefreshToken(Secret):
    """What a new access token is got with."""

    __slots__ = ()
    name = "refresh token"


class Code(Secret):
    """What the broker's login page gives: it is exchanged once, within a minute."""

    __slots__ = ()
    name = "code"


class Verifier(Secret):
    """What proves that a code is exchanged by whoever asked for it."""

    __slots__ = ()
    name = "code verifier"


class ClientSecret(Secret):
    """What a confidential client proves itself with."""

    __slots__ = ()
    name = "client secret"


class Bearer(httpx.Auth):
    """Sets the header request by request, so that no client object keeps it."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request
