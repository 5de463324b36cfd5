"""A token that must turn up nowhere but in the header or message that carries it."""

from __future__ import annotations

from blotter.broker.auth import Token

CANARY = "canary-7f3a91c4e0"
TOKEN = Token(CANARY)


def everything_in(error: BaseException) -> str:
    """All that a crash report could print of an error: its words, its attributes, and the errors behind it."""
    seen: list[str] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is not None:
            seen.append(f"{current!s} {current!r} {current.args!r} {vars(current)!r}")
            waiting += [current.__cause__, current.__context__]
    return "\n".join(seen)
