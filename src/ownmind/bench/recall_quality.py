"""How much of the evidence is among the first 5, 10 and 20 items recalled. No model call but the embedding.

``--data`` is a folder with, or the path of, files of the sets that ``conversations`` reads; without it the generated life is asked.
Every conversation is a store of its own. ``recall@k`` is the share of a question's evidence among the first k, ``hit@10`` whether any of
it is, ``mrr`` one over the place of the first (0 beyond 20). Intervals: 95 %, by drawing whole conversations anew, 1,000 times.
``--ablate`` adds what recall@10 loses without each signal, and what each finds alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..memory.cover import chosen
from ..memory.question import read, topic
from ..memory.rank import WEIGHTS
from ..memory.recall import Frequencies, Gathered, Question, gather
from ..memory.signals import SIGNALS
from ..models.embedding.embedder import Embedder
from . import life, result, stage
from .conversations import Asked, Conversation, files, of_file, of_life

_AT = (5, 10, 20)
_SEED = 7  # of the bootstrap
_DRAWN = 1_000
_LIVES = (201, 202)  # seeds no weight was fitted on
_STYLES: tuple[life.Style, ...] = ("friends", "assistant", "diary")


@dataclass(frozen=True, slots=True)
class Scored:
    """One question: where it is from, what it was read as, and for each setting of the weights the places of its evidence from 0."""

    conversation: int
    category: str
    kind: str
    pieces: int  # of evidence
    places: Mapping[str, tuple[int, ...]]

    def recall(self, k: int, setting: str = "") -> float:
        return sum(place < k for place in self.places[setting]) / self.pieces


def run(*, data: Path | Sequence[Path] | None = None, n: int = 0, ablate: bool = False, **_: object) -> dict[str, object]:
    """Figures of each set. ``n``: only that many questions of a conversation; 0 is all."""
    embedder = stage.embedder()
    settings = _settings() if ablate else {}
    figures: dict[str, object] = {}
    asked = 0
    for name, conversations in _sets(data):
        scored = [one for number, each in enumerate(conversations) for one in _scored(each, number, embedder, n, settings)]
        asked += len(scored)
        figures[name] = summary(scored) | ({"ablation": _ablation(scored)} if ablate else {})
    return result("recall-quality", figures, n=asked, seed=_SEED, settings=dict(WEIGHTS))


def summary(scored: Sequence[Scored]) -> dict[str, object]:
    """The figures of one set: all of it with intervals, then by the author's category and by the kind recall read."""
    return {
        **_means(scored),
        "interval": {f"recall@{k}": _interval(scored, k) for k in _AT},
        "questions": len(scored),
        "conversations": len({one.conversation for one in scored}),
        "categories": _by(scored, lambda one: one.category),
        "kinds": _by(scored, lambda one: one.kind),
    }


def _scored(
    conversation: Conversation, number: int, embedder: Embedder, n: int, settings: Mapping[str, Mapping[str, float]]
) -> Iterator[Scored]:
    with stage.memory(embedder, conversation.now) as (memory, store):
        kept = memory.remember(conversation.entries, now=conversation.now)
        names = {name: entry.external_id for name, entry in zip(kept, conversation.entries, strict=True)}
        serving, frequencies = memory.embeddings.serving, Frequencies()
        assert serving is not None, "it was given an embedder"
        for asked in conversation.asked[: n or None]:
            shown = [names[one.id] for one in memory.recall(asked.text, k=max(_AT), now=conversation.now, before=asked.before)]
            places = {"": _places(shown, asked)}
            if settings:
                vector = embedder.embed([topic(asked.text)], kind="query")[0]
                question = Question(asked.text, conversation.now, vector, before=asked.before)
                with store.db.read() as cx:
                    found = gather(cx, question, serving.vectors, frequencies)
                ids = [names[f"i{heading.id}"] for heading in found.found] if found else []
                orders = _orders(found, settings) if found else {name: [] for name in settings}
                places |= {name: _places([ids[at] for at in order], asked) for name, order in orders.items()}
            kind = read(asked.text, conversation.now).kind.value
            yield Scored(number, asked.category, kind, len(asked.evidence), places)


def _places(shown: Sequence[str], asked: Asked) -> tuple[int, ...]:
    return tuple(sorted(shown.index(one) for one in asked.evidence if one in shown))


def _settings() -> dict[str, dict[str, float]]:
    """All signals, all but one, and one alone."""
    used = [name for name, weight in WEIGHTS.items() if weight]
    without = {f"without {name}": {other: WEIGHTS[other] for other in used if other != name} for name in used}
    return {"all": dict(WEIGHTS), **without, **{f"only {name}": {name: WEIGHTS[name]} for name in used}}


def _orders(found: Gathered, settings: Mapping[str, Mapping[str, float]]) -> dict[str, list[int]]:
    """The first places for each setting. Every signal is computed once."""
    signals = {name: SIGNALS[name](found.candidates) for name in settings["all"]}
    orders = {}
    for name, weights in settings.items():
        score = sum((weight * signals[signal] for signal, weight in weights.items()), np.zeros(len(found.found), np.float32))
        orders[name] = [int(at) for at in chosen(np.asarray(score, np.float32), found.candidates, found.reading.kind)[: max(_AT)]]
    return orders


def _ablation(scored: Sequence[Scored]) -> dict[str, object]:
    """recall@10 with all signals; what it loses without each; what each finds alone."""
    mean = {name: float(np.mean([one.recall(10, name) for one in scored])) for name in (scored[0].places if scored else {})}
    return {
        "all": round(mean.get("all", 0.0), 4),
        "lost without": {name.removeprefix("without "): round(mean["all"] - mean[name], 4) for name in mean if name.startswith("without ")},
        "found alone": {name.removeprefix("only "): round(mean[name], 4) for name in mean if name.startswith("only ")},
    }


def _means(scored: Sequence[Scored]) -> dict[str, object]:
    if not scored:
        return {}
    first = [one.places[""][:1] for one in scored]
    return {
        **{f"recall@{k}": round(float(np.mean([one.recall(k) for one in scored])), 4) for k in _AT},
        "hit@10": round(float(np.mean([bool(at) and at[0] < 10 for at in first])), 4),
        "mrr": round(float(np.mean([1 / (at[0] + 1) if at else 0.0 for at in first])), 4),
    }


def _interval(scored: Sequence[Scored], k: int) -> list[float]:
    """The 2.5th and 97.5th hundredth of recall@k when whole conversations are drawn anew."""
    by_conversation: dict[int, list[float]] = defaultdict(list)
    for one in scored:
        by_conversation[one.conversation].append(one.recall(k))
    if not by_conversation:
        return []
    sums = np.array([[sum(of), len(of)] for of in by_conversation.values()])
    drawn = sums[np.random.default_rng(_SEED).integers(0, len(sums), (_DRAWN, len(sums)))].sum(axis=1)
    return [round(float(each), 4) for each in np.percentile(drawn[:, 0] / drawn[:, 1], (2.5, 97.5))]


def _by(scored: Sequence[Scored], group: Callable[[Scored], str]) -> dict[str, object]:
    groups: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        groups[group(one)].append(one)
    return {name: {**_means(of), "questions": len(of)} for name, of in sorted(groups.items())}


def _sets(data: Path | Sequence[Path] | None) -> Iterator[tuple[str, Iterator[Conversation]]]:
    if data is None:
        yield from ((f"life, {style}", of_life(style, _LIVES)) for style in _STYLES)
        return
    yield from ((file.name.split(".")[0], of_file(file)) for file in files(data))
