"""What the benches fill their stores with is a store like any other."""

from __future__ import annotations

import numpy as np

from ownmind.bench import stage
from ownmind.memory.memory import Memory
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store import derived


def test_a_filled_store_is_whole() -> None:
    """Rows, index, vectors and counts in step; a memory opened over it finds by words and by vectors, and has no backlog."""
    life = stage.Chatter(5)
    real = HashEmbedder()
    borrowed = stage.Borrowed(real, [life.text() for _ in range(50)], 5)
    given = list(life.entries(300))
    with stage.memory(None) as (_, store):
        batches = list(stage.fill(store, given, borrowed))
        assert [row for rows, _ in batches for row in rows.tolist()] == list(range(1, 301))
        made = np.concatenate([vectors for _, vectors in batches])
        assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
        assert derived.faults(store.db, deep=True) == []
        memory = Memory(store, borrowed, lambda: stage.BEGAN)
        assert memory.unembedded() == 0 and memory.counts()["items"] == 300
        found = memory.recall(given[123].text, k=3)
        assert found[0].text == given[123].text and found[0].item.position == 123 % 40
        (held,) = memory.embeddings.held()
        assert held.nearest(made[7], 1).tolist() == [8]
