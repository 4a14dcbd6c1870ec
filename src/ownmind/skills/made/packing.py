"""A packing list: lists by kind of trip and weather, clothes by days, and what the person said must not be forgotten. By code."""

from __future__ import annotations

import asyncio
import json
import re

from ...memory.citing import stems
from ...messages import Item
from ..checks import numbers
from ..running import Job, Pieces

_DAYS = re.compile(r"\b(\w+)[\s-]+(day|night|week)s?\b", re.IGNORECASE)
_WEEKEND = re.compile(r"\bweekend\b", re.IGNORECASE)
_COLD = re.compile(
    r"\b(?:winter|snow\w*|ski\w*|cold|freezing|norway|iceland|finland|sweden|lapland|alaska|alps|greenland|november|december|january|"
    r"february)\b",
    re.IGNORECASE,
)
_HOT = re.compile(r"\b(?:summer|hot|beach|desert|egypt|greece|spain|thailand|morocco|dubai|tropic\w*|june|july|august)\b", re.IGNORECASE)
_RAIN = re.compile(r"\b(?:rain\w*|wet|ireland|scotland|bergen|autumn|october|april|november|monsoon)\b", re.IGNORECASE)
_SOUTH = re.compile(r"\b(?:australia|new zealand|argentina|chile|south africa|brazil|peru)\b", re.IGNORECASE)
_ABROAD = re.compile(r"\b(?:in|to)\s+(?!the\b|my\b|a\b)(?:[A-ZÀ-Þ]\w+)")
_KINDS = {
    "hiking": r"hik\w*|trek\w*|mountain", "beach": r"beach|seaside|by the sea", "swimming": r"swim\w*|pool", "camping": r"camp\w*|tent",
    "skiing": r"ski\w*|snowboard\w*", "business": r"business|work trip|meeting", "wedding": r"wedding", "cycling": r"cycl\w+|bike|biking",
    "baby": r"baby|toddler|infant", "city": r"city|museum\w*", "conference": r"conference|congress|trade fair",
}  # fmt: skip
_KEEP = re.compile(
    r"\b(?:medicin\w*|medication|tablets?|pills?|inhaler|insulin|epi-?pen|glasses|contact lenses|hearing aid\w*|plasters|prescription|cpap|"
    r"(?:never|don['’]t|do not|must not|not to) forget|always (?:take|pack|bring|carry))\b",
    re.IGNORECASE,
)
_LONGEST = 7  # days of clothes: then they are washed


async def run(job: Job) -> Pieces:
    lists = json.loads(job.bundle.text("assets/lists.json"))
    asked = f"{job.request}\n{job.text}"
    days, assumed = how_long(asked)
    kinds = [name for name, form in _KINDS.items() if re.search(rf"\b(?:{form})\b", asked, re.IGNORECASE)]
    weather, guess = _weather(asked)
    needs = await asyncio.to_thread(job.hands.needs)
    kept = await asyncio.to_thread(_not_to_forget, job)
    first = list(
        dict.fromkeys(
            [fact.text.rstrip(".") for fact in needs if fact.subject.lower() in ("you", "i", "me") or _named(fact.subject, asked)]
        )
    )
    if first or kept:
        yield "Because of what you told me:\n"
        for need in first:
            yield f"- for this: {need}\n"
        for fact in needs:
            job.hands.cite_id(fact.item_id, fact.text)
        for item in kept:
            job.hands.cite(item)
            yield f"- {' '.join(item.text.split())[:200]}\n"
        yield "\n"
    clothes = min(days, _LONGEST)
    yield (
        f"Clothes for {days} day{'s' if days != 1 else ''}:\n"
        + "".join(f"- {clothes * count + (1 if name != 'T-shirts or shirts' else 0)} × {name}\n" for name, count in lists["a_day"].items())
        + "".join(f"- {count if days > 2 else 1} × {name}\n" for name, count in lists["once"].items())
    )
    things = [
        *lists["always"],
        *(lists["abroad"] if _ABROAD.search(asked) else []),
        *(one for name in [*weather, *kinds] for one in lists[name]),
    ]
    yield "\nThings:\n" + "".join(f"- {one}\n" for one in dict.fromkeys(things))
    notes = [assumed, guess, "" if kinds else "I know no list for that kind of trip and gave the general one"]
    if any(notes):
        yield f"\nAssumed: {'; '.join(filter(None, notes))}.\n"


def how_long(text: str) -> tuple[int, str]:
    """(days, what was assumed)."""
    for match in _DAYS.finditer(text):
        said = [one for one in numbers(match[1]) if one.isdigit()]
        if said or match[1].lower() in ("a", "one"):
            count = int(said[0]) if said else 1
            return max(1, min(60, count * 7 if match[2].lower() == "week" else count + (match[2].lower() == "night"))), ""
    return (3, "a weekend is three days") if _WEEKEND.search(text) else (4, "four days, because none were said")


def _weather(text: str) -> tuple[list[str], str]:
    cold, hot, rain = (form.search(text) is not None for form in (_COLD, _HOT, _RAIN))
    if _SOUTH.search(text):
        cold, hot = (
            hot and not re.search(r"\bhot|beach\b", text, re.IGNORECASE),
            cold and not re.search(r"\bcold|snow", text, re.IGNORECASE),
        )
    found = [name for name, holds in (("cold", cold), ("hot", hot and not cold), ("rain", rain)) if holds]
    return (found, f"{' and '.join(found)} weather") if found else (["mild", "rain"], "mild weather with some rain")


def _not_to_forget(job: Job) -> list[Item]:
    found = job.hands.recall(f"must not forget to pack medicine {job.request}", 12)
    trip = stems(job.request)
    return [item for item in found if _KEEP.search(item.text) and item.label.integrity.is_vouched and len(item.text) < 400
            and (trip & stems(item.text) or re.search(r"\bI\b|\bmy\b", item.text))][:4]  # fmt: skip


def _named(subject: str, text: str) -> bool:
    return bool(stems(subject) & stems(text))
