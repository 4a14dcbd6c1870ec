"""What else says the same in other words: offered beside a plan, removed only when the person chooses it.

Looked for around each text that would go, by meaning and by words. An item is offered when it is close in meaning (cosine), when it is
half as close and shares a name or a number, or when it holds half of the words. The bars are low on purpose: a person looks at
the list, and what is not on it stays behind unseen. After choosing, look again: what says it in a third way is close to the second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...messages import Fact, Forgetting, Item, Kind, Recalled
from ..words import STOP, content_words

COSINE = 0.55  # from which two texts are offered as saying the same
WITH_NAME = 0.35  # with a name or a number in common
WITH_WORDS = 0.2  # with a name and two more words in common
COVERAGE = 0.5  # share of the words that carry meaning
ABOUT = 0.4  # cosine to the few words of a topic, which say less
MOST = 100  # offered: a long list is better than something left behind
_ASKED = 60  # texts of a plan that are looked around: more is a whole conversation or person, and its surroundings are everything
_LONGEST = 300  # characters of a text that recall reads
_NAME = re.compile(r"\b(?:[^\W\d_a-z][\w'-]*|\d[\d.,]*)\b")

Close = Callable[[str], Sequence[Recalled]]
"""Items that may be close to a text, with the signal ``cosine``."""


def near(plan: Forgetting, topic: str, close: Close) -> tuple[Recalled, ...]:
    """Items close to what ``plan`` removes, or to the words it was asked for with, closest first."""
    going = set(plan.ids)
    found: dict[str, tuple[float, Recalled]] = {}
    for text, bar in _queries(plan.items, plan.facts, topic):
        for one in close(text):
            if one.id in going:
                continue
            by = _closeness(text, one, bar)
            if by > found.get(one.id, (0.0, one))[0]:
                found[one.id] = (by, one)
    ranked = sorted(found.values(), key=lambda pair: -pair[0])
    return tuple(one for _, one in ranked[:MOST])


def _closeness(text: str, one: Recalled, bar: float) -> float:
    """How close an item is to ``text``; 0 when it is not offered. What shares a name stands before what only sounds alike."""
    cosine = one.signals.get("cosine", 0.0)
    if bar == ABOUT:  # what holds all the words of a topic goes already; to hold one of them says nothing
        return cosine if cosine >= ABOUT else 0.0
    wanted, share_name = set(content_words(text)), bool(names(text) & names(one.text))
    shared = len(wanted & set(content_words(one.text)))
    coverage = shared / len(wanted) if shared >= 2 else 0.0
    is_close = (
        cosine >= bar
        or coverage >= COVERAGE
        or (share_name and cosine >= WITH_NAME)
        or (share_name and shared >= 3 and cosine >= WITH_WORDS)
    )
    return max(cosine, coverage) + 0.3 * share_name if is_close else 0.0


def names(text: str) -> set[str]:
    """Capitalised words and numbers, lower case; the first word of a sentence only when it is not one of the commonest."""
    return {name.lower().removesuffix("'s") for name in _NAME.findall(text)} - STOP


def _queries(items: Sequence[Item], facts: Sequence[Fact], topic: str) -> list[tuple[str, float]]:
    said = [item.text[:_LONGEST] for item in items if item.kind is not Kind.REPLY]
    if len(said) > _ASKED:
        return []
    texts = list(dict.fromkeys([*said, *(fact.text for fact in facts)]))[:_ASKED]
    return [*([(topic, ABOUT)] if topic.strip() else []), *((text, COSINE) for text in texts)]
