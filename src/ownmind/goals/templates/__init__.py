"""Templates: what a goal of a kind needs to be told, what is usual, and the rule by which its steps arise.

They are TOML files a person can read (beside this one) and add to (in the folder ``templates`` of the home; one with the id of ours takes
its place). ``docs/goals.md`` says what may stand in them. A broken file is said so, by its line, and the others are read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from ...errors import BadInput
from .. import slots

_OURS = Path(__file__).parent
_MOST = 200  # files of a person
_LARGEST = 64 * 1024  # bytes of one


class Rule(StrEnum):
    """How steps arise: a closed list, each computed in code (`expand`)."""

    SITTINGS = "sittings"  # so many a week, all alike
    STAGES = "stages"  # so many a week, each at the stage that is next
    TASKS = "tasks"  # every stage is a task, in order, before the day
    TRAINING = "training"  # growing amounts with lighter weeks and a taper
    SPACED = "spaced"  # learnt once, then looked at again after growing pauses
    SAVING = "saving"  # an amount each month
    READING = "reading"  # so many pages a sitting
    CONTACT = "contact"  # again after so many days


@dataclass(frozen=True, slots=True)
class Ask:
    """A slot the template asks for, in these words. ``needed``: without it nothing can be planned; others may be left open."""

    slot: str
    question: str
    needed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of goal. ``step``: what a step is called, with {title}, {stage}, {amount} and {person} in it; ``cues``: words that speak for
    it in a statement; ``means``: words that say a value by what they mean (a marathon has 42.2 km), the longest first; ``numbers``: of
    its rule; ``says``: what a person is told where it claims expertise, ``source``: whose it is."""

    id: str
    title: str
    about: str
    rule: Rule
    step: str
    asks: tuple[Ask, ...]
    usual: Mapping[str, str]
    cues: tuple[str, ...] = ()
    means: tuple[tuple[str, str, str], ...] = ()  # (words, slot, value)
    numbers: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    says: str = ""
    source: str = ""
    is_own: bool = False  # the person's own file


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file, and where."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.words}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The templates that can be used, by id, and what is wrong with the files that cannot."""

    templates: Mapping[str, Template]
    problems: tuple[Problem, ...] = ()


def load(own: Path | None = None) -> Loaded:
    """Our templates and those in the folder ``own``, where there is one."""
    found = {one.id: one for one in _ours()}
    problems: list[Problem] = []
    for path in sorted(own.glob("*.toml"))[:_MOST] if own is not None and own.is_dir() else ():
        template = _read(path, is_own=True)
        if isinstance(template, Problem):
            problems.append(template)
        elif template.id in found and found[template.id].is_own:
            problems.append(Problem(path.name, 1, f"another file has the id {template.id!r}"))
        else:
            found[template.id] = template
    return Loaded(found, tuple(problems))


@cache
def _ours() -> tuple[Template, ...]:
    read = [_read(path, is_own=False) for path in sorted(_OURS.glob("*.toml"))]
    assert all(isinstance(one, Template) for one in read), read
    return tuple(one for one in read if isinstance(one, Template))


def cued(statement: str, templates: Mapping[str, Template]) -> str:
    """The id of the template one of whose ``cues`` stands in the statement as whole words, the person's own first; "" when none does."""
    said = " ".join(statement.casefold().split())
    ordered = sorted(templates.values(), key=lambda one: not one.is_own)
    return next((one.id for one in ordered if any(_stands(cue.casefold(), said) for cue in one.cues)), "")


def meant(statement: str, template: Template) -> tuple[tuple[str, str, int, int], ...]:
    """Slot and value of what words of the statement mean, with where they stand. One value a slot."""
    said, found = statement.casefold(), dict[str, tuple[str, str, int, int]]()
    for words, slot, value in template.means:
        if slot not in found and len(said) == len(statement) and (match := _stands(words, said)):
            found[slot] = (slot, value, match.start(), match.end())
    return tuple(found.values())


