"""Search the web: the words go to the one search server the person set, its results come in as words from outside.

There is none built in, because every one of them wants an account, a key or its visitors. Any server that answers a query with JSON will
do: a SearXNG of the person's own (its Search API: ``/search?q=...&format=json``, a list ``results`` of ``title``, ``url``, ``content``), or
another whose fields are named in the settings. Its key, where it wants one, is in the encrypted store and goes in a header.

A query is words that others read: the person's own, or they are asked. Results are remembered like pages, untrusted, each
with its own address as its source, so that an answer cites the page and not the search.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from ..egress.consents import is_near
from ..egress.door import Outlet
from ..errors import BadInput, NotFound, OwnmindError, Refused, TryAgainLater
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type, Value, attributed
from ..guard.plan import planned
from ..guard.visible import visible
from ..memory.memory import Memory
from ..messages import Action, Confidentiality, Entry, Integrity, Kind, Label, Source
from ..store.settings import Settings
from .act import Arguments, Deed, Result, Session, World

NAME = "search_web"
PURPOSE = "search the web"
UNSET = "no search server is set yet (`ownmind search set https://your.searxng.example` sets one)"
MOST = 8  # results that are kept
_LONGEST = 400  # characters of a query
_BYTES = 2 << 20  # of an answer
_TITLE, _WORDS = 200, 800  # characters of a result that are kept
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_FIELD = re.compile(r"[\w.-]{1,60}")
_SETTING, _KEY = "search server", "search key"

DECLARED = Declaration(
    NAME,
    Effect.SENDS,
    {"query": Parameter(Role.CONTENT, Type.TEXT)},
    says="search the web for {query}: these words go to the search server, and what it finds is remembered as words from outside",
)


@dataclass(frozen=True, slots=True)
class Engine:
    """A search server. ``url`` has ``{query}`` where the words go. ``results`` is the path of the list in its answer ("web.results"); the
    others are fields of one result. ``header``: the name of the header its key goes in."""

    url: str
    results: str = "results"
    title: str = "title"
    link: str = "url"
    words: str = "content"
    header: str = ""

    @property
    def host(self) -> str:
        from ..egress.transport import destination

        parts = urlsplit(self.url)
        return destination(parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443))


@dataclass(frozen=True, slots=True)
class Found:
    """One result, as the server says it."""

    title: str
    url: str
    words: str


class Search:
    """The search server of one home (``engine``), and searching by the person's own hand (``ask``). Any thread may use it."""

    def __init__(self, memory: Memory, settings: Settings, outlet: Outlet, world: World, clock: Callable[[], datetime]) -> None:
        self._memory, self._settings, self._outlet, self._world, self._clock = memory, settings, outlet, world, clock
        self._declare()

    def engine(self) -> Engine | None:
        """Where searches go; None while none is set."""
        kept = self._settings.get(_SETTING, "")
        return Engine(**json.loads(kept)) if kept else None

    def set(
        self, url: str, results: str = "results", title: str = "title", link: str = "url", words: str = "content", header: str = ""
    ) -> Engine:
        """Has searches go there from now on; the first one asks for the person's yes. Raises BadInput."""
        engine = Engine(_template(url), results, title, link, words, header)
        if not all(_FIELD.fullmatch(each) for each in (results, title, link, words)):
            raise BadInput("a field is a word, or words with dots between them", hint="such as web.results")
        if header and not _HEADER.fullmatch(header):
            raise BadInput(f"{header!r} is no header's name", hint="such as X-Subscription-Token")
        before = self.engine()
        if before is not None and before.host != engine.host:
            self._settings.remove(_KEY)  # a key is for one server
        self._settings.set(_SETTING, json.dumps(asdict(engine)))
        self._declare()
        return engine

    def key(self, key: str) -> bool:
        """Keeps the server's key in the store; "" takes it away. Gives whether there is one now. Raises BadInput."""
        if (engine := self.engine()) is None or (key and not engine.header):
            raise BadInput("no header is set for a key", hint="ownmind search set URL --header NAME")
        if not re.fullmatch(r"[\x21-\x7e]{0,500}", key):
            raise BadInput("that is no key: it has blanks or letters no header takes")
        self._settings.set(_KEY, key) if key else self._settings.remove(_KEY)
        return bool(key)

    def forget(self) -> bool:
        """Takes the search server and its key away; whether there was one."""
        was = self.engine() is not None
        self._settings.remove(_SETTING)
        self._settings.remove(_KEY)
        self._world.withdraw(NAME)
        return was

    def ask(self, words: str) -> Action:
        """Searches for ``words``, which the person gave as such; waits for their yes where they have not given one. Raises BadInput."""
        if self.engine() is None:
            raise BadInput(UNSET)
        session = Session(planned(words, [NAME], self._world.declared()))
        value = Value(words, Label(Integrity.PERSON), Type.TEXT)
        attempt = self._world.attempt(NAME, {"query": (value,)}, session, self._clock())
        if attempt.action is None:
            raise Refused(" ".join(attempt.decision.reasons) or "that cannot be searched for")
        return attempt.action

    def _declare(self) -> None:
        if self.engine() is not None:
            self._world.declare(Deed(DECLARED, self._search, destination=lambda arguments: self._host(), purpose=PURPOSE))

    def _host(self) -> str:
        engine = self.engine()
        return engine.host if engine is not None else ""

    def _search(self, arguments: Arguments, now: datetime) -> Result:
        engine = self.engine()
        if engine is None:
            raise BadInput(UNSET)
        query = _query(arguments)
        found = _asked(engine, query, self._settings.get(_KEY, ""), self._outlet)
        entries = [_entry(one, now) for one in found]
        kept = [name for name in self._memory.remember(entries, now=now) if name]  # forgotten pages stay forgotten
        refs = [self._memory.item(name).source.ref for name in kept]
        rows = tuple({"page": (Value(ref, Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE, (ref,))),)} for ref in refs)
        return Result(_told(query, engine, [one for one in found if _ref(one) in refs]), rows)


