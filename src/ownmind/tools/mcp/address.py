"""An MCP server at an address: the Streamable HTTP transport, through the door and its broker (modelcontextprotocol.io, "Transports").

Each message is a request of its own with its own row in the ledger; the answer is JSON or a stream of server-sent events (WHATWG HTML,
9.2), both bounded by the broker in bytes and seconds. Redirects are not followed: another place is another destination, and the key is
for this one. Not here: OAuth, the stream a server may open by itself, and taking up a broken stream (`Last-Event-ID`): a call that
broke off is told as such and not asked for again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...egress import consents
from ...egress.door import Outlet
from ...errors import BadInput, KeyRefused, OwnmindError
from .talk import LONGEST, MOST, SECONDS, Lost, Talk

if TYPE_CHECKING:
    import httpx

ASK = "ask which tools it has"  # the purposes of the way out: adding a server is the yes to this one
USE = "use its tools"
_SESSION = re.compile(r"[\x21-\x7e]{1,200}")
_JSON, _EVENTS = "application/json", "text/event-stream"


def checked(url: str) -> str:
    """An address as it is kept. Raises BadInput for what is none: one with a password in it, one without TLS that is not near."""
    said = url.strip().rstrip("/")
    try:
        parts = urlsplit(said)
        is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment and "@" not in parts.netloc
    except ValueError:
        is_plain = False
    if not is_plain or not said.isascii() or not said.isprintable() or " " in said or len(said) > 1000:
        raise BadInput("that is no address of an MCP server", hint="a plain one such as https://tools.example.org/mcp")
    if parts.scheme == "http" and not consents.is_near(parts.hostname or ""):
        raise BadInput("over http:// anybody on the way reads along", hint="use https://, or a server inside your own network")
    destination(said)
    return said


def destination(url: str) -> str:
    """Where an address is, as permissions and the ledger name it."""
    parts = urlsplit(url)
    return consents.destination(f"{parts.scheme}://{parts.netloc}")


def begun(name: str, url: str, key: str, outlet: Outlet, purpose: str) -> Talk:
    """A session with the server there. Raises TryAgainLater, KeyRefused, and DoorClosed where nobody consented."""
    return Talk.begun(name, Address(url, key, outlet, purpose), "look at its address, and at the key it wants")


class Address:
    """A wire to a server elsewhere. One thread at a time."""

    def __init__(self, url: str, key: str, outlet: Outlet, purpose: str) -> None:
        self._url, self._outlet = url, outlet
        self._headers = {"Content-Type": _JSON, "Accept": f"{_JSON}, {_EVENTS}", "Accept-Encoding": "identity", "User-Agent": "ownmind"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._open: httpx.Response | None = None
        self._messages: Iterator[bytes] = iter(())
        self._left = MOST
        self._http = self._client(purpose)

    def say(self, message: bytes, *, is_asking: bool) -> None:
        import httpx

        try:
            answer = self._http.send(self._http.build_request("POST", self._url, content=message, headers=self._headers), stream=True)
        except httpx.HTTPError as error:
            raise Lost(f"did not answer: {error or type(error).__name__}") from error
        try:
            self._accept(answer)
            if not is_asking:
                answer.close()  # 202, or words nobody asked for
                return
            messages = self._read(answer)
        except BaseException:
            answer.close()
            raise
        self._drop()
        self._open, self._messages = answer, messages

    def next(self, until: float) -> bytes:
        import httpx

        try:
            for message in self._messages:
                if time.monotonic() > until:
                    raise Lost("did not answer in time")
                return message
        except httpx.HTTPError as error:
            raise Lost(f"broke off: {error or type(error).__name__}") from error
        raise Lost("ended without an answer")

    def agreed(self, version: str) -> None:
        self._headers["MCP-Protocol-Version"] = version

    def fresh(self, purpose: str) -> None:
        self._drop()
        self._http.close()
        self._http, self._left = self._client(purpose), MOST

    def close(self) -> None:
        """Ends the session there too, where that may still go."""
        import httpx

        self._drop()
        if "Mcp-Session-Id" in self._headers:
            with suppress(httpx.HTTPError, OwnmindError):
                self._http.request("DELETE", self._url, headers=self._headers)
        self._http.close()

    def _client(self, purpose: str) -> httpx.Client:
        import httpx  # with the transport some tenths of a second: not at every start

        from ...egress.transport import Limits, Transport

        limits = Limits(connect=15.0, idle=30.0, total=SECONDS, most_in=MOST)
        transport = Transport(self._outlet, purpose, limits=limits)
        return httpx.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=None)  # noqa: S113  # the broker keeps the time

    def _accept(self, answer: httpx.Response) -> None:
        """Takes the session the server gives. Raises for an answer that is none; what it says is not repeated."""
        status = answer.status_code
        if status in (401, 403):
            raise KeyRefused(f"{destination(self._url)} does not take the key", hint="`ownmind mcp key NAME` gives another")
        if status == 404 and "Mcp-Session-Id" in self._headers:
            raise Lost("has ended the session")
        if 300 <= status < 400:
            raise Lost("points to another place, where nothing is sent")
        if not 200 <= status < 300:
            raise Lost(f"answered {status}")
        session = answer.headers.get("mcp-session-id")
        if session is not None and "Mcp-Session-Id" not in self._headers:  # given once, at the beginning
            if not _SESSION.fullmatch(session):
                raise Lost("gave a session that has no name")
            self._headers["Mcp-Session-Id"] = session

    def _read(self, answer: httpx.Response) -> Iterator[bytes]:
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.headers.get("content-encoding", "identity").lower() != "identity" or media_type not in (_JSON, _EVENTS):
            raise Lost("answered in a form nobody asked for")
        return self._whole(answer) if media_type == _JSON else self._events(answer)

    def _whole(self, answer: httpx.Response) -> Iterator[bytes]:
        held = bytearray()
        for piece in self._pieces(answer):
            held += piece
            if len(held) > LONGEST:
                raise Lost("said more than it may")
        yield bytes(held)

    def _events(self, answer: httpx.Response) -> Iterator[bytes]:
        """The data of each event of type "message"."""
        data, is_message, rest = list[bytes](), True, b""
        for piece in self._pieces(answer):
            *lines, rest = re.split(rb"\r\n|\n|\r(?!\Z)", rest + piece)
            for line in lines:
                name, _, value = line.partition(b":")
                value = value.removeprefix(b" ")
                if not line:
                    if data and is_message and any(data):
                        yield b"\n".join(data)
                    data, is_message = [], True
                elif name == b"data":
                    data.append(value)
                elif name == b"event":
                    is_message = value == b"message"
            if len(rest) + sum(map(len, data)) > LONGEST:
                raise Lost("said more than it may")

    def _pieces(self, answer: httpx.Response) -> Iterator[bytes]:
        for piece in answer.iter_raw():
            self._left -= len(piece)
            if self._left < 0:
                raise Lost("said more than it may")
            yield piece

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open, self._messages = None, iter(())
