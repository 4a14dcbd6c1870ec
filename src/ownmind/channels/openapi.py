"""Every HTTP route as one OpenAPI 3.1 document, made from the route tables and the rooms' annotations, so that it cannot fall behind them.

A room's method says by its annotations what it takes and gives (channels/rooms.py). What the other routes take and give is told by hand in
``TOLD``; one that is not told there stands in the document with its path and its first sentence. Tests hold all of it to the routes and to
real answers. Three sorts of callers: the page with a session or a device's key, programs with a key (``/v1``, ``/mcp``), and the person's
own commands on the Unix socket.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from .. import __version__, messages
from . import wire
from .rooms import ROOMS, Room, method

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Schema = dict[str, wire.Json]

_MIME = "application/json"
_LINES, _EVENTS, _BYTES = "application/x-ndjson", "text/event-stream", "application/octet-stream"
_REF = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_ANY: Schema = {}
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_TRUTH: Schema = {"type": "boolean"}


def _object(*required: str, **properties: Schema) -> Schema:
    """An object with these fields, all of them there but those whose name ends in ``_``; ``required`` names more that are there."""
    known: dict[str, wire.Json] = {name.removesuffix("_"): schema for name, schema in properties.items()}
    needed: list[wire.Json] = [*(name for name in properties if not name.endswith("_")), *required]
    return {"type": "object", "properties": known, "required": needed}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _maybe(of: Schema) -> Schema:
    return {"anyOf": [of, {"type": "null"}]}


def _of(name: str) -> Schema:
    return {"$ref": _REF.format(model=name)}


@dataclass(frozen=True, slots=True)
class Told:
    """One route in words: what it is for, its query or body (a name that ends in ``_`` may be left out), and its answer."""

    summary: str
    takes: Mapping[str, Schema]
    gives: Schema
    media: str = _MIME
    body: str = _MIME


def _told(summary: str, gives: Schema, media: str = _MIME, body: str = _MIME, **takes: Schema) -> Told:
    return Told(summary, takes, gives, media, body)


_IDS, _ACTION, _FACT = _list(_TEXT), _of("Action"), _of("Fact")
_TARGET: Schema = {"anyOf": [_TEXT, {"type": "object", "additionalProperties": _TEXT}]}
_CARD: Schema = {"type": "object", "required": ["id", "tool", "state", "arguments", "can_vouch"]}
TOLD: Mapping[tuple[str, str], Told] = {
    ("GET", "/api/status"): _told("What runs, what is known, what has left this machine", _object("version", "brain", "memory", "egress")),
    ("GET", "/api/events"): _told("What changes, as it does: server-sent events named by their type", _TEXT, _EVENTS),
    ("POST", "/api/turn"): _told(
        "One turn, a JSON value a line: heard, words, then done or failed",
        _TEXT,
        _LINES,
        text=_TEXT,
        conversation_=_maybe(_TEXT),
        now_=_maybe(_TEXT),
        instead_of_=_maybe(_TEXT),
        files_=_IDS,
    ),
    ("GET", "/api/conversations"): _told("The conversations held, the last spoken in first", _object(conversations=_list(_ANY))),
    ("GET", "/api/recall"): _told(
        "Remembered items that bear on q, best first", _object(found=_list(_of("Recalled"))), q=_TEXT, k_=_NUMBER, now_=_TEXT
    ),
    ("GET", "/api/facts"): _told(
        "Facts, newest first, each with where it was told", _object(facts=_list(_FACT)), about_=_TEXT, at_=_TEXT, all_=_TEXT
    ),
    ("GET", "/api/timeline"): _told(
        "Events in order of time", _object(events=_list(_of("TimelineEvent"))), about_=_TEXT, from_=_TEXT, to_=_TEXT, k_=_NUMBER
    ),
    ("POST", "/api/facts/{id}/keep"): _told("Confirm a fact", _object(fact=_FACT)),
    ("POST", "/api/facts/{id}/fix"): _told("Correct a fact", _object(fact=_FACT), text=_TEXT),
    ("POST", "/api/forget"): _told(
        "What forgetting would remove, or the receipt of having done it",
        {"anyOf": [_of("Receipt"), _of("Forgetting")]},
        target=_TARGET,
        dry_run=_TRUTH,
        also_=_IDS,
        near_=_TRUTH,
        also_near_=_TRUTH,
        expect_=_ANY,
    ),
    ("POST", "/api/redact"): _told("Cut words out of one item", _of("Receipt"), item=_TEXT, words=_TEXT),
    ("POST", "/api/withhold"): _told("Keep items without using them", _object(changed=_NUMBER), ids=_IDS, undo_=_TRUTH),
    ("POST", "/api/label"): _told("Say how confidential items or facts are", _object(changed=_NUMBER), ids=_IDS, confidentiality=_TEXT),
    ("GET", "/api/withheld"): _told("What is kept and not used", _object(items=_list(_of("Item")))),
    ("POST", "/api/expire"): _told("Say when items are to be forgotten", _object(changed=_NUMBER), ids=_IDS, at=_maybe(_TEXT)),
    ("GET", "/api/receipts"): _told("What was forgotten", _object(receipts=_list(_of("Receipt")))),
    ("POST", "/api/allow-again"): _told("Let the same be remembered again", _object(receipts=_list(_of("Receipt"))), which=_TEXT),
    ("POST", "/api/verify"): _told("Where anything still says these words", _object("traces", "looked"), said=_TEXT),
    ("GET", "/api/permissions"): _told("What may leave", _object(permissions=_list(_of("Permission"))), all_=_TEXT),
    ("POST", "/api/permissions"): _told(
        "Let something leave",
        _of("Permission"),
        destination=_TEXT,
        purpose=_TEXT,
        until_=_maybe(_TEXT),
        once_=_TRUTH,
        spend_cap_=_maybe({"type": "number"}),
    ),
    ("POST", "/api/permissions/revoke"): _told("End a permission", _of("Permission"), id=_TEXT),
    ("POST", "/api/permissions/cap"): _told(
        "Say what may be spent under a permission", _of("Permission"), id=_TEXT, cap=_maybe({"type": "number"})
    ),
    ("GET", "/api/sources"): _told(
        "Where words from outside came from", _object(sources=_list(_of("Origin")), total=_NUMBER), q_=_TEXT, k_=_NUMBER
    ),
    ("POST", "/api/sources"): _told("Say what you think of a source", _object(source=_of("Origin")), source=_TEXT, trust=_TEXT),
    ("POST", "/api/preview"): _told(
        "What a question would give away; nothing is sent",
        _object("text", "bytes", "seal"),
        text=_TEXT,
        destination=_TEXT,
        purpose=_TEXT,
        k_=_NUMBER,
    ),
    ("GET", "/api/offline"): _told("Whether everything is switched off", _object(offline=_TRUTH)),
    ("POST", "/api/offline"): _told("Switch everything off, or on again", _object(offline=_TRUTH), offline=_TRUTH),
    ("GET", "/api/ledger"): _told(
        "What left, the newest k before the newest skip, oldest first",
        _object(rows=_list(_ANY), total=_NUMBER),
        from_=_TEXT,
        to_=_TEXT,
        destination_=_TEXT,
        purpose_=_TEXT,
        k_=_TEXT,
        skip_=_NUMBER,
    ),
    ("GET", "/api/ledger/words"): _told("What left, in words", _object(words=_TEXT), days_=_NUMBER),
    ("GET", "/api/ledger/named"): _told("Every destination and purpose in the ledger", _object(destinations=_IDS, purposes=_IDS)),
    ("GET", "/api/ledger/export"): _told(
        "The rows as a file; csv with format=csv", _list(_ANY), format_=_TEXT, from_=_TEXT, to_=_TEXT, destination_=_TEXT, purpose_=_TEXT
    ),
    ("GET", "/api/ledger/verify"): _told("What is wrong with the chain", _object(wrong=_IDS)),
    ("GET", "/api/ledger/{row}"): _told("What left under one row, but for keys", _object(text=_TEXT)),
    ("GET", "/api/ledger/{row}/exact"): _told("Exactly what left under one row", _object(text=_TEXT)),
    ("GET", "/api/actions"): _told("What was done, waits or was refused", _object(actions=_list(_CARD)), state_=_TEXT, k_=_NUMBER),
    ("GET", "/api/actions/{id}"): _told("One action", _object(action=_CARD)),
    ("GET", "/api/actions/{id}/preview"): _told("What a send that waits would send", _object("text", "bytes", "seal")),
    ("POST", "/api/actions/{id}/allow"): _told(
        "The person's yes", _object(action=_CARD), vouch_=_TRUTH, spend_cap_=_maybe({"type": "number"}), stream_=_TRUTH
    ),
    ("POST", "/api/actions/{id}/deny"): _told("The person's no", _object(action=_CARD)),
    ("POST", "/api/actions/{id}/undo"): _told("Take it back", _object(action=_CARD)),
    ("GET", "/api/vouched"): _told("The values the person vouched for", _object(values=_list(_of("Endorsement")))),
    ("POST", "/api/vouched/{id}/revoke"): _told("Vouch for a value no longer", _object(value=_of("Endorsement"))),
    ("GET", "/api/tried"): _told("What outside text asked for, and did not get", _object(tried=_list(_of("Tried"))), k_=_NUMBER),
    ("GET", "/api/session"): _told("Whether this browser has a session", _object(open=_TRUTH)),
    ("POST", "/api/session"): _told("Exchange the address's token for a session", _object(open=_TRUTH), token=_TEXT),
    ("PUT", "/api/import/{name}"): _told("Give a file; progress, then done, a JSON value a line", _TEXT, _LINES, _BYTES),
    ("GET", "/api/pairing"): _told("How far the pairing of this device is", _object(state=_TEXT, number=_TEXT)),
    ("POST", "/api/pairing"): _told("Trade a code for a key", _object(state=_TEXT, number=_TEXT, until=_TEXT), code=_TEXT, name=_TEXT),
    ("GET", "/authority.crt"): _told("The certificate of this home's authority", _TEXT, "application/x-x509-ca-cert"),
    ("GET", "/{path}"): _told("The page", _TEXT, "text/html"),
    ("GET", "/api/openapi.json"): _told("This document", _object("openapi", "paths")),
    ("POST", "/api/address"): _told("A fresh address for another browser", _object(address=_TEXT)),
    ("POST", "/api/import"): _told("Read paths of this machine; progress, then done, a JSON value a line", _TEXT, _LINES, paths=_IDS),
    ("POST", "/api/remember"): _told("Remember rows", _object(ids=_IDS), rows=_list({"type": "object"}), conversation_=_TEXT),
    ("POST", "/api/backup"): _told("Write an encrypted backup", _object("path"), path_=_TEXT),
    ("POST", "/api/export"): _told("Write everything as plain files", _object("folder"), folder=_TEXT),
    ("GET", "/api/doctor"): _told("Check everything", _object(checks=_list(_ANY)), verify_=_TEXT),
}

_WHERE = {
    "page": "on the page's port and, over TLS, for paired devices (docs/devices.md)",
    "socket": "on the Unix socket alone, for the person's own commands",
    "device": "for devices on the home network alone, over TLS",
    "key": "for programs with a key (docs/clients.md)",
}
_ERROR = _object(error=_object(type=_TEXT, message=_TEXT, hint=_TEXT))


@dataclass(frozen=True, slots=True)
class Way:
    """One method of one route: where it is served, its path with bare names, and what stands over its endpoint."""

    method: str
    path: str
    where: tuple[str, ...]
    words: str


@cache
def document() -> Schema:
    """The whole document; the same object each time, not to be changed."""
    found = _models()
    paths: dict[str, wire.Json] = {}
    for way in ways():
        at = paths.setdefault(way.path, {})
        assert isinstance(at, dict)
        at[way.method.lower()] = _operation(way, found)
    about: Schema = {
        "title": "Ownmind",
        "version": __version__,
        "description": "What a running Ownmind answers. docs/http.md says who may ask.",
    }
    schemes: Schema = {
        "session": {"type": "apiKey", "in": "cookie", "name": "ownmind_7717"},
        "device": {"type": "apiKey", "in": "cookie", "name": "__Host-ownmind_7718"},
        "key": {"type": "http", "scheme": "bearer"},
    }
    servers: list[wire.Json] = [
        {"url": "http://127.0.0.1:7717"},
        {"url": "https://{host}:7718", "variables": {"host": {"default": "192.168.1.5"}}},
    ]
    schemas: dict[str, wire.Json] = {**found.shared, "Error": _ERROR}
    return {
        "openapi": "3.1.0",
        "info": about,
        "servers": servers,
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": schemes},
    }


def ways() -> tuple[Way, ...]:
    """Every method of every route, the same path on several listeners once."""
    from .web import devices, programs, server

    tables: tuple[tuple[str, Sequence[object]], ...] = (
        ("page", (*server.ROUTES, *server.WEB_ROUTES)),
        ("socket", (*server.ROUTES, *server.SOCKET_ROUTES)),
        ("device", devices.ROUTES),
        ("key", programs.ROUTES),
    )
    held: dict[tuple[str, str], Way] = {}
    for where, table in tables:
        for method_, path, words in _routes(table):
            before = held.get((method_, path))
            places = (where,) if before is None else (*before.where, where)
            held[method_, path] = Way(method_, path, places, words if before is None else before.words)
    return tuple(held.values())


def _routes(table: Sequence[object]) -> Iterator[tuple[str, str, str]]:
    from starlette.routing import Route

    for route in table:
        if isinstance(route, Route) and not (route.path.startswith(("/v1/{", "/mcp/{"))):  # those say that nothing is there
            path = _PARAMETER.sub(r"{\1}", route.path)
            words = (inspect.getdoc(route.endpoint) or "").partition("\n\n")[0].partition(". ")[0].replace("\n", " ")
            for name in sorted((route.methods or {"GET", "POST", "DELETE"}) - {"HEAD"}):
                yield name, path, words.rstrip(".")


@dataclass(frozen=True, slots=True)
class _Models:
    """The schemas of the rooms' methods, (room, method) -> schema, and those that several share by name."""

    gives: Mapping[tuple[str, str], Schema]
    takes: Mapping[tuple[str, str, str], Schema]
    shared: Mapping[str, wire.Json]


