"""Read a page of the web: its address leaves, its words come in as words from outside.

The address is a send, because anything can be put into one: it must be the person's own. The page is remembered like a document they
gave, untrusted, so that what it says is answered from it with its passages as sources. What it orders machines to do is noted for the
person to see, and nothing else happens with it.
"""

from __future__ import annotations

import mimetypes
import re
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..egress.door import Outlet
from ..errors import BadInput, NotFound, OwnmindError, TryAgainLater
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type, Value
from ..guard.orders import orders
from ..memory.memory import Memory
from ..messages import Confidentiality, Integrity, Label, Media, Source, Tried
from ..store import items
from ..store.opening import Store
from .act import Arguments, Attempt, Deed, Result

NAME = "read_page"
PURPOSE = "read web pages"
_MOST = 20 << 20  # bytes of a page
_REDIRECTS = 5
_AGENT = "Mozilla/5.0 (compatible; Ownmind)"  # says what we are, and nothing of whose
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}

DECLARED = Declaration(
    NAME,
    Effect.SENDS,
    {"url": Parameter(Role.AUTHORITY, Type.URL)},
    says="open {url}: the address goes to that server, and the page is remembered as words from outside",
)


def deed(memory: Memory, store: Store, outlet: Outlet, folder: Callable[[], Path]) -> Deed:
    """Reading pages into ``memory``. ``folder``: where fetched bytes lie while they are read, private and emptied."""

    def read(arguments: Arguments, now: datetime) -> Result:
        from ..memory.importing import import_fetched  # with all parsers behind it: not at every start

        url = _address(arguments)
        at, content, media_type = _fetch(url, outlet)
        source = Source(f"page:{at}", "document", _title(at), media_type)
        with tempfile.TemporaryDirectory(prefix="page-", dir=folder()) as inside:
            path = Path(inside) / f"page{_SUFFIXES.get(media_type) or mimetypes.guess_extension(media_type) or '.html'}"
            path.write_bytes(content)
            imported = import_fetched(memory, store, Media(path, media_type, source, now), now=now)
        if imported.skipped and not imported.items + imported.already_known:
            raise BadInput(f"{_title(at)} cannot be read: {imported.skipped[0].reason}")
        tried = _note_orders(store, source, now)
        label = Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE, (source.ref,))
        said = f"Read {_title(at)}: {_count(imported.items, 'new passage')}."
        return Result(said + tried, ({"page": (Value(source.ref, label),)},))

    return Deed(DECLARED, read, destination=lambda arguments: _host(_address(arguments)), purpose=PURPOSE)


def sources_of(attempt: Attempt) -> tuple[str, ...]:
    """The refs of the sources that an attempt brought in."""
    rows = attempt.result.rows if attempt.result is not None else ()
    return tuple(str(value.data) for row in rows for value in row.get("page", ()))


def _fetch(url: str, outlet: Outlet) -> tuple[str, bytes, str]:
    """(the address it was at last, its bytes, its media type). Raises what stops it: then nothing, or only the address, left."""
    import httpx

    from ..egress.transport import Limits, Transport

    transport = Transport(outlet, PURPOSE, limits=Limits(connect=15.0, idle=20.0, total=60.0, most_in=_MOST))
    asked = {"User-Agent": _AGENT, "Accept": "text/html,application/pdf,text/plain;q=0.9,*/*;q=0.5", "Accept-Encoding": "identity"}
    try:
        with httpx.Client(transport=transport, follow_redirects=True, max_redirects=_REDIRECTS, headers=asked) as client:
            answer = client.get(url)
    except OwnmindError:
        raise
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise TryAgainLater(f"{_host(url)} did not answer: {error or type(error).__name__}", hint="try again later") from error
    if answer.status_code >= 400:
        raise NotFound(f"{_host(url)} says {answer.status_code} {answer.reason_phrase}".rstrip(), hint="look at the address")
    media_type = answer.headers.get("content-type", "text/html").split(";")[0].strip().lower()
    return str(answer.url), answer.content, media_type


def _address(arguments: Arguments) -> str:
    """The one address. Raises BadInput for what is none that can be opened; a name or password in it is left out."""
    url = "".join(str(one.data) for one in arguments.get("url", ())).strip()
    url = url if re.match(r"[a-z][a-z0-9+.-]*://", url, re.IGNORECASE) else f"https://{url}"
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise BadInput("that is not an address", hint="give it as https://example.org/page") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput(f"{parts.scheme or 'that'} is no address of a page", hint="only http and https pages can be read")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return parts._replace(netloc=f"{host}{port}", fragment="").geturl()


def _host(url: str) -> str:
    from ..egress.transport import destination

    parts = urlsplit(url)
    return destination(parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443))


def _title(url: str) -> str:
    parts = urlsplit(url)
    return unquote(f"{parts.hostname}{parts.path.rstrip('/')}")[:120]


def _note_orders(store: Store, source: Source, now: datetime) -> str:
    """Keeps what the page orders machines to do, and says so in a sentence; "" when it orders nothing."""
    with store.db.read() as cx:
        held = items.get(cx, items.rows_of(cx, source=source.ref))
    found = [(item, order) for item in held for order in orders(item.text)]
    for item, order in found:
        store.actions.note_tried(Tried(now, source.ref, source.title, order.words, order.effect), item=items.row_id(item.id))
    if not found:
        return ""
    first = found[0][1].words
    return f" It tried to give me orders (“{first}”), which I ignored; `ownmind approvals --tried` shows them."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
