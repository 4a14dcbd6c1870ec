"""From a message to a plan: by code where its form is plain (`forms`), else by the model, which has read nothing but the message.

The model is asked only about messages that plausibly ask to act (`forms.asks_to_act`), through the schema router: which of four
kinds of request it is, and which of its words name the thing. Addresses and file names are never its to write, and every word it gives must
stand in the message; what does not makes the plan `Unclear`, and the person is asked.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic_ai import models

from ...models.llama.frames import Json
from ...models.small.router import Choice, Example, route
from .forms import FILE, LONGEST, Draft, Kept, is_filler, marked, marked_as, stands_in
from .plans import Plan, Unclear

_WORDS: dict[str, Json] = {"type": "string", "minLength": 1, "maxLength": 300}
_CHOICES = (
    Choice("read", "open web pages and answer or summarise"),
    Choice("read_and_save", "open web pages and save something from them as a file"),
    Choice("read_and_remember", "open web pages and remember something from them"),
    Choice("save", "save words as a file, without a web page"),
)
_EXAMPLES = (
    Example("I'd be glad if you had a look at https://museum.example/visit, I wonder about tickets", "read", {"what": "tickets"}),
    Example("How was your day? I spent mine on www.chess.example", "none"),
    Example(
        "From https://pool.example/times I need the lane hours kept in lanes.md",
        "read_and_save",
        {"what": "the lane hours", "file": "lanes.md"},
    ),
    Example("I'd love a document trip.txt that holds: passport, socks", "save", {"what": "passport, socks", "file": "trip.txt"}),
    Example("My thesis is in final.txt, wish me luck", "none"),
    Example("The vet's number must be on vet.example, don't let it slip your mind", "read_and_remember", {"what": "The vet's number"}),
    Example("Should I rename report.md?", "none"),
    Example(
        "Have a.example and b.example boiled down for me, and let the result end up in short.txt",
        "read_and_save",
        {"what": "boiled down", "file": "short.txt"},
    ),
)


async def proposed(text: str, model: models.Model) -> Plan | Unclear | None:
    """The plan of a message that is no form of ours, by the schema router; None when it asks for nothing. Every word of it is checked
    against the message: what does not stand there makes the plan `Unclear`, nothing is guessed."""
    said = text.strip()[:LONGEST]
    words, kept = marked(said)
    choices = [replace(choice, arguments=_arguments(choice.name, kept)) for choice in _CHOICES]
    routed = await route(said, choices=choices, examples=_EXAMPLES, model=model)
    what, file = (str(routed.arguments.get(name, "")).strip() for name in ("what", "file"))
    reads = routed.tool.startswith("read")
    if routed.tool not in {choice.name for choice in _CHOICES} or (reads and not kept.addresses):
        return None
    if routed.tool == "save" and kept.addresses:  # what is to be done with the page?
        return Unclear(_ASK)
    if not stands_in(what, said) or ("save" in routed.tool and not stands_in(file, said)):
        return Unclear(_ASK)
    draft = Draft(kept)
    if reads:
        draft.read(words)
    thing = marked_as(what, kept)
    match routed.tool:
        case "read":
            draft.then = "" if is_filler(thing) else said
        case "read_and_remember":
            draft.keep(thing)
        case _:
            draft.save(thing, file)
    return draft.plan()


_ASK = (
    "I think you want something done with a page or a file, but I could not make out what exactly, so nothing was done. Say it in one of "
    "these forms: “Read https://example.org and save the opening hours as hours.txt”, or “Save “milk, eggs” as list.txt”."
)


def _arguments(tool: str, kept: Kept) -> dict[str, Json]:
    names: list[Json] = [name for name in kept.names if FILE.fullmatch(name)]
    file: dict[str, Json] = {"enum": names} if names else {"type": "string", "minLength": 1, "maxLength": 80}
    properties: dict[str, Json] = {"what": _WORDS}
    if "save" in tool:
        properties["file"] = file
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
