"""``/v1/responses``: its requests read, its answers and events written (OpenAI, "Responses").

A response can be asked for again, and gone on from, while this process runs; the companion's conversations can be gone on from after
that too. Nothing of a response is written down but which conversation it belongs to.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from secrets import token_hex

from .. import wire
from .asked import (
    MOST_MESSAGES,
    MOST_TOKENS,
    MOST_TOOLS,
    Asked,
    Call,
    Message,
    Object,
    Role,
    Sampling,
    arguments_of,
    bounded,
    flag_at,
    form_of,
    list_at,
    number_at,
    object_of,
    text_at,
    tool_of,
    whole_at,
    words_of,
)
from .chat import choice
from .errors import Unsupported
from .pieces import Called, Ended, Piece, Text, Whole

MOST_KEPT = 500  # responses that can be asked for again
_TEXT = frozenset({"input_text", "output_text", "text", "refusal"})
_ROLES: dict[str, Role] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and what only this API has. ``asked.messages`` are those of the request alone."""

    asked: Asked
    previous: str
    is_stored: bool
    instructions: str
    tools: wire.Json  # as they were sent: an answer repeats them
    choice: wire.Json
    metadata: wire.Json


@dataclass(frozen=True, slots=True)
class Kept:
    """A response that can be asked for again: whose, and the talk up to it."""

    client: str
    told: dict[str, wire.Json]
    messages: tuple[Message, ...]


class Responses:
    """The responses of this process, the oldest going first. Emptied when anything is forgotten: they hold words."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def keep(self, id: str, kept: Kept) -> None:
        self._kept[id] = kept
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def get(self, id: str, client: str) -> Kept | None:
        """None for one that is unknown, or another client's."""
        kept = self._kept.get(id)
        return kept if kept is not None and kept.client == client else None

    def drop(self, id: str) -> None:
        self._kept.pop(id, None)

    def clear(self) -> None:
        self._kept.clear()


def read(body: Object) -> Request:
    """The request in a body. Raises Unsupported naming the field."""
    if flag_at(body, "background"):
        raise Unsupported("an answer is made while you wait, not in the background", param="background")
    if body.get("conversation") is not None:
        raise Unsupported("conversation objects are not kept here", param="conversation", hint="Use previous_response_id")
    instructions = text_at(body, "instructions", "")
    messages = [Message("system", instructions)] if instructions else []
    given = body.get("input")
    if isinstance(given, str):
        messages.append(Message("user", bounded(given, "input")))
    else:
        messages += [_item(object_of(one, f"input[{at}]"), f"input[{at}]") for at, one in enumerate(list_at(body, "input", MOST_MESSAGES))]
    if len(messages) == bool(instructions):
        raise Unsupported("input must be text or a list of items", param="input")
    held = [object_of(one, f"tools[{at}]") for at, one in enumerate(list_at(body, "tools", MOST_TOOLS))]
    if other := next((one for one in held if one.get("type") != "function"), None):
        raise Unsupported("only tools of the type function are taken", param="tools", hint=f"not {str(other.get('type'))[:40]}")
    tools = tuple(tool_of(one, f"tools[{at}]") for at, one in enumerate(held))
    asked = Asked(
        text_at(body, "model", most=200),
        _grouped(messages),
        tools,
        choice(body.get("tool_choice"), tools),
        flag_at(body, "parallel_tool_calls", default=True),
        _form(body.get("text")),
        Sampling(
            whole_at(body, "max_output_tokens", 1, MOST_TOKENS),
            number_at(body, "temperature", 0, 2),
            number_at(body, "top_p", 0, 1),
        ),
        flag_at(body, "stream"),
    )
    chosen = body.get("tool_choice")
    return Request(
        asked,
        text_at(body, "previous_response_id", "", most=200),
        flag_at(body, "store", default=True),
        instructions,
        wire.encode(held),
        wire.encode(chosen) if chosen is not None else "auto",
        wire.encode(object_of(body.get("metadata") or {}, "metadata")),
    )


def _item(held: Object, key: str) -> Message:
    match held.get("type", "message"):
        case "message":
            role = _ROLES.get(text_at(held, "role", most=40))
            if role is None:
                raise Unsupported("role must be system, developer, user or assistant", param=f"{key}.role")
            return Message(role, words_of(held.get("content"), f"{key}.content", _TEXT))
        case "function_call":
            arguments = arguments_of(held.get("arguments", "{}"), f"{key}.arguments")
            return Message("assistant", "", (Call(text_at(held, "call_id", most=200), text_at(held, "name", most=128), arguments),))
        case "function_call_output":
            return Message("tool", words_of(held.get("output"), f"{key}.output", _TEXT), call_id=text_at(held, "call_id", most=200))
        case "reasoning":
            return Message("system", "")  # a model's own notes, given back by its client: nothing of ours
    raise Unsupported("this sort of item is not taken", param=f"{key}.type", hint="message, function_call or function_call_output")


def _grouped(messages: list[Message]) -> tuple[Message, ...]:
    """Calls that stand in a row are one message of the assistant: here each is an item of its own."""
    grouped: list[Message] = []
    for message in messages:
        last = grouped[-1] if grouped else None
        if last is not None and message.calls and last.role == "assistant":
            grouped[-1] = Message("assistant", last.text, (*last.calls, *message.calls))
        elif message.role != "system" or message.text:
            grouped.append(message)
    return tuple(grouped)


def _form(value: object) -> Object | None:
    if value is None:
        return None
    return form_of(object_of(value, "text").get("format"), "text.format")


