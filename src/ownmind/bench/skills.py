"""The built-in skills on their own evaluations (``skills/builtin/*/evals/evals.json``), beside the bare model with the same request.

Every check is mechanical: words that must stand there, or must not, no number or name that nobody gave, length, form, sources. The
control is the same model, shown all the material, the rules and the request in one message, without a skill. Half of each skill's items
are marked held-out: they were written with the others and not looked at while the pipelines were made.

    ownmind bench skills --brain starter --json
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from pydantic_ai import ModelRequest, ModelSettings
from pydantic_ai.direct import model_request
from pydantic_ai.messages import SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import Model

from .. import paths
from ..app import clock
from ..app.opening import open_house
from ..config import Config
from ..errors import BadInput, BrainNotReady
from ..messages import Confidentiality, Entry, Integrity, Kind, Label, Source
from ..models.brain import Brain
from ..models.embedding.embedder import Embedder
from ..skills import checks, shipped
from . import result, stage

_BARE = "You are a helpful assistant. Do what the request says, from the material given."
_LONGEST = 320  # tokens of the control's answer


class Checks(TypedDict, total=False):
    """``has``: each stands in the answer; ``any``: of each list one does; ``lacks``: none does; ``dishes_lack``: none does where a
    day's dish is named; ``nothing_invented``: no number or name
    that neither request nor material has; ``known``: whether the skill says that it could do it."""

    has: list[str]
    any: list[list[str]]
    lacks: list[str]
    dishes_lack: list[str]
    most_words: int
    least_words: int
    sources: int
    nothing_invented: bool
    format: str
    known: bool


class Eval(TypedDict, total=False):
    id: int
    split: str
    prompt: str
    memory: list[str]
    documents: dict[str, str]
    text: str
    checks: Checks


@dataclass(frozen=True, slots=True)
class Line:
    """One item as the skill (or the control) did it. ``failed``: the names of the checks it missed."""

    skill: str
    id: int
    split: str
    failed: tuple[str, ...]
    calls: int
    seconds: float
    text: str
    control_failed: tuple[str, ...] = ()
    control: str = ""


def run(*, brain: str = "starter", only: str = "", out: Path | None = None, control: bool = True, **_: object) -> dict[str, object]:
    """Per skill the share of items that pass every check, for the skill and for the bare model. ``only``: names with commas; ``brain``
    "none" runs what code alone does."""
    names = [name for name in shipped.MADE if not only or name in only.split(",")]
    if not names:
        raise BadInput(f"there is no built-in skill {only}", hint=", ".join(shipped.MADE))
    lines = asyncio.run(_all(names, brain, control and brain != "none", out))
    figures: dict[str, object] = {name: _figures([line for line in lines if line.skill == name]) for name in names}
    figures["all"] = _figures(lines)
    return result("skills", figures, n=len(lines), seed=None, brain=brain, control="the bare model, all material in one message")


def evals(name: str) -> list[Eval]:
    """The evaluations of a built-in skill."""
    return cast("list[Eval]", json.loads(shipped.load(name).text("evals/evals.json"))["evals"])  # cast: our own file, checked by a test


async def _all(names: Sequence[str], brain: str, with_control: bool, out: Path | None) -> list[Line]:
    embedder, lines = stage.embedder(), list[Line]()
    mind = None if brain == "none" else Brain(Config() if brain == "starter" else Config(brain=brain), paths.find())
    try:
        model = None
        if mind is not None:
            await mind.start()
            if not await mind.ready():
                raise BrainNotReady(mind.note)
            model = await mind.model()
        for name in names:
            for one in evals(name):
                lines.append(await _done(name, one, model, embedder, with_control))  # each is written as it comes
                if out is not None:
                    with out.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(_as_json(lines[-1]), ensure_ascii=False) + "\n")
    finally:
        if mind is not None:
            await mind.close()
    return lines


async def _done(name: str, one: Eval, model: Model | None, embedder: Embedder, with_control: bool) -> Line:
    """One item, in a home of its own."""
    from ..models.scripted import ScriptedModel

    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        places = paths.Paths(Path(folder) / "home", Path(folder) / "cache")
        offline = Config(fetch=False, learn=False)
        house = open_house(places, offline, brain=model or ScriptedModel(""), embedder=embedder, throwaway=True)
        try:
            house.memory.remember(_entries(one), now=clock.present())
            house.memory.embed_backlog(1000)
            started = await house.skills.started(name, one["prompt"], text=one.get("text", ""))
            if model is None:
                started.hands.model = None
            said = "".join([piece async for piece in started.pieces()])
            hands = started.hands
        finally:
            await house.close()
    seconds = time.perf_counter() - began
    failed = tuple(wrong(said, one, len(hands.sources), hands.known))
    if not with_control or model is None:
        return Line(name, one["id"], one["split"], failed, hands.asked, seconds, said)
    bare = await _bare(one, model)
    return Line(name, one["id"], one["split"], failed, hands.asked, seconds, said, tuple(wrong(bare, one, None, True)), bare)


def _entries(one: Eval) -> list[Entry]:
    mine, theirs = Label(Integrity.PERSON), Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE)
    now = clock.present()
    said = [
        Entry(text, Source(f"note:{n}", "note"), mine, Kind.NOTE, now, external_id=f"n{n}") for n, text in enumerate(one.get("memory", []))
    ]
    for title, text in one.get("documents", {}).items():
        pieces = re.findall(r"(?:[^\n]+\n?){1,4}", text) if "\n" in text else [text]
        said += [
            Entry(
                piece.strip(),
                Source(f"file:/{title}", "document", title),
                theirs,
                Kind.PASSAGE,
                conversation=title,
                external_id=f"{title}{n}",
            )
            for n, piece in enumerate(pieces)
        ]
    return said


async def _bare(one: Eval, model: Model) -> str:
    """The control: the same model, everything in one message."""
    parts = [f"{title}:\n{text}" for title, text in one.get("documents", {}).items()] + one.get("memory", [])
    shown = "\n\n".join([*parts, *([one["text"]] if "text" in one else []), one["prompt"]])
    settings = cast(ModelSettings, {"temperature": 0.0, "max_tokens": _LONGEST})
    reply = await model_request(model, [ModelRequest([SystemPromptPart(_BARE), UserPromptPart(shown)])], model_settings=settings)
    return "".join(part.content for part in reply.parts if isinstance(part, TextPart)).strip()


def wrong(said: str, one: Eval, sources: int | None, known: bool) -> list[str]:
    """The checks that an answer misses; ``sources`` None: the control has none to give and is not judged by them, nor by ``known``."""
    asked, low, found = one["checks"], said.lower(), []
    found += [f"has {word}" for word in asked.get("has", []) if word.lower() not in low]
    found += [f"any {words[0]}" for words in asked.get("any", []) if not any(word.lower() in low for word in words)]
    found += [f"lacks {word}" for word in asked.get("lacks", []) if word.lower() in low]
    dishes = "\n".join(
        line for line in low.splitlines() if not re.search(r"obey|allerg|intoleran|without|avoid|-free|vegan|vegetarian", line)
    )
    found += [f"dish with {word}" for word in asked.get("dishes_lack", []) if re.search(rf"\b{re.escape(word.lower())}", dishes)]
    count = len(said.split())
    if count > asked.get("most_words", count) or count < asked.get("least_words", 0) or not said.strip():
        found.append(f"words {count}")
    if asked.get("format") and not re.search(asked["format"], said):
        found.append("format")
    if asked.get("nothing_invented"):
        given = "\n".join([one["prompt"], one.get("text", ""), *one.get("memory", []), *one.get("documents", {}).values()])
        given += "\n" + "\n".join(one.get("documents", {})) + f"{clock.present():%d %B %Y}"  # when it was told, which an answer may say
        listed = {str(number) for number in range(1, 13)}  # numbers of a list
        if extra := [word for word in checks.invented(said, given) if word not in listed and word not in _OURS]:
            found.append(f"invented {', '.join(extra)}")
    if sources is not None:
        if sources < asked.get("sources", 0):
            found.append(f"sources {sources}")
        if known != asked.get("known", True):
            found.append(f"known {known}")
    return found


_OF_RULES = re.compile(r"obey|allerg|intoleran|without|avoid|-free|vegan|vegetarian")
# Headings and greetings that are the form of an answer and claim nothing.
_OURS = frozenset(
    """decisions promises dates open questions answers cost size place time against besides hi dear best regards sincerely cheers love
    said you monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
    november december not what meeting in your calendar last thank thanks""".split()  # noqa: SIM905  # reads better
)


def _figures(lines: Sequence[Line]) -> dict[str, object]:
    by_split: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_split[line.split].append(line)
    return {
        "n": len(lines),
        "passed": sum(not line.failed for line in lines),
        "held_out": f"{sum(not line.failed for line in by_split['held-out'])}/{len(by_split['held-out'])}",
        "control_passed": sum(not line.control_failed and bool(line.control) for line in lines),
        "control_held_out": sum(not line.control_failed and bool(line.control) for line in by_split["held-out"]),
        "calls": round(sum(line.calls for line in lines) / max(1, len(lines)), 1),
        "seconds": round(sum(line.seconds for line in lines) / max(1, len(lines)), 1),
        "missed": {f"{line.skill} {line.id}": list(line.failed) for line in lines if line.failed},
    }


def _as_json(line: Line) -> dict[str, object]:
    return {
        "skill": line.skill, "id": line.id, "split": line.split, "failed": list(line.failed), "text": line.text, "calls": line.calls,
        "control_failed": list(line.control_failed), "control": line.control,
    }  # fmt: skip
