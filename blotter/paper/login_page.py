"""The page that stands for the broker's login, and one that ends logins: plain forms, no password, no money.

``/oauth2/authorize`` is where a client sends its user. ``/oauth2/logins`` lists who is logged in; buttons there let a
login's access token expire, take the right to cancel from those that follow, and revoke it whole.
"""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from blotter.paper.logins import Logins, OAuthError
from blotter.paper.token_route import read_scopes

MOST = 64 * 1024
KEPT = ("client_id", "redirect_uri", "state", "code_challenge", "scope")


class LoginPage:
    """Consent, and its end."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins
        self._acts = (
            ("expire", "Let its token expire", logins.expire),
            ("narrow", "Take the right to cancel", logins.narrow),
            ("revoke", "Revoke", logins.revoke),
        )

    def routes(self) -> list[Route]:
        return [
            Route("/oauth2/authorize", self.ask),
            Route("/oauth2/authorize", self.answer, methods=["POST"]),
            Route("/oauth2/logins", self.show),
            Route("/oauth2/logins", self.end, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The question. A client or an address that cannot be trusted with an answer is not sent one."""
        query = dict(request.query_params)
        if problem := _untrustworthy(query):
            return _page("Not possible", f"<p>{escape(problem)}</p>", 400)
        try:
            scopes = _checked(query)
        except OAuthError as error:
            return _back(query, error.body)
        kept = "".join(_hidden(name, query.get(name, "")) for name in KEPT)
        ticks = "".join(_tick(scope) for scope in sorted(scopes))
        buttons = _button("answer", "yes", "Allow") + _button("answer", "no", "Deny")
        asks = f"<p><b>{escape(query['client_id'])}</b> asks for:</p>"
        return _page("Practice broker", f'{asks}<form method="post">{kept}{ticks}<p>{buttons}</p></form>')

    async def answer(self, request: Request) -> Response:
        form = await _form(request)
        query = {name: values[0] for name, values in form.items()}
        if problem := _untrustworthy(query):
            return _page("Not possible", f"<p>{escape(problem)}</p>", 400)
        if query.get("answer") != "yes":
            return _back(query, {"error": "access_denied", "error_description": "the user said no"})
        try:
            allowed = read_scopes(query.get("scope", "")) & frozenset(form.get("allow", []))
        except OAuthError as error:
            return _back(query, error.body)
        challenge = query.get("code_challenge", "")
        code = self._logins.consent(query["client_id"], query["redirect_uri"], allowed, challenge)
        return _back(query, {"code": code})

    async def show(self, _request: Request) -> Response:
        rows = ""
        for number, login in enumerate(self._logins.logins):
            state = "ended" if login.ended else "logged in"
            buttons = "".join(_button(name, str(number), label) for name, label, _ in self._acts)
            scopes = escape(" ".join(sorted(login.scopes)))
            rows += f"<li>{escape(login.client_id)}: {scopes}, {state} {buttons}</li>"
        return _page("Logins", f'<form method="post"><ul>{rows or "<li>none</li>"}</ul></form>')

    async def end(self, request: Request) -> Response:
        form = await _form(request)
        for name, _, act in self._acts:
            for number in form.get(name, []):
                if number.isdecimal() and int(number) < len(self._logins.logins):
                    act(self._logins.logins[int(number)])
        return RedirectResponse("/oauth2/logins", 303)


def _untrustworthy(query: dict[str, str]) -> str:
    if not query.get("client_id"):
        return "client_id is required"
    parts = urlsplit(query.get("redirect_uri", ""))
    if parts.scheme not in ("http", "https") or parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        return "redirect_uri must lead back to this machine"
    return ""


def _checked(query: dict[str, str]) -> frozenset[str]:
    if query.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "expected code")
    if query.get("code_challenge") and query.get("code_challenge_method") != "S256":
        raise OAuthError("invalid_request", "expected the code challenge method S256")
    return read_scopes(query.get("scope", ""))


def _back(query: dict[str, str], said: dict[str, str]) -> Response:
    """To the client, with its state."""
    given = {**said, "state": query["state"]} if query.get("state") else said
    joint = "&" if urlsplit(query["redirect_uri"]).query else "?"
    return RedirectResponse(f"{query['redirect_uri']}{joint}{urlencode(given)}", 303)


async def _form(request: Request) -> dict[str, list[str]]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            return {}
    return parse_qs(body.decode(errors="replace"), max_num_fields=100)


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    head = f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>"
    return HTMLResponse(f"{head}<p>Simulated: no account and no money behind it.</p>{body}", status)


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _tick(scope: str) -> str:
    return f'<label><input type="checkbox" name="allow" value="{escape(scope)}" checked> {escape(scope)}</label><br>'


def _button(name: str, value: str, label: str) -> str:
    return f'<button name="{name}" value="{value}">{label}</button> '
