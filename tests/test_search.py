"""Full-text search: the index's own words, and the same answers while millions of postings are not read."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest

from ownmind.bench import stage
from ownmind.messages import Entry, Integrity, Label, Source
from ownmind.store import search
from ownmind.store.blocks import Floats, Ids

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def entries(texts: list[str], conversation: str = "") -> list[Entry]:
    return [Entry(text, Source("a"), Label(Integrity.PERSON), conversation=conversation) for text in texts]


def spread(n: int) -> list[str]:
    """``n`` texts of six words each, by Zipf's law, so that some words are in most and most are in few."""
    draw = random.Random(3)
    words = [f"w{i}x" for i in range(400)]
    return [" ".join(draw.choices(words, [1 / (i + 1) for i in range(400)], k=6)) + f" n{n}" for n in range(n)]


@pytest.fixture
def scarce(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits so low that a few thousand items are too many to read."""
    monkeypatch.setattr(search, "_RANKED", 50)
    monkeypatch.setattr(search, "_READ", 300)
    monkeypatch.setattr(search, "_COUNTED", 100)


def test_stems_are_those_of_the_index() -> None:
    """What Python counts is what SQLite finds."""
    with stage.memory(None, NOW) as (memory, store):
        memory.remember([Entry("Running races at the CAFÉ", Source("note:1"), Label(Integrity.PERSON))], now=NOW)
        with store.db.read() as cx:
            for word in ("run", "race", "cafe", "cafés"):
                assert search.best(cx, search.stems([word]), 5) == [1], word


def test_a_frequency_is_exact_or_near(scarce: None) -> None:
    """Exact for what is in few items; for common words, which are estimated, within a tenth."""
    texts = spread(3000)
    true = Counter(word for text in texts for word in set(text.split()))
    with stage.memory(None, NOW) as (memory, store):
        memory.remember(entries(texts), now=NOW)
        with store.db.read() as cx:
            assert search.frequency(cx, "nowhere") == 0
            for word, n in true.most_common(400)[::7]:
                assert search.frequency(cx, word) == (n if n < 100 else pytest.approx(n, rel=0.1)), word


def test_common_words_do_not_hide_the_rare_one(scarce: None) -> None:
    """The items that hold the question's rare word come first, and among them those that hold its common words too."""
    texts = ["the boiler was mended", "Ana paid for the boiler in spring", *(f"Ana saw film {i} in spring" for i in range(500))]
    with stage.memory(None, NOW) as (memory, store):
        memory.remember(entries(texts), now=NOW)
        with store.db.read() as cx:
            assert search.best(cx, search.stems(["ana", "boiler", "spring"]), 3)[:2] == [2, 1]


def test_where_all_words_are_common_those_that_hold_most_come_first(scarce: None) -> None:
    """Too many items hold each word: the ones that hold them together are found, and the closest of those come first."""
    texts = [f"Ana and film {i}" if i % 2 else f"Ben and spring {i}" for i in range(2000)]
    for at in (10, 700, 1500):
        texts[at] = f"Ana and the film of spring {at}"

    def closeness(ids: Ids) -> Floats:
        return np.where(ids == 701, 1.0, 0.0).astype(np.float32)

    with stage.memory(None, NOW) as (memory, store):
        memory.remember(entries(texts), now=NOW)
        with store.db.read() as cx:
            terms = search.stems(["ana", "film", "spring"])
            assert search.best(cx, terms, 3, closeness=closeness) == [701, 1501, 11]
            assert len(search.best(cx, terms, 100)) == 100


def test_a_conversation_keeps_its_own(scarce: None) -> None:
    """However many items elsewhere hold the words: the conversation's are found, and no other."""
    with stage.memory(None, NOW) as (memory, store):
        memory.remember(entries([f"Ana likes films in spring, {i}" for i in "abc"], "old"), now=NOW)
        memory.remember(entries([f"Ana likes films in spring {i}" for i in range(800)], "new"), now=NOW)
        old = {int(item.id[1:]) for item in memory.items(conversation="old")}
        with store.db.read() as cx:
            for limit in (1, 10):
                assert set(search.best(cx, search.stems(["ana", "film"]), limit, conversation="old")) <= old
            assert set(search.best(cx, search.stems(["ana", "film"]), 10, conversation="old")) == old
            assert search.best(cx, search.stems(["ana", "film"]), 10, conversation="none") == []


def test_what_is_read_instead_of_ranked_is_what_weighs_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all rows can be read, the order is that of the weights: the sum over the words held of the logarithm of their rarity."""
    texts = spread(1500)
    monkeypatch.setattr(search, "_RANKED", 0)
    with stage.memory(None, NOW) as (memory, store):
        memory.remember(entries(texts), now=NOW)
        with store.db.read() as cx:
            terms = ["w9x", "w30x", "w200x"]
            n = {term: search.frequency(cx, term) for term in terms}
            weight = {
                at + 1: sum(math.log1p((1500 - n[term] + 0.5) / (n[term] + 0.5)) for term in terms if term in text.split())
                for at, text in enumerate(texts)
            }
            found = search.best(cx, terms, 40)
            assert sorted((weight[row] for row in found), reverse=True) == pytest.approx([weight[row] for row in found])
            assert sum(weight[row] for row in found) == pytest.approx(sum(sorted(weight.values())[-40:]))
