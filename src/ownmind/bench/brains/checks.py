"""What an answer is worth, by code: for each task what is right, and the counts a share alone would hide.

``said`` is what a shape gave: text, a list of texts, or an object. Every check gives ``right``, 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from ...agent.answerable import admits
from ...memory.words import STOP
from ...models.llama.frames import Json
from ...models.small.arguments import numbers, stems
from .shapes import Row

Marks: TypeAlias = "dict[str, float]"
_COPIED = 8  # words in a row that stand in the text: a phrase of it, copied


def facts(row: Row, said: Json) -> Marks:
    """Right: every fact is there and none is invented; nothing where there is nothing to keep. A fact is there when one line has all
    its words; one is invented when it has a name or a number the message lacks, or most of its words."""
    told = [line for line in said if isinstance(line, str) and line.strip()] if isinstance(said, list) else []
    wanted = _lists(row["facts"])
    found = sum(any(all(_has(line, word) for word in words) for line in told) for words in wanted)
    invented = sum(_is_invented(line, str(row["message"])) for line in told)
    right = found == len(wanted) and not invented and (bool(wanted) or not told)
    return {
        "right": float(right),
        "wanted": len(wanted),
        "found": found,
        "invented": invented,
        "kept_nothing": float(not wanted and not told),
    }


def tools(row: Row, said: Json) -> Marks:
    """Right: the right tool with every argument that is asked for. ``named``: the right tool; ``filled``: of those with arguments, all
    arguments right."""
    given = said if isinstance(said, dict) else {}
    arguments, wanted = given.get("arguments"), row["arguments"]
    assert isinstance(wanted, dict)
    named = given.get("tool") == row["tool"]
    held = named and isinstance(arguments, dict) and all(_is_one_of(arguments.get(name), several) for name, several in wanted.items())
    return {"right": float(held), "named": float(named), "with_arguments": float(bool(wanted)), "filled": float(bool(wanted) and held)}


def answers(row: Row, said: Json) -> Marks:
    """Right: the answer's words stand in the reply, which does not say that it does not know."""
    text = str(said)
    return {"right": float(any(_has(text, word) for word in _texts(row["answer"])) and not admits(text)), "refused": float(admits(text))}


def unknown(row: Row, said: Json) -> Marks:
    """Right: it says that it does not know."""
    text = str(said)
    denies = re.search(r"\b(?:not|n['’]t|no) (?:\w+ ){0,3}(?:mention|say|state|provide|specif|know|information|given|listed)", text)
    return {"right": float(admits(text) or bool(denies))}


def summaries(row: Row, said: Json) -> Marks:
    """Right: the share of key facts. ``copied``: the share of its words inside runs of eight that stand in the text; ``length``: its
    words over the text's."""
    text, whole = str(said), str(row["text"])
    wanted = _lists(row["facts"])
    kept = sum(any(_has(text, word) for word in words) for words in wanted)
    theirs, ours = _plain(whole), _plain(text)
    runs = {tuple(theirs[at : at + _COPIED]) for at in range(len(theirs) - _COPIED + 1)}
    copied = {at + step for at in range(len(ours) - _COPIED + 1) if tuple(ours[at : at + _COPIED]) in runs for step in range(_COPIED)}
    return {"right": kept / len(wanted), "copied": len(copied) / max(1, len(ours)), "length": len(ours) / max(1, len(theirs))}


_GENERIC = re.compile(
    r"^\W*(?:set|define|identify|choose|create|make|develop|start|stay|track|monitor|review|evaluate|adjust|celebrate|seek|find|research)\b"
    r"(?: \w+){0,4}? (?:goals?|plans?|schedule|progress|motivat\w+|resources|support|achievements?|strategy|habits?|consistent)\b",
    re.IGNORECASE,
)


