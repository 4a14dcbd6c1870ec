"""Embedders: lengths, order, meaning, and the same vector whatever company a text is in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind import paths
from ownmind.errors import ModelDamaged
from ownmind.models.embedding.embedder import Embedder, HashEmbedder, OnnxEmbedder
from ownmind.models.shelf import fetch


@pytest.fixture(scope="module")
def minilm() -> OnnxEmbedder:
    files = fetch.ensure("all-minilm-l6-v2-int8", paths=paths.find()).files
    return OnnxEmbedder(files["model.onnx"], files["tokenizer.json"])


@settings(max_examples=60)
@given(st.lists(st.text(max_size=80), max_size=8))
def test_hashed_vectors_have_length_one_or_none(texts: list[str]) -> None:
    """(n, d) float32, each of length 1, and zeros where there was no word."""
    vectors = HashEmbedder(64).embed(texts)
    assert vectors.shape == (len(texts), 64) and vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert all(abs(length - 1) < 1e-5 or length == 0 for length in lengths)


def test_hashing_is_the_same_in_every_process() -> None:
    """Not Python's own salted hash: vectors kept on disk stay comparable."""
    vector = HashEmbedder(16).embed(["peanut"])[0]
    assert np.flatnonzero(vector).tolist() == np.flatnonzero(HashEmbedder(16).embed(["Peanut!"])[0]).tolist()
    assert np.flatnonzero(vector).tolist() == [8, 14]
    assert [round(float(value), 4) for value in vector[np.flatnonzero(vector)]] == [0.7071, -0.7071]


def test_meaning_is_near_and_order_is_kept(minilm: OnnxEmbedder) -> None:
    """The person's question lands nearest to the note that answers it, in any order of the notes."""
    notes = ["Ana is allergic to peanuts.", "The train to Porto leaves at nine.", "Ben paid the electricity bill."]
    question = minilm.embed(["Who must avoid nuts?"], kind="query")[0]
    for order in ([0, 1, 2], [2, 0, 1]):
        scores = minilm.embed([notes[number] for number in order]) @ question
        assert order[int(scores.argmax())] == 0


def test_a_text_has_one_vector_whatever_stands_beside_it(minilm: OnnxEmbedder) -> None:
    """Padding and batching change nothing: alone or among 200 others of every length."""
    texts = [f"{'word ' * (number % 37)}number {number}" for number in range(200)] + ["", " "]
    together = minilm.embed(texts)
    assert together.shape == (202, 384) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for number in (0, 36, 111, 201):
        assert np.allclose(minilm.embed([texts[number]])[0], together[number], atol=2e-3)


def test_a_book_and_nothing_at_all_are_fine(minilm: OnnxEmbedder) -> None:
    """A text longer than the model reads is cut to its beginning; no text gives no row."""
    assert minilm.embed([]).shape == (0, 384)
    long = minilm.embed(["peanuts " * 100_000])
    assert np.isfinite(long).all()


def test_threads_may_share_it(minilm: OnnxEmbedder) -> None:
    """Four threads at once get what one gets."""
    texts = [f"note {number} about the garden" for number in range(8)]
    alone = minilm.embed(texts)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(minilm.embed, [texts] * 8):
            assert np.allclose(vectors, alone, atol=1e-5)


def test_a_damaged_model_file_is_said(tmp_path: Path, minilm: OnnxEmbedder) -> None:
    """Not a crash of the library underneath."""
    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"not a model")
    with pytest.raises(ModelDamaged, match="tokenizer"):
        OnnxEmbedder(broken, broken)
    good = fetch.ensure("all-minilm-l6-v2-int8", paths=paths.find()).files["tokenizer.json"]
    with pytest.raises(ModelDamaged, match="embedding model"):
        OnnxEmbedder(broken, good)


def test_both_are_embedders(minilm: OnnxEmbedder) -> None:
    """Different spaces have different ids."""
    both: list[Embedder] = [HashEmbedder(), minilm]
    assert len({one.id for one in both}) == 2 and [one.dimensions for one in both] == [256, 384]