def _models() -> _Models:
    """Out of the annotations, by pydantic, as values look on the wire: dataclasses as objects, times as ISO 8601 text."""
    from pydantic import TypeAdapter

    gives: dict[object, object] = {("", name): getattr(messages, name) for name in _NAMED}
    takes: dict[object, object] = {}
    for room in ROOMS:
        for name in room.methods:
            asked = method(room.face, name)
            gives[room.name, name] = asked.gives
            takes |= {(room.name, name, argument): kind for argument, kind in asked.takes.items()}
    inputs: list[tuple[object, str, TypeAdapter[object]]] = [
        *((key, "serialization", TypeAdapter(cast("type[object]", kind))) for key, kind in gives.items()),
        *((key, "validation", TypeAdapter(cast("type[object]", kind))) for key, kind in takes.items()),
    ]
    made, shared = TypeAdapter.json_schemas(inputs, ref_template=_REF)  # type: ignore[arg-type]  # keys may be any hashable
    by_key = {key: cast("Schema", schema) for (key, _), schema in made.items()}
    return _Models(
        {key: by_key[key] for key in gives if isinstance(key, tuple)},
        {key: by_key[key] for key in takes if isinstance(key, tuple)},
        cast("dict[str, wire.Json]", shared.get("$defs", {})),
    )


