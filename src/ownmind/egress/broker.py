"""The broker: the only process of Ownmind with a network. It knows nothing, and does one exchange for each socket it is handed.

It is started with an empty environment but for certificates, sees the request that goes and the answer that comes, and keeps neither.
By the time it is asked, the ledger's row is on disk. It resolves names, judges addresses (``addresses``), speaks TLS, sends exactly
the bytes it was given, reads the answer's head with h11, and passes the body on as fast as the core takes it. When its control socket
ends, so does it, at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import ssl
import sys
import threading
from dataclasses import dataclass, replace

import h11

from . import frames, launch
from .connection import Layer, Refused, Tcp, Unreachable, connected
from .frames import PIECE, BrokenFrames, End, Opening

log = logging.getLogger(__name__)

_RESTS_AFTER = 60.0  # seconds without an exchange; the next one starts a broker again
_MOST_OUT = 256 << 20  # bytes of one request held here


def main() -> None:
    """Serves until the core is gone."""
    launch.is_private()
    control = _control()
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asyncio.run(_serve(control))


def _control() -> socket.socket:
    if sys.platform == "win32":  # untested there
        return socket.fromshare(sys.stdin.buffer.read())
    return socket.socket(fileno=int(sys.argv[1]))


async def _serve(control: socket.socket) -> None:
    loop, certificates, running = asyncio.get_running_loop(), _certificates(), set[asyncio.Task[None]]()

    def begin(end: socket.socket) -> None:
        task = loop.create_task(_exchange(end, certificates))
        running.add(task)
        task.add_done_callback(running.discard)

    def listen() -> None:
        while (end := frames.taken_over(control)) is not None:
            loop.call_soon_threadsafe(begin, end)
        os._exit(0)  # the core is gone, or wants nothing of this to go on

    threading.Thread(target=listen, daemon=True).start()
    idle = 0
    while idle < 2:
        await asyncio.sleep(_RESTS_AFTER / 2)
        idle = 0 if running else idle + 1
    os._exit(0)


async def _exchange(handed: socket.socket, certificates: ssl.SSLContext) -> None:
    """One exchange from its first frame to its last; a core that hangs up cancels it."""
    reader, writer = await asyncio.open_connection(sock=handed)
    counts = _Counts()
    try:
        writer.write(frames.packed({"ready": frames.VERSION}))
        asked = frames.opening(await frames.read(reader))
        content = await _whole(reader)
        task = asyncio.create_task(
            _http(asked, content, writer, certificates, counts) if asked.method else _relay(asked, reader, writer, certificates, counts)
        )
        hung_up = asyncio.create_task(_hung_up(reader)) if asked.method else task
        await asyncio.wait({task, hung_up}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
        hung_up.cancel()
        end = task.result() if not task.cancelled() else End("cut", message="stopped")
    except BrokenFrames as error:
        end = End("failed", "broken", str(error))
    except Exception as error:  # noqa: BLE001  # the wall of this process: one exchange that went wrong must end, and say so
        end = End("failed", "broken", f"a bug in the broker ({type(error).__name__})")
    end = counts.of(end)
    counts.abort()
    with contextlib.suppress(OSError):
        writer.write(frames.packed(end.frame()))
        await writer.drain()
        writer.close()
        await writer.wait_closed()


async def _whole(reader: asyncio.StreamReader) -> bytes:
    """The request as the core composed it."""
    held = bytearray()
    while True:
        match await frames.read(reader):
            case bytes(piece) if len(held) + len(piece) <= _MOST_OUT:
                held += piece
            case {"whole": int(size)} if size == len(held):
                return bytes(held)
            case _:
                raise BrokenFrames("the request is not whole")


async def _hung_up(reader: asyncio.StreamReader) -> None:
    await reader.read(1)


@dataclass
class _Counts:
    """How far an exchange is."""

    tcp: Tcp | None = None
    content_out: int = 0
    bytes_in: int = 0

    def of(self, end: End) -> End:
        wire = self.tcp.wire_out if self.tcp is not None else 0
        return replace(end, content_out=self.content_out, wire_out=wire, bytes_in=self.bytes_in)

    def abort(self) -> None:
        if self.tcp is not None:
            self.tcp.abort()


async def _http(asked: Opening, content: bytes, writer: asyncio.StreamWriter, certificates: ssl.SSLContext, counts: _Counts) -> End:
    try:
        async with asyncio.timeout(asked.total or None):
            counts.tcp, layer = await connected(asked, certificates)
            for at in range(0, len(content), PIECE):
                async with asyncio.timeout(asked.idle):
                    await layer.send(content[at : at + PIECE])
                counts.content_out += len(content[at : at + PIECE])
            return await _answer(asked, layer, writer, counts)
    except (Refused, Unreachable, TimeoutError, OSError, h11.RemoteProtocolError) as error:
        return _failed(asked, error)


async def _answer(asked: Opening, layer: Layer, writer: asyncio.StreamWriter, counts: _Counts) -> End:
    """Passes the answer on. h11 is told a request of the same method: that decides how an answer ends (RFC 9112, 6.3)."""
    reading = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 16)
    reading.send(h11.Request(method=asked.method, target="/", headers=[("Host", "x")]))
    reading.send(h11.EndOfMessage())
    while True:
        event = reading.next_event()
        match event:
            case h11.NEED_DATA:
                async with asyncio.timeout(asked.idle):
                    came = await layer.read()
                reading.receive_data(came)
            case h11.Response(status_code=status, headers=headers):
                told = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers.raw_items()]
                is_inside = counts.tcp is not None and counts.tcp.is_inside
                writer.write(frames.packed({"head": {"status": status, "headers": told, "inside": is_inside}}))
                await writer.drain()
            case h11.Data(data=data):
                counts.bytes_in += len(data)
                if counts.bytes_in > asked.most_in:
                    return End("failed", "large", f"{asked.host} sent more than the {asked.most_in:,} bytes that were to come")
                writer.write(frames.packed(bytes(data)))
                await writer.drain()
            case h11.EndOfMessage():
                return End("done")
            case h11.InformationalResponse():
                continue
            case _:
                return End("failed", "broken", f"{asked.host} hung up without an answer")


async def _relay(
    asked: Opening, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, certificates: ssl.SSLContext, counts: _Counts
) -> End:
    """Bytes both ways until either side ends."""
    try:
        async with asyncio.timeout(asked.total or None):
            counts.tcp, layer = await connected(asked, certificates)
            writer.write(frames.packed({"up": True}))
            coming = asyncio.create_task(_coming(asked, layer, writer, counts))
            going = asyncio.create_task(_going(reader, layer, writer, counts))
            try:
                done, _ = await asyncio.wait({coming, going}, return_when=asyncio.FIRST_COMPLETED)
                return done.pop().result()
            finally:
                coming.cancel()
                going.cancel()
    except (Refused, Unreachable, TimeoutError, OSError) as error:
        return _failed(asked, error)


async def _coming(asked: Opening, layer: Layer, writer: asyncio.StreamWriter, counts: _Counts) -> End:
    while came := await layer.read():
        counts.bytes_in += len(came)
        if counts.bytes_in > asked.most_in:
            return End("failed", "large", f"{asked.host} sent more than the {asked.most_in:,} bytes that were to come")
        writer.write(frames.packed(came))
        await writer.drain()
    return End("done")


async def _going(reader: asyncio.StreamReader, layer: Layer, writer: asyncio.StreamWriter, counts: _Counts) -> End:
    while isinstance(said := await frames.read(reader), bytes):
        await layer.send(said)
        counts.content_out += len(said)
        assert counts.tcp is not None
        writer.write(frames.packed({"sent": [counts.content_out, counts.tcp.wire_out]}))
    return End("done" if said is None else "failed", "" if said is None else "broken")


def _failed(asked: Opening, error: Exception) -> End:
    """An error in words without addresses of pages (they may hold a password)."""
    match error:
        case Refused():
            return End("failed", "refused", str(error))
        case TimeoutError():
            return End("failed", "timeout", f"{asked.host} took too long")
        case ssl.SSLCertVerificationError():
            return End("failed", "connect", f"{asked.host} could not prove who it is ({error.verify_message})")
        case Unreachable():
            return End("failed", "connect", f"{asked.host}: {error}")
    return End("failed", "broken", f"{asked.host}: {type(error).__name__}")


def _certificates() -> ssl.SSLContext:
    """The system's own certificates; SSL_CERT_FILE and SSL_CERT_DIR are honoured."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


if __name__ == "__main__":
    main()
