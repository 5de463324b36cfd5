"""The desk lives on a login: tokens that end, that are refused in mid-run, and a login that is revoked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from blotter.broker.oauth import TokenEndpoint
from blotter.broker.pkce import EXECUTION, SCOPES
from blotter.core.asking.mass import Fate, MassCancel
from blotter.core.book.cancel import CancelState
from blotter.core.book.row import Row
from blotter.core.book.status import why_not_cancel
from blotter.core.notice import Severity
from blotter.core.order import OrderKey
from blotter.desk.clock import SystemClock
from blotter.desk.desk import Desk
from blotter.desk.messages import LinkPhase, LoginState
from blotter.desk.secrets.login import LoginFile
from blotter.desk.secrets.private_file import write_private
from blotter.desk.secrets.token_file import FileTokens, read_token
from blotter.desk.secrets.tokens import LoginTokens
from blotter.desk.settings import DeskSettings
from blotter.paper.settings import PaperSettings
from tests.desk.seat import QUICK, Seat
from tests.desk.turnstile import CANCEL, Turnstile
from tests.desk.values import request
from tests.identity.browser import at_the_broker, log_in
from tests.paper.serving import Serving, serving

HOUR = PaperSettings(orders=12, rate=0, accounts=1)
LACKS = "the login lacks order:execution; log in again: blotter login"


class Office:
    """A trader who is logged in at a practice broker, and sits at a desk."""

    def __init__(self, broker: Serving, folder: Path) -> None:
        self.broker = broker
        self.folder = folder
        self.file = LoginFile(folder / "logins" / "default.json")
        self.log_in()

    def log_in(self) -> None:
        self.file.write(log_in(self.broker.url))

    @contextmanager
    def seat(self, **changes: Any) -> Iterator[Seat]:
        login = self.file.read()
        assert login is not None
        tokens = LoginTokens(
            self.file, login, TokenEndpoint(self.broker.url, "blotter"), SystemClock(), command="blotter login"
        )
        journal = self.folder / "journal"
        settings = DeskSettings(self.broker.url, self.broker.stream_url, tokens, journal, patience=QUICK)
        with Desk(replace(settings, **changes), SystemClock()) as desk:
            yield Seat(desk, journal)


def cancelable(seat: Seat) -> Row:
    seat.live(5)
    return next(row for row in seat.rows.values() if why_not_cancel(row, row.reported) is None)


def ask(seat: Seat, row: Row) -> OrderKey:
    assert seat.desk.cancel(request(row.order, row.tag))
    return row.key


def test_a_token_that_is_refused_in_mid_run_costs_nobody_a_cancel(tmp_path: Path) -> None:
    with serving(HOUR) as broker:
        office = Office(broker, tmp_path)
        with office.seat() as seat:
            row = cancelable(seat)
            at_the_broker(broker.url, "expire")
            key = ask(seat, row)
            seat.until(lambda: seat.rows[key].cancel is CancelState.CONFIRMED, 10)
            answers = [(each["http"], each["verdict"]) for each in seat.records("answer")]
            assert len(answers) == 2
            assert answers[0][0] == 401
            assert len(seat.records("intent")) == 1
            assert seat.alerts == []


def test_a_revoked_login_stops_sending_says_what_to_do_and_goes_on_after_a_new_one(tmp_path: Path) -> None:
    with serving(HOUR) as broker:
        office = Office(broker, tmp_path)
        with office.seat() as seat:
            row = cancelable(seat)
            at_the_broker(broker.url, "revoke")
            assert seat.desk.relist()
            notice = seat.told("Nothing is sent any more: the broker refused to renew the login")
            assert notice.severity is Severity.ALERT
            assert notice.text.endswith("; log in again: blotter login")
            assert "revoked" in notice.broker_text
            key = ask(seat, row)
            seat.until(lambda: seat.records("outcome") or seat.records("declined"))
            assert seat.rows[key].cancel in (CancelState.NOT_SENT, CancelState.NONE)
            assert not [each for each in seat.records("answer") if each.get("http")]

            office.log_in()
            assert seat.desk.relist()
            seat.told("Logged in again")
            seat.live(5)
            seat.until(lambda: why_not_cancel(seat.rows[key], seat.rows[key].reported) is None)
            ask(seat, seat.rows[key])
            seat.until(lambda: seat.rows[key].cancel is CancelState.CONFIRMED, 10)


def test_a_revoked_login_ends_its_stream_and_a_new_one_is_taken_up_unasked(tmp_path: Path) -> None:
    with serving(HOUR) as broker:
        office = Office(broker, tmp_path)
        with office.seat() as seat:
            seat.live(5)
            at_the_broker(broker.url, "revoke")
            said = "the broker refused to renew the login; log in again: blotter login"
            assert seat.told(f"Nothing is sent any more: {said}").severity is Severity.ALERT
            assert seat.login == LoginState("LOGGED OUT", said)
            seat.until(lambda: {link.trouble for link in seat.links.values()} == {"no login"})
            notice = seat.told(" for the stream: the broker refused to renew")
            assert notice.text.endswith("takes a new login up by itself.")
            office.log_in()
            seat.told("Logged in again")
            assert seat.login == LoginState()
            seat.until(lambda: all(link.phase is LinkPhase.OK for link in seat.links.values()), 20)


def test_a_login_that_is_revoked_right_after_a_refused_token_was_renewed_is_said_to_be_over(tmp_path: Path) -> None:
    """The renewal that was just made does not keep the next refusal from being looked into."""
    with serving(HOUR) as broker:
        office = Office(broker, tmp_path)
        first = office.file.stamp()
        with office.seat() as seat:
            seat.live(5)
            at_the_broker(broker.url, "expire")
            assert seat.desk.relist()
            seat.until(lambda: office.file.stamp() != first)
            at_the_broker(broker.url, "revoke")
            said = "the broker refused to renew the login; log in again: blotter login"
            seat.until(lambda: seat.login == LoginState("LOGGED OUT", said), 20)
            assert seat.told(f"Nothing is sent any more: {said}").severity is Severity.ALERT
            office.log_in()
            seat.told("Logged in again")
            seat.until(lambda: all(link.phase is LinkPhase.OK for link in seat.links.values()), 20)


def test_a_token_in_a_file_that_is_revoked_stops_the_stream_until_another_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "token"
    with serving(HOUR) as broker:
        office = Office(broker, tmp_path)
        write_private(path, log_in(broker.url).access.reveal().encode())
        with office.seat(token=FileTokens(path, read_token(path))) as seat:
            seat.live(5)
            at_the_broker(broker.url, "revoke")
            refused = seat.told("for the stream: authentication failed. Bring a fresh token.")
            assert refused.severity is Severity.ALERT
            seat.until(lambda: all(link.phase is LinkPhase.OFFLINE for link in seat.links.values()))
            assert {link.trouble for link in seat.links.values()} == {"401 token refused"}
            write_private(path, log_in(broker.url).access.reveal().encode())
            seat.until(lambda: all(link.phase is LinkPhase.OK for link in seat.links.values()), 20)


def test_a_refresh_that_loses_the_right_to_cancel_stops_the_very_cancel_that_brought_it_about(tmp_path: Path) -> None:
    with serving(HOUR) as broker:
        office = Office(broker, tmp_path)
        with office.seat() as seat:
            row = cancelable(seat)
            at_the_broker(broker.url, "narrow", "expire")
            key = ask(seat, row)
            seat.until(lambda: seat.rows[key].cancel is CancelState.NOT_SENT, 10)
            assert seat.told(f"Read-only: {LACKS}").severity is Severity.ALERT
            assert seat.login == LoginState("READ-ONLY", LACKS)
            assert LACKS in seat.told("Not sent: ").text
            assert (seat.outcome()["outcome"], seat.outcome()["cause"]) == ("not sent", "no token")
            assert [each["http"] for each in seat.records("answer")] == [401, None]
            assert why_not_cancel(seat.rows[key], seat.rows[key].reported) is None

            office.log_in()
            seat.told("Cancels can be sent again")
            assert seat.login == LoginState()
            ask(seat, seat.rows[key])
            seat.until(lambda: seat.rows[key].cancel is CancelState.CONFIRMED, 10)


def test_the_right_to_cancel_is_lost_in_the_middle_of_many(tmp_path: Path) -> None:
    """Each of those that are left is said not to have been sent, and the broker has looked at none of them."""
    turnstile = Turnstile(holds=10)
    with serving(PaperSettings(orders=200, rate=0, accounts=1), turnstile.around) as broker:
        office = Office(broker, tmp_path)
        with office.seat(cancel_concurrency=1) as seat:
            cancelable(seat)
            asked = [row for row in seat.rows.values() if why_not_cancel(row, row.reported) is None]
            requests = tuple(request(row.order, row.tag) for row in asked)
            assert seat.desk.cancel_many(MassCancel("m-1", "all", requests, requests[0].confirmed))
            with turnstile.held():
                # Whatever is read meanwhile: this one left with the token that ends here.
                at_the_broker(broker.url, "narrow", "expire")
            seat.until(lambda: seat.mass["m-1"].over, 30)
            fates = Counter(each.fate for each in seat.results.values())
            assert fates.keys() <= {Fate.CANCELED, Fate.REFUSED, Fate.FILLED, Fate.NOT_SENT}
            assert fates[Fate.CANCELED]
            unsent = [each for each in seat.results.values() if each.fate is Fate.NOT_SENT]
            assert (len(unsent), fates.total()) == (len(asked) - 9, len(asked))
            assert all(LACKS in each.text for each in unsent)
            seat.until(lambda: len(seat.records("outcome")) == len(asked))
            answers = Counter(each["http"] for each in seat.records("answer"))
            assert (answers[401], answers[403]) == (1, 0)
        heard = Counter({status: count for (path, status), count in turnstile.answers.items() if path == CANCEL})
        assert heard == {200: 9, 401: 1}
        assert turnstile.answers["/v1/oauth2/token", 200] == 2, "the login, and one refresh"
        assert not [status for _, status in turnstile.answers if status == 403]
        with broker.client() as client:
            listed = client.get("/v2/accounts/PAPER-1/orders", params={"limit": 500}).json()["orders"]
        still = {each["clOrdId"] for each in listed if each["ordStatus"] not in ("CANCELED", "FILLED")}
        assert {each.order.cl_ord_id for each in unsent} <= still


def test_a_login_without_the_right_to_cancel_says_so_at_the_start_and_gets_it_while_running(tmp_path: Path) -> None:
    with serving(HOUR) as broker:
        office = Office(broker, tmp_path)
        office.file.write(replace(log_in(broker.url), scopes=frozenset(SCOPES) - {EXECUTION}))
        with office.seat() as seat:
            assert seat.told(f"Read-only: {LACKS}").severity is Severity.ALERT
            key = ask(seat, cancelable(seat))
            seat.until(lambda: seat.rows[key].cancel is CancelState.NOT_SENT)
            assert seat.outcome()["cause"] == "no token"
            assert [each["http"] for each in seat.records("answer")] == [None]
            office.log_in()
            seat.told("Cancels can be sent again")
            ask(seat, seat.rows[key])
            seat.until(lambda: seat.rows[key].cancel is CancelState.CONFIRMED, 10)


@pytest.mark.parametrize("secret_of", ["access", "refresh"])
def test_no_secret_of_a_login_reaches_journal_or_screen(tmp_path: Path, secret_of: str) -> None:
    with serving(HOUR) as broker:
        office = Office(broker, tmp_path)
        login = office.file.read()
        assert login is not None
        secret = (login.access if secret_of == "access" else login.refresh or login.access).reveal()
        with office.seat() as seat:
            row = cancelable(seat)
            at_the_broker(broker.url, "revoke")
            ask(seat, row)
            seat.told("Nothing is sent any more")
            said = "".join(f"{notice.text} {notice.broker_text}" for notice in seat.notices)
        written = "".join(path.read_text() for path in (tmp_path / "journal").rglob("*") if path.is_file())
        assert secret not in said + written


def test_tokens_and_sessions_of_seconds_are_renewed_without_a_gap(tmp_path: Path) -> None:
    """The session is authenticated again on the same socket: the stream never drops, so nobody is told anything."""
    short = PaperSettings(orders=12, rate=0, accounts=1, token_seconds=1, session_seconds=1.0, warning_seconds=0.1)
    with serving(short) as broker:
        office = Office(broker, tmp_path)
        first = office.file.stamp()
        with office.seat() as seat:
            row = cancelable(seat)
            seat.until(lambda: office.file.stamp() != first)
            second = office.file.stamp()
            seat.until(lambda: office.file.stamp() != second)
            key = ask(seat, row)
            seat.until(lambda: seat.rows[key].cancel is CancelState.CONFIRMED, 10)
            assert seat.notices == [] or all("stream" not in text.lower() for text in seat.texts)
            assert seat.alerts == []
