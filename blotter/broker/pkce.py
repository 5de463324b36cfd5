"""OAuth 2 with PKCE: the secrets of one login, and the address that a browser opens for it.

Whoever shares this host can see the address and can catch the code on its way back. Without the verifier, which never
leaves this process but to the token endpoint, the code buys nothing; without the state nobody else's code is taken.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urlsplit

from blotter.broker.auth import Code, Verifier

SCOPES = ("account:information", "order:information", "order:execution")
"""The least that lists accounts and orders and cancels them."""

EXECUTION = "order:execution"

_MOST = 16 * 1024


class BadReturn(Exception):
    """What came back from the browser cannot be used. The message is a sentence; ``words`` are the broker's, raw."""

    def __init__(self, problem: str, words: str = "") -> None:
        super().__init__(problem)
        self.words = words


class Denied(BadReturn):
    """It is the answer to this attempt, and the answer is no."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to log in: its state and verifier serve once."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...] = SCOPES
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: Verifier = field(default_factory=lambda: Verifier(secrets.token_urlsafe(48)))

    def address(self, page: str) -> str:
        """What the browser is to open, at the broker's login page."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": self.state,
            "code_challenge": challenge(self.verifier),
            "code_challenge_method": "S256",
        }
        return f"{page}?{urlencode(query)}"

    def code(self, pasted: str) -> Code:
        """The code in a pasted redirect address, or the code that was pasted alone.

        Raises:
            Denied: the user or the broker said no.
            BadReturn: it is an answer to another attempt, or neither address nor code.
        """
        text = pasted.strip()
        if not text:
            raise BadReturn("nothing was pasted")
        if len(text) > _MOST or not text.isascii() or not text.isprintable():
            raise BadReturn("that is neither the address that the browser went to nor a code")
        if "://" in text or text.startswith("?") or "code=" in text or "error=" in text:
            return self._from_address(text)
        return _code(text)

    def _from_address(self, text: str) -> Code:
        try:
            parts, expected = urlsplit(text), urlsplit(self.redirect_uri)
            values = parse_qs(parts.query or ("" if parts.scheme else text), max_num_fields=50)
        except ValueError:
            raise BadReturn("that address cannot be read") from None
        if parts.scheme and (parts.scheme, parts.netloc, parts.path) != expected[:3]:
            raise BadReturn("that is not the address that the login leads back to")
        if any(len(values.get(name, [])) > 1 for name in ("code", "state", "error")):
            raise BadReturn("that address says something twice")
        if not hmac.compare_digest(values.get("state", [""])[0], self.state):
            raise BadReturn("it is not the answer to this login (the state differs): open the address above again")
        if "error" in values:
            words = ": ".join(values["error"] + values.get("error_description", [])[:1])
            raise Denied("the broker did not allow it", words)
        if "code" not in values:
            raise BadReturn("there is no code in that address")
        return _code(values["code"][0])


def challenge(verifier: Verifier) -> str:
    """S256: what the broker is shown first, so that only the verifier can follow."""
    return urlsafe_b64encode(sha256(verifier.reveal().encode()).digest()).rstrip(b"=").decode()


def _code(text: str) -> Code:
    try:
        return Code(text)
    except ValueError as error:
        raise BadReturn(str(error)) from None
