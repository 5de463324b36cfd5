"""The access token: the one secret that this floor handles."""

from __future__ import annotations

from collections.abc import Generator
from typing import NoReturn
from weakref import WeakKeyDictionary

import httpx

_MASK = "•••"


class Token:
    """An access token, stripped of the white space that comes with files and pasting.

    Whatever prints objects (tracebacks with locals, ``repr`` of a settings object, a debugger's ``vars``) prints
    this one masked: the secret hangs on no attribute, and only :meth:`reveal` says it. Raises :class:`ValueError`,
    which never quotes it, unless it is visible ASCII, because a header made of anything else makes the HTTP library
    raise an error that quotes the whole header.
    """

    __slots__ = ("__weakref__",)

    def __init__(self, secret: str) -> None:
        stripped = secret.strip()
        if not stripped:
            raise ValueError("the access token is empty")
        if not all("!" <= character <= "~" for character in stripped):
            raise ValueError("the access token may hold visible ASCII characters only, without spaces inside")
        _SECRETS[self] = stripped

    def reveal(self) -> str:
        """The secret itself, for the header or message that is just being made."""
        return _SECRETS[self]

    def hide(self, text: str) -> str:
        """``text`` with the secret masked wherever it is repeated: a broker may quote it back."""
        return text.replace(_SECRETS[self], _MASK)

    def __repr__(self) -> str:
        return f"Token({_MASK})"

    def __str__(self) -> str:
        return _MASK

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not written anywhere")


_SECRETS: WeakKeyDictionary[Token, str] = WeakKeyDictionary()


class Bearer(httpx.Auth):
    """Sets the header request by request, so that no client object keeps it."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request
