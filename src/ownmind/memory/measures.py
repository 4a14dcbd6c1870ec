"""What a measure is now: of several items that say the same thing with another number, the newest. Pure, English.

"The average response time is 300 ms" and, weeks later, "response time has improved to 250 ms" match a question about it equally
well, and no fact has a slot for it. So sentences with a number that speak of what is asked are read off what recall found; where
their numbers differ, the last one said holds, and the ones before are what it was. A number is compared with others of its own sort
only (a share, a sum of money, a time, so many of the same thing).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..messages import Integrity, Item, Kind, Recalled, Span
from ..store.search import stems
from .question import Asks, Reading
from .words import STOP, words

_SPOKEN_OF = 0.6  # share of the question's words that the sentence must say
_BEST = 14  # items recall gave that are looked at
_NEARBY = 6  # words between a number and what is asked for
_LEAD = 40  # characters before a number that may say it is wished, or over
_LEAD_SHOWN = 110  # characters before a number that are quoted
_READ = 3000  # characters of an item

_NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}  # noqa: SIM905
_QUANTITY = re.compile(
    rf"(?P<money>[$€£])?\b(?P<n>\d[\d,]*(?:\.\d+)?|{'|'.join(_NUMBERS)})(?P<unit> ?(?:%|percent\b|ms\b|s\b|km\b|kg\b|lbs?\b|cm\b|m\b|mb\b)"
    r"|[- ](?:milliseconds?|seconds?|minutes?|hours?|euros?|dollars?|pounds?|kilos?|miles?|degrees?)\b)?(?![\d:/.-]*\d)",
    re.IGNORECASE,
)
_NO_MEASURE = re.compile(  # a date, a time of day, a version: numbers that measure nothing
    r"(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? |\bv(?:ersion)? ?|[#:/.]|\bat )$", re.IGNORECASE
)
_AFTER_A_DATE = re.compile(
    r"\s?(?:(?:am|pm|o['’]clock|st|nd|rd|th)\b|(?:january|february|march|april|may|june|july|august|sept?|october|nov|dec))", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\d)[^.!?\n]+)*[.!?]*")
_SAME = {"percent": "%", "millisecond": "ms", "second": "s", "kilo": "kg", "dollar": "$", "euro": "€", "pound": "£", "lb": "lbs"}


_ASKS = re.compile(
    r"^(?!.*\b(?:deadline|date|day|o['’]clock|name|address|phone|number of)\b)(?:(?:so|and|ok|well),? )?"
    r"(?:what(?:['’]s| is| are| does)"
    r"|how (?:much|many|long|far|tall|big|fast|often|heavy|large))\b",
    re.IGNORECASE,
)
_UNREAL = re.compile(
    r"\b(?:goal|target|aim(?:ing)?|trying to|achieve|want to|hope|hoping|plan to|would|if|might|could|should|was|were|used to|initially)\b",
    re.IGNORECASE,
)
_ASKED_WITH = frozenset({"much", "many", "long", "far", "tall", "big", "fast", "often", "heavy", "large", "total", "cost", "costs"})
_MACHINES = frozenset({"assistant", "ai", "bot", "chatbot", "model"})


@dataclass(frozen=True, slots=True)
class Stated:
    """A number somebody gave for what is asked: ``recalled.text[span]`` is the sentence."""

    number: float
    sort: str  # "%", "$", "ms", or the stem of what is counted
    recalled: Recalled
    span: Span

    @property
    def quote(self) -> str:
        return self.recalled.text[self.span.start : self.span.end].strip()


def restated(question: str, reading: Reading, found: Sequence[Recalled]) -> list[Stated]:
    """The numbers given at different times for what ``question`` asks, the newest first; empty unless two differ. Of one that was
    repeated, the last time it was said."""
    if not _ASKS.search(question) or reading.kind not in (Asks.OTHER, Asks.LATEST, Asks.HOW_MANY):
        return []
    told = [stated for one in found[:_BEST] if _may_tell(one.item, reading) for stated in _stated(one, reading)]
    if not told:
        return []
    sorts = Counter(one.sort for one in told)
    sort = max(sorts, key=lambda name: (sorts[name], -next(at for at, one in enumerate(told) if one.sort == name)))
    newest = sorted((one for one in told if one.sort == sort), key=lambda one: _said(one.recalled.item), reverse=True)
    kept: list[Stated] = []
    for one in newest:
        if all(one.number != other.number and one.recalled.id != other.recalled.id for other in kept):
            kept.append(one)
    return kept if len(kept) > 1 else []


def _may_tell(item: Item, reading: Reading) -> bool:
    """Whether the item may say how it is: dated, by whom is asked about where the question names somebody, and no machine's advice."""
    if item.at is None or item.kind is Kind.REPLY or item.label.integrity is Integrity.COMPANION or item.speaker.lower() in _MACHINES:
        return False
    return not reading.people or not item.speaker or item.speaker in reading.people


