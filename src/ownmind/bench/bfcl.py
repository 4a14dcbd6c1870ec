"""Calls of a small model on the Berkeley Function Calling Leaderboard: our router against the model's own template.

``--data`` is the wheel of ``bfcl-eval`` (Apache-2.0), or the folder of its data. Items of even place are the development half, those of
odd place the held-out one, which nothing was tuned on; ``--only`` names halves, categories and systems. Systems: ``router`` (ours,
`models.small.SmallModel`); ``native`` (the file's own chat template with the tools in it, as llama.cpp parses its calls); ``read``
counts what the native reply says as text too, JSON objects of a name and arguments wherever they stand, as the kindest reading.
Right is what `bfcl_check` says. ``--out`` gets a line for each answer, and what is there is not asked again.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import re
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypedDict, cast

from pydantic_ai import ModelRequest, ModelResponse, ModelSettings
from pydantic_ai.messages import ToolCallPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from ..errors import BadInput
from ..models.llama.embedded import EmbeddedModel
from ..models.llama.frames import Json
from ..models.llama.worker import LlamaWorker
from ..models.small.model import SmallModel
from . import brain_files, result
from .bfcl_check import Allowed, Function, Made, wrong

SEED = 2026
CATEGORIES: Mapping[str, str] = {
    "simple": "simple_python", "multiple": "multiple", "parallel": "parallel", "parallel_multiple": "parallel_multiple",
    "irrelevance": "irrelevance",
}  # fmt: skip
HALVES = ("dev", "held")
SYSTEMS = ("router", "native")
_JSON_TYPES = {"dict": "object", "float": "number", "tuple": "array", "any": "string"}  # the data's words for JSON Schema's


class Item(TypedDict):
    id: str
    message: str
    functions: list[Function]
    allowed: list[Allowed]


class Line(TypedDict):
    """One answer as it is written to ``--out``. ``wrong`` is empty when it is right; ``read`` likewise, for the text of the reply."""

    system: str
    brain: str
    category: str
    id: str
    calls: list[Made]
    text: str
    wrong: str
    wrong_read: str
    seconds: float


def run(
    *,
    data: Path | None = None,
    n: int = 50,
    seed: int = SEED,
    only: Sequence[str] = (),
    brain: str = "starter",
    out: Path | None = None,
    quick: bool = False,
    **_: object,
) -> dict[str, object]:
    """Accuracy per category and system, of ``n`` items a category drawn by ``seed`` from the held-out half. ``quick``: only of the answers
    that are in ``out``; ``both`` counts the items that both systems have answered."""
    if data is None:
        raise BadInput("bfcl needs data", hint="--data the wheel of bfcl-eval (pip download --no-deps bfcl-eval), or its data folder")
    categories, halves, systems = chosen(only, CATEGORIES), chosen(only, HALVES), chosen(only, SYSTEMS)
    halves = halves if len(halves) == 1 else ["held"]
    piles = [[(category, item) for item in _drawn(data, category, halves[0], n, seed)] for category in categories]
    drawn = [one for row in itertools.zip_longest(*piles) for one in row if one is not None]  # in turn: a cut run has some of each
    lines = cast("list[Line]", [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out and out.exists() else [])
    if not quick:
        asyncio.run(_asked(drawn, systems, brain, lines, out))
    wanted = {(category, item["id"]) for category, item in drawn}
    counted = [line for line in lines if (line["category"], line["id"]) in wanted and line["brain"] == brain]
    return result(
        "bfcl", _figures(counted, systems, categories), n=len({line["id"] for line in counted}), seed=seed, brain=brain, half=halves[0]
    )


def chosen(only: Sequence[str], known: Sequence[str] | Mapping[str, object]) -> list[str]:
    """Those of ``known`` that are named; all of them when none is."""
    return [one for one in known if one in only] or [*known]


def items(data: Path, category: str) -> list[Item]:
    """The items of a category, in the data's order. Raises BadInput when ``data`` does not hold them."""
    name = f"BFCL_v4_{CATEGORIES[category]}.json"
    questions = [json.loads(line) for line in _text(data, name).splitlines() if line.strip()]
    answers: dict[str, list[Allowed]] = {}
    if category != "irrelevance":
        for line in _text(data, f"possible_answer/{name}").splitlines():
            answer = json.loads(line)
            answers[answer["id"]] = answer["ground_truth"]
    return [
        Item(id=one["id"], message=one["question"][0][-1]["content"], functions=one["function"], allowed=answers.get(one["id"], []))
        for one in questions
    ]


def _drawn(data: Path, category: str, half: str, n: int, seed: int) -> list[Item]:
    pool = items(data, category)[HALVES.index(half) :: 2]
    return random.Random(seed).sample(pool, len(pool))[:n]  # fewer are the first of more: a run can be made longer


def _text(data: Path, name: str) -> str:
    root = zipfile.Path(data) if data.is_file() else data
    for folder in (root / "bfcl_eval" / "data", root / "data", root):
        if (file := folder / name).exists():
            return file.read_text(encoding="utf-8")
    raise BadInput(f"{data.name} has no {name}", hint="--data takes the wheel of bfcl-eval, or the folder of its data")


