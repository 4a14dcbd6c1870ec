"""Look something up in memory."""

from __future__ import annotations

from ..guard.declared import Effect
from ..guard.labels import fields
from .tool import Asked, Outcome, Tool


def recall(asked: Asked) -> Outcome:
    """The items that best answer ``query``, best first, and a sentence that says how many there are."""
    found = asked.memory.recall(asked.arguments.get("query", ""), k=10, now=asked.now)
    text = "I found nothing about that." if not found else f"I found {len(found)} {'thing' if len(found) == 1 else 'things'}."
    return Outcome(text, found=tuple(found), rows=tuple({name: (value,) for name, value in fields(one.item).items()} for one in found))


TOOL = Tool("recall", "Look something up in what is remembered", Effect.READS, recall, {"query": "what to look for"})
