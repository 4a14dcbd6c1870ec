"""What else says the same in other words: offered beside a plan, removed only when the person chooses it.

Looked for around each text that would go, by meaning and by words. Each pair of a text and an item gets the probability that they say
one thing, from five small numbers (``SIGNALS``) joined by a logistic; the best pair counts for the item. The offers stand in that
order, the first few to be shown at once, the others on request. After choosing, look again: what says it in a third way is close to
the second.

What carries most: the cosine of the two with the name they share made "someone", since "Jonas plays" and "Jonas lives" are close
only by Jonas; less how close the item is to the other candidates anyhow (hubness: some texts are near to everything; the correction of
Conneau et al. 2018). The weights are what ``ownmind bench near`` fits on its own labelled facts, and prints.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ...messages import Fact, Forgetting, Item, Kind, Recalled
from ...models.embedding.embedder import Vectors
from ..whose import FIRST as FIRST_PERSON
from ..whose import speaker_of
from ..words import STOP, content_words, words

SHOWN_FIRST = 8  # offers that are shown at once
MOST = 60  # offers in all: the deepest that is needed stands far before
LEAST = 0.01  # probability from which an item is offered
WEIGHTS = {"cosine": 4.33, "alike": 18.16, "name": 3.49, "own": 3.23, "crowded": -20.51}
BIAS = -5.64
SIGNALS = tuple(WEIGHTS)

_HALF = 0.5  # share of the words that carry meaning: what tells where there is no embedder
_ASKED = 60  # texts of a plan that are looked around: more is a whole conversation or person, and its surroundings are everything
_READ = 90  # items around one text that are read again without their name
_CROWD = 10  # neighbours that say how crowded it is around an item
_LONGEST = 300  # characters of a text that are read
_NAME = re.compile(r"\b(?:[^\W\d_a-z][\w'-]*|\d[\d.,]*)\b")

Close = Callable[[str], Sequence[Recalled]]
"""Items that may be close to a text, with the signal ``cosine``."""
Embed = Callable[[Sequence[str]], Vectors] | None
"""Texts to (n, d) L2-normalised vectors; None where there is no embedder."""
Signals = NDArray[np.float64]


def near(plan: Forgetting, topic: str, close: Close, embed: Embed) -> tuple[Recalled, ...]:
    """Items that may say what ``plan`` removes, or the words it was asked for with, the likeliest first; ``score`` is the probability."""
    going, texts = set(plan.ids), _texts(plan.items, plan.facts, topic)
    best: dict[str, Recalled] = {}
    embed = None if embed is None else once(embed)
    for text, speaker in texts:
        pool = [one for one in close(text) if one.id not in going]
        if not pool:
            continue
        if embed is None:
            chances = np.array([by_words(text, one.text) for one in pool])
        else:
            pool = _likeliest(text, speaker, pool, _READ)
            chances = chance(signals(text, speaker, pool, embed))
        for one, probability in zip(pool, chances.tolist(), strict=True):
            if probability > (best[one.id].score if one.id in best else LEAST):
                best[one.id] = Recalled(one.item, probability, one.signals)
    return tuple(sorted(best.values(), key=lambda one: -one.score)[:MOST])


def chance(found: Signals) -> NDArray[np.float64]:
    """(n, s) signals to (n,) probabilities."""
    return np.asarray(1 / (1 + np.exp(-(found @ np.array(list(WEIGHTS.values())) + BIAS))), np.float64)


def signals(text: str, speaker: str, pool: Sequence[Recalled], embed: Callable[[Sequence[str]], Vectors]) -> Signals:
    """(n, s) of each item of ``pool`` beside ``text``, in the order of SIGNALS: cosine; cosine without the name they share; whether
    they share a name; whether both tell of their speaker, who is the same; how close the item is to others of the pool."""
    shared = [_people(text, speaker) & _people(one.text[:_LONGEST], speaker_of(one.item)) for one in pool]
    spoken_of = _spoken_of(shared)
    nameless = [
        (_nameless(text, names & spoken_of), _nameless(one.text[:_LONGEST], names & spoken_of))
        for one, names in zip(pool, shared, strict=True)
    ]
    place = {said: at for at, said in enumerate(dict.fromkeys(said for pair in nameless for said in pair))}
    vectors = embed(list(place))
    mine, theirs = (vectors[[place[pair[side]] for pair in nameless]] for side in (0, 1))
    own = [float(_is_own(text) and _is_own(one.text) and speaker == speaker_of(one.item)) for one in pool]
    return np.column_stack(
        (
            [one.signals.get("cosine", 0.0) for one in pool],
            (mine * theirs).sum(axis=1),
            [float(bool(names)) for names in shared],
            own,
            _crowded(theirs),
        )
    ).astype(np.float64)


def once(embed: Callable[[Sequence[str]], Vectors]) -> Callable[[Sequence[str]], Vectors]:
    """``embed`` that reads no text twice: without the name, candidates of one text are those of the next."""
    known: dict[str, NDArray[np.float32]] = {}

    def embedded(texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, embed(new), strict=True) if new else ())
        return np.stack([known[text] for text in texts])

    return embedded


def by_words(text: str, other: str) -> float:
    """How likely two texts say the same by their words alone: the share they have in common, where it is half or there is a name too."""
    wanted = set(content_words(text))
    shared = len(wanted & set(content_words(other)))
    coverage = shared / max(1, len(wanted))
    return coverage if (shared >= 2 and coverage >= _HALF) or (shared >= 3 and names(text) & names(other)) else 0.0


def names(text: str) -> set[str]:
    """Capitalised words and numbers, lower case; the first word of a sentence only when it is not one of the commonest."""
    return {name.lower().removesuffix("'s") for name in _NAME.findall(text)} - STOP


def _people(text: str, speaker: str) -> set[str]:
    """The names in ``text``, without numbers; the speaker's too where they tell of themselves."""
    own = set(words(speaker)) - STOP if _is_own(text) else set()
    return {name for name in names(text) if not name[0].isdigit()} | own