def _template(url: str) -> str:
    """The address with ``{query}`` in it; a bare server is taken for a SearXNG. Raises BadInput."""
    text = url.strip()
    text = text if re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE) else f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadInput("that is not an address", hint="give it as https://searx.example.org") from error
    host = parts.hostname or ""
    if re.search(r"\s", text):
        raise BadInput("there are blanks in that address", hint="give it as https://searx.example.org")
    if parts.scheme not in ("http", "https") or not host or port == 0 or "@" in parts.netloc or "{query}" in parts.netloc:
        raise BadInput("that is no address of a search server", hint="give it as https://searx.example.org, or with {query} in it")
    if parts.scheme == "http" and not is_near(host):
        raise BadInput(f"what is asked of {host} could be read on the way", hint="use https://, or a server on this machine")
    if "{query}" in text:
        return parts._replace(fragment="").geturl()
    return parts._replace(
        path=parts.path.rstrip("/").removesuffix("/search") + "/search", query="q={query}&format=json", fragment=""
    ).geturl()


def _query(arguments: Arguments) -> str:
    query = " ".join(" ".join(str(one.data) for one in arguments.get("query", ())).split())
    if not query or len(query) > _LONGEST:
        raise BadInput("there is nothing to search for" if not query else f"more than {_LONGEST} characters is no search")
    return query


def _asked(engine: Engine, query: str, key: str, outlet: Outlet) -> list[Found]:
    """What the server finds. One request, no redirect: a key would go along. Raises what stops it."""
    import httpx

    from ..egress.transport import Limits, Transport

    transport = Transport(outlet, PURPOSE, limits=Limits(connect=15.0, idle=20.0, total=40.0, most_in=_BYTES))
    headers = {"User-Agent": "Mozilla/5.0 (compatible; Ownmind)", "Accept": "application/json", "Accept-Encoding": "identity"}
    url = engine.url.replace("{query}", quote(query, safe=""))
    try:
        with httpx.Client(transport=transport, headers=headers | ({engine.header: key} if engine.header and key else {})) as client:
            answer = client.get(url)
    except OwnmindError:
        raise
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise TryAgainLater(f"{engine.host} did not answer: {error or type(error).__name__}", hint="try again later") from error
    match answer.status_code:
        case 401 | 403:
            hint = "a SearXNG must allow `json` under `search: formats:`; another may want its key: `ownmind search key`"
            raise Refused(f"{engine.host} does not answer programs, or not without a key ({answer.status_code})", hint=hint)
        case 429:
            raise TryAgainLater(f"{engine.host} is asked too often", hint="try again in a while")
        case 200:
            return found(answer.content, engine)
    raise NotFound(f"{engine.host} says {answer.status_code}", hint="`ownmind search` shows the address")


def found(content: bytes, engine: Engine) -> list[Found]:
    """The results in a server's answer, its best first, no address twice. Raises BadInput for what is no such JSON."""
    try:
        held = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{engine.host} did not answer with JSON", hint="a SearXNG must allow `json` under `search: formats:`") from error
    for name in engine.results.split("."):
        held = held.get(name) if isinstance(held, dict) else None
    if not isinstance(held, list):
        raise BadInput(f"there is no list “{engine.results}” in what {engine.host} answered", hint="`ownmind search set` names the fields")
    kept: dict[str, Found] = {}
    for one in held[:100]:
        if isinstance(one, dict) and (read := _read(one, engine)) is not None:
            kept.setdefault(read.url, read)
    return list(kept.values())[:MOST]


def _read(one: Mapping[str, object], engine: Engine) -> Found | None:
    url = _text(one.get(engine.link), 2000)
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", url):
        return None
    title = _text(one.get(engine.title), _TITLE) or parts.hostname
    return Found(title, url, _text(one.get(engine.words), _WORDS))


def _text(value: object, longest: int) -> str:
    """Plain words on one line: no marks of HTML, no lone surrogates."""
    if not isinstance(value, str):
        return ""
    plain = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", value[: longest * 4]).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(plain.split())[:longest]


def _ref(one: Found) -> str:
    return f"result:{one.url}"


def _entry(one: Found, now: datetime) -> Entry:
    label = Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE)
    text = f"{one.title}\n{one.words}".strip()
    return Entry(text, Source(_ref(one), "document", one.title), label, Kind.PASSAGE, now, external_id=text)


def _told(query: str, engine: Engine, results: list[Found]) -> str:
    if not results:
        return f"{engine.host} found nothing for “{visible(query)}”."
    label = Label(Integrity.UNTRUSTED, sources=(engine.host,))
    lines = "\n".join(f"{number}. {visible(one.title)} ({urlsplit(one.url).hostname})" for number, one in enumerate(results, 1))
    count = f"{len(results)} result{'' if len(results) == 1 else 's'}"
    return f"Searched for “{visible(query)}”, {count}. {attributed(lines, label)}"


__all__ = ["NAME", "PURPOSE", "UNSET", "Engine", "Found", "Search", "found"]
