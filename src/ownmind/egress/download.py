"""Downloads, in a child process: the only part of Ownmind that talks to other machines.

The process that holds the memories opens no IP socket and never parses what a server sends; this child does, and knows
nothing: it is started with an empty environment but for certificates and proxies, and is told one address at a time.

Before each request, redirects and retries included, the child says where it wants to go and how many bytes it would send,
and waits; the parent writes that down (``before``) and only then says go. Counted are the request line and the headers,
which is all a download sends; what TLS and TCP add around them is not counted.

Frames are JSON, one a line. In: {"url", "headers", "target" | null, "expected", "limit"}, then "go" for each question.
Out: {"ask": {"to", "bytes"}}, {"at": n}, and one of {"done": {...}} | {"failed": {...}}.
"""

from __future__ import annotations

import errno
import json
import os
import queue
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Protocol, Self
from urllib.parse import urlsplit

from ..errors import DiskFull, DownloadFailed

if TYPE_CHECKING:
    import httpx

_REDIRECTS = 8
_AGENT = "ownmind"  # no version, no system: nothing that tells one person's machine from another's
_PASSED = ("PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


class Before(Protocol):
    """Called with the exact bytes a request would send, before any of them is sent. Raising stops the download."""

    def __call__(self, destination: str, purpose: str, bytes: int, /) -> None: ...


class ServerRefused(DownloadFailed):
    """The server's answer is final: asking the same again will not help."""


@dataclass(frozen=True, slots=True)
class Got:
    """What came: the answer's text when there was no target, and the address it came from after redirects."""

    url: str
    size: int
    text: str = ""
    media_type: str = ""


class Downloader:
    """One networked child for a row of downloads; it ends with the ``with`` block, and when this process ends.

    ``cancelled`` is asked several times a second; when it says yes the child is stopped and DownloadFailed raised.
    """

    def __init__(self, before: Before, *, purpose: str, cancelled: Callable[[], bool] = lambda: False) -> None:
        self._before, self._purpose, self._cancelled = before, purpose, cancelled
        self._child: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str | None] = queue.Queue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def read(self, url: str, *, accept: str, limit: int = 8 << 20) -> Got:
        """A small text (an index page), at most ``limit`` bytes."""
        return self._fetch({"url": url, "headers": {"Accept": accept}, "target": None, "expected": 0, "limit": limit}, lambda at: None)

    def save(self, url: str, target: Path, *, expected: int, on_bytes: Callable[[int], None] = lambda at: None) -> Got:
        """``url`` into ``target``, going on from the bytes already there. ``on_bytes`` hears how many are there now.

        The bytes are not checked: that is the caller's, against its pinned hash. Raises DownloadFailed (what came stays,
        so that the next try goes on) and DiskFull.
        """
        job = {"url": url, "headers": {"Accept": "*/*"}, "target": str(target), "expected": expected, "limit": expected}
        return self._fetch(job, on_bytes)

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for stream in (self._child.stdin, self._child.stdout):
                if stream is not None:
                    stream.close()
            self._child = None

    def _fetch(self, job: dict[str, object], on_bytes: Callable[[int], None]) -> Got:
        self._say(json.dumps(job))
        while True:
            frame = self._next()
            match frame:
                case {"ask": {"to": str(to), "bytes": int(size)}}:
                    self._before(to, self._purpose, size)
                    self._say("go")
                case {"at": int(at)}:
                    on_bytes(at)
                case {"done": {"url": str(url), "size": int(size), "text": str(text), "media_type": str(media_type)}}:
                    return Got(url, size, text, media_type)
                case {"failed": {"message": str(message), "kind": str(kind)}}:
                    if kind == "disk":
                        raise DiskFull(message, hint="free some space; what was fetched is kept")
                    raise (ServerRefused if kind == "refused" else DownloadFailed)(message)
                case _:
                    raise DownloadFailed("the download process said something unexpected")

    def _say(self, line: str) -> None:
        child = self._child = self._child or self._launch()
        assert child.stdin is not None
        try:
            child.stdin.write(line + "\n")
            child.stdin.flush()
        except OSError as error:
            self.close()
            raise DownloadFailed("the download process ended") from error

    def _next(self) -> object:
        """The child's next frame; keeps asking ``cancelled`` while it waits."""
        while True:
            if self._cancelled():
                self.close()
                raise DownloadFailed("stopped", hint="start it again and it goes on where it stopped")
            try:
                line = self._lines.get(timeout=0.2)
            except queue.Empty:
                continue
            if line is None:
                self.close()
                raise DownloadFailed("the download process ended")
            frame: object = json.loads(line)
            return frame

    def _launch(self) -> subprocess.Popen[str]:
        names = (*_PASSED, *_PROXIES, *(name.lower() for name in _PROXIES))
        child = subprocess.Popen(
            [sys.executable, "-m", "ownmind.egress.download"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name in names if (value := os.environ.get(name)) is not None},
            start_new_session=True,  # Ctrl-C in the terminal is for us to answer
            text=True,
            encoding="utf-8",
        )
        lines: queue.Queue[str | None] = queue.Queue()
        self._lines = lines
        assert child.stdout is not None
        threading.Thread(target=_hear, args=(child.stdout, lines), daemon=True).start()
        return child


def _hear(stream: IO[str], lines: queue.Queue[str | None]) -> None:
    with suppress(OSError, ValueError):  # closed under us
        for line in stream:
            lines.put(line)
    lines.put(None)


