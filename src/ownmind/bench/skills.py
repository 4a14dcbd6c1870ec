"""The built-in skills on their own evaluations (``skills/builtin/*/evals/evals.json``), beside the bare model with the same request.

Every check is mechanical: words that must stand there, or must not, no number or name that nobody gave, length, form, sources. The
control is the same model, shown all the material, the rules and the request in one message, without a skill. Half of each skill's items
are marked held-out: they were written with the others and not looked at while the pipelines were made.

    ownmind bench skills --brain starter --out lines.jsonl --json

``--out`` gets a line for each answer; a run that was cut goes on from there.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import TypedDict, cast

from pydantic_ai import ModelRequest, ModelSettings
from pydantic_ai.direct import model_request
from pydantic_ai.messages import SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import Model

from .. import paths
from ..app import clock
from ..app.house import House
from ..app.opening import open_house
from ..config import Config
from ..errors import BadInput, BrainNotReady
from ..messages import Confidentiality, Entry, Integrity, Kind, Label, Source
from ..models.brain import Brain
from ..models.embedding.embedder import Embedder
from ..skills import checks, shipped
from ..skills.hands import Hands
from ..store import goals as rows
from . import result, stage
from .bfcl import chosen

SPLITS = ("dev", "held-out")
SYSTEMS = ("skill", "control")

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


class Sitting(TypedDict):
    """A step of a week: ``day`` 0 is its Monday, 7 the next; ``at`` "18:00"; ``state`` as `StepState` has it."""

    day: int
    at: str
    title: str
    state: str


class Aim(TypedDict):
    """A goal as the person says it, answers to what is asked, and what its week held."""

    say: str
    answers: dict[str, str]
    week: list[Sitting]


class Eval(TypedDict, total=False):
    id: int
    split: str
    prompt: str
    memory: list[str]
    documents: dict[str, str]
    text: str
    goals: list[Aim]
    checks: Checks


class Line(TypedDict):
    """One item as the skill or the control did it, as it is written to ``--out``. ``failed``: the names of the checks it missed."""

    brain: str
    system: str
    skill: str
    id: int
    split: str
    failed: list[str]
    calls: int
    seconds: float
    text: str


def run(
    *, brain: str = "starter", only: Sequence[str] = (), out: Path | None = None, quick: bool = False, **_: object
) -> dict[str, object]:
    """Per skill the share of items that pass every check, for the skill and for the bare model. ``only``: skills, halves ("dev",
    "held-out"), systems ("skill", "control"); ``brain`` "none" runs what code alone does; ``quick``: only of what is in ``out``."""
    wanted = {word for one in only for word in one.split(",")}
    if strange := wanted - {*shipped.MADE, *SPLITS, *SYSTEMS}:
        raise BadInput(f"there is no built-in skill {min(strange)}", hint=", ".join([*shipped.MADE, *SPLITS, *SYSTEMS]))
    names, splits, systems = (chosen([*wanted], known) for known in (list(shipped.MADE), SPLITS, SYSTEMS))
    asked = [(system, name, one) for name in names for one in evals(name) if one["split"] in splits for system in systems]
    asked = [each for each in asked if each[0] == "skill" or brain != "none"]
    there = {(system, name, one["id"]) for system, name, one in asked}
    lines = [line for line in _written(out) if line["brain"] == brain and (line["system"], line["skill"], line["id"]) in there]
    done = {(line["system"], line["skill"], line["id"]) for line in lines}
    left = [each for each in asked if (each[0], each[1], each[2]["id"]) not in done]
    if left and not quick:
        lines += asyncio.run(_all(left, brain, out))
    figures = {name: _figures([line for line in lines if line["skill"] == name]) for name in names}
    figures["all"] = _figures(lines)
    n = sum(line["system"] == "skill" for line in lines)
    return result("skills", dict(figures), n=n, seed=None, brain=brain, control="the bare model, all material in one message")


def evals(name: str) -> list[Eval]:
    """The evaluations of a built-in skill."""
    return cast("list[Eval]", json.loads(shipped.load(name).text("evals/evals.json"))["evals"])  # cast: our own file, checked by a test


def _written(out: Path | None) -> list[Line]:
    """What an earlier run wrote."""
    if out is None or not out.exists():
        return []
    return cast("list[Line]", [json.loads(line) for line in out.read_text("utf-8").splitlines()])  # cast: our own lines


async def _all(asked: Sequence[tuple[str, str, Eval]], brain: str, out: Path | None) -> list[Line]:
    """A line for each of ``asked``, written as it comes."""
    embedder, lines = stage.embedder(), list[Line]()
    mind = None if brain == "none" else Brain(Config() if brain == "starter" else Config(brain=brain), paths.find())
    try:
        model = None
        if mind is not None:
            await mind.start()
            if not await mind.ready():
                raise BrainNotReady(mind.note)
            model = await mind.model()
        for system, name, one in asked:
            began = time.perf_counter()
            if system == "control":
                assert model is not None
                said, calls = await _bare(one, model), 1
                failed = wrong(said, one, None, True)
            else:
                said, hands = await _skilled(name, one, model, embedder)
                failed, calls = wrong(said, one, len(hands.sources), hands.known), hands.asked
            took = round(time.perf_counter() - began, 2)
            line = Line(
                brain=brain,
                system=system,
                skill=name,
                id=one["id"],
                split=one["split"],
                failed=failed,
                calls=calls,
                seconds=took,
                text=said,
            )
            lines.append(line)
            if out is not None:
                with out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
    finally:
        if mind is not None:
            await mind.close()
    return lines


async def _skilled(name: str, one: Eval, model: Model | None, embedder: Embedder) -> tuple[str, Hands]:
    """One item by the skill, in a home of its own: what it said, and what it reached."""
    from ..models.scripted import ScriptedModel

    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        places = paths.Paths(Path(folder) / "home", Path(folder) / "cache")
        offline = Config(fetch=False, learn=False)
        house = open_house(places, offline, brain=model or ScriptedModel(""), embedder=embedder, throwaway=True)
        try:
            house.memory.remember(_entries(one), now=clock.present())
            house.memory.embed_backlog(1000)
            for aim in one.get("goals", []):
                _wanted(aim, house)
            started = await house.skills.started(name, one["prompt"], text=one.get("text", ""))
            if model is None:
                started.hands.model = None
            said = "".join([piece async for piece in started.pieces()])
            return said, started.hands
        finally:
            await house.close()


def _wanted(aim: Aim, house: House) -> None:
    """The goal, said and confirmed, with exactly the week it is given: what its template would plan is taken away."""
    draft = house.goals.add(aim["say"])
    while draft.goal is not None and draft.question:
        usual = draft.choices[0] if draft.choices else ""
        draft = house.goals.answer(draft.goal.id, draft.slot, aim["answers"].get(draft.slot, usual))
    assert draft.goal is not None, draft.refused
    goal = house.goals.confirm(draft.goal.id)
    monday = (clock.present() - timedelta(days=clock.present().weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    steps = []
    for place, one in enumerate(aim["week"]):
        at = datetime.combine(monday.date() + timedelta(days=one["day"]), time_of_day.fromisoformat(one["at"])).astimezone().timestamp()
        done = at + 1800 if one["state"] in ("done", "half") else None
        steps.append(
            rows.StepRow(
                0, rows.number(goal.id), f"week.{place}", one["title"], 30, 0, place, at - 3600, at + 7200, None, "", one["state"],
                at, at + 1800, done, 1, None,
            )
        )  # fmt: skip
    with house.store.db.write() as cx:
        rows.remove_steps(cx, [step.id for step in rows.steps(cx, [rows.number(goal.id)])])
        rows.add_steps(cx, steps)


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
    parts += [_told(aim) for aim in one.get("goals", [])]
    shown = "\n\n".join([*parts, *([one["text"]] if "text" in one else []), one["prompt"]])
    settings = cast(ModelSettings, {"temperature": 0.0, "max_tokens": _LONGEST})
    reply = await model_request(model, [ModelRequest([SystemPromptPart(_BARE), UserPromptPart(shown)])], model_settings=settings)
    return "".join(part.content for part in reply.parts if isinstance(part, TextPart)).strip()


def _told(aim: Aim) -> str:
    """A goal's week in words, for the control."""
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    when = [f"{'next ' if one['day'] > 6 else ''}{days[one['day'] % 7]} {one['at']}" for one in aim["week"]]
    return "\n".join(
        [
            f"Goal: {aim['say']}. This week:",
            *(f"- {at}: {one['title']} ({one['state']})" for at, one in zip(when, aim["week"], strict=True)),
        ]
    )


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