def plans(row: Row, said: Json) -> Marks:
    """Right: four to seven different steps, most of them of this goal (they share a word or number with it), at least one with a measure
    (a number or how often), and at most one that would stand in any plan. From code: the right template."""
    if isinstance(said, str):
        return {"right": float(said == row["template"])}
    steps = [step for step in said if isinstance(step, str) and step.strip()] if isinstance(said, list) else []
    goal = stems(" ".join(word for word in _plain(str(row["goal"])) if word not in STOP))
    own = sum(bool(stems(step) & goal) for step in steps)
    generic = sum(bool(_GENERIC.search(step)) for step in steps)
    measured = any(numbers(step) or re.search(r"\b(?:daily|weekly|every|each) ?\w*", step, re.IGNORECASE) for step in steps)
    right = 4 <= len({*steps}) == len(steps) <= 7 and 2 * own > len(steps) and measured and generic <= 1
    return {"right": float(right), "steps": len(steps), "generic": generic}


def translations(row: Row, said: Json) -> Marks:
    """Right, roughly: each key term stands in it in one of its forms."""
    text = str(said).lower()
    return {"right": float(all(any(word in text for word in words) for words in _lists(row["has"])))}


def objects(row: Row, said: Json) -> Marks:
    """Right: every value of the object. ``valid``: it keeps to the schema."""
    wanted, schema = row["values"], row["schema"]
    assert isinstance(wanted, dict) and isinstance(schema, dict)
    valid = is_valid(said, schema)
    right = valid and isinstance(said, dict) and all(_is_value(said[name], value) for name, value in wanted.items())
    return {"right": float(right), "valid": float(valid)}


CHECKS: Mapping[str, Callable[[Row, Json], Marks]] = {
    "facts": facts, "tools": tools, "answers": answers, "unknown": unknown, "summaries": summaries, "plans": plans,
    "translations": translations, "json": objects,
}  # fmt: skip


def is_valid(value: Json, schema: Mapping[str, Json]) -> bool:
    """Whether ``value`` keeps to a schema of the kinds the items use: closed objects whose every property is required, lists, words."""
    several = schema.get("enum")
    if isinstance(several, list):
        return value in several
    match schema.get("type"):
        case "object":
            properties = schema["properties"]
            assert isinstance(properties, dict)
            return (
                isinstance(value, dict)
                and set(value) == set(properties)
                and all(is_valid(value[name], of) for name, of in properties.items() if isinstance(of, dict))
            )
        case "array":
            items = schema["items"]
            return isinstance(value, list) and isinstance(items, dict) and all(is_valid(one, items) for one in value)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case _:
            return isinstance(value, str)


def _is_value(given: Json, wanted: Json) -> bool:
    if isinstance(wanted, list):
        return isinstance(given, list) and len(given) == len(wanted) and all(_is_value(a, b) for a, b in zip(given, wanted, strict=True))
    if isinstance(wanted, str):
        return isinstance(given, str) and _has(given, wanted)
    return given == wanted


def _is_one_of(given: Json, several: Json) -> bool:
    assert isinstance(several, list)
    if isinstance(given, str):
        return any(_has(given, one) for one in several if isinstance(one, str))
    return given in [one for one in several if not isinstance(one, str)]


def _has(text: str, word: str) -> bool:
    """Whether ``word`` stands in the text, from the beginning of a word on."""
    return bool(re.search(rf"(?<!\w){re.escape(word.lower())}", text.lower()))


def _is_invented(line: str, message: str) -> bool:
    said, words = (
        stems(message),
        stems(line) - {"user", "perso", "speak"} - STOP,
    )
    if not numbers(line) <= numbers(message):
        return True
    names = {match[:5].lower() for match in re.findall(r"(?<=[a-z] )[A-Z]\w+", line)}
    return not names <= said or len(words - said) * 2 > len(words)


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _texts(value: Json) -> Sequence[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]


def _lists(value: Json) -> list[Sequence[str]]:
    assert isinstance(value, list)
    return [_texts(one) for one in value]
