"""Certificates that are not the broker's: no request, no stream, no token, and a sentence that says what is wrong."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from blotter.broker import tls
from blotter.broker.auth import Code, Verifier
from blotter.broker.client import Client
from blotter.broker.errors import BrokerError, NotSent, StreamClosed, sentence
from blotter.broker.oauth import TokenEndpoint
from blotter.broker.stream import connect
from blotter.config import ConfigError, live
from tests.broker.canary import CANARY, TOKEN
from tests.broker.http_server import Server, answer, replies, serve
from tests.broker.samples import ORDER
from tests.hostile.behind_tls import AUTHORITY, behind_tls, certificate
from tests.terminal.pty_session import PtySession
from tests.terminal.scripted_broker import ScriptedBroker

TAKEN = replies(answer({"success": True, "origClOrdId": ORDER.cl_ord_id, "status": "PENDING_CANCEL"}))

WRONG = {
    "expired": "its certificate has expired",
    "not_yet": "its certificate is not valid yet",
    "wrong_host": "its certificate is for another",
    "wrong_address": "its certificate is for another address",
}


async def refusals(server: Server, ca_file: Path | None) -> list[BrokerError]:
    """What a cancel, a stream and a login come to there."""
    with pytest.raises(NotSent) as cancel:
        async with Client(server.url, TOKEN, ca_file=ca_file) as client:
            await client.cancel(ORDER)
    with pytest.raises(StreamClosed) as stream:
        async with connect(server.url.replace("https", "wss"), TOKEN, ca_file=ca_file):
            raise AssertionError
    endpoint = TokenEndpoint(server.url, "blotter", ca_file=ca_file)
    with pytest.raises(NotSent) as login:
        await endpoint.redeem(Code("the-code"), Verifier("v" * 43), "https://localhost/cb")
    return [cancel.value, stream.value, login.value]


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_certificate_of_a_trusted_authority_gets_nothing(wrong: str) -> None:
    async with serve(TAKEN, tls=certificate(wrong)) as server:
        for error in await refusals(server, AUTHORITY):
            assert WRONG[wrong] in sentence(error)
            assert CANARY not in sentence(error)
        assert server.requests == []


async def test_a_good_certificate_of_an_authority_that_is_not_trusted_gets_nothing() -> None:
    async with serve(TAKEN, tls=certificate("good")) as server:
        for error in await refusals(server, None):
            assert "authority that is not trusted here" in sentence(error)
        assert server.requests == []


async def test_an_authority_of_the_settings_is_trusted_and_the_usual_ones_still_are() -> None:
    async with serve(TAKEN, tls=certificate("good")) as server, Client(server.url, TOKEN, ca_file=AUTHORITY) as client:
        assert (await client.cancel(ORDER)).success
    ours, usual = tls.context(AUTHORITY), tls.context()
    assert len(ours.get_ca_certs()) == len(usual.get_ca_certs()) + 1
    assert (ours.verify_mode, ours.check_hostname) == (ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_an_old_protocol_is_not_spoken(newest: ssl.TLSVersion) -> None:
    context = certificate("good")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = newest
    async with serve(TAKEN, tls=context) as server:
        assert len(await refusals(server, AUTHORITY)) == 3
        assert server.requests == []


def settings(folder: Path, ca_file: str) -> str:
    """What the settings say of this ``ca_file``; empty when it is good."""
    config = folder / "config.toml"
    config.write_text(f'base_url = "https://127.0.0.1"\nca_file = "{ca_file}"\n')
    try:
        live({}, {}, config, "secret")
    except ConfigError as error:
        return str(error)
    return ""


def open_to_all(path: Path) -> None:
    path.write_bytes(AUTHORITY.read_bytes())
    path.chmod(0o666)


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "No such file"),
    "empty": (lambda path: path.touch(), "holds no certificates"),
    "no certificate": (lambda path: path.write_text("-----BEGIN NOTHING-----"), "holds no certificates"),
    "open to all": (open_to_all, "chmod go-w"),
    "good": (lambda path: path.write_bytes(AUTHORITY.read_bytes()), ""),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_file_of_authorities_is_looked_at_before_anything_is_sent(tmp_path: Path, kind: str) -> None:
    make, words = FILES[kind]
    make(tmp_path / "authority.pem")
    said = settings(tmp_path, "authority.pem")
    assert (words in said) if words else not said
    assert not said or "ca_file" in said


def test_the_whole_program_sends_nothing_to_a_certificate_that_has_expired(tmp_path: Path) -> None:
    """That it does trust a good one is seen where the environment is ignored."""
    (tmp_path / "config" / "blotter").mkdir(parents=True)
    (tmp_path / "config" / "blotter" / "config.toml").write_text(f'ca_file = "{AUTHORITY}"\n')
    with ScriptedBroker() as broker, behind_tls(broker.url, "expired") as url:
        environment = {**broker.environment, "BLOTTER_BASE_URL": url}
        with PtySession(tmp_path, columns=160, environment=environment) as session:
            session.until("its certificate has expired")
            assert broker.tokens == set()
            session.type("q")
            assert session.exit_code() == 0