_NAMED = ("Action", "Recalled", "Fact", "TimelineEvent", "Receipt", "Item", "Permission", "Origin", "Endorsement", "Tried", "Forgetting")


def _operation(way: Way, found: _Models) -> Schema:
    told = (
        _of_room(way, found) or TOLD.get((way.method, way.path)) or Told(way.words or way.path, {}, _ANY, _TEXT_KINDS.get(way.path, _MIME))
    )
    parameters: list[wire.Json] = [
        {"name": name, "in": "path", "required": True, "schema": _NUMBER if kind == "int" else _TEXT}
        for name, kind in _PARAMETER.findall(way.path)
    ]
    made: Schema = {"summary": told.summary, "description": f"Served {', '.join(_WHERE[where] for where in way.where)}."}
    if way.method in ("GET", "DELETE"):
        parameters += [
            {"name": name.removesuffix("_"), "in": "query", "required": not name.endswith("_"), "schema": schema}
            for name, schema in told.takes.items()
        ]
    else:
        schema: wire.Json = _object(**told.takes) if told.body == _MIME else {"type": "string"}
        made["requestBody"] = {"required": True, "content": {told.body: {"schema": schema}}}
    if parameters:
        made["parameters"] = parameters
    made["security"] = _security(way)
    error: wire.Json = {
        "description": "Why not, in words",
        "content": {_MIME: {"schema": _of("Error") if "key" not in way.where else _ANY}},
    }
    made["responses"] = {"200": {"description": told.summary, "content": {told.media: {"schema": told.gives}}}, "default": error}
    return made


