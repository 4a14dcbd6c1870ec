"""How each task is put to a model: ``zero``, said plainly, and ``ours``, as the product does it.

Where the product has code for a task, that code is the shape: facts through `memory.rules` and `memory.extract`, tools through
`models.small.SmallModel`, answers through the whole turn over a memory that holds the notes, summaries through the skill's pipeline, goals
through the reader of statements and, where that is unclear, the brain's choice of a template. Examples here share no item's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse
from pydantic_ai.messages import SystemPromptPart, TextPart, ToolCallPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.tools import ToolDefinition

from ...agent.aims.filling import filled
from ...agent.turn import Parts, turn
from ...goals.saying.statement import read
from ...memory.extract import extract
from ...memory.rules import candidates
from ...messages import Done, Entry, Failed, Integrity, Item, Kind, Label, Source
from ...models.brain import Brain
from ...models.llama.embedded import EmbeddedSettings
from ...models.llama.frames import Json
from ...models.llama.worker import Slot
from ...skills.hands import answered
from ...skills.made.summarise import summary
from .. import stage

if TYPE_CHECKING:
    from pydantic_ai import ModelSettings

Row: TypeAlias = "Mapping[str, Json]"
Shape: TypeAlias = "Callable[[Row, Model], Awaitable[Json]]"
_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def said(
    told: Sequence[tuple[str, str]], model: Model, *, most: int = 120, schema: Mapping[str, Json] | None = None, slot: Slot = Slot.FREE
) -> str:
    """The reply to (role, text) pairs at temperature 0; JSON of ``schema`` where one is given."""
    messages: list[ModelMessage] = []
    for role, text in told:
        if role == "assistant":
            messages.append(ModelResponse(parts=[TextPart(text)]))
        else:
            messages.append(ModelRequest(parts=[SystemPromptPart(text) if role == "system" else UserPromptPart(text)]))
    output = OutputObjectDefinition(json_schema=dict(schema)) if schema is not None else None
    parameters = ModelRequestParameters(output_mode="native", output_object=output) if output else ModelRequestParameters()
    settings = EmbeddedSettings(temperature=0.0, max_tokens=most, slot=slot)
    return (await model.request(messages, settings, parameters)).text or ""


async def _object(
    told: Sequence[tuple[str, str]], model: Model, schema: Mapping[str, Json], *, most: int = 160, slot: Slot = Slot.FREE
) -> Json:
    text = await said(told, model, most=most, schema=schema, slot=slot)
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found


def _closed(**properties: Json) -> dict[str, Json]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


_TEXTS: dict[str, Json] = {"type": "array", "items": {"type": "string", "maxLength": 160}, "maxItems": 8}


# Facts


async def _facts_zero(row: Row, model: Model) -> Json:
    order = "List the lasting facts this message states about people and their lives, as JSON. An empty list when there are none."
    return _member(await _object([("user", f"{order}\n\n{row['message']}")], model, _closed(facts=_TEXTS)), "facts")


async def _facts_ours(row: Row, model: Model) -> Json:
    item = Item("bench", str(row["message"]), Source("bench", "bench"), Label(Integrity.PERSON), Kind.MESSAGE, _NOW, "", "", 0, _NOW)
    return list(dict.fromkeys(one.text for one in [*candidates(item), *await extract(item, model)]))


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else value


# Tools

_TEXT: dict[str, Json] = {"type": "string"}
_TOOLS: Mapping[str, tuple[str, dict[str, Json]]] = {
    "set_reminder": (
        "Reminds the person of something at a time.",
        _closed(text={"type": "string", "description": "What of."}, time={"type": "string", "description": "As HH:MM."}),
    ),
    "send_message": ("Sends words to somebody.", _closed(to={"type": "string", "description": "A name."}, text=_TEXT)),
    "add_event": (
        "Adds an event to the calendar.",
        _closed(title=_TEXT, day={"type": "string", "description": "The weekday."}, time={"type": "string", "description": "As HH:MM."})
        | {"required": ["title", "day"]},
    ),
    "web_search": ("Searches the web for what the person asks to have searched.", _closed(query=_TEXT)),
    "convert": ("Converts an amount from one unit into another.", _closed(amount={"type": "number"}, unit=_TEXT, to=_TEXT)),
}


async def _tools_zero(row: Row, model: Model) -> Json:
    told = "\n".join(f"- {name}: {about} Arguments: {json.dumps(schema['properties'])}" for name, (about, schema) in _TOOLS.items())
    order = f"Choose the tool for the message, or none, and give its arguments as JSON.\n{told}\n\nMessage: {row['message']}"
    each: list[Json] = [_closed(tool={"const": name}, arguments=schema) for name, (_, schema) in _TOOLS.items()]
    return await _object([("user", order)], model, {"anyOf": [*each, _closed(tool={"const": "none"}, arguments=_closed())]})


async def _tools_ours(row: Row, model: Model) -> Json:
    tools = [ToolDefinition(name=name, description=about, parameters_json_schema=schema) for name, (about, schema) in _TOOLS.items()]
    messages: list[ModelMessage] = [ModelRequest(parts=[UserPromptPart(str(row["message"]))])]
    reply = await model.request(messages, _brief(), ModelRequestParameters(function_tools=tools))
    calls = [part for part in reply.parts if isinstance(part, ToolCallPart)]
    return {"tool": calls[0].tool_name, "arguments": calls[0].args_as_dict()} if len(calls) == 1 else {"tool": "none", "arguments": {}}


def _brief() -> ModelSettings:
    return EmbeddedSettings(temperature=0.0, max_tokens=1)  # what it would say without a call is not looked at


# Answers from notes


async def _answer_zero(row: Row, model: Model) -> Json:
    told = "Answer the question using only these notes. If they do not contain the answer, say that you don't know."
    return await said([("user", f"{told}\n\n{_notes(row)}\n\nQuestion: {row['question']}")], model, most=60)


async def _answer_ours(row: Row, model: Model) -> Json:
    """The whole turn over a memory that holds the notes and nothing else: recall, gate, reply and its checks."""
    with stage.memory(_embedder(), _NOW) as (memory, store):
        memory.remember([_entry(str(one)) for one in _list(row["notes"])], now=_NOW)
        parts = Parts(memory, Brain.of(model, "bench"), store.conversations, store.settings)
        async with aclosing(turn(str(row["question"]), parts=parts, conversation=None, now=_NOW)) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.reply.text
                if isinstance(event, Failed):
                    return f"(failed: {event.message})"
    return ""


_embedder = cache(stage.embedder)
_SAID = re.compile(r'(?P<who>.+?) said(?: \((?P<day>[^)]+)\))?: "(?P<words>.+)"')
_DAY = re.compile(r" \((\d{1,2} \w+ \d{4})\)$")
_TO_ME = (("You are", "I am"), ("You were", "I was"), ("You", "I"), ("you are", "I am"), ("you", "I"), ("Your", "My"), ("your", "my"))


def _entry(note: str) -> Entry:
    """What was said, from the line a note shows of it: the person's own words in the first person, others' as theirs. Each stands alone:
    nothing was said just before it."""
    said = _SAID.fullmatch(note)
    if said:
        source = Source("transcript:bench", "transcript")
        return Entry(said["words"], source, Label(Integrity.UNTRUSTED), Kind.TURN, _date(said["day"]), said["who"], note, note)
    words, day = _DAY.sub("", note), _DAY.search(note)
    for theirs, mine in _TO_ME:
        words = re.sub(rf"\b{theirs}\b", mine, words)
    told = _date(day[1] if day else None)
    return Entry(words, Source("note:bench", "note"), Label(Integrity.PERSON), Kind.NOTE, told, conversation=note, external_id=note)


def _date(day: str | None) -> datetime | None:
    return datetime.strptime(day, "%d %B %Y").replace(hour=9, tzinfo=UTC) if day else None


def _notes(row: Row) -> str:
    return "\n".join(f"- {one}" for one in _list(row["notes"]))


def _list(value: Json) -> list[Json]:
    assert isinstance(value, list)
    return value


# Summaries


async def _summary_zero(row: Row, model: Model) -> Json:
    return await said([("user", f"Summarise this text in a few sentences.\n\n{row['text']}")], model, most=220)


async def _summary_ours(row: Row, model: Model) -> Json:
    return await summary(str(row["text"]), lambda shots, shown: answered(model, shots, shown))


# Goals


async def _plan_zero(row: Row, model: Model) -> Json:
    order = "Make a plan of four to seven concrete steps for this goal, in order, as JSON."
    steps: dict[str, Json] = {**_TEXTS, "minItems": 1}
    return _member(await _object([("user", f"{order}\n\nGoal: {row['goal']}")], model, _closed(steps=steps), most=300), "steps")


async def _plan_ours(row: Row, model: Model) -> Json:
    """The template: its steps are expanded and placed by code, which has its own benches (`plans`, `statements`)."""
    stated = read(str(row["goal"]), _NOW, UTC)
    return stated.template or (await filled(str(row["goal"]), model, _NOW)).template


# Translations

_TRANSLATED = (
    ("German", "I have two brothers.", "Ich habe zwei Brüder."),
    ("French", "The window is open.", "La fenêtre est ouverte."),
    ("Spanish", "My car is old.", "Mi coche es viejo."),
    ("Italian", "We eat at noon.", "Mangiamo a mezzogiorno."),
)


async def _translation_zero(row: Row, model: Model) -> Json:
    return await said([("user", f"Translate into {row['to']}: {row['text']}")], model, most=60)


async def _translation_ours(row: Row, model: Model) -> Json:
    told = [("system", "Translate exactly, word for word where that is right. Only the translation.")]
    for to, text, into in _TRANSLATED:
        told += [("user", f"Into {to}: {text}"), ("assistant", into)]
    return await said([*told, ("user", f"Into {row['to']}: {row['text']}")], model, most=60)


# Objects under a schema: as the product does it is the schema itself, held by a grammar. Four examples with the field's names in place of
# the schema made it worse (11 of 15 right, for 14; dev/LOG.md).


async def _json_zero(row: Row, model: Model) -> Json:
    schema = _schema(row)
    order = f"Fill this JSON schema from the message.\n{json.dumps(schema)}\n\nMessage: {row['message']}"
    return await _object([("user", order)], model, schema)


def _schema(row: Row) -> Mapping[str, Json]:
    schema = row["schema"]
    assert isinstance(schema, dict)
    return schema


ASK: Mapping[str, Mapping[str, Shape]] = {
    "facts": {"zero": _facts_zero, "ours": _facts_ours},
    "tools": {"zero": _tools_zero, "ours": _tools_ours},
    "answers": {"zero": _answer_zero, "ours": _answer_ours},
    "unknown": {"zero": _answer_zero, "ours": _answer_ours},
    "summaries": {"zero": _summary_zero, "ours": _summary_ours},
    "plans": {"zero": _plan_zero, "ours": _plan_ours},
    "translations": {"zero": _translation_zero, "ours": _translation_ours},
    "json": {"zero": _json_zero, "ours": _json_zero},
}
