"""The calls a message asks for, by a model too small for native tool calls: none, one, or several of any of the tools.

One question, answered in JSON that a grammar made of the tools' own schemas holds: a list of calls, empty where no tool fits. The
examples come first and never change, so that they stay evaluated; the tools and the message are what is new. What the model wrote is
then checked by code against the message (`arguments`): an optional argument the message does not speak of is left out, and values
that stand in the message go before made-up ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..llama.frames import Json
from .arguments import checked, is_made_up, stems
from .router import read_object, replied
from .signatures import Schema, held, members, signature

if TYPE_CHECKING:
    from pydantic_ai import ModelResponse
    from pydantic_ai.models import Model

MOST_CALLS = 12
_MOST_TOKENS = 500  # of an answer; one that is cut off is no call
_TOOLS_TOKENS = 1600  # of the tools shown; at 70 tokens a second already 20 s, once a conversation


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool a client offers. ``schema``: the JSON schema of its arguments, an object's."""

    name: str
    description: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Call:
    tool: str
    arguments: Mapping[str, Json]


_SYSTEM = (
    "You turn a message into calls of the listed functions, as JSON. Read each function's description: when none of them does what the "
    "message asks, give no call. Make one call for each thing asked. Take the values from the message; leave out optional parameters "
    "(marked ?) that it does not mention."
)
_SHOTS: tuple[tuple[str, str, str], ...] = (
    (
        "set_alarm(time: string, label?: string): Sets an alarm.\n  time: As HH:MM.",
        "Wake me at half past six, and at 7:15 for the gym",
        '{"calls":[{"set_alarm":{"time":"06:30"}},{"set_alarm":{"time":"07:15","label":"gym"}}]}',
    ),
    (
        "recipe.search(ingredient: string, max_minutes?: integer): Finds recipes.\nmap.route(start: string, end: string, by?: \"car\" | "
        "\"bike\" | \"foot\"): Finds a way between two places.",
        "How do I cycle from Ghent to Bruges?",
        '{"calls":[{"map.route":{"start":"Ghent","end":"Bruges","by":"bike"}}]}',
    ),
    (
        "draw_square(side: number): Draws a square.\n  side: Its side in cm.",
        "What is the area of a square with a side of 4 cm?",
        '{"calls":[]}',
    ),
    (
        "loan_cost(amount: integer, rate: number, years?: integer): Works out what a loan costs.\n  rate: Yearly, as a fraction.\n"
        "exchange(amount: number, to: string): Changes euros into another currency.\n  to: Three letters.",
        "What does a loan of 20 thousand at 4.5% cost me, and how many dollars are 300 euros?",
        '{"calls":[{"loan_cost":{"amount":20000,"rate":0.045}},{"exchange":{"amount":300,"to":"USD"}}]}',
    ),
    (
        "museum.hours(city: string, day?: string): When the museums of a city are open.",
        "When can I see museums in Lyon and Turin on Sunday?",
        '{"calls":[{"museum.hours":{"city":"Lyon","day":"Sunday"}},{"museum.hours":{"city":"Turin","day":"Sunday"}}]}',
    ),
    (
        "stock_price(company: string): The price of a share today.",
        "Who founded Siemens?",
        '{"calls":[]}',
    ),
    (
        "look_up(query: string): Looks up online what one asks to have looked up.\nadd_note(text: string): Keeps a note.",
        "We always sang in the car when I was little.",
        '{"calls":[]}',
    ),
    (
        "look_up(query: string): Looks up online what one asks to have looked up.\nadd_note(text: string): Keeps a note.",
        "Look up when the ferry leaves. And why are ferries so slow?",
        '{"calls":[{"look_up":{"query":"when the ferry leaves"}}]}',
    ),
    (
        "add_guests(guests: [{name: string, vegetarian?: boolean}], event?: string): Adds guests to a list.",
        "Put Ana, who eats no meat, and Ben on the list",
        '{"calls":[{"add_guests":{"guests":[{"name":"Ana","vegetarian":true},{"name":"Ben"}]}}]}',
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Routed:
    """The calls a message asks for, in its order, and the reply they were read from (its usage is what they cost)."""

    calls: tuple[Call, ...]
    reply: ModelResponse


async def calls(message: str, *, tools: Sequence[Offered], model: Model, earlier: str = "", forced: bool = False) -> Routed:
    """The calls ``message`` asks for; none where no tool fits, or where the model's answer cannot be read.

    ``earlier``: what was said before, for what the message leaves unsaid. ``forced``: at least one call, whatever it asks.
    """
    shown = fitting(tools, f"{message} {earlier}")
    reply = await replied(_told(message, shown, earlier), _grammar(shown, forced), model, most=_MOST_TOKENS)
    answer = read_object(reply)
    found = answer.get("calls") if answer is not None else None
    by_name = {one.name: one for one in shown}
    made: list[Call] = []
    for each in found if isinstance(found, list) else []:
        for name, values in each.items() if isinstance(each, dict) else ():
            if name in by_name and isinstance(values, dict):
                said = f"{earlier}\n{message}"
                call = Call(name, checked(values, by_name[name].schema, said))
                if call not in made and (
                    forced or not (is_made_up(values, by_name[name].schema, said) or _is_unasked(by_name[name], message))
                ):
                    made.append(call)
    return Routed(tuple(made), reply)


_WHEN_ASKED = re.compile(r"\b(?:ask(?:s|ed)?|request(?:s|ed)?|explicitly|want(?:s|ed)?) (?:for|to|it|that)\b", re.IGNORECASE)
_SEEKS = re.compile(
    r"\b(?:search\w*|look(?:ing)? (?:it |that |this )?up|look for|find(?: out)?|google|browse|web|online|internet)\b", re.IGNORECASE
)


def _is_unasked(tool: Offered, message: str) -> bool:
    """Whether the tool says that it is for what is asked for, and the message does not ask: a small model looks everything up."""
    if not _WHEN_ASKED.search(tool.description):
        return False
    does = stems(tool.name) | (stems("search find look") if _SEEKS.search(f"{tool.name} {tool.description}".replace("_", " ")) else set())
    return not does & stems(message) and not (_SEEKS.search(message) and _SEEKS.search(tool.description))


def fitting(tools: Sequence[Offered], about: str) -> list[Offered]:
    """The tools that are shown: all of them, or as many as fit, those that share most words with ``about`` first. In their own order."""
    wanted = stems(about)
    likely = sorted(tools, key=lambda one: -len(wanted & stems(f"{one.name} {one.description} {' '.join(members(one.schema))}")))
    kept: set[str] = set()
    spent = 0
    for one in likely:
        spent += len(signature(one.name, one.description, one.schema)) // 3  # characters a token, of signatures
        if kept and spent > _TOOLS_TOKENS:
            break
        kept.add(one.name)
    return [one for one in tools if one.name in kept]


def _told(message: str, tools: Sequence[Offered], earlier: str) -> list[tuple[str, str]]:
    told = [("system", _SYSTEM)]
    for functions, asked, answer in _SHOTS:
        told += [("user", _page(functions, asked)), ("assistant", answer)]
    functions = "\n".join(signature(one.name, one.description, one.schema) for one in tools)
    told.append(("user", _page(functions, message, earlier)))
    return told


def _page(functions: str, message: str, earlier: str = "") -> str:
    before = f"[earlier]\n{earlier}\n" if earlier else ""
    return f"[functions]\n{functions}\n{before}[message]\n{message}"


def _grammar(tools: Sequence[Offered], forced: bool) -> dict[str, Json]:
    one: list[Json] = [
        {"type": "object", "properties": {tool.name: held(tool.schema)}, "required": [tool.name], "additionalProperties": False}
        for tool in tools
    ]
    several: dict[str, Json] = {"type": "array", "items": {"anyOf": one}, "maxItems": MOST_CALLS, "minItems": int(forced)}
    return {"type": "object", "properties": {"calls": several}, "required": ["calls"], "additionalProperties": False}