def _of_room(way: Way, found: _Models) -> Told | None:
    """What a room's annotations say of this route; None for a route of no room."""
    room, name = _room_of(way.path)
    if room is None:
        return None
    asked = method(room.face, name)
    takes = {f"{each}{'' if each in asked.needs else '_'}": found.takes[room.name, name, each] for each in asked.takes}
    words = (inspect.getdoc(getattr(room.face, name)) or f"{room.name}: {name}").partition("\n\n")[0].replace("\n", " ")
    gives = _CARD if asked.gives is messages.Action else found.gives[room.name, name]
    return Told(words.partition(". ")[0].rstrip("."), takes, _object(result=gives))


def _room_of(path: str) -> tuple[Room | None, str]:
    for room in ROOMS:
        for name in room.methods:
            if room.path(name) == path:
                return room, name
    return None, ""


def _security(way: Way) -> list[wire.Json]:
    """Who may ask; an empty alternative is nobody in particular: the socket's fence is its file mode, and two paths are for strangers."""
    if "key" in way.where:
        return [{"key": []}]
    if not way.path.startswith("/api/") or way.path in ("/api/session", "/api/pairing") or way.where == ("socket",):
        return [{}]
    return [{"session": []}, {"device": []}]


_TEXT_KINDS = {"/mcp": _MIME}
