"""What every protocol of a remote model comes down to: one request as bytes, and an answer in pieces.

Three are spoken, each in a file of its own that says which specification it follows: ``chat_wire``, ``messages_wire``, ``gemini_wire``.
Written here and not taken from vendors' libraries: those are tens of megabytes, take seconds to import, tell the other side the system and
the release in headers of their own, and ask again by themselves when it fails. Here every byte that leaves is ours, and one call is one
request.

What comes back is a stranger's: whatever cannot be read raises ``Garbled``, and a stream that ends before it says so is ``CutOff``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pydantic_ai import ModelMessage, ModelRequest, SystemPromptPart, TextContent, UserPromptPart

from ...errors import BadInput

if TYPE_CHECKING:
    from pydantic_ai import ModelSettings
    from pydantic_ai.models import ModelRequestParameters

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_LONGEST_LINE = 1 << 20  # characters of one event
_MOST_COUNTED = 1 << 40  # tokens; a larger count is no count


class Garbled(ValueError):
    """What came back is not the protocol."""


class CutOff(Garbled):
    """It ended in the middle."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call by the other side's count. ``sent`` is all that was read of the request; of it ``cached`` came out of a cache of
    theirs and ``kept`` was put into it: each has a price of its own."""

    sent: int
    came: int
    cached: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A piece of a tool call; each text may be "". ``signature``: theirs for how it came to it, to be given back as it is."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Thought:
    """A piece of what it thought before it spoke: never shown, and given back word for word with the results of the tools it asked for.
    ``is_hidden``: all of it is in the signature."""

    index: int
    text: str = ""
    signature: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """What one event adds. ``finish`` is why it ended, in our words: stop, length, tool_call, content_filter, error."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    finish: str = ""
    usage: Usage | None = None
    thought: Thought | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """What servers of one protocol differ in, as data (``presets.toml``)."""

    limit: str = "max_tokens"  # the name of the most tokens of an answer
    temperature: bool = True  # whether it may be said; newer models refuse it
    counts: bool = True  # whether a stream must be asked to count its tokens, and may be


class Wire(Protocol):
    """One protocol; each is a module. A test holds all of them to this."""

    def path(self, model: str) -> str:
        """Where a question to ``model`` goes, after the address."""

    def headers(self, key: str) -> dict[str, str]:
        """Nothing that tells one home from another but the key."""

    def body(
        self,
        model: str,
        messages: Sequence[ModelMessage],
        settings: ModelSettings,
        parameters: ModelRequestParameters,
        *,
        most_tokens: int,
        ways: Ways,
    ) -> bytes:
        """The request's body. Raises BadInput for what is not text."""

    def deltas(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[Delta]:
        """What the events add, in order, until the one that says it is over. Raises Garbled, and CutOff when there was none."""

    def whole(self, said: bytes) -> Delta:
        """The same of an answer that came in one object, from a server that does not stream."""

    def listed(self, said: bytes) -> tuple[str, ...]:
        """The models a server says it has, of its answer to ``LISTING``."""


def instructions(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> list[str]:
    """The orders that come before all messages."""
    found = [part.content for part in parameters.instruction_parts or ()]
    return found or [message.instructions for message in messages[-1:] if isinstance(message, ModelRequest) and message.instructions]


def orders(messages: Sequence[ModelMessage], parameters: ModelRequestParameters) -> list[str]:
    """The same with the system's parts, wherever they stand: for protocols that take all orders in a place of their own."""
    requests = [message for message in messages if isinstance(message, ModelRequest)]
    return instructions(messages, parameters) + [
        part.content for message in requests for part in message.parts if isinstance(part, SystemPromptPart)
    ]


def in_turn(said: Iterable[tuple[str, list[Json]]]) -> list[tuple[str, list[Json]]]:
    """(role, parts) as protocols want them that take the two roles in turn: neighbours of one role joined, none without a part."""
    joined: list[tuple[str, list[Json]]] = []
    for role, parts in said:
        if parts and joined and joined[-1][0] == role:
            joined[-1][1].extend(parts)
        elif parts:
            joined.append((role, parts))
    return joined


def text_of(part: UserPromptPart) -> str:
    """The words of a message. Raises BadInput for pictures and sound."""
    if isinstance(part.content, str):
        return part.content
    words = []
    for one in part.content:
        if not isinstance(one, str | TextContent):
            raise no_text(one)
        words.append(one if isinstance(one, str) else one.content)
    return "".join(words)


def no_text(part: object) -> BadInput:
    return BadInput(f"this model is sent text only, not {type(part).__name__}", hint="choose another brain for this")


def encoded(asked: dict[str, Json]) -> bytes:
    return json.dumps(asked, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def plain(schema: object) -> Json:
    """A schema as nothing but JSON."""
    value: Json = json.loads(json.dumps(schema))
    return value


def read_object(text: str) -> dict[str, Json]:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Garbled("it is not JSON") from error
    if not isinstance(value, dict):
        raise Garbled("it is no object")
    return value


def objects(value: Json, what: str) -> list[dict[str, Json]]:
    """``value`` as a list of objects; None is an empty one. Raises Garbled."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Garbled(f"{what} is no list")
    return [an_object(one, what) for one in value]


def an_object(value: Json, what: str) -> dict[str, Json]:
    """``value`` as an object; None is an empty one. Raises Garbled."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Garbled(f"{what} is no object")
    return value


def a_text(value: Json, what: str) -> str:
    """``value`` as text; None is an empty one. Raises Garbled."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Garbled(f"{what} is no text")
    return value


def count(value: Json) -> int | None:
    """A count of tokens; None for what is none, so that the worst is counted instead."""
    return value if type(value) is int and 0 <= value < _MOST_COUNTED else None


def names(listed: Json, key: str) -> tuple[str, ...]:
    """The names under ``key`` of a list of models. Raises Garbled."""
    return tuple(name for one in objects(listed, "the list") if (name := a_text(one.get(key), "a name")) and name.isprintable())


async def events(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of each server-sent event (WHATWG HTML, section 9.2), however the bytes were cut. Comments, names and ids are passed over:
    nothing of these protocols stands only there."""
    async for line in _lines(pieces):
        if line.startswith("data:") and (data := line[5:].strip()):
            yield data


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Lines; one that never ends raises Garbled."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        *ready, rest = bytes(held).replace(b"\r\n", b"\n").split(b"\n") if b"\n" in piece else (bytes(held),)
        for line in ready:
            yield line.decode("utf-8", "replace").rstrip("\r")
        held = bytearray(rest)
        if len(held) > _LONGEST_LINE:
            raise Garbled("a line of it does not end")
    if held.strip():
        yield held.decode("utf-8", "replace").strip()
