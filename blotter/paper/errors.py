"""Refusals of the API in the shapes of its error bodies."""

from __future__ import annotations

import secrets
from typing import Any


class ApiError(Exception):
    """An answer that is not a success: its status code and its JSON body."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body


def flat(status: int, error: str, codes: list[dict[str, str]] | None = None) -> ApiError:
    """The flat shape: ``error`` is a sentence, ``codes`` name the fields."""
    return ApiError(status, {"error": error, "codes": codes or [], "metadata": {}})


def problem(code: str, description: str, field: str) -> dict[str, str]:
    """One entry of ``codes``."""
    return {"code": code, "description": description, "field": field}


def nested(status: int, kind: str, code: str, message: str, **details: str) -> ApiError:
    """The nested shape: ``error`` is an object. ``kind`` is its upper-case type."""
    error = {
        "type": kind,
        "code": code,
        "message": message,
        "details": details,
        "request_id": f"r-{secrets.token_hex(4)}",
    }
    return ApiError(status, {"error": error, "meta": {}})


def no_such_account(account: str) -> ApiError:
    """Absent or not visible: the broker does not say which."""
    return nested(404, "NOT_FOUND", "ACCOUNT_NOT_FOUND", "account not found", account=account)
