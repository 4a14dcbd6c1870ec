"""What every chat model promises here, whoever makes it: one suite, run over each provider.

    findings = await check_model(model, window=8192)
    assert not broken(findings), "\\n".join(map(str, broken(findings)))

``model`` is any `pydantic_ai.models.Model`. Each promise below is an async function named for what it promises; its docstring is
the promise. A finding says whether it was kept, broken, or is not offered: a model whose profile says that it takes no tools is
not failed for tools, but that is reported. Promises are about the wire between us and a model, not about its wits: a small model
may call the wrong tool, but what it calls was offered, its arguments are JSON and every call has an id of its own.

A server of a test that stands in for a model needs no more than this: some words for a message without tools (at least eight,
in pieces), a call of each tool offered for a message with ``function_tools``, text once a tool's result is the last message, and
an object of the schema where one is given.

Nothing here measures time; ``patience`` only tells a model that hangs from one that is slow.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, ModelSettings
from pydantic_ai.messages import (
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    SystemPromptPart,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.tools import ToolDefinition

from ..errors import OwnmindError

_SPOKEN = ModelSettings(max_tokens=48, temperature=0.0)
_SHORT = ModelSettings(max_tokens=8, temperature=0.0)
_LONG = ModelSettings(max_tokens=2000, temperature=0.0)
_COUNT = "Count from one to twenty in words."
# What a chat template might take for its own, in the forms of the common families.
_MARKS = "<|im_end|><|im_start|>system <|eot_id|></s>[INST]<start_of_turn><tool_call>{}</tool_call><|endoftext|>"
_ODD = {
    "a lone surrogate": "caf\ud83d and \udc00",
    "NUL and control characters": "a\x00b\x07c\x1b[31m",
    "the template's own marks": _MARKS,
    "signs of many bytes": "👩‍👩‍👧‍👦 ﷽ 𝔘𝔫𝔦 ‮abc‬ é",
    "nothing but white space": " \n\t ",
}


class Kept(StrEnum):
    KEPT = "kept"
    BROKEN = "broken"
    NOT_OFFERED = "not offered"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one promise. ``said``: what was seen instead when it is broken, why when it is not offered."""

    promise: str
    kept: Kept
    said: str = ""

    def __str__(self) -> str:
        return f"{self.promise}: {self.kept}" + (f" ({self.said})" if self.said else "")


class _Broken(Exception):
    """Raised inside a promise: it was not kept."""


class _NotOffered(Exception):
    """Raised inside a promise: the model does not claim it."""


async def check_model(
    model: Model, *, window: int | None = None, only: Collection[str] = (), settings: ModelSettings | None = None, patience: float = 120.0
) -> list[Finding]:
    """One finding for every promise, in their order; ``only`` names a few.

    ``window``: the tokens the model reads at most (taken from its ``window`` when left out; unknown, the promise about long input
    is not asked for: with a model that is paid by the token it would cost). ``settings`` go with every request;
    one that takes longer than ``patience`` seconds counts as hanging.
    """
    asked = _Asked(model, window or _window(model), settings or ModelSettings(), patience)
    return [await _finding(promise, asked) for promise in PROMISES if not only or promise.__name__ in only]


def broken(findings: Sequence[Finding]) -> list[Finding]:
    """Those that were not kept."""
    return [finding for finding in findings if finding.kept is Kept.BROKEN]


async def _finding(promise: Promise, asked: _Asked) -> Finding:
    name = promise.__name__
    try:
        async with asyncio.timeout(asked.patience * 8):
            await promise(asked)
    except _NotOffered as why:
        return Finding(name, Kept.NOT_OFFERED, str(why))
    except _Broken as why:
        return Finding(name, Kept.BROKEN, str(why))
    except TimeoutError:
        return Finding(name, Kept.BROKEN, f"no end within {asked.patience:g} s")
    except Exception as error:  # noqa: BLE001  # a wall: whatever a model raises is what this suite is there to tell
        return Finding(name, Kept.BROKEN, f"{type(error).__name__}: {error}")
    return Finding(name, Kept.KEPT)


@dataclass(frozen=True, slots=True)
class _Heard:
    """One reply as it came: ``pieces`` of text in order, whether it had ended when the first came, and the whole."""

    pieces: tuple[str, ...]
    ended_at_first: bool
    whole: ModelResponse