def _stands(words: str, said: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", said) if words.strip() else None


def _read(path: Path, *, is_own: bool) -> Template | Problem:
    try:
        if path.stat().st_size > _LARGEST:
            return Problem(path.name, 1, "the file is larger than 64 KB")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Problem(path.name, 1, "it is not UTF-8 text")
    except OSError as error:
        return Problem(path.name, 1, f"it cannot be read ({error.strerror})")
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        return Problem(path.name, line, re.sub(r" \(at .*\)$", "", str(error)))
    try:
        return _template(fields, is_own=is_own)
    except _Wrong as error:
        return Problem(path.name, _line(text, error.key), str(error))


class _Wrong(Exception):
    """``key``: where in the file to look."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__(words)
        self.key = key


_TEXTS = ("id", "title", "about", "step", "says", "source")
_KEYS = {*_TEXTS, "rule", "cues", "ask", "usual", "means", "numbers"}
_NUMBERS = {
    Rule.TRAINING: {"growth", "lighter_every", "lighter", "taper", "peak", "easy"},
    Rule.SPACED: {"pauses"},
    Rule.TASKS: {"longest"},
}
_IN_STEP = {"title", "stage", "amount", "person"}


def _template(fields: Mapping[str, Any], *, is_own: bool) -> Template:
    for key in fields:
        if key not in _KEYS:
            raise _Wrong(key, f"there is no key {key!r}; known are {', '.join(sorted(_KEYS))}")
    texts = {key: _text(fields, key) for key in _TEXTS}
    for key in ("id", "title", "step"):
        if not texts[key]:
            raise _Wrong(key, f"{key} is missing")
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", texts["id"]):
        raise _Wrong("id", "an id is small letters, digits, - and _")
    try:
        rule = Rule(_text(fields, "rule"))
    except ValueError:
        raise _Wrong("rule", f"rule must be one of {', '.join(Rule)}") from None
    if unknown := set(re.findall(r"\{(\w*)\}", texts["step"])) - _IN_STEP:
        raise _Wrong("step", f"a step's words may hold {{{'}, {'.join(sorted(_IN_STEP))}}}, not {{{unknown.pop()}}}")
    cues = fields.get("cues", [])
    if not isinstance(cues, list) or not all(isinstance(cue, str) for cue in cues):
        raise _Wrong("cues", "cues is a list of words")
    return Template(
        **texts, rule=rule, asks=_asks(fields.get("ask", [])), usual=_usual(fields.get("usual", {})), cues=tuple(cues),
        means=_means(fields.get("means", {})), numbers=_numbers(fields.get("numbers", {}), rule), is_own=is_own,
    )  # fmt: skip


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key, "")
    if not isinstance(value, str):
        raise _Wrong(key, f"{key} must be text")
    return value.strip()


def _asks(given: object) -> tuple[Ask, ...]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise _Wrong("ask", "questions stand under [[ask]]")
    found = []
    for one in given:
        if unknown := set(one) - {"slot", "question", "needed", "choices"}:
            raise _Wrong(str(min(unknown)), f"a question has no {min(unknown)!r}")
        slot, question = _text(one, "slot"), _text(one, "question")
        if slot not in slots.SLOTS:
            raise _Wrong(f'"{slot}"', f"there is no slot {slot!r}; known are {', '.join(slots.SLOTS)}")
        if not question:
            raise _Wrong(f'"{slot}"', f"the question for {slot} is missing")
        needed, choices = one.get("needed", False), one.get("choices", [])
        if not isinstance(needed, bool) or not isinstance(choices, list):
            raise _Wrong("needed" if not isinstance(needed, bool) else "choices", "needed is true or false, choices a list of texts")
        for choice in choices:
            _usual({slot: choice})
        found.append(Ask(slot, question, needed, tuple(choices)))
    return tuple(found)


def _usual(given: object) -> dict[str, str]:
    """Usual values in their written form."""
    if not isinstance(given, dict):
        raise _Wrong("usual", "usual values stand under [usual]")
    found = {}
    for slot, value in given.items():
        if slot not in slots.SLOTS or not isinstance(value, str):
            raise _Wrong(slot, f"{slot} must be a slot's name with a text; slots are {', '.join(slots.SLOTS)}")
        try:
            found[slot] = slots.shown(slot, slots.read(slot, value))
        except BadInput as error:
            raise _Wrong(slot, f"{slot}: {error.message} ({error.hint})") from error
    return found


def _means(given: object) -> tuple[tuple[str, str, str], ...]:
    if not isinstance(given, dict) or not all(isinstance(values, dict) for values in given.values()):
        raise _Wrong("means", 'what words mean stands under [means."the words"]')
    found = [(words.casefold(), slot, value) for words, values in given.items() for slot, value in _usual(values).items()]
    return tuple(sorted(found, key=lambda one: -len(one[0])))


def _numbers(given: object, rule: Rule) -> dict[str, tuple[float, ...]]:
    if not isinstance(given, dict):
        raise _Wrong("numbers", "the numbers of a rule stand under [numbers]")
    found = {}
    for name, value in given.items():
        if name not in _NUMBERS.get(rule, set()):
            known = ", ".join(sorted(_NUMBERS.get(rule, {"none"})))
            raise _Wrong(name, f"the rule {rule} has no number {name!r}; it knows {known}")
        values = value if isinstance(value, list) else [value]
        if not values or any(isinstance(one, bool) or not isinstance(one, (int, float)) or not 0 <= one <= 1000 for one in values):
            raise _Wrong(name, f"{name} must be a number from 0 to 1000, or a list of such")
        found[name] = tuple(float(one) for one in values)
    return found


def _line(text: str, key: str) -> int:
    """The first line that begins with ``key``, or holds it where it is quoted; else the first."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*\[*{re.escape(key)}\b", line) or (key.startswith('"') and key in line):
            return number
    return 1


__all__ = ["Ask", "Loaded", "Problem", "Rule", "Template", "cued", "load", "meant"]
