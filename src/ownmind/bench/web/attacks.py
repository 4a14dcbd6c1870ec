"""The matrix: for the proper request of a route every way to send it that must not be taken.

Each attack changes one thing, so what gets through says which fence has the hole. ``allowed`` is how many answers below 400
may come back: 0, save where a proper request carries the attack behind it.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ...channels.openai import errors
from ...channels.web import fence
from ..requests import Request, chunked
from .proper import Way, methods_at

_GZIP, _DEFLATE = gzip.compress(bytes(64 << 20)), zlib.compress(bytes(64 << 20))  # 64 MB in 64 kB


@dataclass(frozen=True, slots=True)
class Attack:
    """What is sent, of which kind, and how many good answers it may get."""

    kind: str
    name: str
    pieces: tuple[bytes, ...]
    allowed: int = 0
    half_close: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What an attacker knows: the port, and cookies that are not good here."""

    port: int
    cookie: str  # the good one, for attacks from inside the person's own browser
    foreign_cookie: str  # good at another Ownmind on this machine
    token: str  # of this launch, used


def against(way: Way, target: Target) -> Iterator[Attack]:
    """Every attack on one way. On the Unix socket only those of bodies and shape: who reaches it is the person."""
    if way.is_for_programs:
        yield from _on_keys(way, target)
        yield from _hosts(way, target)
        yield from (each for each in _origins(way, target) if each.name not in _NO_PAGE)
        yield from _sites(way)
        yield from _upgrades(way, target)
        return
    yield from _bodies(way)
    yield from _shapes(way)
    if way.on_socket:
        return
    yield from _hosts(way, target)
    yield from _origins(way, target)
    yield from _sites(way)
    yield from _methods(way)
    yield from _upgrades(way, target)
    yield from _paths(way, target)
    if way.needs_session:
        yield from _cookies(way, target)


def _one(kind: str, name: str, request: Request, **more: bool) -> Attack:
    return Attack(kind, name, (request.raw(),), **more)


_NO_PAGE = frozenset({"missing", "referer instead"})  # a program sends no Origin, and may send any Referer


def _on_keys(way: Way, target: Target) -> Iterator[Attack]:
    """Everything that is not the key, and the key where it does not belong."""
    key = next(value for name, value in way.proper.headers if name == "authorization").removeprefix("Bearer ")
    stranger = way.proper.with_header("authorization")
    yield _one("key", "none", stranger)
    session = target.cookie.partition("=")[2]
    for said, value in (
        ("wrong", "Bearer om-" + "A" * 43), ("cut", f"Bearer {key[:-1]}"), ("longer", f"Bearer {key}A"),
        ("changed case", f"Bearer {key.swapcase()}"), ("Basic", f"Basic {key}"), ("bare", key), ("no value", "Bearer"),
        ("in quotes", f'Bearer "{key}"'), ("two in one", f"Bearer x, Bearer {key}"), ("a list", f"Bearer {key}, x"),
        ("another first", f"Bearer x {key}"), ("encoded", f"Bearer %{ord(key[0]):x}{key[1:]}"),
        ("the launch's token", f"Bearer {target.token}"),
        ("a session", f"Bearer {session}"), ("oversized", "Bearer " + "A" * 20_000),
    ):  # fmt: skip
        yield _one("key", said, way.proper.with_header("authorization", value))
    yield _one("key", "wrong, good", way.proper.with_header("authorization", "Bearer x", f"Bearer {key}"))
    yield _one("key", "good, wrong", way.proper.with_header("authorization", f"Bearer {key}", "Bearer x"))
    if not way.path.startswith(errors.ANTHROPIC):
        yield _one("key", "Anthropic's header", stranger.with_header("x-api-key", key))
    else:
        for said, value in (
            ("wrong", "om-" + "A" * 43), ("cut", key[:-1]), ("longer", f"{key}A"), ("a bearer", f"Bearer {key}"), ("a list", f"{key}, x"),
            ("changed case", key.swapcase()), ("the launch's token", target.token), ("a session", session), ("oversized", "A" * 20_000),
        ):  # fmt: skip
            yield _one("key", f"Anthropic's header, {said}", stranger.with_header("x-api-key", value))
            yield _one("key", f"Anthropic's header beside the key, {said}", way.proper.with_header("x-api-key", value))
        yield _one("key", "Anthropic's header, wrong, good", stranger.with_header("x-api-key", "x", key))
        yield _one("key", "Anthropic's header, good, wrong", stranger.with_header("x-api-key", key, "x"))
    yield _one("key", "a session's cookie", stranger.with_header("cookie", target.cookie))
    yield _one("key", "as a cookie", stranger.with_header("cookie", f"{target.cookie.partition('=')[0]}={key}; authorization=Bearer {key}"))
    for query in ("key", "api_key", "access_token", "authorization"):
        yield _one(
            "key", f"{query} in the query", Request(way.method, f"{way.proper.target}?{query}={key}", stranger.headers, stranger.body)
        )


