"""What of a call's arguments may stand, by code: each is held against the message it was taken from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..llama.frames import Json
from .signatures import Schema, is_required, members, resolved


def checked(values: Mapping[str, Json], schema: Schema, message: str, root: Schema | None = None) -> dict[str, Json]:
    """``values`` without the optional ones of which ``message`` says nothing, and in its words: a unit as it is written there, with whom
    something is."""
    root = schema if root is None else root
    schema = resolved(schema, root)
    known = members(schema)
    kept: dict[str, Json] = {}
    for name, value in values.items():
        of = resolved(known.get(name, {}), root)
        if isinstance(value, str) and not of.get("enum"):
            value = _with_whom(_written_out(value, message, str(of.get("description", ""))), message, values)
        if not is_required(name, schema) and not _is_said(name, value, message):
            continue
        kept[name] = checked(value, of, message, root) if isinstance(value, dict) and members(of) else value
    return kept


_SHORT = 3  # letters of a unit's sign


def _written_out(value: str, message: str, about: str) -> str:
    """A sign that stands neither in the message nor in what the parameter is said to be (``about``), "mi" or "C", as the one word of the
    message that begins so: "miles", "Celsius"."""
    words = set(re.findall(r"[^\W\d_]+", f"{message} {about}".lower()))
    if not value.isalpha() or len(value) > _SHORT or value.lower() in words:
        return value
    longer = {word for word in re.findall(r"[^\W\d_]{4,}", message) if word.lower().startswith(value.lower())}
    named = {word for word in longer if re.search(rf"\w\W+{word}\b", message) and word[0].isupper()}  # a name, not the first word
    likely = longer if len(longer) == 1 else named
    return likely.pop() if len(likely) == 1 else value


def _with_whom(value: str, message: str, values: Mapping[str, Json]) -> str:
    """What is to be done "with Farid" keeps him, unless another argument has him already."""
    match = re.search(rf"(?<!\w){re.escape(value)}( with (?:[A-Z][\w'’-]*)(?:(?:,| and) [A-Z][\w'’-]*)*)", message) if value else None
    if match is None or any(name in str(other) for name in re.findall(r"[A-Z][\w'’-]*", match[1]) for other in values.values()):
        return value
    return value + match[1]


def is_made_up(values: Mapping[str, Json], schema: Schema, message: str) -> bool:
    """Whether a call needs numbers and the message has none, nor any word of its other values: a model that must fill in a number
    does, and the call is for something the message does not ask."""
    schema = resolved(schema, schema)
    needed = {name: value for name, value in values.items() if is_required(name, schema)}
    if not any(isinstance(value, int | float) and not isinstance(value, bool) for value in needed.values()) or numbers(message):
        return False
    return not any(_is_said("", value, message) for value in needed.values())


def _is_said(name: str, value: Json, message: str) -> bool:
    """Whether the message speaks of it: some of the value's words or its number stand there, or a word of the parameter's name."""
    said = stems(message)
    if stems(name.replace("_", " ")) & said:
        return True
    match value:
        case None | "" | [] | {}:
            return False
        case bool():
            return False
        case int() | float():
            return float(value) in numbers(message)
        case str():
            return bool(stems(value) & said)
        case list():
            return any(_is_said("", one, message) for one in value)
        case dict():
            return any(_is_said(key, one, message) for key, one in value.items())


_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: float(at) for at, word in enumerate(_UNITS)} | {word: 10.0 * (at + 2) for at, word in enumerate(_TENS)}
_WORDS |= {"half": 0.5, "once": 1.0, "twice": 2.0, "dozen": 12.0, "hundred": 100.0}
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "billion": 1e9, "bn": 1e9, "hundred": 100.0, "dozen": 12.0, "%": 0.01}
_NUMBER = re.compile(r"(?<![\w.])(-?\d[\d,]*(?:\.\d+)?)\s*(%|k\b|m\b|bn\b|thousand|million|billion|hundred|dozen|percent)?", re.IGNORECASE)


def numbers(text: str) -> set[float]:
    """The numbers a text says, in digits or words, with scales worked out ("5%" is 5 and 0.05, "2 million" is 2 and 2e6)."""
    found: set[float] = set()
    for match in _NUMBER.finditer(text):
        plain = float(match[1].replace(",", ""))
        found.add(plain)
        if scale := (match[2] or "").lower():
            found.add(round(plain * _SCALES.get(scale, 0.01), 9))
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _WORDS:
            found.add(_WORDS[word])
    return found


def stems(text: str) -> set[str]:
    """The beginnings of a text's words, which their other forms share; names in camelCase and snake_case come apart."""
    return {word[:5] for word in re.findall(r"\w+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower().replace("_", " ")) if len(word) > 1}
