"""A calendar on a CalDAV server (RFC 4791), or a file of one at an address: found, read, and single events put there or taken out.

Everything goes through the door, with its purpose, and to the server the person named, nowhere else: what the server says is a
stranger's word, also where its calendars are. An event is written only on a condition (If-None-Match, If-Match: RFC 9110 13.1), so that
nothing that somebody changed meanwhile is overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser, fromstring

from ..egress import consents
from ..egress.door import Outlet
from ..errors import BadInput, KeyRefused, NotFound, OwnmindError, Refused, TryAgainLater

if TYPE_CHECKING:
    import httpx

READ, WRITE = "read calendars", "put steps into calendars"
CALDAV, ADDRESS = "caldav", "address"
_MOST = 64 << 20  # bytes of an answer
_REDIRECTS = 5
_MOST_CALENDARS = 100
_DAV, _CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_WHERE = """<?xml version="1.0" encoding="utf-8"?>
<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:resourcetype/><d:displayname/>
<d:current-user-principal/><c:calendar-home-set/><c:supported-calendar-component-set/></d:prop></d:propfind>"""
_EVENTS = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"/></c:comp-filter></c:filter></c:calendar-query>"""


@dataclass(frozen=True, slots=True)
class Place:
    """A calendar that was found. ``kind``: caldav, or address for a file that can only be read."""

    url: str
    title: str
    kind: str = CALDAV


def address(said: str) -> str:
    """The address of a server or a file, as it is kept. Raises BadInput for what is none, or would send a password in the open."""
    url = re.sub(r"^webcals?://", "https://", said.strip())
    url = url if "://" in url else f"https://{url}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment or "@" in parts.netloc or not url.isprintable():
        raise BadInput("that is no address of a calendar", hint="such as https://dav.example.org/ana/; user and password are given apart")
    consents.destination(f"{parts.scheme}://{parts.netloc}")
    if parts.scheme == "http" and not consents.is_near(parts.hostname):
        raise BadInput("over http:// anybody on the way reads along", hint="use https://, or a server inside your own network")
    return parts._replace(path=parts.path or "/").geturl()


def destination(url: str) -> str:
    """Where an address is, as permissions and the ledger name it."""
    parts = urlsplit(url)
    return consents.destination(f"{parts.scheme}://{parts.netloc}")


class Server:
    """A server as one person uses it, for one purpose. ``items``: the memories told in what is sent."""

    def __init__(self, url: str, user: str, password: str, outlet: Outlet, purpose: str, items: tuple[str, ...] = ()) -> None:
        import httpx  # with the transport some tenths of a second: not at every start

        from ..egress.transport import Limits, Transport

        self._url = url
        self._transport = Transport(outlet, purpose, item_ids=items, limits=Limits(20.0, idle=60.0, total=300.0, most_in=_MOST))
        self._auth = httpx.BasicAuth(user, password) if user or password else None

    def find(self) -> tuple[Place, ...]:
        """The calendars at the address: itself, the file it is, or those of the person there. Raises NotFound for none."""
        answer = self._ask("PROPFIND", self._url, _WHERE, depth="0")
        if answer.status_code != 207 and urlsplit(self._url).path in ("", "/"):
            known = self._ask("PROPFIND", urljoin(self._url, "/.well-known/caldav"), _WHERE, depth="0")  # RFC 6764
            answer = known if known.status_code == 207 else answer
        if answer.status_code != 207:
            return self._file()
        if not (responses := _responses(answer)):
            raise NotFound(f"{destination(self._url)} shows no calendar there", hint="look at the address")
        first = responses[0]
        if _is_calendar(first):
            return (_place(str(answer.url), first),)
        home = _href(first, f"{_CAL}calendar-home-set")
        if not home and (principal := _href(first, f"{_DAV}current-user-principal")):
            at = self._within(str(answer.url), principal)
            (first, *_) = _responses(self._ask("PROPFIND", at, _WHERE, depth="0")) or [first]
            home = _href(first, f"{_CAL}calendar-home-set")
        at = self._within(str(answer.url), home) if home else str(answer.url)
        listed = _responses(self._ask("PROPFIND", at, _WHERE, depth="1"))[:_MOST_CALENDARS]
        found = tuple(_place(self._within(at, _text(one, f"{_DAV}href")), one) for one in listed if _is_calendar(one))
        if not found:
            raise NotFound(f"{destination(self._url)} shows no calendar there", hint="look at the address, or make a calendar there first")
        return found

    def read(self, kind: str) -> bytes:
        """Every event of the calendar, as iCalendar."""
        if kind == ADDRESS:
            answer = _good(self._ask("GET", self._url), self._url)
            return answer.content
        answer = _good(self._ask("REPORT", self._url, _EVENTS, depth="1"), self._url)
        data = [_text(one, f".//{_CAL}calendar-data") for one in _responses(answer)]
        return "\r\n".join(["BEGIN:VCALENDAR", "END:VCALENDAR", *(text.strip() for text in data), ""]).encode()

    def put(self, url: str, text: str, etag: str) -> str | None:
        """Writes one event: a new one, or over what has this ``etag``. Gives its new etag; None when something else is there."""
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        answer = self._ask("PUT", url, text, {"Content-Type": "text/calendar; charset=utf-8", **condition})
        if answer.status_code == 412:
            return None
        return _good(answer, url).headers.get("etag", "") or (self.get(url) or ("", ""))[1]

    def get(self, url: str) -> tuple[str, str] | None:
        """One event as it is there, and its etag; None when it is not."""
        answer = self._ask("GET", url)
        if answer.status_code in (404, 410):
            return None
        return _good(answer, url).text, answer.headers.get("etag", "")

    def delete(self, url: str, etag: str) -> bool:
        """Takes one event out; whether it is gone. Not when it is another version than ``etag`` by now."""
        answer = self._ask("DELETE", url, headers={"If-Match": etag} if etag else {})
        if answer.status_code in (404, 410):
            return True
        if answer.status_code == 412:
            return self.get(url) is None  # If-Match also fails where nothing is left
        _good(answer, url)
        return True

    def _file(self) -> tuple[Place, ...]:
        answer = _good(self._ask("GET", self._url), self._url)
        if not answer.content[:200].lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR"):
            raise NotFound(f"{destination(self._url)} has no calendar at that address", hint="look at the address")
        name = re.search(rb"^X-WR-CALNAME[^:\r\n]*:([^\r\n]{1,200})", answer.content[: 1 << 16], re.MULTILINE)
        title = name[1].decode("utf-8", "replace") if name else unquote(urlsplit(self._url).path.rstrip("/").rpartition("/")[2])
        return (Place(self._url, _words(title), ADDRESS),)

    def _ask(self, method: str, url: str, body: str = "", headers: dict[str, str] | None = None, depth: str = "") -> httpx.Response:
        """One request and its redirects, which keep their method. Raises KeyRefused, TryAgainLater, DoorClosed, Refused."""
        import httpx

        asked = {"User-Agent": "ownmind", "Accept-Encoding": "identity", **(headers or {})}
        asked |= {"Depth": depth, "Content-Type": "application/xml; charset=utf-8"} if depth else {}
        with _named(url), httpx.Client(transport=self._transport, auth=self._auth, headers=asked) as client:
            for _ in range(_REDIRECTS):
                answer = client.request(method, url, content=body.encode() or None)
                if answer.status_code not in (301, 302, 307, 308):
                    break
                url = self._within(url, answer.headers.get("location", ""))
        if answer.status_code == 403 and method in ("PUT", "DELETE"):
            raise BadInput(f"{destination(url)} does not let you change that calendar", hint="connect one that is yours")
        if answer.status_code in (401, 403):
            raise KeyRefused(f"{destination(url)} does not take this user and password", hint="connect it again with the right ones")
        return answer

    def _within(self, base: str, reference: str) -> str:
        """An address the server gave. Raises Refused for one on another server: the password is for this one."""
        url = urljoin(base, reference.strip())
        if urlsplit(url)[:2] != urlsplit(self._url)[:2]:
            raise Refused(
                f"{destination(self._url)} sends on to another server: {urlsplit(url).netloc[:200]!r}",
                hint="connect that address if you trust it",
            )
        return url