def _hosts(way: Way, target: Target) -> Iterator[Attack]:
    port = target.port
    for host in (
        "evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", f"127.0.0.1.nip.io:{port}",
        f"localhost.evil.example:{port}", f"localtest.me:{port}", "127.0.0.1", "localhost", f"127.0.0.1:{port + 1}",
        f"127.0.0.1:{port}0", f"127.0.0.1:0{port}", f"127.1:{port}", f"2130706433:{port}", f"0x7f000001:{port}", f"0177.0.0.1:{port}",
        f"127.0.0.2:{port}", f"0.0.0.0:{port}", f"[::]:{port}", f"[::ffff:127.0.0.1]:{port}", f"[0:0:0:0:0:0:0:1]:{port}",
        f"localhost.:{port}", f"user@127.0.0.1:{port}", f"127.0.0.1:{port}@evil.example", f"127.0.0.1:{port}/",
        f"127.0.0.1:{port}, evil.example", "null", "", "*", f"127.0.0.1 :{port}", f"①②⑦.0.0.1:{port}",
    ):  # fmt: skip
        yield _one("host", host or "empty", way.proper.with_header("host", host))
    yield _one("host", "missing", way.proper.with_header("host"))
    good = f"127.0.0.1:{port}"
    yield _one("host", "evil, good", way.proper.with_header("host", "evil.example", good))
    yield _one("host", "good, evil", way.proper.with_header("host", good, "evil.example"))
    yield _one("host", "forwarded", way.proper.with_header("host", "evil.example").with_header("x-forwarded-host", good))
    yield Attack("host", "HTTP/1.0 without", (way.proper.with_header("host").raw().replace(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", 1),))


def _origins(way: Way, target: Target) -> Iterator[Attack]:
    port = target.port
    good = f"http://127.0.0.1:{port}"
    for origin in (
        "http://evil.example", "null", "", f"http://127.0.0.1:{port + 1}", "http://127.0.0.1", f"https://127.0.0.1:{port}",
        f"HTTP://127.0.0.1:{port}", f"http://localhost.evil.example:{port}", f"http://127.0.0.1:{port}.evil.example",
        f"http://evil.example#http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/", f"http://user@127.0.0.1:{port}",
        f"file://127.0.0.1:{port}", "file://", "chrome-extension://abcdef", "*", f"{good} http://evil.example",
        f"{good},http://evil.example", f"ws://127.0.0.1:{port}", f"http://[::ffff:127.0.0.1]:{port}",
    ):  # fmt: skip
        yield _one("origin", origin or "empty", way.proper.with_header("origin", origin))
    yield _one("origin", "evil, good", way.proper.with_header("origin", "http://evil.example", good))
    yield _one("origin", "good, evil", way.proper.with_header("origin", good, "http://evil.example"))
    if way.method != "GET":
        yield _one("origin", "missing", way.proper.with_header("origin"))
        yield _one("origin", "referer instead", way.proper.with_header("origin").with_header("referer", good + "/"))


def _sites(way: Way) -> Iterator[Attack]:
    for site in ("cross-site", "same-site", "", "Same-Origin", "same-origin, cross-site", "same-origin;", "none,", "null", "?1", "unknown"):
        yield _one("fetch-site", site or "empty", way.proper.with_header("sec-fetch-site", site))
    yield _one("fetch-site", "cross, same", way.proper.with_header("sec-fetch-site", "cross-site", "same-origin"))
    yield _one("fetch-site", "same, cross", way.proper.with_header("sec-fetch-site", "same-origin", "cross-site"))


def _methods(way: Way) -> Iterator[Attack]:
    held = methods_at(way.path)
    for method in (
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "TRACK",
        "CONNECT",
        "PROPFIND",
        "DEBUG",
        "PURGE",
        "FOO",
    ):
        if method in held or (method == "HEAD" and way.path == "/{path:path}"):  # a HEAD of the page itself is as good as its GET
            continue
        yield _one("method", method, _as(way.proper, method))
    yield _one("method", "lower case", _as(way.proper, way.method.lower()))
    yield Attack(
        "method",
        "CONNECT host",
        (way.proper.raw().replace(way.proper.target.encode(), b"127.0.0.1:80", 1).replace(way.method.encode(), b"CONNECT", 1),),
    )
    yield Attack("method", "OPTIONS *", (_as(way.proper, "OPTIONS").raw().replace(way.proper.target.encode(), b"*", 1),))
    for header in ("x-http-method-override", "x-http-method", "x-method-override"):
        if "GET" not in held:
            headers = way.proper.with_header(header, way.method).with_header("content-length").headers
            yield _one("method", header, Request("GET", way.proper.target, headers))


def _as(request: Request, method: str) -> Request:
    return Request(method, request.target, request.headers, request.body)


def _upgrades(way: Way, target: Target) -> Iterator[Attack]:
    asked = way.proper.with_header("connection", "Upgrade, close").with_header("sec-websocket-version", "13")
    asked = asked.with_header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{target.port + 1}"):
        yield _one("websocket", origin, asked.with_header("upgrade", "websocket").with_header("origin", origin))
    yield _one("websocket", "own origin", asked.with_header("upgrade", "websocket"))
    yield _one("websocket", "h2c", asked.with_header("upgrade", "h2c").with_header("http2-settings", "AAMAAABkAARAAAAAAAIAAAAA"))


def _cookies(way: Way, target: Target) -> Iterator[Attack]:
    name, _, value = target.cookie.partition("=")
    foreign = target.foreign_cookie.partition("=")[2]
    for said, cookie in (
        ("wrong", f"{name}={'A' * len(value)}"), ("of another Ownmind", f"{name}={foreign}"), ("of another port", f"ownmind_1={value}"),
        ("another name", f"session={value}"), ("upper-case name", f"{name.upper()}={value}"), ("empty", f"{name}="), ("no value", name),
        ("cut", f"{name}={value[:-1]}"), ("longer", f"{name}={value}A"), ("changed case", f"{name}={value.swapcase()}"),
        ("the token", f"{name}={target.token}"), ("in quotes", f'{name}="{value}"'), ("a path", f"{name}=../../{value}"),
        ("sql", f"{name}=' OR 1=1 --"), ("a list", f"{name}[]={value}"), ("NUL", f"{name}={value}%00"),
        ("encoded", f"{name}=%{ord(value[0]):x}{value[1:]}"), ("inside another", f"a={name}={value}"),
        ("oversized", f"{name}={'A' * 20_000}"), ("oversized and good", f"a={'A' * 20_000}; {name}={value}"),
        ("a thousand", "; ".join(f"{name}={number}" for number in range(500))),
    ):  # fmt: skip
        yield _one("cookie", said, way.proper.with_header("cookie", cookie))
    stranger = way.proper.with_header("cookie")
    yield _one("cookie", "none", stranger)
    yield _one("cookie", "two headers", way.proper.with_header("cookie", f"{name}=x", f"{name}={value}"))
    yield _one("cookie", "as a bearer", stranger.with_header("authorization", f"Bearer {value}"))
    yield _one("cookie", "token as a bearer", stranger.with_header("authorization", f"Bearer {target.token}"))
    for query in ("token", "session", name):
        joint = "&" if "?" in stranger.target else "?"
        yield _one(
            "cookie",
            f"{query} in the query",
            Request(way.method, f"{stranger.target}{joint}{query}={target.token}", stranger.headers, stranger.body),
        )
    yield _one("cookie", "local by header", stranger.with_header("x-forwarded-for", "127.0.0.1").with_header("x-real-ip", "127.0.0.1"))


def _paths(way: Way, target: Target) -> Iterator[Attack]:
    """Other spellings without a session must not lead to the route; no spelling leads out of the page's own files."""
    path, _, query = way.proper.target.partition("?")
    stranger = way.proper.with_header("cookie")
    tail = f"?{query}" if query else ""
    encoded = "".join(f"%{ord(letter):02x}" for letter in path[1:])
    if way.needs_session:
        for spelling in (
            f"/{path}", f"//{path}", f"/.{path}", f"/x/..{path}", f"/%2e{path}", f"/x/%2e%2e{path}", f"/%2e%2e{path}",
            f"/static/..%2f{path[1:]}", f"/{encoded}", f"/%2f{path[1:]}", path.replace("/api", "/API"), path.replace("/api", "/api/"),
            path.replace("/api/", "/api;a=b/"), path.replace("/api/", "/api%2f"), path.replace("/api/", "/api%252f"),
            path.replace("/api/", "/api\\"), path.replace("/api/", "/api/./"), f"{path}%00", f"{path};.css", f"{path}/.css",
            f"{path}%23.css", f"{path}?.css", f"/style.css/..{path}", f"/style.css%00{path}", f"/api/session/..{path[4:]}",
            f"/api/session/%2e%2e{path[4:]}", f"/api/session;{path[4:]}", f"/api/session%2f..{path[4:]}",
            f"http://127.0.0.1:{target.port}{path}", f"http://evil.example{path}", path.replace("/api/", "/api/%c0%ae%c0%ae/"),
            path.replace("/", "%2f"),
        ):  # fmt: skip
            yield _one("path", spelling[:80], Request(way.method, spelling + tail, stranger.headers, stranger.body))
    own = way.proper
    for spelling in (
        "http://evil.example" + path, f"http://127.0.0.1:{target.port}{path}", "//evil.example" + path, path + "%00" + "a" * 9000,
        path + "?" + "a=b&" * 5000, path + "/" + "../" * 4000, path + "\x00", path + "\x7f", path + "#", path + "é",
    ):  # fmt: skip
        if path != "/" or not spelling.startswith("//"):
            yield _one("path", "own: " + spelling[:60], Request(way.method, spelling, own.headers, own.body))
    if way.path != "/{path:path}":
        return
    for climb in (
        "/../server.py", "/../../../../etc/passwd", "/..%2f..%2fserver.py", "/%2e%2e/server.py", "/%2e%2e%2fserver.py",
        "/..%252fserver.py", "/....//server.py", "/..\\server.py", "/..%5cserver.py", "//etc/passwd", "///etc/passwd", "/%2fetc/passwd",
        "/etc/passwd", "/.%00./server.py", "/%c0%ae%c0%ae/server.py", "/vendor/../../fence.py", "/vendor/README.md",
        "/types.js/..%2f..%2fserver.py", "/style.css/../../server.py", "/file:///etc/passwd", "/proc/self/environ", "/..;/server.py",
        "/%u002e%u002e/server.py", "/components/../../session.py", "/static/index.html", "/.", "/..", "/~root/.bashrc",
    ):  # fmt: skip
        yield _one("path", climb, Request("GET", climb, own.headers))


def _bodies(way: Way) -> Iterator[Attack]:
    if way.method == "GET":
        yield _one("content-type", "a body where none belongs", way.proper.with_header("content-type", "application/json").with_body(b"{}"))
        return
    good = "application/octet-stream" if way.path.startswith(("/api/import/", "/api/pieces/")) else "application/json"
    for kind in (
        "text/plain", "text/plain; application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a",
        "application/jsonp", "text/json", "application/ld+json", "application/json, text/plain", "text/plain, application/json",
        "application/json/x", "application\\json", "*/*", "", f"{good}; charset=utf-7", f"{good}; charset=utf-16",
        f"{good}; charset=utf-8; charset=utf-16", f'{good}; charset="utf-7"', f"{good}; boundary=a", f"{good} text/plain",
        f"{good}\t,text/plain", "application/xml", "image/svg+xml", "text/html",
    ):  # fmt: skip
        yield _one("content-type", kind or "empty", way.proper.with_header("content-type", kind))
    yield _one("content-type", "missing", way.proper.with_header("content-type"))
    yield _one("content-type", "two", way.proper.with_header("content-type", "text/plain", good))
    for encoding, body in (
        ("gzip", _GZIP),
        ("deflate", _DEFLATE),
        ("br", b"\x1b\xff\xff"),
        ("zstd", b"\x28\xb5\x2f\xfd"),
        ("x-gzip", _GZIP),
    ):
        yield _one("content-encoding", encoding, way.proper.with_header("content-encoding", encoding).with_body(body))
    yield from _sizes(way)


def _sizes(way: Way) -> Iterator[Attack]:
    limit = fence.body_limit(way.proper.target)
    request, body = way.proper, way.proper.body
    declared = request.with_header("content-length", str(limit + 1))
    yield Attack("size", "one over, declared", (Request(declared.method, declared.target, declared.headers).raw(),))
    if limit <= 1 << 20:
        over = b'{"x":"' + b"a" * (limit - 7) + b'"}'
        assert len(over) == limit + 1
        loose = Request(
            request.method, request.target, request.with_header("content-length").with_header("transfer-encoding", "chunked").headers
        )
        yield Attack(
            "size", "one over, not declared", (loose.raw(), *chunked([over[at : at + 60_000] for at in range(0, len(over), 60_000)]))
        )
    for length in ("99999999999999999999", "9" * 5000, "-1", "+5", "0x10", "1e3", "5 5", "5,6", "٣", "1_0", "", "a"):
        said = request.with_header("content-length", length)
        yield Attack("size", f"length {length[:12] or 'empty'}", (said.raw(),))
    yield Attack("size", "two lengths", (request.with_header("content-length", str(len(body)), str(len(body) + 1)).raw(),))
    longer = request.with_header("content-length", str(len(body) + 10))
    yield Attack("size", "longer than sent", (longer.raw(),), half_close=True)
    both = request.with_header("transfer-encoding", "chunked")
    yield Attack("size", "length and chunks", (Request(both.method, both.target, both.headers).raw(), *chunked([body or b" "])))
    for coding in ("gzip, chunked", "chunked, chunked", "xchunked", "identity", "chunked, identity", "\x0bchunked"):
        smuggled = request.with_header("content-length").with_header("transfer-encoding", coding)
        yield Attack(
            "size",
            f"transfer-encoding {coding!r}",
            (Request(smuggled.method, smuggled.target, smuggled.headers).raw(), *chunked([body or b" "])),
        )
    loose = request.with_header("content-length").with_header("transfer-encoding", "chunked")
    for name, chunk in (("negative", b"-1\r\n"), ("huge", b"f" * 400 + b"\r\n"), ("no hex", b"zz\r\n"), ("no end", b"5\r\nabc")):
        # in one write: a route that needs no body may answer a head that comes alone before there is nonsense behind it
        yield Attack("size", f"chunk {name}", (Request(loose.method, loose.target, loose.headers).raw() + chunk,), half_close=True)


def _shapes(way: Way) -> Iterator[Attack]:
    """Bytes that are hardly HTTP, and a second request hidden behind the first."""
    raw = way.proper.raw()
    first, _, rest = raw.partition(b"\r\n")
    yield Attack("shape", "HTTP/2.0", (raw.replace(b" HTTP/1.1\r\n", b" HTTP/2.0\r\n", 1),))
    yield Attack("shape", "HTTP/0.9", (first.replace(b" HTTP/1.1", b"") + b"\r\n",), half_close=True)
    yield Attack("shape", "space before colon", (raw.replace(b"host:", b"host :", 1),))
    if not way.on_socket:  # there a Host says nothing
        yield Attack("shape", "folded header", (raw.replace(b"host: ", b"host:\r\n evil.example\r\nx: ", 1),))
    yield Attack("shape", "bare CR", (raw.replace(b"\r\nhost", b"\rhost", 1),))
    yield Attack("shape", "NUL in a header", (raw.replace(b"same-origin", b"same-origin\0", 1),))
    yield Attack("shape", "no end", (raw[: -len(way.proper.body) - 2] if way.proper.body else raw[:-2],), half_close=True)
    yield Attack("shape", "ten thousand headers", (first + b"\r\n" + b"".join(b"x%d: y\r\n" % number for number in range(10_000)) + rest,))
    yield Attack("shape", "one endless header", (first + b"\r\nx: " + b"a" * 100_000 + b"\r\n" + rest,))
    yield Attack("shape", "tls", (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),))
    yield Attack("shape", "http/2 preface", (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9),))
    yield Attack("shape", "noise", (bytes((7 * number) % 256 for number in range(4096)),))
    behind = Request("GET", "/api/status", (("host", "evil.example"), ("connection", "close"))) if not way.on_socket else None
    if behind is not None and way.path != "/api/events":
        kept = way.proper.with_header("connection", "keep-alive")
        yield Attack("shape", "an evil second request", (kept.raw() + behind.raw(),), allowed=1)
        if way.proper.body:
            short = kept.with_header("content-length", "0")
            yield Attack(
                "shape",
                "a second request in the body",
                (Request(short.method, short.target, short.headers).raw() + behind.raw(),),
                allowed=1,
            )
