from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from blotter.broker import tls
from blotter.broker.client import Client
from blotter.broker.errors import NotSent, StreamClosed, sentence
from blotter.broker.http import Timeouts
from blotter.broker.stream import connect
from tests.broker.canary import TOKEN
from tests.broker.http_server import answer, replies, serve
from tests.broker.listening import listening
from tests.broker.samples import ORDER

# Made for these tests, valid for 127.0.0.1 and signed by nobody but itself.
SELF_SIGNED = Path(__file__).with_name("self_signed.pem")


def nobody() -> ssl.SSLContext:
    """A server whose certificate no authority vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    return context


def test_certificates_and_names_are_always_checked() -> None:
    for context in (tls.context(), tls.unused()):
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
    assert tls.context().minimum_version >= ssl.TLSVersion.TLSv1_2
    assert tls.context().get_ca_certs()
    assert not tls.unused().get_ca_certs()


async def test_a_certificate_signed_by_itself_gets_no_request() -> None:
    async with serve(replies(answer({"success": True})), tls=nobody()) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(NotSent) as caught:
            await client.cancel(ORDER)
        assert "certificate is signed by itself" in sentence(caught.value)
        assert server.requests == []


async def test_a_certificate_signed_by_itself_gets_no_stream() -> None:
    async with serve(replies(answer("")), tls=nobody()) as server:
        with pytest.raises(StreamClosed, match="certificate is signed by itself"):
            async with connect(server.url.replace("https", "wss"), TOKEN):
                raise AssertionError
        assert server.requests == []


async def test_a_host_that_speaks_no_tls_gets_no_request() -> None:
    async with (
        serve(replies(answer({"success": True}))) as server,
        Client(server.url.replace("http", "https"), TOKEN, timeouts=Timeouts(connect=0.2)) as client,
    ):
        with pytest.raises(NotSent):
            await client.cancel(ORDER)
        assert (server.requests, server.connections) == ([], 1)


async def test_a_call_that_ends_within_the_handshake_leaves_no_connection_behind() -> None:
    greeted, gone = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(5):
                while await reader.read(4096):
                    greeted.set()
            gone.set_result(True)
        except TimeoutError:
            gone.set_result(False)
        finally:
            writer.close()

    async with listening(says_nothing) as server:
        port = server.sockets[0].getsockname()[1]
        async with Client(f"https://127.0.0.1:{port}", TOKEN) as client:
            call = asyncio.create_task(client.cancel(ORDER))
            await greeted.wait()
            assert call.cancel()
            assert await gone
    assert call.cancelled()


async def test_the_keys_are_written_to_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    tls.context.cache_clear()
    async with serve(replies(answer("")), tls=nobody()) as server, Client(server.url, TOKEN) as client:
        with pytest.raises(NotSent):
            await client.cancel(ORDER)
    assert not keys.exists()
    assert tls.context().keylog_filename is None
