"""Streams sealed in pieces: a file of any size with a few megabytes of memory, and no byte of it changed unnoticed.

XChaCha20-Poly1305 in libsodium's secretstream form: each piece is authenticated with its place, and the last is marked, so a
piece that is changed, moved, doubled or missing is an error. https://doc.libsodium.org/secret-key_cryptography/secretstream
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES as OVERHEAD,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_HEADERBYTES as HEADER,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_FINAL as FINAL,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE as MORE,
)

PIECE = 256 * 1024


class Unsealed(Exception):  # a word that says it; it never leaves the store
    """The bytes are not what was sealed, or not under this key."""


class Sealing:
    """A sink that seals what is written to it; ``finish`` marks the end."""

    def __init__(self, target: BinaryIO, key: bytes, *, about: bytes = b"") -> None:
        self._target, self._about = target, about
        self._state = crypto_secretstream_xchacha20poly1305_state()
        self._buffer = bytearray()
        target.write(crypto_secretstream_xchacha20poly1305_init_push(self._state, key))

    def write(self, content: bytes) -> int:
        self._buffer += content
        while len(self._buffer) > PIECE:  # never the whole buffer: the last piece must be left for ``finish``
            self._push(bytes(self._buffer[:PIECE]), MORE)
            del self._buffer[:PIECE]
        return len(content)

    def finish(self) -> None:
        self._push(bytes(self._buffer), FINAL)
        self._buffer.clear()

    def _push(self, piece: bytes, tag: int) -> None:
        self._target.write(crypto_secretstream_xchacha20poly1305_push(self._state, piece, self._about, tag))


def unsealed(source: BinaryIO, key: bytes, *, about: bytes = b"") -> Iterator[bytes]:
    """The content of a sealed stream, piece by piece. Raises Unsealed at the first piece that is not right; nothing after it
    is given, so a caller that needs all or nothing must wait for the end."""
    state = crypto_secretstream_xchacha20poly1305_state()
    header = source.read(HEADER)
    if len(header) != HEADER:
        raise Unsealed("no header")
    crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    while True:
        sealed = source.read(PIECE + OVERHEAD)
        try:
            piece, tag = crypto_secretstream_xchacha20poly1305_pull(state, sealed, about)
        except (RuntimeError, ValueError) as error:  # nacl's words for a wrong tag and for too few bytes
            raise Unsealed("a piece is damaged or missing") from error
        if tag == FINAL:
            if source.read(1):
                raise Unsealed("more after the end")
            yield piece
            return
        yield piece