# Headings and greetings that are the form of an answer and claim nothing.
_OURS = frozenset(
    """decisions promises dates open questions answers cost size place time against besides hi dear best regards sincerely cheers love
    said you monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
    november december not what meeting in your calendar last thank thanks""".split()  # noqa: SIM905  # reads better
)


def _figures(lines: Sequence[Line]) -> dict[str, object]:
    """Passed of all, and of the held-out ones, for both systems; what was missed by the skill."""
    ours = [line for line in lines if line["system"] == "skill"]
    bare = [line for line in lines if line["system"] == "control"]
    return {
        "passed": _passed(ours),
        "held_out": _passed([line for line in ours if line["split"] == "held-out"]),
        "control_passed": _passed(bare),
        "control_held_out": _passed([line for line in bare if line["split"] == "held-out"]),
        "calls": round(sum(line["calls"] for line in ours) / max(1, len(ours)), 1),
        "seconds": round(sum(line["seconds"] for line in ours) / max(1, len(ours)), 1),
        "control_seconds": round(sum(line["seconds"] for line in bare) / max(1, len(bare)), 1),
        "missed": {f"{line['skill']} {line['id']}": line["failed"] for line in ours if line["failed"]},
    }


def _passed(lines: Sequence[Line]) -> str:
    return f"{sum(not line['failed'] for line in lines)}/{len(lines)}"
