"""What a GGUF file says of itself is read; what lies about itself is refused in words, quickly and in little memory."""

from __future__ import annotations

import struct
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ggufs import TINY, header, text, written
from ownmind import paths
from ownmind.errors import BadInput
from ownmind.models.llama import gguf
from ownmind.models.shelf import fetch

TENSORS = [("token_embd.weight", (64, 4), 1, 0), ("blk.0.attn_q.weight", (64, 64), 0, 512)]
WEIGHTS = bytes(64 + 512 + 64 * 64 * 4)
WHOLE = header(TINY, TENSORS) + WEIGHTS


def test_what_a_file_says_is_read(tmp_path: Path) -> None:
    """Architecture, size and shape, quantisation and template, from versions 2 and 3."""
    for version in (2, 3):
        found = gguf.read(written(tmp_path / "tiny.gguf", header(TINY, TENSORS, version=version) + WEIGHTS))
        assert (found.architecture, found.name, found.quantisation, found.template) == ("llama", "Tiny", "Q4_K_M", "{{ messages }}")
        assert (found.parameters, found.context, found.blocks, found.embedding) == (64 * 4 + 64 * 64, 2048, 2, 64)
        assert (found.heads_kv, found.key_length, found.value_length, found.vocabulary) == (2, 16, 16, 4)
        assert found.cached == 2 * 2 * (16 + 16), "keys and values of two heads of 16 numbers in two blocks"
        assert not found.is_sharded and found.bytes == len(header(TINY, TENSORS) + WEIGHTS)


def test_heads_may_differ_from_block_to_block(tmp_path: Path) -> None:
    """Some architectures list the heads of each block; a block without any keeps nothing."""
    keys = {**TINY, "llama.attention.head_count_kv": [2, 0], "llama.attention.key_length": 32, "split.count": 3}
    found = gguf.read(written(tmp_path / "tiny.gguf", header(keys)))
    assert (found.heads_kv, found.cached, found.shards) == (2, 2 * (32 + 16), 3)


@pytest.mark.model
def test_a_real_file_is_read_as_its_publisher_describes_it() -> None:
    """The 135M: 134.5 million parameters, 8192 tokens, 30 blocks of 3 heads of 64."""
    found = gguf.read(fetch.ensure("smollm2-135m-instruct-q4_1", paths=paths.find()).path)
    assert (found.architecture, found.parameters, found.context) == ("llama", 134_515_008, 8192)
    assert (found.blocks, found.heads_kv, found.key_length, found.embedding, found.quantisation) == (30, 3, 64, 576, "Q4_1")
    assert found.cached == 30 * 3 * 128 and "<|im_start|>" in found.template


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is not a GGUF file"),
        (b"Once upon a time", "is not a GGUF file"),
        (b"GGUF", "ends in the middle"),
        (header(version=1), "version is 1"),
        (header(version=3 << 24), "big-endian"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), "tensors"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60), "keys"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 63), "bytes of a key"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("general.name") + struct.pack("<IQ", 8, 1 << 62), "bytes of text"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("a.list") + struct.pack("<IIQ", 9, 10, 1 << 62), "items of a list"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("a.list") + struct.pack("<IIQ", 9, 4, 1 << 26), "ends in the middle"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("deep") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 90, "kind of value"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("odd") + struct.pack("<I", 77), "kind of value"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + (text("twice") + struct.pack("<II", 4, 1)) * 2, "twice"),
        (header({"general.name": "nothing else"}), "names no architecture"),
        (header(TINY, [("w", (1 << 39, 1 << 39), 0, 0)]), "larger than any model"),
        (header(TINY, TENSORS) + WEIGHTS[:-100], "cut short"),
        (header({**TINY, "general.alignment": 0}, TENSORS) + WEIGHTS, "alignment"),
    ],
)
def test_what_lies_about_itself_is_refused_in_words(tmp_path: Path, body: bytes, words: str) -> None:
    """Not a GGUF file, an unknown version, a count or length no model has, lists in lists in lists, a file that was cut."""
    with pytest.raises(BadInput, match=words) as caught:
        gguf.read(written(tmp_path / "x.gguf", body))
    assert caught.value.hint


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.gguf", tmp_path, Path("a\0b.gguf")):
        with pytest.raises(BadInput, match="cannot read"):
            gguf.read(path)


def test_what_makes_no_sense_counts_as_not_said(tmp_path: Path) -> None:
    """A context of text, a name with line breaks and escape codes: the page and the terminal show neither."""
    keys = {**TINY, "llama.context_length": "many", "general.name": "a\x1b[31m\nname", "llama.block_count": 1 << 50}
    found = gguf.read(written(tmp_path / "x.gguf", header(keys)))
    assert (found.context, found.blocks) == (0, 0) and found.name == "a [31m name"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_mutation_hangs_or_eats_memory(data: st.DataObject) -> None:
    """Any byte of the header may be any other, and the file may end anywhere: metadata or BadInput, in less than 8 MB."""
    body = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(body) - len(WEIGHTS)))
        body[place : place + 8] = data.draw(st.binary(min_size=1, max_size=8) | st.sampled_from([b"\xff" * 8, b"\0" * 8]))
    cut = data.draw(st.none() | st.integers(0, len(body)))
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "x.gguf", bytes(body[:cut]))
        tracemalloc.start()
        try:
            assert gguf.read(path).architecture
        except BadInput as error:
            assert error.message
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert peak < 8 << 20