# Answers


@dataclass
class Response:
    """One answer, written as events or whole. Items come in order: the text first, then the calls."""

    request: Request
    id: str = field(default_factory=lambda: f"resp_{token_hex(16)}")
    created: int = field(default_factory=lambda: int(time.time()))
    answer: Whole = field(default_factory=Whole)
    _sequence: int = 0
    _items: list[dict[str, wire.Json]] = field(default_factory=list)
    _message: str = ""  # id of the message that is being written

    def first(self) -> bytes:
        told = self.told("in_progress")
        return self._event("response.created", response=told) + self._event("response.in_progress", response=told)

    def chunks(self, piece: Piece) -> Iterator[bytes]:
        match piece:
            case Text(text):
                if not self._message:
                    yield from self._begin_message()
                self.answer.take(piece)
                yield self._event(
                    "response.output_text.delta", item_id=self._message, output_index=len(self._items), content_index=0, delta=text,
                    logprobs=[],
                )  # fmt: skip
            case Called(call):
                yield from self._end_message()
                self.answer.take(piece)
                yield from self._call(call)
            case Ended(reason):
                yield from self._end_message()
                self.answer.take(piece)
                cut = reason == "length"
                name = "response.incomplete" if cut else "response.completed"
                yield self._event(name, response=self.told("incomplete" if cut else "completed"))

    def failed(self, error: dict[str, wire.Json]) -> bytes:
        """An error in the middle of a stream: the response failed."""
        held = error.get("error")
        message = held.get("message") if isinstance(held, dict) else ""
        return self._event("response.failed", response={**self.told("failed"), "error": {"code": "server_error", "message": message}})

    def whole(self, answer: Whole) -> dict[str, wire.Json]:
        text: list[Piece] = [Text(answer.text)] if answer.text or not answer.calls else []
        for piece in (*text, *map(Called, answer.calls), answer.end):
            for _ in self.chunks(piece):
                pass
        return self.told("incomplete" if answer.end.reason == "length" else "completed")

    def told(self, status: str) -> dict[str, wire.Json]:
        asked, end = self.request.asked, self.answer.end
        form: wire.Json = (
            {"type": "text"} if asked.schema is None else {"type": "json_schema", "name": "answer", "schema": wire.encode(asked.schema)}
        )
        usage: wire.Json = {
            "input_tokens": end.read,
            "input_tokens_details": {"cached_tokens": end.cached, "cache_write_tokens": 0},
            "output_tokens": end.written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": end.read + end.written,
        }
        return {
            "id": self.id,
            "object": "response",
            "created_at": self.created,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
            "instructions": self.request.instructions or None,
            "max_output_tokens": asked.sampling.max_tokens,
            "model": asked.model,
            "output": [*self._items],
            "parallel_tool_calls": asked.parallel,
            "previous_response_id": self.request.previous or None,
            "store": self.request.is_stored,
            "temperature": asked.sampling.temperature,
            "text": {"format": form},
            "tool_choice": self.request.choice,
            "tools": self.request.tools,
            "top_p": asked.sampling.top_p,
            "truncation": "disabled",
            "usage": usage if self.answer.ended is not None else None,
            "metadata": self.request.metadata,
            **({"ownmind": end.more} if end.more else {}),
        }

    def said(self) -> Message:
        """The answer as a message of the talk, to go on from."""
        return Message("assistant", self.answer.text, tuple(self.answer.calls))

    def _begin_message(self) -> Iterator[bytes]:
        self._message = f"msg_{token_hex(12)}"
        item: wire.Json = {"id": self._message, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        yield self._event("response.output_item.added", output_index=len(self._items), item=item)
        yield self._event(
            "response.content_part.added", item_id=self._message, output_index=len(self._items), content_index=0, part=_part("")
        )

    def _end_message(self) -> Iterator[bytes]:
        if not self._message:
            return
        text, at, id = self.answer.text, len(self._items), self._message
        item: dict[str, wire.Json] = {"id": id, "type": "message", "role": "assistant", "status": "completed", "content": [_part(text)]}
        yield self._event("response.output_text.done", item_id=id, output_index=at, content_index=0, text=text, logprobs=[])
        yield self._event("response.content_part.done", item_id=id, output_index=at, content_index=0, part=_part(text))
        self._items.append(item)
        self._message = ""
        yield self._event("response.output_item.done", output_index=at, item=item)

    def _call(self, call: Call) -> Iterator[bytes]:
        id, at = f"fc_{token_hex(12)}", len(self._items)
        item: dict[str, wire.Json] = {"id": id, "type": "function_call", "call_id": call.id, "name": call.name}
        begun: wire.Json = {**item, "arguments": "", "status": "in_progress"}
        whole: dict[str, wire.Json] = {**item, "arguments": call.arguments, "status": "completed"}
        yield self._event("response.output_item.added", output_index=at, item=begun)
        yield self._event("response.function_call_arguments.delta", item_id=id, output_index=at, delta=call.arguments)
        yield self._event("response.function_call_arguments.done", item_id=id, output_index=at, name=call.name, arguments=call.arguments)
        self._items.append(whole)
        yield self._event("response.output_item.done", output_index=at, item=whole)

    def _event(self, kind: str, **fields: wire.Json) -> bytes:
        number, self._sequence = self._sequence, self._sequence + 1
        return b"event: " + kind.encode() + b"\ndata: " + wire.line({"type": kind, "sequence_number": number, **fields}) + b"\n"


def _part(text: str) -> dict[str, wire.Json]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
