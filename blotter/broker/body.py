"""The body of an answer, read no further than it may be long.

No compression is asked for, and one is understood all the same, since proxies compress unasked. It is undone here and
not by the HTTP library, which unpacks each piece whole before anybody can count: 64 KiB become 64 MiB. One layer at
most: several would turn one small piece into gigabytes.
"""

from __future__ import annotations

import zlib
from contextlib import aclosing

import httpx

MOST_PACKED = 8 * 2**20
"""Bytes of a compressed body as it comes over the wire."""

ENOUGH = 2**16
"""Bytes of a body that is no success: the broker's words stand at its beginning."""

_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "deflate"})
_DAMAGED = "it cannot be decompressed"


class Undecodable(Exception):
    """A body that came and cannot be taken, in our words."""


async def read_body(response: httpx.Response, most: int) -> bytes:
    """The whole body of a success, unpacked; of anything else the beginning, as far as it is legible.

    Raises :class:`Undecodable` for a success that is damaged, and, before more is in memory, for one that is longer
    than ``most`` bytes.
    """
    body = bytearray()
    try:
        await _read(response, most if response.is_success else ENOUGH, body)
    except Undecodable:
        if response.is_success:
            raise
    return bytes(body)


async def _read(response: httpx.Response, most: int, body: bytearray) -> None:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _PLAIN | _PACKED:
        raise Undecodable(_DAMAGED)
    unpacking = _Unpacking() if encoding in _PACKED else None
    most_packed = min(most, MOST_PACKED)
    coming = response.aiter_raw() if unpacking else response.aiter_bytes()
    async with aclosing(coming) as pieces:  # type: ignore[type-var]  # it is a generator
        async for piece in pieces:
            body += unpacking.take(piece, most + 1 - len(body)) if unpacking else piece
            if len(body) > most:
                raise Undecodable(f"it is longer than {most:,} bytes")
            # Endless nothing, packed, is still endless.
            if unpacking and response.num_bytes_downloaded > most_packed:
                raise Undecodable(f"it is longer than {most_packed:,} bytes as it is compressed")
    if unpacking:
        unpacking.end()


class _Unpacking:
    def __init__(self) -> None:
        # Tells gzip and zlib apart by itself: servers call either one deflate.
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def take(self, piece: bytes, most: int) -> bytes:
        """At most ``most`` bytes of what ``piece`` holds, which must be more than none."""
        if self._stream.eof:
            raise Undecodable(_DAMAGED)
        try:
            return self._stream.decompress(piece, most)
        except zlib.error:
            raise Undecodable(_DAMAGED) from None

    def end(self) -> None:
        if not self._stream.eof or self._stream.unused_data:
            raise Undecodable(_DAMAGED)
