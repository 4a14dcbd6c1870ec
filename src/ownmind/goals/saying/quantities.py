"""How much, how often, how long: the numbers a statement says, each with what it counts and where it stands."""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from dataclasses import dataclass

from ..slots import number as written
from .unread import Unread

_ONES = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen""".split()  # noqa: SIM905
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_SMALL = {word: n for n, word in enumerate(_ONES, 1)} | {word: n * 10 for n, word in enumerate(_TENS, 2)} | {"dozen": 12}
_LARGE = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_SPELT = "|".join((*_SMALL, *_LARGE))
NUMBER = (
    rf"(?:\d{{1,3}}(?:[ ,.'’]\d{{3}})+(?!\d)(?:[.,]\d{{1,2}})?|\d+(?:[.,]\d+)?)|(?:a\s+(?=hundred|thousand|dozen))?(?:{_SPELT})"
    rf"(?:[\s-]+(?:and\s+)?(?:{_SPELT}))*"
)
_UNITS = {
    "km": r"kms?|kilomet(?:re|er)s?|k(?=\b)", "miles": r"miles?", "metres": r"m|met(?:re|er)s?", "kg": r"kgs?|kilos?|kilograms?",
    "lbs": r"lbs?", "stone": r"stone", "litres": r"l|lit(?:re|er)s?", "euros": r"€|eur|euros?", "dollars": r"usd|dollars?|bucks",
    "pounds": r"£|gbp|quid|pounds?", "francs": r"chf|francs?", "kroner": r"kroner|kronor|kr", "zloty": r"zloty|pln", "yen": r"yen",
    "pull-ups": r"pull[\s-]?ups?", "chin-ups": r"chin[\s-]?ups?", "push-ups": r"(?:push|press)[\s-]?ups?", "sit-ups": r"sit[\s-]?ups?", "%": r"%|percent", "elo": r"elo", "wpm": r"wpm",
}  # fmt: skip
MONEY = frozenset(("€", "$", "£", "¥", "₹", "euros", "dollars", "pounds", "francs", "kroner", "zloty", "yen"))
WEIGHT = frozenset(("kg", "lbs", "stone", "pounds"))
_KNOWN = "|".join(rf"(?P<u{n}>{pattern})" for n, pattern in enumerate(_UNITS.values()))
_NOT_COUNTED = frozenset(
    """times days weeks months years hours minutes seconds sessions evenings mornings nights afternoons weekends weekdays mondays tuesdays
    wednesdays thursdays fridays saturdays sundays is was as has this its his us yes less plus unless always perhaps towards percent o
    workouts sittings visits lessons x""".split()  # noqa: SIM905
)
_AMOUNT = re.compile(
    rf"(?P<symbol>[€$£¥₹])?\s?(?<![\w.,:/-])(?P<n>{NUMBER})(?P<k>k\b)?(?![:/]\d|st\b|nd\b|rd\b|th\b|\s?[ap]\.?m\b|\s?o['’]clock)"
    rf"(?:[\s-]?(?:(?:{_KNOWN})(?!\w)|(?P<noun>[^\W\d_][\w-]+)(?:\s(?P<second>[^\W\d_][\w-]+))?))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what it counts ("" where nothing is named), at ``[start, end)`` of the text read."""

    number: float
    unit: str
    start: int
    end: int

    @property
    def is_money(self) -> bool:
        return self.unit in MONEY


def number(said: str) -> float | None:
    """The number that figures or words say."""
    text = " ".join(said.lower().replace("-", " ").split())
    if re.match(r"\d", text):
        if re.fullmatch(r"\d{1,3}([ ,.'’]\d{3})+", text):
            return float(re.sub(r"\D", "", text))
        try:
            return written(text)
        except ValueError:
            return None
    total = group = 0
    for word in text.split():
        if word in _SMALL:
            group = group + _SMALL[word] if word != "dozen" else max(group, 1) * 12
        elif word in _LARGE:
            if word == "hundred":
                group = max(group, 1) * 100
            else:
                total, group = total + max(group, 1) * _LARGE[word], 0
    return float(total + group) or None


def quantities(unread: Unread) -> list[Quantity]:
    """What is left unread of numbers, in order. Nothing is taken."""
    found = []
    for match in _AMOUNT.finditer(unread.left):
        value = number(match["n"])
        if value is None:
            continue
        unit, end = _unit(match)
        if match["k"]:
            unit, value = ("km", value) if not match["symbol"] and value < 200 and not unit else (unit, value * 1000)
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        found.append(Quantity(value, match["symbol"] or unit, start, end))
    return found


def _unit(match: re.Match[str]) -> tuple[str, int]:
    for n, name in enumerate(_UNITS):
        if said := match[f"u{n}"]:
            return ("€" if said == "€" else "£" if said == "£" else name), match.end()
    noun, second = (match["noun"] or "").lower(), (match["second"] or "").lower()
    if _is_plural(noun):
        return noun, match.end("noun")
    if _is_plural(second) and noun not in _FUNCTION:
        return f"{noun} {second}", match.end("second")
    end = match.end("k") if match["k"] else match.end("n")
    return "", end


_FUNCTION = frozenset("a an the of in on at to for by and or my our from with per each every more different new good times".split())  # noqa: SIM905


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _NOT_COUNTED


# Lengths of time

