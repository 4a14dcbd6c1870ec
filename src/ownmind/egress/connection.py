"""One connection of the broker to the world: TCP, TLS inside it where asked, and every byte counted.

TLS runs over memory (ssl.MemoryBIO), so that the bytes that go to the network socket are known exactly. Layers have one shape
(``send``, ``read``), so TLS to a proxy and TLS through it are the same code twice.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import socket
import ssl
from typing import Protocol
from urllib.parse import unquote, urlsplit

from . import addresses
from .frames import PIECE, Opening

_MOST_PROXY_HEAD = 1 << 14


class Refused(Exception):  # a rule of ours forbids it; the words are for the person
    pass


class Unreachable(Exception):  # it could not be connected to
    pass


class Layer(Protocol):
    async def send(self, content: bytes) -> None: ...
    async def read(self) -> bytes: ...


class Tcp:
    """The network socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._written = 0
        self.is_inside = False  # the address is a neighbour's in the person's own network

    @property
    def wire_out(self) -> int:
        """Bytes the kernel has taken. What still waits here is dropped when the connection is."""
        return self._written - self._writer.transport.get_write_buffer_size()

    async def send(self, content: bytes) -> None:
        """Whole and in order, whoever else sends meanwhile."""
        self._writer.write(content)
        self._written += len(content)
        await self._writer.drain()

    async def read(self) -> bytes:
        """What came; empty at the end."""
        return await self._reader.read(PIECE)

    def abort(self) -> None:
        """Drops the connection and what was not sent yet."""
        self._writer.transport.abort()


class Tls:
    """TLS over another layer (RFC 8446)."""

    def __init__(self, below: Layer, context: ssl.SSLContext, host: str) -> None:
        self._below = below
        self._came, self._goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._came, self._goes, server_hostname=host)

    async def shake_hands(self) -> None:
        while True:
            try:
                self._session.do_handshake()
                await self._flush()
                return
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._more():
                    raise Unreachable("it hung up during the TLS handshake") from None
            except ssl.SSLError:
                await self._flush()  # the alert
                raise

    async def send(self, content: bytes) -> None:
        for at in range(0, len(content), PIECE):
            self._session.write(content[at : at + PIECE])
            await self._flush()

    async def read(self) -> bytes:
        while True:
            try:
                return self._session.read(PIECE)
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._more():
                    return b""
            except ssl.SSLZeroReturnError:
                return b""

    async def _more(self) -> bool:
        came = await self._below.read()
        self._came.write(came)
        return bool(came)

    async def _flush(self) -> None:
        if goes := self._goes.read():
            await self._below.send(goes)


async def connected(asked: Opening, certificates: ssl.SSLContext) -> tuple[Tcp, Layer]:
    """The network socket and the layer to speak through, up within ``asked.connect`` seconds.

    Raises Refused, Unreachable, TimeoutError, or ssl.SSLError.
    """
    if why := addresses.refused_name(asked.host, is_named=asked.is_named, is_inside=asked.is_inside):
        raise Refused(f"{asked.host}: {why}")
    async with asyncio.timeout(asked.connect):
        tcp = await (_through_proxy(asked, certificates) if asked.proxy else _direct(asked.host, asked.port, asked))
        try:
            raw, layer = tcp
            if asked.tls:
                secured = Tls(layer, certificates, asked.host)
                await secured.shake_hands()
                layer = secured
            return raw, layer
        except BaseException:
            tcp[0].abort()
            raise


async def _direct(host: str, port: int, asked: Opening | None = None) -> tuple[Tcp, Layer]:
    """A TCP connection to an address that was judged; without ``asked`` it is the person's own proxy, which may be anywhere."""
    is_named, is_inside = (True, False) if asked is None else (asked.is_named, asked.is_inside)
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(f"no address is known ({error.strerror or type(error).__name__})") from error
    whys: list[str] = []
    failures: list[OSError] = []
    for family, kind, number, _, to in found:
        address = ipaddress.ip_address(str(to[0]).partition("%")[0])
        if why := addresses.refused(address, is_named=is_named, is_inside=is_inside):
            whys.append(why)
            continue
        reached = socket.socket(family, kind, number)
        reached.setblocking(False)
        try:
            await loop.sock_connect(reached, to)
            reader, writer = await asyncio.open_connection(sock=reached)
        except BaseException as error:
            reached.close()
            if not isinstance(error, OSError) or isinstance(error, TimeoutError):
                raise
            failures.append(error)
            continue
        tcp = Tcp(reader, writer)
        tcp.is_inside = asked is not None and addresses.is_neighbour(address)
        return tcp, tcp
    if failures:
        raise Unreachable(failures[-1].strerror or type(failures[-1]).__name__) from failures[-1]
    raise Refused(f"{host}: {whys[0] if whys else 'no address is known'}")


async def _through_proxy(asked: Opening, certificates: ssl.SSLContext) -> tuple[Tcp, Layer]:
    """As ``_direct``, through the proxy the person's environment names: a tunnel (RFC 9110, CONNECT), save for plain HTTP, whose
    request already names the whole address. The proxy resolves names, so only addresses written out can be judged here."""
    at = urlsplit(asked.proxy)
    if at.scheme not in ("http", "https") or not at.hostname:
        raise Refused("the proxy of the environment is neither http nor https")
    try:
        if why := addresses.refused(ipaddress.ip_address(asked.host), is_named=asked.is_named, is_inside=asked.is_inside):
            raise Refused(f"{asked.host}: {why}")
    except ValueError:
        pass  # a name
    tcp, layer = await _direct(at.hostname, at.port or (443 if at.scheme == "https" else 80))
    try:
        if at.scheme == "https":
            secured = Tls(layer, certificates, at.hostname)
            await secured.shake_hands()
            layer = secured
        if asked.tls or not asked.method:
            await _tunnel(layer, asked, credentials(asked.proxy))
        return tcp, layer
    except BaseException:
        tcp.abort()
        raise


def credentials(proxy: str) -> str:
    """The Proxy-Authorization a proxy's address asks for; empty when it names nobody."""
    at = urlsplit(proxy)
    if not at.username:
        return ""
    return "Basic " + base64.b64encode(f"{unquote(at.username)}:{unquote(at.password or '')}".encode()).decode()


async def _tunnel(layer: Layer, asked: Opening, authorization: str) -> None:
    host = f"[{asked.host}]" if ":" in asked.host else asked.host
    lines = [f"CONNECT {host}:{asked.port} HTTP/1.1", f"Host: {host}:{asked.port}"]
    lines += [f"Proxy-Authorization: {authorization}"] if authorization else []
    await layer.send("\r\n".join([*lines, "", ""]).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        came = await layer.read()
        head += came
        if not came or len(head) > _MOST_PROXY_HEAD:
            raise Unreachable("the proxy did not answer")
    status = head.split(b"\r\n", 1)[0].split(b" ")
    if len(status) < 2 or not status[1].startswith(b"2"):
        raise Unreachable(f"the proxy said {status[1].decode('ascii', 'replace') if len(status) > 1 else 'nothing of use'}")
    if head.split(b"\r\n\r\n", 1)[1]:
        raise Unreachable("the proxy said more than it was asked")
