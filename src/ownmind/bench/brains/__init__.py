"""What the chat models that can be fetched here are good for: the tasks a companion gives a small model, each answer checked by code.

200 items of our own in eight tasks (``data/brains.json``: written before any model was asked, halves by place: even ``dev``, odd
``held``) and, with ``--data`` the folder of IFEval, a sample of its 541 prompts. Each is put in two shapes: ``zero``, the task said
plainly, and ``ours``, what the product does (its examples, its grammars, its checks by code). ``--brain 135m,0.5b,starter``, ``--only``
tasks, halves and shapes, ``-n`` prompts of IFEval (20; 541 are all). ``--out`` gets a line for each answer; what is there is not
asked again. Translations are checked by a few words that must be in them: rough. Shares count whole items unless said otherwise.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TypedDict, cast

from ...errors import BadInput, OwnmindError
from ...models.llama.embedded import EmbeddedModel
from ...models.llama.frames import Json
from ...models.small.model import SmallModel
from .. import brain_files, ifeval, result
from ..bfcl import chosen
from .checks import CHECKS, Marks
from .shapes import ASK, Row

SEED = 7
SHAPES = ("zero", "ours")
HALVES = ("dev", "held")
TASKS = (*CHECKS, "ifeval")


class Line(TypedDict):
    """One answer as it is written to ``--out``. ``marks``: what the checks gave, ``right`` among them."""

    brain: str
    task: str
    shape: str
    at: int
    said: Json
    marks: Marks
    seconds: float


def run(
    *,
    data: Path | None = None,
    n: int = 20,
    seed: int = SEED,
    only: Sequence[str] = (),
    brain: str = "starter",
    out: Path | None = None,
    quick: bool = False,
    **_: object,
) -> dict[str, object]:
    """A table: task, brain, shape; the share of right items and what else the checks of the task count. ``quick``: only of the answers
    that are in ``out``."""
    tasks, shapes, halves = chosen(only, TASKS), chosen(only, SHAPES), chosen(only, HALVES)
    items = [(task, at, row) for task in tasks if task != "ifeval" for at, row in enumerate(rows(task)) if HALVES[at % 2] in halves]
    prompts = ifeval.prompts(data) if data is not None and "ifeval" in tasks else []
    sample = sorted(random.Random(seed).sample(range(len(prompts)), min(n, len(prompts))))
    lines = cast("list[Line]", [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out and out.exists() else [])
    for name in [] if quick else brain.split(","):
        asyncio.run(_asked(name, list(_in_turn(items)), [(at, prompts[at]) for at in sample], shapes, lines, out))
    there = {(task, at) for task, at, _ in items} | {("ifeval", at) for at in sample}
    counted = [line for line in lines if (line["task"], line["at"]) in there and line["shape"] in shapes]
    return result("brains", _figures(counted, brain.split(",")), n=len(there), seed=seed, halves=halves)


def rows(task: str) -> list[Row]:
    """The items of a task."""
    everything = json.loads(files("ownmind.bench").joinpath("data/brains.json").read_text(encoding="utf-8"))
    return cast("list[Row]", everything[task])


def _in_turn(items: Sequence[tuple[str, int, Row]]) -> Iterator[tuple[str, int, Row]]:
    """Every task a fifth of the way, then the next fifth: a cut run has some of each, and a task's beginning stays evaluated meanwhile."""
    sizes = {task: sum(one[0] == task for one in items) for task, _, _ in items}
    seen = dict.fromkeys(sizes, 0)
    placed: list[tuple[int, str, int]] = []
    for number, (task, _, _) in enumerate(items):
        placed.append((5 * seen[task] // sizes[task], task, number))
        seen[task] += 1
    return (items[number] for _, _, number in sorted(placed))


async def _asked(
    brain: str,
    items: Sequence[tuple[str, int, Row]],
    prompts: Sequence[tuple[int, ifeval.Prompt]],
    shapes: Sequence[str],
    lines: list[Line],
    out: Path | None,
) -> None:
    there = {(line["task"], line["at"], line["shape"]) for line in lines if line["brain"] == brain}
    left = [(task, at, shape, row) for task, at, row in items for shape in shapes if (task, at, shape) not in there]
    following = [(at, prompt) for at, prompt in prompts if "zero" in shapes and ("ifeval", at, "zero") not in there]
    if not left and not following:
        return
    async with brain_files.worker(brain) as worker:
        model = SmallModel(EmbeddedModel(worker, name=brain))
        for task, at, shape, row in left:
            began = time.perf_counter()
            try:
                said = await ASK[task][shape](row, model)
            except BadInput as error:
                said = f"(refused: {error.message})"
            marks = CHECKS[task](row, said)
            _write(Line(brain=brain, task=task, shape=shape, at=at, said=said, marks=marks, seconds=_since(began)), lines, out)
        for at, prompt in following:
            began = time.perf_counter()
            reply = await _follow(prompt, model)
            ok = ifeval.followed(reply, prompt)
            marks = {"right": float(all(ok)), "instructions": len(ok), "followed": sum(ok)}
            _write(Line(brain=brain, task="ifeval", shape="zero", at=at, said=reply, marks=marks, seconds=_since(began)), lines, out)


async def _follow(prompt: ifeval.Prompt, model: SmallModel) -> str:
    from .shapes import said

    try:
        return await said([("user", prompt.text)], model, most=_IFEVAL_TOKENS)
    except OwnmindError as error:
        return f"(refused: {error.message})"


_IFEVAL_TOKENS = 700  # some 500 words; a prompt that wants more is failed, as a person would not wait for it here either


def _write(line: Line, lines: list[Line], out: Path | None) -> None:
    lines.append(line)
    if out is not None:
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 2)


def _figures(lines: Sequence[Line], brains: Sequence[str]) -> dict[str, object]:
    table: dict[str, object] = {}
    for task in TASKS:
        for brain in brains:
            for shape in SHAPES:
                of = [line for line in lines if (line["task"], line["brain"], line["shape"]) == (task, brain, shape)]
                if of:
                    table[f"{task} {brain} {shape}"] = _cell([line["marks"] for line in of], [line["seconds"] for line in of])
    return table


def _cell(marks: Sequence[Marks], seconds: Sequence[float]) -> Mapping[str, float]:
    """Sums of counts, and the mean of ``right``."""
    names = sorted({name for one in marks for name in one} - {"right"})
    sums = {name: round(sum(one.get(name, 0.0) for one in marks), 2) for name in names}
    right = sum(one["right"] for one in marks)
    return {
        "n": len(marks),
        "right": round(right, 2),
        "share": round(right / len(marks), 3),
        **sums,
        "seconds_p50": sorted(seconds)[len(seconds) // 2],
    }
