"""Which notes a reply rests on, worked out by code: the model is never asked to cite.

A note counts when it holds words of the reply that the question did not: names and numbers weigh double. The fewest notes that
cover those words are cited, at most three. Small talk and general knowledge cite nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..memory.citing import cited_from, stem, stems
from ..memory.words import STOP
from ..messages import Cited, Integrity, Kind, Recalled

__all__ = ["cite", "cited_from", "sourced", "stems"]

MOST = 3
_LEAST = 0.34  # share of the reply's own words a first note must hold, when it holds none of its names or numbers


def cite(question: str, reply: str, notes: Sequence[tuple[Recalled, str]]) -> tuple[Cited, ...]:
    """The sources of ``reply`` among ``notes`` (each with its line as shown), the one that bears most first."""
    own = _weighted(reply, stems(question))
    if not own or not notes:
        return ()
    total = sum(own.values())
    left = dict(own)
    cited: list[Cited] = []
    words_of = {number: stems(f"{line} {recalled.item.text}") for number, (recalled, line) in enumerate(notes)}
    while left and len(cited) < MOST:
        gains = {number: sum(left[word] for word in held & left.keys()) for number, held in words_of.items()}
        # Of two that say the same, the one recall put first: it is nearer to the question.
        best = max(gains, key=lambda number: (gains[number], -number), default=-1)
        if best < 0 or gains[best] <= 0:
            break
        strong = any(left[word] > 1 for word in words_of[best] & left.keys())
        if gains[best] < _LEAST * total and not strong:
            break
        cited.append(cited_from(notes[best][0].item, own.keys() | stems(question)))
        left = {word: weight for word, weight in left.items() if word not in words_of[best]}
        del words_of[best]
        if not words_of:
            break
    return tuple(cited)


def sourced(question: str, sentence: str, notes: Sequence[tuple[Recalled, str]], before: str) -> tuple[str, str]:
    """The sentence as it may be said, after the title of the outside source it rests on ("" for none): what a page or document says is told
    as its word, never as our own. ``before``: the source of the sentence before."""
    found = cite(question, sentence, notes)
    item = next((recalled.item for recalled, _ in notes if found and recalled.id == found[0].item_id), None)
    if item is None or item.kind is not Kind.PASSAGE or item.label.integrity is not Integrity.UNTRUSTED:
        return "", sentence
    title = item.source.title or item.source.ref
    if title.casefold() in sentence.casefold() or _SAYS_WHO.search(sentence):
        return title, sentence
    return title, f"It also says: {sentence}" if title == before else f"According to {title}: {sentence}"


_SAYS_WHO = re.compile(
    r"\baccording to\b|\b(?:it|page|site|article|document|text|review|reviewer|author)s? (?:also )?(?:say|claim|state|write)s?\b",
    re.IGNORECASE,
)


def _weighted(reply: str, asked: set[str]) -> dict[str, int]:
    weights: dict[str, int] = {}
    for match in re.finditer(r"\w+", reply):
        word = match.group(0)
        root = stem(word.lower())
        if word.lower() in STOP or root in asked or (len(word) <= 2 and not word.isdigit()):
            continue
        inside = match.start() > 0 and reply[: match.start()].rstrip()[-1:] not in ".!?"
        weights[root] = max(weights.get(root, 0), 2 if any(letter.isdigit() for letter in word) or (word[0].isupper() and inside) else 1)
    return weights
