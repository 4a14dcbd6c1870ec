"""When a statement began, ended or happened, by its own words: "since 2019", "until May", "for three years", "last week"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from .reading import Aspect, Statement


def since(statement: Statement) -> datetime | None:
    """When the words say a state began: "since 2019", "from Monday", "for three years" with "have"."""
    text = statement.talk.item.text
    for one in statement.times():
        before = text[max(0, one.span.start - 24) : one.span.start]
        inside = text[one.span.start : one.span.end]
        if _SINCE.search(before) or re.match(r"since\b|from\b", inside, re.IGNORECASE):
            return one.start
    if statement.aspect is Aspect.PERFECT:
        lasting = _FOR.search(text, statement.start, statement.clause.end)
        if lasting:
            return _back(statement.talk.said, lasting["n"], lasting["unit"])
    return None


def until(statement: Statement) -> datetime | None:
    """When the words say a state ended or will: "until last May"."""
    text = statement.talk.item.text
    for one in statement.times():
        if _UNTIL.search(text[max(0, one.span.start - 24) : one.span.start]):
            return one.end
    return None


def event(statement: Statement) -> datetime | None:
    """When the words say it happened or will: the first time they name. A day of no year that is still to come is the next such day."""
    first = next(iter(statement.times()), None)
    if first is None:
        return None
    said, words = statement.talk.said, statement.talk.item.text[first.span.start : first.span.end]
    is_planned = statement.aspect is Aspect.FUTURE or (statement.aspect is Aspect.NOW and not statement.began)
    if is_planned and first.end <= said and not re.search(r"\d{4}|last|ago|yesterday", words):
        return first.start + relativedelta(years=1)
    return first.start


def _back(said: datetime, number: str, unit: str) -> datetime | None:
    n = int(number) if number.isdigit() else _NUMBERS.get(number.lower())
    if n is None or n > 90:
        return None
    match unit.lower():
        case "year":
            return said - relativedelta(years=n)
        case "month":
            return said - relativedelta(months=n)
        case "week":
            return said - timedelta(weeks=n)
        case _:
            return said - timedelta(days=n)


_SINCE = re.compile(r"\b(?:since|from|as of|starting|beginning)\s+(?:the\s+|around\s+|about\s+|early\s+|late\s+)?$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|til|up to)\s+(?:the\s+|end of\s+)*$", re.IGNORECASE)
_FOR = re.compile(
    r"\bfor\s+(?:about\s+|over\s+|almost\s+|more than\s+|the (?:last|past)\s+)?(?P<n>\d+|a|an|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|twelve|fifteen|twenty)\s+"
    r"(?P<unit>year|month|week|day)s?\b",
    re.IGNORECASE,
)
_NUMBERS = dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True)) | {  # noqa: SIM905
    "a": 1, "an": 1, "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
