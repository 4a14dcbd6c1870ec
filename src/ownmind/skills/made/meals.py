"""A meal plan: dishes from a list, chosen by code under the person's rules, each with its ingredients, and what to buy."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from hashlib import blake2b

from ...memory.citing import stems
from ..checks import numbers
from ..food import Rule, breaks, rules
from ..running import Job, Pieces

_DAYS = re.compile(r"\b(\w+)[\s-]+(?:days?|dinners?|meals?|evenings?|lunches|nights?)\b", re.IGNORECASE)
_WEEK = re.compile(r"\bweek\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:us|we|our|family|guests?|everybody|everyone|friends|party)\b", re.IGNORECASE)
_WITHOUT = re.compile(r"\b(?:without|no)\s+(?!more\b|less\b)((?:\w+)(?:\s*(?:,|and|or)\s*(?:no\s+)?\w+)*)", re.IGNORECASE)
_MOST = 14


@dataclass(frozen=True, slots=True)
class Dish:
    name: str
    ingredients: tuple[str, ...]
    main: str


async def run(job: Job) -> Pieces:
    days = how_many(job.request)
    told = rules(await asyncio.to_thread(job.hands.rules))
    bound = [one for one in told if _binds(one, job.request)]
    unclear = [one for one in bound if not one.left_out]
    said = [Rule(f"without {match}", "you", frozenset(w.rstrip("s") for w in re.findall(r"\w{3,}", match.lower()) if w not in ("and",)), "")
            for match in _WITHOUT.findall(job.request)]  # fmt: skip
    kept, left_out = chosen(dishes(job), [*bound, *said], days, f"{job.hands.now:%G-%V} {job.request}")
    if not kept:
        job.hands.known = False
        yield "No dish I know fits all your rules. I leave this to somebody who knows more."
        return
    for number, dish in enumerate(kept, 1):
        yield f"Day {number}: {dish.name} ({', '.join(dish.ingredients)})\n"
    if len(kept) < days:
        job.hands.warnings.append(f"Only {len(kept)} dishes I know fit your rules.")
    yield "\nTo buy: " + ", ".join(sorted({one for dish in kept for one in dish.ingredients})) + "\n"
    if bound or said:
        yield (
            "\nObeyed: "
            + "; ".join(one.says.rstrip(".") for one in [*bound, *said] if one.left_out)
            + f". {left_out} dishes were left out.\n"
        )
    else:
        yield "\nYou told me of no allergy or diet.\n"
    for one in unclear:
        job.hands.warnings.append(f"I could not check this rule: {one.says}")
    for one in bound:
        job.hands.cite_id(one.item_id, one.says)
    job.hands.warnings.append("Check packets yourself: traces and mixtures are not known here.")


def dishes(job: Job) -> list[Dish]:
    held = json.loads(job.bundle.text("assets/dishes.json"))
    return [Dish(str(one["name"]), tuple(map(str, one["ingredients"])), str(one["main"])) for one in held]


def chosen(every: list[Dish], bound: list[Rule], days: int, seed: str) -> tuple[list[Dish], int]:
    """(dishes for the days, how many were left out): allowed ones, none twice, no main ingredient on two days in a row where that can
    be."""
    allowed = [dish for dish in every if not any(breaks((*dish.ingredients, dish.name, dish.main), rule) for rule in bound)]
    order = sorted(allowed, key=lambda dish: blake2b(f"{seed}|{dish.name}".encode(), digest_size=8).digest())
    kept: list[Dish] = []
    while order and len(kept) < days:
        following = next((dish for dish in order if not kept or dish.main != kept[-1].main), order[0])
        order.remove(following)
        kept.append(following)
    return kept, len(every) - len(allowed)


def how_many(request: str) -> int:
    said = [one for match in _DAYS.finditer(request) for one in numbers(match[1]) if one.isdigit()]
    found = int(said[0]) if said else 7 if _WEEK.search(request) else 3
    return max(1, min(_MOST, found))


def _binds(rule: Rule, request: str) -> bool:
    """The person's own rules always; those of others where they are named, or all eat together."""
    mine = rule.whose.lower() in ("you", "i", "me", "")
    return mine or bool(stems(rule.whose) & stems(request)) or _ALL.search(request) is not None