def _said(item: Item) -> tuple[float, int]:
    return (item.at.timestamp() if item.at else 0.0, item.position)


def _around(said: str, start: int, offset: int) -> Span:
    """The part of a long sentence that holds what begins at ``start``, from a blank to a blank."""
    first = said.rfind(" ", 0, max(start - _LEAD_SHOWN, 0)) + 1 if start > _LEAD_SHOWN else 0
    last = said.find(" ", start + _LEAD_SHOWN // 2)
    return Span(offset + first, offset + (len(said) if last < 0 else last))


def _stated(one: Recalled, reading: Reading) -> list[Stated]:
    """The number of the item's best sentence about what is asked."""
    terms = [term for term in reading.terms if term not in STOP | _ASKED_WITH and not term.isdigit()]
    asked = set(stems(terms))
    counted = set(stems(terms[:1])) if reading.kind is Asks.HOW_MANY else set[str]()
    best: tuple[float, Stated] | None = None
    for match in _SENTENCE.finditer(one.text[:_READ]):
        said = match.group()
        share = len(asked & set(stems(words(said)))) / max(1, len(asked))
        if share < _SPOKEN_OF:
            continue
        quantity = _quantity(said, asked, counted)
        if quantity is not None and (best is None or share > best[0]):
            best = share, Stated(quantity[1], quantity[2], one, _around(said, quantity[0], match.start()))
    return [best[1]] if best else []


def _quantity(said: str, asked: set[str], counted: set[str]) -> tuple[int, float, str] | None:
    """Where in a sentence the number stands that is nearest to the words asked for, the number, and its sort; of a
    count one that counts the thing."""
    found: list[tuple[int, int, float, str]] = []
    for match in _QUANTITY.finditer(said):
        before, after = said[: match.start()], said[match.end() :]
        if not match["unit"] and not match["money"] and (_NO_MEASURE.search(before) or _AFTER_A_DATE.match(after)):
            continue
        if _UNREAL.search(before[-_LEAD:]):
            continue
        nearby = [stems(words(before)[-_NEARBY:])[::-1], stems(words(after)[:_NEARBY])]
        apart = min((at for side in nearby for at, stem in enumerate(side) if stem in asked), default=_NEARBY)
        sort = _sort(match)
        if (counted and not counted & set(nearby[1][:4])) or (not match["unit"] and not match["money"] and apart >= _NEARBY):
            continue
        raw = match["n"].lower()
        found.append((apart, match.start(), float(_NUMBERS.get(raw) or raw.replace(",", "")), next(iter(counted)) if counted else sort))
    return min(found, key=lambda one: one[0])[1:] if found else None


def _sort(match: re.Match[str]) -> str:
    """The unit; "" for a bare number."""
    if match["money"]:
        return match["money"]
    unit = (match["unit"] or "").strip(" -").lower()
    return _SAME.get(unit.removesuffix("s"), unit)