# Asking


async def _asked(drawn: Sequence[tuple[str, Item]], systems: Sequence[str], brain: str, lines: list[Line], out: Path | None) -> None:
    """Asks what has no line yet, item by item, so that a cut run has both systems on the same items."""
    there = {(line["system"], line["brain"], line["id"]) for line in lines}
    left = [(system, *one) for one in drawn for system in systems if (system, brain, one[1]["id"]) not in there]
    if not left:
        return
    async with brain_files.worker(brain) as worker:
        models = {system: _model(system, worker, brain) for system in systems}
        for system, category, item in left:
            line = await _line(system, brain, category, item, models[system])
            lines.append(line)
            if out is not None:
                with out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _model(system: str, worker: LlamaWorker, name: str) -> Model:
    native = system == "native"
    model = EmbeddedModel(worker, name=name, native_tools=native)
    return model if native else SmallModel(model)


async def _line(system: str, brain: str, category: str, item: Item, model: Model) -> Line:
    began = time.perf_counter()
    try:
        reply = await _reply(item, model)
    except BadInput as error:  # more than the model reads
        reply = ModelResponse(parts=[], provider_details={"refused": error.message})
    parts = [part for part in reply.parts if isinstance(part, ToolCallPart)]
    made: list[Made] = [(part.tool_name, cast("dict[str, Json]", part.args_as_dict())) for part in parts]
    read = made or list(_calls_in(reply.text or "", item["functions"]))
    return Line(
        system=system, brain=brain, category=category, id=item["id"], calls=made, text=reply.text or "",
        wrong=wrong(made, item["allowed"], item["functions"]), wrong_read=wrong(read, item["allowed"], item["functions"]),
        seconds=round(time.perf_counter() - began, 2),
    )  # fmt: skip


async def _reply(item: Item, model: Model) -> ModelResponse:
    tools = [_tool(function) for function in item["functions"]]
    messages = [ModelRequest(parts=[UserPromptPart(item["message"])])]
    settings = ModelSettings(temperature=0.0, max_tokens=400)
    if isinstance(model, SmallModel):  # what it says where no tool fits is not looked at: a token is enough
        settings["max_tokens"] = 1
    return await model.request([*messages], settings, ModelRequestParameters(function_tools=tools))


def _tool(function: Function) -> ToolDefinition:
    schema = _translated(function["parameters"])
    assert isinstance(schema, dict)
    return ToolDefinition(name=str(function["name"]), description=str(function["description"]), parameters_json_schema=schema)


def _translated(schema: Json) -> Json:
    if isinstance(schema, list):
        return [_translated(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _JSON_TYPES.get(value, value) if key == "type" and isinstance(value, str) else _translated(value)
        for key, value in schema.items()
    }


def _calls_in(text: str, functions: Sequence[Function]) -> Iterator[Made]:
    """Calls that stand in a text as JSON objects with a name and arguments, fenced or not, one or several."""
    names = {function["name"] for function in functions}
    decoder = json.JSONDecoder()
    at = 0
    while (match := re.compile(r"[{\[]").search(text, at)) is not None:
        try:
            found, at = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            at = match.start() + 1
            continue
        for one in found if isinstance(found, list) else [found]:
            arguments = one.get("arguments", one.get("parameters")) if isinstance(one, dict) else None
            if isinstance(arguments, dict) and one.get("name") in names:
                yield one["name"], arguments


# Counting


class _Counted(Protocol):
    def __call__(self, line: Line) -> bool: ...


def _figures(lines: Sequence[Line], systems: Sequence[str], categories: Sequence[str]) -> dict[str, object]:
    figures: dict[str, object] = {}
    for system in systems:
        of = [line for line in lines if line["system"] == system]
        figures[system] = _table(of, categories, lambda line: not line["wrong"])
        if system == "native":
            figures["read"] = _table(of, categories, lambda line: not line["wrong_read"])
    both = set.intersection(*({line["id"] for line in lines if line["system"] == system} for system in systems))
    if len(systems) > 1:
        paired = {system: [line for line in lines if line["system"] == system and line["id"] in both] for system in systems}
        figures["both"] = {system: _table(of, categories, lambda line: not line["wrong"]) for system, of in paired.items()}
    return figures


def _table(lines: Sequence[Line], categories: Sequence[str], is_right: _Counted) -> dict[str, object]:
    table: dict[str, object] = {}
    for category in categories:
        if of := [line for line in lines if line["category"] == category]:
            table[category] = {"n": len(of), "right": sum(map(is_right, of)), "share": round(sum(map(is_right, of)) / len(of), 3)}
    if lines:
        seconds = sorted(line["seconds"] for line in lines)
        table["all"] = {"n": len(lines), "right": sum(map(is_right, lines)), "share": round(sum(map(is_right, lines)) / len(lines), 3)}
        table["seconds_p50"] = seconds[len(seconds) // 2]
    return table