def _spoken_of(shared: Sequence[set[str]]) -> set[str]:
    """The names that say whom a text is about, and not what: those that many of the candidates share, at least the commonest. "Patagonia"
    in four of ninety texts about Ana is what is to be forgotten."""
    counts = Counter(name for names in shared for name in names)
    most = max(counts.values(), default=0)
    return {name for name, count in counts.items() if count > most / 3}


def _is_own(text: str) -> bool:
    return FIRST_PERSON.search(text) is not None


def _nameless(text: str, people: set[str]) -> str:
    """``text`` with these names, and whoever says I, made "someone"."""
    for name in sorted(people):
        text = re.sub(rf"\b{re.escape(name)}\b", "someone", text, flags=re.IGNORECASE)
    for pattern, instead in _SOMEONE:
        text = pattern.sub(instead, text)
    return text


_SOMEONE = (
    (re.compile(r"\bI['’]m\b|\bI am\b"), "someone is"),
    (re.compile(r"\bmy\b", re.IGNORECASE), "someone's"),
    (re.compile(r"\b(?:I|me)\b"), "someone"),
)


def _crowded(vectors: Vectors) -> NDArray[np.float64]:
    """(n,) mean cosine of each with the ten of the others that are closest to it."""
    closeness = vectors @ vectors.T
    np.fill_diagonal(closeness, -math.inf)
    neighbours = min(_CROWD, len(vectors) - 1)
    return np.sort(closeness, axis=1)[:, len(vectors) - neighbours :].mean(axis=1) if neighbours > 0 else np.zeros(len(vectors))


def _likeliest(text: str, speaker: str, pool: Sequence[Recalled], most: int) -> list[Recalled]:
    """Those worth reading again: the closest, a shared name counting a little."""
    people = _people(text, speaker)
    return sorted(
        pool, key=lambda one: -one.signals.get("cosine", 0.0) - 0.1 * bool(people & _people(one.text[:_LONGEST], speaker_of(one.item)))
    )[:most]


def _texts(items: Sequence[Item], facts: Sequence[Fact], topic: str) -> list[tuple[str, str]]:
    """What is looked around: each text with its speaker."""
    said = [(item.text[:_LONGEST], speaker_of(item)) for item in items if item.kind is not Kind.REPLY]
    if len(said) > _ASKED:
        return []
    told = list(dict.fromkeys([*said, *((fact.text, "") for fact in facts)]))[:_ASKED]
    return [*([(topic, "")] if topic.strip() else []), *told]
