"""HTTP for the libraries in use (httpx, and through it pydantic-ai's providers): a transport whose far end is the broker.

A request is composed here to its last byte, because the ledger keeps it; so its body is read whole first, and each request has a
connection of its own. Redirects are the client's: each is a new request, asked for again. The answer streams. Closing it early, or
cancelling the task, drops the connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.request import getproxies

import h11
import httpx

from ..errors import DoorClosed, OwnmindError
from .connection import credentials
from .door import Going, Leave, Outlet
from .frames import BrokenFrames, End, Opening, Wire, end

MOST_OUT = 64 << 20  # bytes of one request: it is kept
_LAST_WORDS = 2.0  # seconds for the broker to say how far a request came that was cut
_UNKNOWN = "the network process ended; how far the request came is not known"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large an exchange may be. Seconds and bytes."""

    connect: float = 20.0
    idle: float = 60.0
    total: float = 0.0  # 0: no limit
    most_in: int = 64 << 20


@dataclass(slots=True)
class Home:
    """The destination the person's settings name. When it turns out to be inside their own network (a company's mirror), what it points
    to may be there too."""

    destination: str
    is_inside: bool = False


class TooLarge(httpx.RemoteProtocolError):
    """More came than was to come."""


class Transport(httpx.BaseTransport):
    """For ``httpx.Client``, for one purpose. ``item_ids`` are the memories told in what is sent; ``home`` the destination the
    person's own settings name. ``stopped`` is asked several times a second."""

    def __init__(
        self,
        outlet: Outlet,
        purpose: str,
        *,
        item_ids: tuple[str, ...] = (),
        home: Home | None = None,
        limits: Limits | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._outlet, self._purpose, self._item_ids, self._home = outlet, purpose, item_ids, home
        self._limits, self._stopped = limits or Limits(), stopped

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        exchange = self.exchange(request)
        status, headers = exchange.begin()
        return httpx.Response(status, headers=headers, stream=_Body(exchange), extensions={"http_version": b"HTTP/1.1"})

    def exchange(self, request: httpx.Request) -> Exchange:
        """The exchange for a request whose body has been read; nothing has left yet."""
        return Exchange(request, self._outlet, self._purpose, self._item_ids, self._home, self._limits, self._stopped)


class AsyncTransport(httpx.AsyncBaseTransport):
    """The same for ``httpx.AsyncClient``: the same exchange in a thread, which a cancelled task cuts."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        exchange = self._transport.exchange(request)
        try:
            status, headers = await asyncio.to_thread(exchange.begin)
        except asyncio.CancelledError:
            exchange.stop()
            raise
        return httpx.Response(status, headers=headers, stream=_AsyncBody(exchange), extensions={"http_version": b"HTTP/1.1"})


class Exchange:
    """One request and its answer. One thread at a time; any may ``stop`` it."""

    def __init__(
        self,
        request: httpx.Request,
        outlet: Outlet,
        purpose: str,
        item_ids: tuple[str, ...],
        home: Home | None,
        limits: Limits,
        stopped: Callable[[], bool],
    ) -> None:
        self._request, self._outlet, self._limits = request, outlet, limits
        self._purpose, self._item_ids, self._home = purpose, item_ids, home
        self._is_stopped = False
        self._stopped: Callable[[], bool] = lambda: self._is_stopped or stopped()
        self._wire: Wire | None = None
        self._leave: Leave | None = None

    def begin(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Asks for leave, sends the request and gives the answer's status and headers. Raises httpx's errors, and DoorClosed."""
        request = self._request
        host, port = request.url.raw_host.decode("ascii").strip("[]"), request.url.port or _PORTS.get(request.url.scheme, 0)
        if not port:
            raise httpx.UnsupportedProtocol(f"{request.url.scheme} is not spoken here", request=request)
        proxy = _proxy(request.url.scheme, host, port)
        content, to = composed(request, proxy), destination(host, port)
        is_home = self._home is not None and to == self._home.destination
        self._leave = self._outlet.ask(Going(to, self._purpose, content, self._item_ids, is_home))
        try:
            self._wire = self._outlet.broker.open(self._opening(host, port, proxy, is_named=self._leave.is_named), content)
        except OwnmindError as error:
            self._settle(End("failed", message=error.message))
            raise
        match self._next():
            case {"head": {"status": int(status), "headers": list(headers), "inside": bool(inside)}}:
                if is_home and self._home is not None:
                    self._home.is_inside = inside
                return status, [(str(name).encode("latin-1"), str(value).encode("latin-1")) for name, value in headers]
            case other:
                raise self._failure(other)

    def chunks(self) -> Iterator[bytes]:
        """The answer's body as it comes."""
        while True:
            match self._next():
                case bytes(piece):
                    yield piece
                case {"end": {"result": "done"} as values}:
                    self._settle(end(values))
                    return
                case other:
                    raise self._failure(other)

    def stop(self) -> None:
        """Cuts it: whoever waits for the answer hears the end."""
        self._is_stopped = True

    def close(self) -> None:
        """Drops the connection when the answer was not read to its end, and writes down how far the request came."""
        wire = self._wire
        if wire is None:
            return
        wire.cut()
        with suppress(BrokenFrames):
            while (frame := wire.next(seconds=_LAST_WORDS)) is not None:
                if isinstance(frame, dict) and "end" in frame:
                    self._settle(end(frame["end"]))
        wire.close()
        self._wire = None

    def _next(self) -> object:
        assert self._wire is not None, "the exchange was closed"
        try:
            return self._wire.next(self._stopped)
        except BrokenFrames as error:
            self.close()
            raise httpx.RemoteProtocolError(str(error), request=self._request) from error

    def _settle(self, ended: End) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave.ended(ended)

    def _failure(self, frame: object) -> Exception:
        """The error for what came instead of an answer; the exchange is over."""
        request = self._request
        if isinstance(frame, dict) and "end" in frame:
            ended = end(frame["end"])
            self._settle(ended)
            self.close()
            if ended.kind == "refused":
                return DoorClosed(f"nothing went out: {ended.message}", hint="allow that very destination if you meant it")
            return _error(ended, request)
        why = "stopped" if self._stopped() else "you went offline" if self._outlet.broker.is_shut else _UNKNOWN
        self.close()
        return httpx.ReadError(why, request=request)

    def _opening(self, host: str, port: int, proxy: str, *, is_named: bool) -> Opening:
        asked = self._request.extensions.get("timeout") or {}
        connect, idle = asked.get("connect"), asked.get("read")
        return Opening(
            host,
            port,
            tls=self._request.url.scheme == "https",
            method=self._request.method,
            is_named=is_named,
            is_inside=self._home is not None and self._home.is_inside,
            proxy=proxy,
            connect=float(min(connect or self._limits.connect, self._limits.connect)),
            idle=float(idle or self._limits.idle),
            total=self._limits.total,
            most_in=self._limits.most_in,
        )


class _Body(httpx.SyncByteStream):
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        return self._exchange.chunks()

    def close(self) -> None:
        self._exchange.close()


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = self._exchange.chunks()
        try:
            while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                yield piece
        except asyncio.CancelledError:
            self._exchange.stop()
            raise

    async def aclose(self) -> None:
        self._exchange.stop()
        await asyncio.to_thread(self._exchange.close)


def _error(ended: End, request: httpx.Request) -> httpx.TransportError:
    """httpx's own error for how an exchange failed."""
    match ended.kind:
        case "connect":
            return httpx.ConnectError(ended.message, request=request)
        case "timeout":
            return httpx.ReadTimeout(ended.message, request=request)
        case "large":
            return TooLarge(ended.message, request=request)
        case "broken":
            return httpx.RemoteProtocolError(ended.message, request=request)
    return httpx.ReadError(ended.message, request=request)


def composed(request: httpx.Request, proxy: str = "") -> bytes:
    """The request as it goes over the wire (RFC 9112), its body included. Raises httpx.LocalProtocolError for what is none."""
    plain_proxy = proxy and request.url.scheme == "http"
    target = b"http://" + request.url.netloc + request.url.raw_path if plain_proxy else request.url.raw_path
    body = request.content
    if len(body) > MOST_OUT:
        raise httpx.LocalProtocolError(f"a request of more than {MOST_OUT >> 20} MB", request=request)
    kept = [(name, value) for name, value in request.headers.raw if name.lower() not in _OURS]
    more = [(b"Connection", b"close")]
    if body or request.method in ("POST", "PUT", "PATCH"):
        more.append((b"Content-Length", str(len(body)).encode()))
    if plain_proxy and (authorization := credentials(proxy)):
        more.append((b"Proxy-Authorization", authorization.encode()))
    writing = h11.Connection(h11.CLIENT)
    try:
        parts = [writing.send(h11.Request(method=request.method, target=target, headers=kept + more))]
        parts += [writing.send(h11.Data(data=body))] if body else []
        parts.append(writing.send(h11.EndOfMessage()))
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error), request=request) from error
    return b"".join(part for part in parts if part)


def destination(host: str, port: int) -> str:
    """A destination as permissions and the ledger name it: the host, and the port where it is not 443."""
    name = f"[{host}]" if ":" in host else host.lower()
    return name if port == 443 else f"{name}:{port}"


def _proxy(scheme: str, host: str, port: int) -> str:
    """The proxy the person's environment names for this address; empty for none. NO_PROXY lists names, with all that end in them,
    addresses and host:port; * is everything."""
    proxies = getproxies()
    for name in (one.strip().lower() for one in proxies.get("no", "").split(",")):
        bare = name.lstrip(".")
        if name == "*" or (
            bare and (host.lower() in (bare, bare.strip("[]")) or host.lower().endswith(f".{bare}") or bare == f"{host}:{port}")
        ):
            return ""
    found = proxies.get(scheme) or proxies.get("all") or ""
    return found if "://" in found or not found else f"http://{found}"


_PORTS = {"http": 80, "https": 443}
_OURS = (b"connection", b"content-length", b"transfer-encoding", b"proxy-connection", b"keep-alive")