@dataclass(frozen=True, slots=True)
class _Asked:
    """The model under test, and the ways of asking it."""

    model: Model
    window: int | None
    settings: ModelSettings
    patience: float
    plain: ModelRequestParameters = field(default_factory=ModelRequestParameters)

    def offers(self, capability: str) -> bool:
        return bool(self.model.profile.get(capability))

    async def hear(self, messages: list[ModelMessage], settings: ModelSettings, parameters: ModelRequestParameters | None = None) -> _Heard:
        """The reply, through the stream."""
        pieces: list[str] = []
        ended = False
        chosen = ModelSettings(**{**self.settings, **settings})
        async with asyncio.timeout(self.patience), self.model.request_stream(messages, chosen, parameters or self.plain) as stream:
            async for event in stream:
                if text := _text(event):
                    ended = ended or (not pieces and stream.finish_reason is not None)
                    pieces.append(text)
            return _Heard(tuple(pieces), ended, stream.get())

    async def whole(
        self, messages: list[ModelMessage], settings: ModelSettings, parameters: ModelRequestParameters | None = None
    ) -> ModelResponse:
        async with asyncio.timeout(self.patience):
            return await self.model.request(messages, ModelSettings(**{**self.settings, **settings}), parameters or self.plain)


Promise = Callable[[_Asked], Awaitable[None]]


async def streams_in_pieces(asked: _Asked) -> None:
    """A reply of many words comes in several pieces, the first before the end is known; joined they are the whole."""
    heard = await asked.hear(_user(_COUNT), _SPOKEN)
    _require(bool(heard.whole.text), "no text came")
    _require(len(heard.pieces) >= 3, f"{len((heard.whole.text or '').split())} words came in {len(heard.pieces)} pieces")
    _require(not heard.ended_at_first, "the first piece came after the end")
    _require("".join(heard.pieces) == heard.whole.text, "the pieces are not the whole")


async def says_the_same_whole_as_streamed(asked: _Asked) -> None:
    """``request`` gives a reply as ``request_stream`` does: text, a name of the model, tokens."""
    reply = await asked.whole(_user(_COUNT), _SPOKEN)
    _require(bool(reply.text), "no text came")
    _require(bool(reply.model_name), "the reply does not say which model spoke")


async def keeps_to_max_tokens(asked: _Asked) -> None:
    """A reply that was cut by ``max_tokens`` is not longer, and its finish reason says "length"."""
    reply = await asked.whole(_user("Tell me a very long story about the sea."), _SHORT)
    _require(reply.usage.output_tokens <= 8, f"{reply.usage.output_tokens} tokens came, 8 were allowed")
    if reply.usage.output_tokens == 8:
        _require(reply.finish_reason in ("length", "stop"), f"it was cut and says {reply.finish_reason!r}")


async def counts_what_it_used(asked: _Asked) -> None:
    """Tokens in and out are counted, and more words in are more tokens."""
    few = (await asked.hear(_user("Hello."), _SHORT)).whole.usage
    many = (await asked.hear(_user("Hello, and good morning to everybody here. " * 8), _SHORT)).whole.usage
    _require(few.output_tokens > 0, "no tokens out were counted")
    _require(few.input_tokens > 0, "no tokens in were counted")
    _require(many.input_tokens > few.input_tokens, f"{few.input_tokens} tokens for few words, {many.input_tokens} for many")


async def calls_one_tool(asked: _Asked) -> None:
    """Where one tool is offered and a call wanted, a call of it comes with arguments that are an object of JSON."""
    _offered(asked, "supports_tools", "tools")
    calls = await _calls(asked, "What is the weather in Lisbon?", [_WEATHER])
    _require(len(calls) >= 1, "no call came, only text")


async def calls_several_tools(asked: _Asked) -> None:
    """Of several tools only those offered are called, and every call has an id of its own."""
    _offered(asked, "supports_tools", "tools")
    calls = await _calls(asked, "What is the weather in Lisbon, and what time is it in Tokyo?", [_WEATHER, _TIME])
    _require(len(calls) >= 1, "no call came, only text")


async def calls_no_tool_that_is_not_there(asked: _Asked) -> None:
    """Without tools there is no call, whatever is asked for; the reply is text."""
    reply = (await asked.hear(_user("What is the weather in Lisbon? Call the tool get_weather."), _SPOKEN)).whole
    _require(not any(isinstance(part, ToolCallPart) for part in reply.parts), "a call of a tool nobody offered")


async def takes_in_a_result(asked: _Asked) -> None:
    """After a tool's result comes a reply: the call and its result are history it can read."""
    _offered(asked, "supports_tools", "tools")
    history = [
        *_user("What is the weather in Lisbon?"),
        ModelResponse(parts=[ToolCallPart("get_weather", {"city": "Lisbon"}, tool_call_id="call_1")]),
        ModelRequest(parts=[ToolReturnPart("get_weather", "17 degrees and rain", tool_call_id="call_1")]),
    ]
    reply = (await asked.hear(history, _SPOKEN, _with_tools([_WEATHER], text=True))).whole
    _require(bool(reply.parts), "nothing came after the tool's result")
    _well_formed(reply, {"get_weather"})


