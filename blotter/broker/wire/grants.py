"""The token endpoint's answer: an access token, and what comes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from blotter.broker.auth import RefreshToken, Token
from blotter.broker.wire.json import NotJson, Number, read
from blotter.broker.wire.values import decimal

LONGEST = 10 * 365 * 86_400.0
"""Seconds: whatever claims to live longer is taken to live this long."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What the broker gives. Lives are in seconds, ``None`` where it does not say.

    ``refresh`` is ``None`` where no new refresh token came: the one before stays good. ``scopes`` is ``None`` where
    the answer names none, which means all that were asked for.
    """

    access: Token
    refresh: RefreshToken | None = None
    lives: float | None = None
    refresh_lives: float | None = None
    scopes: frozenset[str] | None = None


def read_grant(text: str) -> Grant:
    """Raises :class:`NotJson`, which quotes nothing: the text is made of secrets."""
    try:
        said = _Answer.model_validate(read(text, unique=True))
        access = Token(said.access_token)
        refresh = RefreshToken(said.refresh_token) if said.refresh_token else None
    except ValidationError as error:
        fields = sorted({str(part) for each in error.errors(include_input=False) for part in each["loc"][:1]})
        problem = f"no usable {', '.join(fields)}" if fields else "it is no object"
    except ValueError as error:
        problem = str(error)
    else:
        scopes = None if said.scope is None else frozenset(said.scope.split())
        return Grant(access, refresh, said.expires_in, said.refresh_token_expires_in, scopes)
    raise NotJson(problem)


def _seconds(value: object) -> float | None:
    """A number, or a number in text, as some servers write it."""
    if value is None:
        return None
    number = decimal(value) if isinstance(value, Number | str) else None
    if number is None or number <= 0:
        raise ValueError("not a life in seconds")
    return min(float(number), LONGEST)


_Seconds = Annotated[float | None, BeforeValidator(_seconds)]


def _bearer(kind: str) -> str:
    if kind.lower() != "bearer":
        raise ValueError("not a bearer token")
    return kind


def _words(value: object) -> object:
    """A number is no text, whatever it is made of here."""
    if isinstance(value, Number):
        raise ValueError("not a text")
    return value


_Words = Annotated[str, BeforeValidator(_words)]


class _Answer(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True, extra="ignore", frozen=True)

    access_token: _Words
    token_type: Annotated[_Words, AfterValidator(_bearer)] = "Bearer"  # noqa: S105 - a kind, not a token
    expires_in: _Seconds = None
    refresh_token: _Words | None = None
    refresh_token_expires_in: _Seconds = None
    scope: Annotated[_Words, StringConstraints(max_length=2000)] | None = None
