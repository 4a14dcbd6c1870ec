"""Every parser that meets what a stranger, a damaged disk or a tired person wrote, each with its inputs."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import h11

from ...config import Config
from ...connectors.transcript import REQUIRED
from ...egress import frames
from ...errors import OwnmindError
from ...models.elsewhere.wires import Garbled
from ...store import keys
from ...tools import mcp
from .. import samples
from . import files, wires, words
from .mutate import of_bytes, of_json, of_text
from .target import Target, pure
from .target import of_text as read_as_text

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def _made(name: str, *arguments: object) -> Callable[[], SearchStrategy[bytes]]:
    """The strategy of this name in `made`, loaded with Hypothesis when it is asked for."""

    def load() -> SearchStrategy[bytes]:
        from . import made

        strategy: SearchStrategy[bytes] = getattr(made, name)(*arguments)
        return strategy

    return load


_EVENTS = (
    b'{"type":"heard","conversation":"c1","message_id":"i1"}', b'{"type":"words","text":"Hello"}',
    b'{"type":"failed","message":"no","hint":"x"}', b'{"error":{"type":"BadInput","kind":"BadInput","message":"m","hint":"h"}}',
    b'{"type":"done","reply":{"text":"a","conversation":"c1","sources":[]}}',
)  # fmt: skip
_OPENING = json.dumps(frames.Opening("example.org", 443, True, "GET").frame()).encode()
_COMPLETION = b'{"id":1,"slot":0,"messages":[{"role":"user","content":"hi"}],"most":64,"schema":null}'
_SAYINGS = [text.encode() for text in samples.SAYINGS]
_KEYS = b'{"body":"{\\"home\\":\\"ab\\",\\"wraps\\":[{\\"kind\\":\\"recovery\\",\\"box\\":\\"AAAA\\"}]}","sum":"0"}'
_SERVED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: https://example.org/b\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n",
)
_INDEX = (
    b'{"files":[{"filename":"a-1.0-py3-none-any.whl","url":"../../packages/a-1.0-py3-none-any.whl#sha256=00"}]}',
    b"<!DOCTYPE html><html><body><a href='/packages/a-1.0-py3-none-any.whl#sha256=00'>a-1.0</a></body></html>",
)
_STREAMED = (
    b'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop"}],'
    b'"usage":{"prompt_tokens":5,"completion_tokens":1}}\n\ndata: [DONE]\n\n',
    b'{"choices":[{"message":{"content":"Hello","tool_calls":[{"id":"c","function":{"name":"recall","arguments":"{}"}}]}}]}',
)
_OFFERED = (
    b'{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}}}}\n'
    b'{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"add","inputSchema":{"type":"object","properties":{"day":{"type":"string"},'
    b'"hours":{"type":"array","items":{"type":"number"}}}}}]}}\n'
    b'{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"Added."}],"isError":false}}\n',
)
_SAID_BY_A_MODEL = (
    b'{"facts":[{"about":"me","is":"lives in","what":"Porto","quote":"I live in Porto and I work"}]}',
    b'{"tool":"recall"}',
    b'{"tool":"read_and_save","what":"https","file":"lanes.md"}',
    b'{"lines":[1]}',
    b'{"query":"boat","k":3,"when":"last May"}',
)
_CAUGHT = (MemoryError, RecursionError, OSError)  # the process that parses turns them into words (senses/child.py)
_SETTINGS = tuple(field.name for field in dataclasses.fields(Config))
_KEYS_OF_A_MODEL = ("facts", "lines", "file", "about", "is", "what", "quote", "tool", "query", "k", "when")

TARGETS: dict[str, Target] = {
    each.name: each
    for each in (
        Target("pdf", lambda: [samples.pdf()], of_bytes, files.sandboxed, 6, made=_made("pdf")),
        Target("word", samples.docx, of_bytes, files.parsed, 6, _CAUGHT, _made("word")),
        Target("html", lambda: [samples.HTML], of_bytes, files.parsed, 8, _CAUGHT, _made("html")),
        Target("text and encodings", samples.encodings, of_bytes, files.plain, 8, made=_made("html")),
        Target("calendar", lambda: [samples.CALENDAR], of_bytes, pure(files.events), 6, _CAUGHT),
        Target("address book", lambda: samples.CONTACTS, of_bytes, files.parsed, 4, _CAUGHT),
        Target("mail", lambda: samples.LETTERS, of_bytes, files.parsed, 4, _CAUGHT),
        Target("transcript", lambda: [samples.transcript()], of_bytes, pure(files.turns), 8),
        Target(
            "transcript line",
            lambda: samples.transcript().splitlines(),
            of_json,
            pure(files.turns),
            8,
            made=_made("objects", (*REQUIRED, "conversation")),
        ),
        Target(
            "import of any file",
            lambda: [
                samples.pdf(),
                samples.HTML,
                samples.MARKDOWN,
                samples.transcript(),
                *samples.docx(),
                samples.CALENDAR,
                *samples.CONTACTS,
                *samples.LETTERS,
            ],
            of_bytes,
            files.imported,
            1,
            chunk=60,
        ),
        Target("config", lambda: [samples.TOML], of_bytes, files.settings, 8, made=_made("settings_files", _SETTINGS)),
        Target("backup", lambda: [files.made_backup()[0]], of_bytes, files.backups, 1),
        Target(
            "keys file", lambda: [_KEYS], of_json, pure(keys.parsed), 4, (ValueError,), _made("objects", ("body", "sum", "home", "wraps"))
        ),
        Target(
            "answers of a running Ownmind",
            lambda: _EVENTS,
            of_json,
            pure(wires.answered),
            6,
            made=_made("objects", ("type", "reply", "error")),
        ),
        Target("frames of the broker", lambda: [wires.frame(_OPENING, ">cI")], of_bytes, pure(wires.framed), 5, (frames.BrokenFrames,)),
        Target(
            "opening of the broker",
            lambda: [_OPENING],
            lambda data, chance: wires.frame(of_json(data, chance), ">cI"),
            pure(wires.framed),
            4,
            (frames.BrokenFrames,),
            _made("framed"),
        ),
        Target("frames of the model", lambda: [wires.frame(_COMPLETION, ">I")], of_bytes, pure(wires.worker), 4, (ValueError,)),
        Target("answer of a server", lambda: _SERVED, of_bytes, pure(wires.served), 6, (h11.RemoteProtocolError,), _made("answers")),
        Target("answer of a remote model", lambda: _STREAMED, of_bytes, pure(wires.streamed), 5, (Garbled,), _made("events")),
        Target("what a tool server says", lambda: _OFFERED, of_bytes, pure(wires.offered), 5, (mcp.Broken,), _made("messages")),
        Target("index of packages", lambda: _INDEX, of_bytes, pure(wires.listed), 4, made=_made("objects", ("files", "filename", "url"))),
        Target(
            "what a model says", lambda: _SAID_BY_A_MODEL, of_json, pure(wires.said_by_a_model), 5, made=_made("objects", _KEYS_OF_A_MODEL)
        ),
        Target("times and questions", lambda: _SAYINGS, of_text, read_as_text(words.times_in), 6, made=_made("sayings")),
        Target("statements", lambda: _SAYINGS, of_text, read_as_text(words.stated), 5, made=_made("sayings")),
        Target("what the guard reads", lambda: _SAYINGS, of_text, read_as_text(words.guarded), 6, made=_made("guarded")),
        Target("what is read for a plan", lambda: _SAYINGS, of_text, read_as_text(words.read_for_a_plan), 4, made=_made("guarded")),
        Target("recall, forget, remember", lambda: _SAYINGS, of_text, words.asked, 1, made=_made("sayings"), chunk=60),
        Target("turn", lambda: _SAYINGS, of_text, words.turned, 1, made=_made("sayings"), chunk=60),
    )
}


def _planted(data: bytes) -> None:
    """The control: a parser with an error, a hang, a death and a leak in it."""
    if data[:1] == b"\x00":
        os.abort()
    if data[:1] == b"\x01":
        while True:
            pass
    if data[:1] == b"\x02":
        _LEAKED.append(b"x" * (1 << 30))
    if data[:1] == b"\x03":
        json.loads(b"[" * 200_000)
    raise OwnmindError("refused")


_LEAKED: list[bytes] = []
PLANTED = Target("planted", lambda: [bytes([n]) + b"!" for n in range(5)], lambda data, chance: data, pure(_planted), 0)
TARGETS["planted"] = PLANTED
