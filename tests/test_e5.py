"""The multilingual embedder: one space for a hundred languages, and the pieces its tokenizer cuts."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from ownmind import paths
from ownmind.errors import BadInput, ModelDamaged
from ownmind.models.embedding import onnx_graph
from ownmind.models.embedding.e5 import E5Embedder
from ownmind.models.embedding.embedder import embedder_ids, open_embedder
from ownmind.models.embedding.unigram import Unigram
from ownmind.models.shelf import fetch

E5 = "multilingual-e5-small-q4"


@pytest.fixture(scope="module")
def e5() -> E5Embedder:
    found = open_embedder(E5, fetch.ensure(E5, paths=paths.find()).files, threads=2)
    assert isinstance(found, E5Embedder)
    return found


def test_a_question_finds_the_note_in_another_language(e5: E5Embedder) -> None:
    """The same thing said in six scripts is nearer to an English question than anything else in them."""
    keys = ["Ich habe den Schlüssel unter die Fußmatte gelegt.", "我把钥匙放在门垫下面了。", "Я положил ключ под коврик.",
            "وضعت المفتاح تحت السجادة.", "मैंने चाबी पायदान के नीचे रखी है।", "玄関マットの下に鍵を置きました。"]  # fmt: skip
    others = [
        "Am Freitag essen wir Pizza.",
        "我的猫喜欢睡觉。",
        "Поезд отходит в девять.",
        "أحب القهوة.",
        "आज बारिश हो रही है।",
        "仕事は九時に始まります。",
    ]
    question = e5.embed(["Where did I put the key?"], kind="query")[0]
    assert (e5.embed(keys) @ question).min() > (e5.embed(others) @ question).max()


def test_fifty_languages_find_their_own_notes(e5: E5Embedder) -> None:
    """Each of 58 questions is nearest to the note in its own language that answers it; unrelated ones are near 0, not near .8."""
    rows = json.loads(resources.files("ownmind.bench").joinpath("data/fifty_languages.json").read_text(encoding="utf-8"))
    cosine = e5.embed([row[2] for row in rows], kind="query") @ e5.embed([row[1] for row in rows]).T
    assert [rows[at][0] for at in cosine.argmax(axis=1)] == [row[0] for row in rows]
    assert abs(float(cosine.mean())) < 0.1


def test_a_text_has_one_vector_whatever_stands_beside_it(e5: E5Embedder) -> None:
    """Padding and batching change next to nothing; no text at all, blanks and a book are fine."""
    texts = [f"{'palabra ' * (number % 29)}número {number} 鍵" for number in range(60)] + ["", " \n", "book " * 50_000, "🌊🔑", "\ud800"]
    together = e5.embed(texts)
    assert together.shape == (65, 384) and together.dtype == np.float32
    assert not together[60:62].any()
    assert np.allclose(np.linalg.norm(together[[0, 1, 59, 62, 63, 64]], axis=1), 1, atol=1e-5)
    for number in (0, 28, 59, 62):
        assert float(e5.embed([texts[number]])[0] @ together[number]) > 0.999
    assert e5.embed([]).shape == (0, 384)


def test_questions_and_passages_are_read_differently(e5: E5Embedder) -> None:
    """E5 was trained with a word before each text that says which it is."""
    asked, told = e5.embed(["the key"], kind="query")[0], e5.embed(["the key"])[0]
    assert 0.5 < float(asked @ told) < 0.999


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    """Neither a crash nor a traceback of the parser."""
    for content in (b"", b"E5S1", b"E5S1" + bytes(200), b"GGUF" + bytes(200)):
        broken = tmp_path / "e5-small-q4.bin"
        broken.write_bytes(content)
        with pytest.raises(ModelDamaged, match="cannot be read"):
            E5Embedder(broken)


def test_a_chat_model_is_no_embedder() -> None:
    """The settings may name any model of the catalogue; the ones that give vectors are listed."""
    with pytest.raises(BadInput) as caught:
        open_embedder("smollm2-135m-instruct-q4_1", {})
    assert "all-minilm-l6-v2-int8" in caught.value.hint and E5 in embedder_ids()


def test_the_likeliest_pieces_are_taken() -> None:
    """Two pieces of high probability beat three, or one of low; what has no piece is unknown; blanks do not count."""
    pieces = ["<unk>", "▁", "un", "▁un", "lock", "ed", "locked", "▁unlocked"]
    tokens = Unigram(pieces, [0.0, -3.0, -4.0, -3.5, -4.0, -3.0, -5.0, -20.0], characters={0xA0: " ", 0x2460: "un"}, unknown=0)
    assert tokens.ids("unlocked", 9) == [3, 6]
    assert tokens.ids("  un\u00a0 \u2460lock ", 9) == [3, 3, 4]
    assert tokens.ids("un☂", 9) == [3, 0]
    assert tokens.ids("unlocked un un", 3) == [3, 6, 3]
    assert tokens.ids("", 9) == []


def test_a_graph_written_by_hand_runs() -> None:
    """onnxruntime reads the bytes and computes what they say: here the sum of an input and a constant, of any length."""
    constant = onnx_graph.weights("c", np.array([1, 2, 300], np.float32))
    model = onnx_graph.model(
        [onnx_graph.node("Add", ("x", "c"), "y", domain="")],
        [constant],
        inputs=[onnx_graph.floats("x", "n", 3)],
        outputs=[onnx_graph.floats("y", "n", 3)],
    )
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": np.ones((2, 3), np.float32)})
    assert found.tolist() == [[2, 3, 301]] * 2