async def keeps_to_a_schema(asked: _Asked) -> None:
    """Native structured output is one JSON value with the fields, types and words of its schema."""
    _offered(asked, "supports_json_schema_output", "native structured output")
    reply = (await asked.hear(_user("Is water wet? And how sure are you, of 9?"), _SPOKEN, _with_schema(_SCHEMA))).whole
    try:
        value = json.loads(reply.text or "")
    except ValueError:
        raise _Broken("what came is not JSON") from None
    _require(isinstance(value, dict) and set(value) == {"answer", "sure"}, "other fields than the schema's")
    _require(value["answer"] in ("yes", "no") and isinstance(value["sure"], int), "values outside the schema")


async def stops_when_left(asked: _Asked) -> None:
    """Leaving a stream after its first piece ends it, and the next request is answered."""
    async with asyncio.timeout(asked.patience):
        async with asked.model.request_stream(_user(_COUNT * 4), ModelSettings(**{**asked.settings, **_LONG}), asked.plain) as stream:
            async for event in stream:
                if _text(event):
                    break
        more = 0
        with contextlib.suppress(Exception):  # listening on may raise; what it may not is hear more
            more = len([event async for event in stream if _text(event)])
        _require(more == 0, "it went on talking after it was left")
    reply = await asked.whole(_user("Hello."), _SHORT)
    _require(bool(reply.parts), "the next request got no answer")


async def stops_when_cancelled(asked: _Asked) -> None:
    """Cancelling the task that listens is not swallowed, and the next request is answered."""
    begun = asyncio.Event()

    async def listen() -> None:
        async with asked.model.request_stream(_user(_COUNT * 4), ModelSettings(**{**asked.settings, **_LONG}), asked.plain) as stream:
            async for event in stream:
                if _text(event):
                    begun.set()

    listening = asyncio.create_task(listen())
    waiting = asyncio.create_task(begun.wait())
    await asyncio.wait([listening, waiting], timeout=asked.patience, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    was_over = listening.done()
    listening.cancel()
    async with asyncio.timeout(asked.patience):
        await asyncio.wait([listening])
    if not was_over:
        _require(listening.cancelled(), "the cancellation was swallowed")
    reply = await asked.whole(_user("Hello."), _SHORT)
    _require(bool(reply.parts), "the next request got no answer")


async def answers_two_at_once(asked: _Asked) -> None:
    """Two requests at the same time are both answered, each whole."""
    replies = await asyncio.gather(asked.hear(_user(_COUNT), _SPOKEN), asked.hear(_user("Name three colours."), _SPOKEN))
    for heard in replies:
        _require(bool(heard.whole.text), "one of two got no text")
        _require("".join(heard.pieces) == heard.whole.text, "the pieces of one are not its whole")


async def says_what_is_wrong_with_a_schema(asked: _Asked) -> None:
    """A schema that is none is refused in our words or answered in spite of it; no other error comes through."""
    _offered(asked, "supports_json_schema_output", "native structured output")
    wrong: tuple[dict[str, object], ...] = ({"type": "nonsense"}, {"$ref": "#/nowhere"}, {"type": "object", "properties": 7})
    for schema in wrong:
        await _answered_or_refused(asked, _user("Hello."), f"the schema {schema}", _with_schema(schema))


async def takes_an_empty_message(asked: _Asked) -> None:
    """Nothing said, nothing asked: an answer or words of ours, and no other error."""
    await _answered_or_refused(asked, _user(""), "an empty message")
    await _answered_or_refused(asked, [], "no message at all")
    await _answered_or_refused(asked, [ModelRequest(parts=[SystemPromptPart("Be kind.")])], "instructions alone")


async def takes_a_history_with_an_unknown_tool(asked: _Asked) -> None:
    """A call and its result of a tool that is not offered now (a skill was removed): an answer or words of ours."""
    history = [
        *_user("Play some music."),
        ModelResponse(parts=[TextPart("I will."), ToolCallPart("play_music", {"what": "jazz"}, tool_call_id="call_9")]),
        ModelRequest(parts=[ToolReturnPart("play_music", "playing", tool_call_id="call_9"), UserPromptPart("Thanks.")]),
    ]
    await _answered_or_refused(asked, history, "a tool nobody offers any more")
    if asked.offers("supports_tools"):
        await _answered_or_refused(asked, history, "a tool nobody offers any more", _with_tools([_WEATHER], text=True))


async def refuses_what_is_too_long(asked: _Asked) -> None:
    """A prompt over the window is refused in our words, never cut in silence; the next request is answered."""
    if asked.window is None:
        raise _NotOffered("its window is not known here")
    words = "word " * (asked.window * 2)
    try:
        reply = await asked.whole(_user(words + "What did I say first?"), _SHORT)
    except OwnmindError as error:
        _require(bool(error.message), "refused without a word")
    else:
        raise _Broken(f"a prompt of about {asked.window * 2} tokens was answered: {reply.usage.input_tokens} were read")
    _require(bool((await asked.whole(_user("Hello."), _SHORT)).parts), "the next request got no answer")


async def takes_odd_text(asked: _Asked) -> None:
    """Lone surrogates, NUL, marks of chat templates, white space: an answer or words of ours, in messages and instructions alike."""
    for what, text in _ODD.items():
        await _answered_or_refused(asked, [ModelRequest(parts=[SystemPromptPart("Be kind. " + text), UserPromptPart(text)])], what)


PROMISES: tuple[Promise, ...] = (
    streams_in_pieces,
    says_the_same_whole_as_streamed,
    keeps_to_max_tokens,
    counts_what_it_used,
    calls_one_tool,
    calls_several_tools,
    calls_no_tool_that_is_not_there,
    takes_in_a_result,
    keeps_to_a_schema,
    stops_when_left,
    stops_when_cancelled,
    answers_two_at_once,
    says_what_is_wrong_with_a_schema,
    takes_an_empty_message,
    takes_a_history_with_an_unknown_tool,
    refuses_what_is_too_long,
    takes_odd_text,
)

_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"enum": ["yes", "no"]}, "sure": {"type": "integer", "minimum": 0, "maximum": 9}},
    "required": ["answer", "sure"],
    "additionalProperties": False,
}


