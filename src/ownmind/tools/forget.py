"""Forget something: first what would go, in words; only after the person's yes, the deed, and what a search afterwards found."""

from __future__ import annotations

from ..errors import NotFound
from ..guard.declared import Effect
from ..memory.memory import Memory
from ..messages import Forgetting, Item, Kind, Receipt, Target
from .tool import Asked, Outcome, Tool

_SHOWN = 5  # items named in a proposal; the rest are counted
_ALIKE = 0.5  # cosine from which an item is proposed though it lacks some of the words
_MOST_ALIKE = 3


def forget(asked: Asked) -> Outcome:
    """Unless ``asked.sure``, the proposal for ``target`` (its ``ids`` are what a yes would remove). Else removes the ids in ``target``.

    Raises NotFound when nothing matches.
    """
    target = asked.arguments.get("target", "").strip()
    if asked.sure:
        plan = _together(asked.memory, target.split())
        receipt = asked.memory.forget(plan)
        return Outcome(told(receipt), ids=receipt.items, receipt=receipt)
    return _proposed(asked, target)


def told(receipt: Receipt) -> str:
    """A receipt in one sentence."""
    places = sum(count > 0 for count in receipt.removed.values())
    gone = f"{_count(len(receipt.items), 'item')} and {_count(len(receipt.facts), 'fact')}"
    if not receipt.verified:
        return f"I removed {gone}, but a search afterwards still found a trace. Run `ownmind doctor`; what is found is not gone yet."
    return f"Forgotten: {gone}, gone from {_count(places, 'place')}. A search of the whole store afterwards found no trace."


def _proposed(asked: Asked, target: str) -> Outcome:
    plan = _plan(asked.memory, target, besides=asked.item_id, asked=asked)
    meant = [item for item in plan.items if item.id != asked.item_id and item.kind is not Kind.REPLY]
    if not meant:
        raise NotFound("nothing here matches that", hint="say a word or two that stand in it, or its id")
    lines = [f"{number}. “{_short(item.text)}”{_said(item)}" for number, item in enumerate(meant[:_SHOWN], 1)]
    more = f"\nand {_count(len(meant) - _SHOWN, 'more item')}." if len(meant) > _SHOWN else ""
    facts = f", with {_count(len(plan.facts), 'fact')} learnt from it" if plan.facts else ""
    text = (
        f"That would remove {_count(len(meant), 'thing')}{facts}:\n"
        + "\n".join(lines)
        + more
        + '\nSay "yes" to forget this for good, or anything else to keep it.'
    )
    ids = tuple(dict.fromkeys([*(item.id for item in meant), *([asked.item_id] if asked.item_id else [])]))
    return Outcome(text, ids=ids, facts=plan.facts, items=tuple(meant))


def _plan(memory: Memory, target: str, *, besides: str, asked: Asked) -> Forgetting:
    """What holds all the words; when only the request itself does, the few items that are clearly about them."""
    try:
        plan = memory.plan_forget(target)
    except NotFound:
        plan = Forgetting((), (), {})
    if any(item.id != besides and item.kind is not Kind.REPLY for item in plan.items):
        return plan
    alike = [
        one.id
        for one in memory.recall(target, k=_MOST_ALIKE + 2, now=asked.now)
        if one.id != besides and (one.signals.get("cosine", 0.0) >= _ALIKE or one.signals.get("coverage", 0.0) >= 0.75)
    ]
    return _together(memory, alike[:_MOST_ALIKE])


def _together(memory: Memory, ids: list[str]) -> Forgetting:
    """One plan for several ids; those that are gone by now are left out."""
    try:
        return memory.plan_forget(Target(), also=ids) if ids else Forgetting((), (), {})
    except NotFound:
        return Forgetting((), (), {})


def _short(text: str, longest: int = 160) -> str:
    words = " ".join(text.split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _said(item: Item) -> str:
    who = f", {item.speaker}" if item.speaker else ""
    when = f", {item.at.day} {item.at:%B %Y}" if item.at else ""
    return f" ({(who + when).lstrip(', ')})" if who or when else ""


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


TOOL = Tool(
    "forget", "Forget something the person wants gone", Effect.WRITES, forget, {"target": "an id, or the words that say what to forget"}
)
