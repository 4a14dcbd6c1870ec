"""What else says the same in other words: offered beside a plan, removed only when the person chooses it.

An item is close when a fact that would go rests on it too, when its meaning is close to what would go (cosine), or when it holds most of
the weighty words. The bar is low on purpose: a person looks at the list, and what is not on it stays behind unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...messages import Fact, Forgetting, Item, Kind, Recalled

COSINE = 0.55  # from which two texts are offered as saying the same
COVERAGE = 0.5  # share of the weighty words
ABOUT = 0.4  # cosine to the few words of a topic, which say less
MOST = 50  # offered
_ASKED = 60  # texts of a plan that are looked around: more is a whole conversation or person, and its surroundings are everything
_LONGEST = 300  # characters of a text that recall reads

Recall = Callable[[str], Sequence[Recalled]]


def near(plan: Forgetting, topic: str, recall: Recall) -> tuple[Recalled, ...]:
    """Items close to what ``plan`` removes, or to the words it was asked for with, closest first."""
    going = set(plan.ids)
    found: dict[str, Recalled] = {}
    for text, bar in _queries(plan.items, plan.facts, topic):
        for one in recall(text):
            close = one.signals.get("cosine", 0.0)
            if one.id in going or (close < bar and one.signals.get("coverage", 0.0) < COVERAGE):
                continue
            if one.id not in found or close > found[one.id].signals.get("cosine", 0.0):
                found[one.id] = one
    ranked = sorted(found.values(), key=lambda one: -max(one.signals.get("cosine", 0.0), one.signals.get("coverage", 0.0)))
    return tuple(ranked[:MOST])


def _queries(items: Sequence[Item], facts: Sequence[Fact], topic: str) -> list[tuple[str, float]]:
    said = [item.text[:_LONGEST] for item in items if item.kind is not Kind.REPLY]
    if len(said) > _ASKED:
        return []
    texts = list(dict.fromkeys([*said, *(fact.text for fact in facts)]))[:_ASKED]
    return [*([(topic, ABOUT)] if topic.strip() else []), *((text, COSINE) for text in texts)]