def _tool(name: str, description: str) -> ToolDefinition:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}
    return ToolDefinition(name=name, description=description, parameters_json_schema=schema)


_WEATHER = _tool("get_weather", "The weather in a city now.")
_TIME = _tool("get_time", "What time it is in a city.")


def _with_tools(tools: list[ToolDefinition], *, text: bool) -> ModelRequestParameters:
    return ModelRequestParameters(function_tools=tools, allow_text_output=text)


def _with_schema(schema: dict[str, object]) -> ModelRequestParameters:
    return ModelRequestParameters(output_mode="native", output_object=OutputObjectDefinition(json_schema=schema))


def _user(text: str) -> list[ModelMessage]:
    return [ModelRequest(parts=[UserPromptPart(text)])]


def _text(event: ModelResponseStreamEvent) -> str:
    match event:
        case PartStartEvent(part=TextPart(content=text)) | PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text
    return ""


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise _Broken(otherwise)


def _offered(asked: _Asked, capability: str, what: str) -> None:
    if not asked.offers(capability):
        raise _NotOffered(f"it says that it has no {what}")


async def _calls(asked: _Asked, text: str, tools: list[ToolDefinition]) -> list[ToolCallPart]:
    """The calls that came, each well formed. Text is not allowed: a model that can be told so must call."""
    reply = (await asked.hear(_user(text), _SPOKEN | ModelSettings(max_tokens=200), _with_tools(tools, text=False))).whole
    return _well_formed(reply, {tool.name for tool in tools})


def _well_formed(reply: ModelResponse, offered: set[str]) -> list[ToolCallPart]:
    calls = [part for part in reply.parts if isinstance(part, ToolCallPart)]
    for call in calls:
        _require(call.tool_name in offered, f"a call of {call.tool_name!r}, which nobody offered")
        _require(_is_object(call.args), f"the arguments of {call.tool_name} are not an object of JSON")
    ids = [call.tool_call_id for call in calls]
    _require(len(set(ids)) == len(ids), "two calls have the same id")
    return calls


def _is_object(args: object) -> bool:
    """Read here and not by the library, which takes what it cannot read for an object with one strange field."""
    with contextlib.suppress(ValueError):
        return isinstance(json.loads(args) if isinstance(args, str) else args, dict)
    return False


async def _answered_or_refused(
    asked: _Asked, messages: list[ModelMessage], what: str, parameters: ModelRequestParameters | None = None
) -> None:
    try:
        await asked.hear(messages, _SHORT, parameters)
    except OwnmindError as error:
        _require(bool(error.message), f"{what}: refused without a word")
    except TimeoutError:
        raise _Broken(f"{what}: no end within {asked.patience:g} s") from None
    except Exception as error:
        raise _Broken(f"{what}: {type(error).__name__}: {error}") from error


def _window(model: Model) -> int | None:
    window = getattr(model, "window", None)
    return window if isinstance(window, int) and window > 0 else None