class _Plain(TreeBuilder):
    """Elements only: no document type, and so no entities, which can be made to swell."""

    def doctype(self, name: str, public: str, system: str) -> None:
        raise TryAgainLater("the server sent a document type, which no calendar needs", hint="look at the address")


def _responses(answer: httpx.Response) -> list[Element]:
    """The responses of a multistatus (RFC 4918 13) that have something to say."""
    if answer.status_code != 207:
        _good(answer, str(answer.url))
        return []
    try:
        root = fromstring(answer.content, XMLParser(target=_Plain()))  # noqa: S314 -- no document type is taken (_Plain)
    except (ParseError, ValueError, LookupError) as error:
        raise TryAgainLater(f"what {destination(str(answer.url))} answered cannot be read", hint="is it a CalDAV server?") from error
    return list(root.iterfind(f"{_DAV}response"))


def _is_calendar(response: Element) -> bool:
    """Whether it is a calendar, and one of events."""
    kinds = [one.get("name", "").upper() for one in response.iterfind(f".//{_CAL}supported-calendar-component-set/{_CAL}comp")]
    return response.find(f".//{_DAV}resourcetype/{_CAL}calendar") is not None and (not kinds or "VEVENT" in kinds)


def _place(url: str, response: Element) -> Place:
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    return Place(url if url.endswith("/") else f"{url}/", _words(_text(response, f".//{_DAV}displayname") or name))


def _href(response: Element, name: str) -> str:
    return _text(response, f".//{name}/{_DAV}href")


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return (found.text or "").strip() if found is not None else ""


def _words(title: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in title).split())[:200] or "calendar"


def _good(answer: httpx.Response, url: str) -> httpx.Response:
    """The answer, when it is one. Raises NotFound, TryAgainLater, BadInput. Its body is not shown: it may be anything."""
    to, status = destination(url), answer.status_code
    if status < 300:
        return answer
    if status in (404, 410):
        raise NotFound(f"{to} has nothing there", hint="look at the address of the calendar")
    if status == 429 or status >= 500:
        raise TryAgainLater(f"{to} is out of order or asked too much ({status})", hint="try again later")
    raise BadInput(f"{to} refused the request ({status})", hint="is it a calendar, and may you write there?")


@contextmanager
def _named(url: str) -> Iterator[None]:
    """httpx's errors as ours."""
    import httpx

    try:
        yield
    except OwnmindError:
        raise
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise TryAgainLater(f"{destination(url)} did not answer: {error or type(error).__name__}", hint="try again later") from error