_LENGTH = re.compile(
    rf"(?<![\w.])(?:(?P<part>half an|a half|a quarter of an|quarter of an|three quarters of an)\s+(?:hour)\b"
    rf"|(?:(?P<n>{NUMBER}|an?|one)\s?-?)(?P<unit>hours?|h|minutes?|min|m(?=\s+(?:a|per|each|every)\s))\b\.?(?P<half>\s+and\s+a\s+half)?"
    rf"(?:\s?(?:and\s+)?(?P<more>\d{{1,2}})\s?(?:minutes?|min|m)?\b(?!\s*(?:times|x|days|%)))?)",
    re.IGNORECASE,
)


def lengths(text: str) -> list[tuple[int, re.Match[str]]]:
    """Every length of time in minutes, with its match."""
    found = []
    for match in _LENGTH.finditer(text):
        if match["part"]:
            part = match["part"].lower()
            found.append((45 if part.startswith("three") else 15 if "quarter" in part else 30, match))
            continue
        said = match["n"].lower()
        value = 1.0 if said in ("a", "an") else number(said)
        if value is None:
            continue
        is_hours = match["unit"].lower().startswith("h")
        whole = value * 60 + (30 if match["half"] else 0) + (int(match["more"]) if match["more"] else 0) if is_hours else value
        if whole == round(whole) and (is_hours or not match["more"]):
            found.append((round(whole), match))
    return found


# How often

_WEEK = r"(?:\s*(?:a|per|each|every|/|in\s+a|in\s+the)\s*week\b|\s+weekly\b)"
_TIMES = r"(?:\s*(?:x|×)|\s+(?:times?|days?|sessions?|workouts?|sittings?|lessons?|runs?|rehearsals?|hours|evenings?|mornings?|nights?|afternoons?|visits?|walks?))"
_PER_WEEK = re.compile(
    rf"(?<![\w.])(?P<most>at\s+most\s+|no\s+more\s+than\s+|max(?:imum)?\s+)?"
    rf"(?:(?P<word>once|twice|thrice|(?:a\s+)?couple\s+of\s+times)|(?P<n>\d{{1,2}}|{_SPELT})(?:\s*(?:-|–|to|or)\s*(?P<to>\d{{1,2}}|{_SPELT}))?(?P<times>{_TIMES}))"
    rf"{_WEEK}",
    re.IGNORECASE,
)
_PER_MONTH = re.compile(
    rf"\b(?:(?P<word>once|twice|thrice)|(?P<n>\d{{1,2}}|{_SPELT}){_TIMES})\s+(?:a|per|each|every)\s+month\b", re.IGNORECASE
)
_EVERY_N = re.compile(
    rf"\b(?:once\s+)?(?:every|each)\s+(?P<n>other|second|third|\d{{1,2}}|{_SPELT})\s+(?P<unit>day|weekend|week|month)s?\b"
    r"|\b(?:once\s+(?:a|per|every|each)\s+|every\s+|each\s+)(?P<one>fortnight|month|quarter)\b|\b(?P<ly>fortnightly|monthly|quarterly|biweekly)\b",
    re.IGNORECASE,
)
_DAYS = {
    "day": 1,
    "weekend": 7,
    "week": 7,
    "fortnight": 14,
    "month": 30,
    "quarter": 91,
    "fortnightly": 14,
    "biweekly": 14,
    "monthly": 30,
    "quarterly": 91,
}
_DAILY = re.compile(
    r"\b(?:every\s+single|every|each|a|per)\s+day\b|(?<![\w-])(?:daily|nightly)\b|\bonce\s+a\s+day\b|\bday\s+(?:in|by)\s+day(?:\s+out)?\b",
    re.IGNORECASE,
)
_WEEKLY = re.compile(r"\b(?:every|each)\s+week\b|\bonce\s+(?:a|per)\s+week\b|(?<!\w)weekly\b", re.IGNORECASE)
_WORDS = {"couple of times": 2, "a couple of times": 2, "once": 1, "twice": 2, "thrice": 3, "other": 2, "second": 2, "third": 3}


@dataclass(frozen=True, slots=True)
class Often:
    """``slot``: a_week, most_a_week or every; ``part``: the part of the day that is counted ("two evenings a week")."""

    slot: str
    value: int
    start: int
    end: int
    part: str = ""


def often(text: str) -> Often | None:
    """How often a statement says, by its clearest words; weekdays are read with the hours (`occasions`)."""
    if match := _PER_WEEK.search(text):
        value = _WORDS.get((match["word"] or "").lower()) or round(number(match["n"]) or 0)
        part = re.search(r"(evening|morning|night|afternoon)s?", match["times"] or "", re.IGNORECASE)
        hours = re.search(r"hours", match["times"] or "", re.IGNORECASE)
        if 1 <= value <= 21 and not match["to"] and not hours:
            return Often("most_a_week" if match["most"] else "a_week", value, *match.span(), part[1].lower() if part else "")
    if match := _PER_MONTH.search(text):
        times = _WORDS.get((match["word"] or "").lower()) or round(number(match["n"]) or 0)
        if 1 <= times <= 4:
            return Often("every", round(30 / times), *match.span())
    if match := _EVERY_N.search(text):
        if match["n"]:
            said = match["n"].lower()
            days = (_WORDS.get(said) or round(number(said) or 0)) * _DAYS[match["unit"].lower()]
        else:
            days = _DAYS[(match["one"] or match["ly"]).lower()]
        if 1 <= days <= 366:
            return Often("every", days, *match.span())
    if match := _DAILY.search(text):
        return Often("a_week", 7, *match.span())
    if match := _WEEKLY.search(text):
        return Often("a_week", 1, *match.span())
    return None
