"""From where to where: which number of a statement is the target, which is where the person stands now, which is money to spend."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..slots import Amount, plain, shown
from .quantities import WEIGHT, Quantity, quantities
from .unread import READ, Unread, clauses

_NOW = re.compile(
    r"\b(?:currently|right\s+now|now(?!\s+on)|at\s+the\s+moment|at\s+present|presently|so\s+far|already|today|these\s+days|as\s+of\s+now|at\s+best|until\s+now|to\s+date"
    r"|my\s+(?:longest|best|record|max(?:imum)?|current\s+\w+|weight|balance))\b"
    r"|\b(?:i|we)(?:['’]m|\s+am|['’]ve(?:\s+got)?|\s+have|\s+weigh|\s+do|\s+can(?:\s+only)?(?:\s+\w+)?|\s+manage|\s+run|\s+swim|\s+lift|\s+cycle|\s+read|\s+owe|\s+earn)\s"
    r"|^\W*(?:and\s+)?(?:it['’]s|it\s+is|it\s+stands\s+at)\b",
    re.IGNORECASE,
)
_FROM = re.compile(r"\b(?:from|starting\s+at|starting\s+from)\s*(?:about\s+|around\s+)?$", re.IGNORECASE)
_RATE = re.compile(
    r"\s*(?:a|per|each|every|/)\s*(?P<unit>day|week|month|year|evening|morning|night)\b|\s*(?P<ly>monthly|weekly|daily)\b", re.IGNORECASE
)
_A_MONTH = re.compile(r"\b(?:every|each|a|per)\s+month,?\s*(?:roughly|about|around|some|at\s+least|say)?\s*$", re.IGNORECASE)
_BUDGET_BEFORE = re.compile(
    r"\b(?:budget(?:\s+(?:of|is|:))?|cost(?:s|ing)?(?:\s+(?:more\s+than|over|at\s+most|up\s+to))?|spend(?:ing)?(?:\s+\w+){0,3}|at\s+most|no\s+more\s+than|not\s+more\s+than|up\s+to|max(?:imum)?|with|within|under"
    r"|for\s+(?:under|less\s+than|about)?|set\s+aside|put\s+aside)\s*(?:of\s+|is\s+|:\s*)?$",
    re.IGNORECASE,
)
_DEBT = re.compile(
    r"\b(?:pay(?:ing)?\s+(?:off|back|down)|clear(?:ing)?|get(?:ting)?\s+(?:rid|out)\s+of|debt[\s-]free|out\s+of\s+debt)\b", re.IGNORECASE
)
_LOSE = re.compile(r"\b(?:lose|drop|shed|losing)\s+(?:at\s+least\s+|about\s+|around\s+)?$", re.IGNORECASE)
_GAIN = re.compile(r"\b(?:gain|put\s+on)\s+(?:at\s+least\s+|about\s+|around\s+)?$", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:total|altogether|overall)\b|\bso\s+$", re.IGNORECASE)
_TIME = re.compile(r"\s*(?:hours?|minutes?|min|h|days?|weeks?|months?|years?|[ap]m)\b|:\d", re.IGNORECASE)
_REACH = re.compile(r"\b(?:to|reach|hit|score|achieve|until\s+i\s+have)\s+(?:at\s+least\s+|about\s+)?$", re.IGNORECASE)
_RACE = re.compile(r"\b(?:an?|the|my|first|this|their)\s+(?:first\s+)?$", re.IGNORECASE)
_COSTS = frozenset(("event", "project", "relationship", "study", "practice", "training", "habit", "reading", "free"))


@dataclass(frozen=True, slots=True)
class Measured:
    """The parts read: slot, value as `slots` writes it, and its place in the text."""

    parts: tuple[tuple[str, str, int, int], ...] = ()


def measured(unread: Unread, template: str, begin: int) -> Measured:
    """Baseline, target and money of a statement. ``begin``: where what is wanted begins."""
    text = unread.left
    parts: list[tuple[str, str, int, int]] = []
    found = [one for one in quantities(unread) if not _is_race(one, text)]
    now, wanted = [], []
    money = next((one.unit for one in found if one.is_money), "") if template == "saving" else ""
    for one in found:
        rate = _RATE.match(text, one.end)
        before = text[max(0, one.start - 40) : one.start]
        per = (rate["unit"] or rate["ly"]).lower() if rate else ""
        if template == "saving" and one.unit == "%":
            continue
        is_spent = one.is_money or (template == "saving" and not one.unit)
        if is_spent and (per.startswith("month") or _A_MONTH.search(before)):
            parts.append(("money", plain(one.number), one.start, one.end))
        elif per and (template == "reading" or per not in ("day", "daily", "evening", "morning", "night")):
            continue  # what is done each time, not what is reached
        elif template == "event" and not one.is_money:
            continue  # eight friends are guests, no measure
        elif one.is_money and template in _COSTS and (_BUDGET_BEFORE.search(before) or template in ("event", "project")):
            parts.append(("money", plain(one.number), one.start, one.end))
        elif _is_now(one, text, begin):
            now.append(one)
        elif one.unit or (template == "saving" and one.number >= 10) or (_REACH.search(before) and not _TIME.match(text, one.end)):
            wanted.append(one)
    reached = _from_to(now, wanted, text, template, money)
    if template == "training" and not any(slot == "target" for slot, *_ in reached):
        for one in now:
            text = text[: one.start] + READ * (one.end - one.start) + text[one.end :]
        reached += _distance(text)
    return Measured((*parts, *reached))


_DISTANCES = (
    (21.1, re.compile(r"\bhalf[\s-]?marathons?\b", re.IGNORECASE)),
    (42.2, re.compile(r"(?<!half )(?<!half-)(?<!ultra )(?<!ultra-)\bmarathons?\b", re.IGNORECASE)),
    (5, re.compile(r"\b(?:5\s?k(?:m)?\b|park\s?run\b)", re.IGNORECASE)),
    (10, re.compile(r"\b10\s?km?\b", re.IGNORECASE)),
)


def _distance(text: str) -> list[tuple[str, str, int, int]]:
    """What a race is by its name: a half marathon is 21.1 km."""
    for kilometres, race in _DISTANCES:
        if match := race.search(text):
            return [("target", shown("target", Amount(kilometres, "km")), *match.span())]
    return []


def _is_race(one: Quantity, text: str) -> bool:
    """ "a 10k": the name of a race, no measure."""
    return one.unit in ("km", "miles") and bool(_RACE.search(text[max(0, one.start - 14) : one.start]))


def _is_now(one: Quantity, text: str, begin: int) -> bool:
    if _FROM.search(text[max(0, one.start - 24) : one.start]):
        return True
    if re.search(
        r"\b(?:until|till|when)\s+(?:i|we)(?:['’]ve)?(?:\s+\w+){1,2}\s*(?:[€$£]\s?)?$",
        text[max(0, one.start - 24) : one.start],
        re.IGNORECASE,
    ):
        return False
    start, end = next((a, b) for a, b in clauses(text) if a <= one.start < b)
    return bool(_NOW.search(text[start:end])) and start >= begin


def _from_to(now: list[Quantity], wanted: list[Quantity], text: str, template: str, money: str) -> list[tuple[str, str, int, int]]:
    base = now[0] if now else None
    if template == "saving" and _DEBT.search(text):
        owed = base or (wanted[0] if wanted else None)
        if owed is None:
            return []
        return [_part("baseline", owed.number, owed.unit, owed), _part("target", 0, owed.unit, owed)]
    if not wanted:
        return [] if base is None or not base.unit else [_part("baseline", base.number, base.unit, base)]
    goal = _target(wanted, text, base)
    unit = goal.unit or (base.unit if base else "") or money
    if unit in WEIGHT and (sign := _sign(goal, text)):
        if base is None:
            what = ("measure", f"{unit} {'lost' if sign < 0 else 'gained'}", goal.start, goal.end)
            return [what, _part("baseline", 0, unit, goal), _part("target", goal.number, unit, goal)]
        return [_part("baseline", base.number, unit, base), _part("target", base.number + sign * goal.number, unit, goal)]
    parts = [_part("target", goal.number, unit, goal)]
    return parts if base is None else [_part("baseline", base.number, base.unit or unit, base), *parts]


def _target(wanted: list[Quantity], text: str, base: Quantity | None) -> Quantity:
    """Of several numbers the one said to be the total, else the one that counts what the baseline counts, else the first."""
    for one in wanted:
        if _TOTAL.search(text[max(0, one.start - 6) : one.start]) or re.match(
            r"\s*(?:in\s+(?:total|all)|altogether|overall)\b", text[one.end :]
        ):
            return one
    alike = [one for one in wanted if base is not None and base.unit and one.unit == base.unit]
    return (alike or wanted)[0]


def _sign(goal: Quantity, text: str) -> int:
    before = text[max(0, goal.start - 30) : goal.start]
    return -1 if _LOSE.search(before) else 1 if _GAIN.search(before) else 0


def _part(slot: str, number: float, unit: str, at: Quantity) -> tuple[str, str, int, int]:
    return slot, shown(slot, Amount(number, unit)), at.start, at.end
