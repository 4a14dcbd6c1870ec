"""Files from the network onto this disk, through the broker.

A file that was cut goes on where it stopped. Each request, redirects and retries included, is asked for and written down like any
other (``door``); a download carries nothing of the person's. The bytes are not checked here: that is the caller's, against a pinned
hash.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import DiskFull, DownloadFailed, NetworkEnded
from .door import FETCH_MODELS, Outlet

if TYPE_CHECKING:
    import httpx

_REDIRECTS = 8
_AGENT = "ownmind"  # no version, no system: nothing that tells one person's machine from another's
_FINAL = (408, 429)  # of the 4xx those that may well pass in a moment


class ServerRefused(DownloadFailed):
    """The server's answer is final: asking the same again will not help. ``status`` is HTTP's, 0 where it is not about one."""

    def __init__(self, message: str, *, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.status = status


@dataclass(frozen=True, slots=True)
class Got:
    """What came: the answer's text when there was no target, and the address it came from after redirects."""

    url: str
    size: int
    text: str = ""
    media_type: str = ""


class Downloader:
    """A row of downloads for setting up. ``home`` is the address the person's settings name: its host may be inside their own network.

    ``cancelled`` is asked several times a second; when it says yes DownloadFailed is raised.
    """

    def __init__(self, outlet: Outlet, *, home: str, cancelled: Callable[[], bool] = lambda: False) -> None:
        from .transport import Home

        self._outlet, self._cancelled, self._home = outlet, cancelled, Home(_destination(home))

    def read(self, url: str, *, accept: str, limit: int = 8 << 20) -> Got:
        """A small text (an index page), at most ``limit`` bytes."""
        with self._answer(url, {"Accept": accept}, limit) as response:
            body = response.read()
            return _got(response, len(body), body.decode("utf-8", "replace"))

    def save(self, url: str, target: Path, *, expected: int, on_bytes: Callable[[int], None] = lambda at: None) -> Got:
        """``url`` into ``target``, going on from the bytes already there. ``on_bytes`` hears how many are there now.

        Raises DownloadFailed (what came stays, so that the next try goes on) and DiskFull.
        """
        offset = target.stat().st_size if target.exists() else 0
        if 0 < offset == expected:
            return Got(url, offset)
        # Ranges count the bytes of the coding sent, so none is asked for.
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", **({"Range": f"bytes={offset}-"} if offset else {})}
        with self._answer(url, headers, expected) as response:
            if offset and not _goes_on(response, offset):
                offset = 0  # a server without ranges: from the start
            return _got(response, _save(response, target, offset, on_bytes))

    @contextmanager
    def _answer(self, url: str, headers: dict[str, str], limit: int) -> Iterator[httpx.Response]:
        """The answer to a GET, redirects followed, every one asked for."""
        import httpx

        from .transport import Limits, TooLarge, Transport

        transport = Transport(self._outlet, FETCH_MODELS, home=self._home, limits=Limits(most_in=limit), stopped=self._cancelled)
        try:
            with (
                httpx.Client(
                    transport=transport,
                    trust_env=False,
                    max_redirects=_REDIRECTS,
                    headers={"User-Agent": _AGENT},
                    timeout=httpx.Timeout(60, connect=20),
                ) as client,
                client.stream("GET", url, headers=headers, follow_redirects=True) as response,
            ):
                if 400 <= response.status_code < 500 and response.status_code not in _FINAL:
                    raise ServerRefused(f"{_host(url)}: HTTP {response.status_code}", status=response.status_code)
                if response.is_error:  # it may well answer in a moment
                    raise DownloadFailed(f"{_host(url)}: HTTP {response.status_code}")
                yield response
        except TooLarge as error:
            raise ServerRefused(f"{_host(url)}: it sent more than the file should have") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.TooManyRedirects) as error:
            raise ServerRefused(f"{_host(url)}: {type(error).__name__}") from error
        except (httpx.HTTPError, NetworkEnded) as error:
            if self._cancelled():
                raise DownloadFailed("stopped", hint="start it again and it goes on where it stopped") from error
            raise DownloadFailed(f"{_host(url)}: {_why(error)}") from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(f"cannot write the download: {error.strerror}", hint="free some space; what was fetched is kept") from error
            raise


def _goes_on(response: httpx.Response, offset: int) -> bool:
    """Whether the answer begins at ``offset``. Raises ServerRefused for another stretch than the one asked for."""
    if response.status_code != 206:
        return False
    if response.headers.get("content-range", "").startswith(f"bytes {offset}-"):
        return True
    raise ServerRefused("it answered with another range than the one asked for")


def _save(response: httpx.Response, target: Path, offset: int, on_bytes: Callable[[int], None]) -> int:
    """Writes the answer to ``target`` from ``offset``; gives its size. Everything received before a failure stays."""
    with os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b") as file:
        if os.fstat(file.fileno()).st_size > offset:
            file.truncate(offset)
        file.seek(offset)
        at = said = offset
        for chunk in response.iter_raw():  # as they come: a chunk size would hold bytes back, and a cut would lose them
            file.write(chunk)
            at += len(chunk)
            if at - said >= 1 << 20:
                said = at
                on_bytes(at)
    on_bytes(at)
    return at


def _got(response: httpx.Response, size: int, text: str = "") -> Got:
    media_type = str(response.headers.get("content-type", "")).split(";")[0].strip().lower()
    return Got(str(response.url), size, text, media_type)


def _destination(url: str) -> str:
    """The destination an address names, as the ledger writes it."""
    from .transport import destination

    parts = urlsplit(url)
    return destination(parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443))


def _host(url: str) -> str:
    """The host (and port) an address names, without any name or password in it."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _why(error: Exception) -> str:
    """What went wrong, in words without the address (it may hold a password)."""
    return type(error).__name__ + (f" ({error})" if str(error) and "@" not in str(error) else "")