# From here on: what runs in the child.


def main() -> None:
    """Serves jobs from stdin until it ends."""
    import httpx

    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    timeout = httpx.Timeout(60, connect=20)
    with httpx.Client(verify=_certificates(), timeout=timeout, headers={"User-Agent": _AGENT}) as client:
        while True:
            job: dict[str, object] = json.loads(lines.get())
            try:
                _tell({"done": _serve(client, job, lines)})
            except (httpx.HTTPError, httpx.InvalidURL, _RefusalError) as error:
                kind = "refused" if isinstance(error, _RefusalError | httpx.InvalidURL) else "broken"
                _tell({"failed": {"message": f"{_host(str(job['url']))}: {_why(error)}", "kind": kind}})
            except OSError as error:
                kind = "disk" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "refused"
                _tell({"failed": {"message": f"cannot write the download: {error.strerror or error}", "kind": kind}})


class _RefusalError(Exception):
    """The server's answer is of no use."""


def _serve(client: httpx.Client, job: dict[str, object], lines: queue.Queue[str]) -> dict[str, object]:
    target = Path(str(job["target"])) if job["target"] is not None else None
    offset = target.stat().st_size if target is not None and target.exists() else 0
    headers = job["headers"]
    assert isinstance(headers, dict)
    if target is None:
        response = _open(client, str(job["url"]), headers, lines)
        with closing(response):
            body = b"".join(_bounded(response, int(str(job["limit"]))))
        return _done(response, len(body), body.decode("utf-8", "replace"))
    if 0 < offset == job["expected"]:
        return {"url": str(job["url"]), "size": offset, "text": "", "media_type": ""}
    # Ranges count the bytes of the coding sent, so none is asked for.
    wanted = {**headers, "Accept-Encoding": "identity", **({"Range": f"bytes={offset}-"} if offset else {})}
    response = _open(client, str(job["url"]), wanted, lines)
    with closing(response):
        goes_on = response.status_code == 206 and response.headers.get("content-range", "").startswith(f"bytes {offset}-")
        if offset and not goes_on:
            offset = 0  # a server without ranges: from the start
            if response.status_code == 206:
                raise _RefusalError("it answered with another range than the one asked for")
        size = _save(response, target, offset, int(str(job["limit"])))
    return _done(response, size, "")


def _save(response: httpx.Response, target: Path, offset: int, limit: int) -> int:
    """Appends the answer to ``target`` at ``offset``; gives its size. Everything received before a failure stays."""
    with os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b") as file:
        if os.fstat(file.fileno()).st_size > offset:
            file.truncate(offset)
        file.seek(offset)
        at = said = offset
        for chunk in _bounded(response, limit - offset):
            file.write(chunk)
            at += len(chunk)
            if at - said >= 1 << 20:
                said = at
                _tell({"at": at})
    _tell({"at": at})
    return at


def _open(client: httpx.Client, url: str, headers: dict[str, str], lines: queue.Queue[str]) -> httpx.Response:
    """The answer to a GET, redirects followed, with leave asked before each request."""
    import httpx

    for _ in range(_REDIRECTS):
        request = client.build_request("GET", url, headers=headers)
        _tell({"ask": {"to": _host(url), "bytes": _size(request)}})
        lines.get()  # "go"; were it not, the parent would have ended this process
        response = client.send(request, stream=True)
        if response.next_request is None:
            if response.status_code >= 400:
                response.close()
                if response.status_code >= 500 or response.status_code in (408, 429):  # it may well answer in a moment
                    raise httpx.NetworkError(f"HTTP {response.status_code}")
                raise _RefusalError(f"HTTP {response.status_code}")
            return response
        url = str(response.next_request.url)
        response.close()
    raise _RefusalError("too many redirects")


def _bounded(response: httpx.Response, limit: int) -> Iterator[bytes]:
    """The body, refused when it is longer than it should be: no server may fill the person's disk."""
    size = 0
    for chunk in response.iter_bytes():  # as they come: a chunk size would hold bytes back, and a cut would lose them
        size += len(chunk)
        if size > limit:
            raise _RefusalError("it sent more than the file should have")
        yield chunk


def _size(request: httpx.Request) -> int:
    """Bytes of the request as HTTP/1.1 writes it: the request line, the headers, an empty line."""
    line = len(request.method) + 1 + len(request.url.raw_path) + len(" HTTP/1.1\r\n")
    return line + sum(len(name) + len(value) + 4 for name, value in request.headers.raw) + 2


def _done(response: httpx.Response, size: int, text: str) -> dict[str, object]:
    media_type = str(response.headers.get("content-type", "")).split(";")[0].strip().lower()
    return {"url": str(response.url), "size": size, "text": text, "media_type": media_type}


def _host(url: str) -> str:
    """The host (and port) an address names, without any name or password in it."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _why(error: Exception) -> str:
    """What went wrong, in words without the address (it may hold a password)."""
    return f"{error}" if isinstance(error, _RefusalError) else f"{type(error).__name__}" + (f" ({error})" if "@" not in str(error) else "")


def _certificates() -> ssl.SSLContext:
    """The system's own certificates; SSL_CERT_FILE and SSL_CERT_DIR are honoured."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _listen(lines: queue.Queue[str]) -> None:
    for line in sys.stdin:
        lines.put(line)
    os._exit(0)  # the parent is gone


def _tell(frame: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(frame) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
