"""A chat completions server on loopback, on the wire: it keeps every request to the byte and streams what a script says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from outside import Outside

Body = dict[str, Any]
Script = Callable[[Body], str]


def streamed(*pieces: str, usage: tuple[int, int] | None = (100, 20), finish: str = "stop") -> Iterator[bytes]:
    """The answer in server-sent events, chunked as servers send it."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    for piece in pieces:
        yield chunk({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
    yield chunk({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    if usage is not None:
        yield chunk({"choices": [], "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1]}})
    yield chunk("[DONE]") + b"0\r\n\r\n"


def chunk(value: object) -> bytes:
    line = f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(line), line)


def body_of(request: bytes) -> Body:
    return dict(json.loads(request.partition(b"\r\n\r\n")[2]))


def asked(request: bytes) -> str:
    """The last message of a request."""
    return str(body_of(request)["messages"][-1]["content"])


@dataclass
class Chat(Outside):
    """``script`` gives the whole answer to a request's body; it is streamed in pieces of four characters."""

    script: Script = lambda body: "That I know."
    usage: tuple[int, int] | None = (100, 20)
    bodies: list[Body] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers = self._answer

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def _answer(self, request: bytes) -> Iterator[bytes]:
        self.bodies.append(body_of(request))
        said = self.script(self.bodies[-1])
        return streamed(*(said[at : at + 4] for at in range(0, len(said), 4)), usage=self.usage)
