"""Text to vectors in a hundred languages: multilingual-e5-small (Wang et al. 2024) from one packed 4-bit file, run by onnxruntime.

The file ("E5S1") is one little-endian image, the same for every system: sizes, the pieces of the tokenizer with their scores, a
map of characters, a directory of tensors, the tensors. Matrices are Q4_0: blocks of 32 numbers as one float16 scale and 32 times
four bits, value = scale * (bits - 8). That is what onnxruntime's MatMulNBits takes once the bits are put in its order, so the
transformer becomes a graph written at loading; the table of 250,000 token vectors stays mapped from the file, and only the rows
a text needs are read. Against the C program the package carries, the vectors agree to a cosine of .9999 (measured).

E5 wants "query: " or "passage: " before a text. Its raw vectors all lie in one narrow cone: any two texts have a cosine over .7.
So the mean vector of ordinary sentences is taken off before the length is made 1 (Mu and Viswanath 2018): unrelated texts then
have a cosine near 0, which is what a sign-bit index, a score and a threshold that serve several embedders need.
"""

from __future__ import annotations

import functools
import itertools
import json
import mmap
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...errors import ModelDamaged
from . import onnx_graph as graph
from .embedder import TextKind, Vectors, batches, mean_of_tokens, normalised, open_session
from .unigram import Unigram

if TYPE_CHECKING:
    import onnxruntime

_HEAD = struct.Struct("<4sIiiiiiiifiiiiiiQ")
_BLOCK = 32  # numbers that share a scale: 2 bytes of scale and 16 of bits
_MAX_TOKENS = 256  # as many as the English embedder reads; the model itself takes 512
_PREFIX: dict[TextKind, str] = {"query": "query: ", "passage": "passage: "}


class E5Embedder:
    """multilingual-e5-small from its packed file. Safe to call from several threads."""

    def __init__(self, model: Path, *, id: str = "multilingual-e5-small-q4", threads: int = 1) -> None:
        self._id = id
        try:
            self._packed = _Packed(model)
        except (OSError, ValueError, KeyError, struct.error, UnicodeDecodeError) as error:
            raise ModelDamaged(f"the embedding model {model.name} cannot be read", hint="run `ownmind models fetch`") from error
        self._session: onnxruntime.InferenceSession = open_session(_transformer(self._packed), threads, model.name)
        self._turn = threading.Lock()

    @property
    def id(self) -> str:
        return self._id

    @property
    def dimensions(self) -> int:
        return self._packed.size.width

    def embed(self, texts: Sequence[str], *, kind: TextKind = "passage") -> Vectors:
        """(n, 384) float32, L2-normalised, the mean vector of its kind taken off; zeros for a text without any piece."""
        return self._centred(self.raw(texts, kind=kind), kind)

    def raw(self, texts: Sequence[str], *, kind: TextKind = "passage") -> Vectors:
        """(n, 384) float32, L2-normalised: the model's own vectors."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        tokens = [self._tokens(text, kind) for text in texts]
        rows = [row for row, found in enumerate(tokens) if found]
        for batch in batches([len(tokens[row]) for row in rows]):
            chosen = [rows[at] for at in batch]
            vectors[chosen] = self._run([tokens[row] for row in chosen])
        return vectors

    def _tokens(self, text: str, kind: TextKind) -> list[int]:
        """Ids with beginning and end; [] for a text without any piece."""
        size, prefix = self._packed.size, _PREFIX[kind]
        cut = text[: _MAX_TOKENS * 16]
        if not cut.translate(self._packed.characters).strip():
            return []
        return [size.begin, *self._packed.tokenizer.ids(prefix + cut, _MAX_TOKENS - 2), size.end]

    def _run(self, tokens: Sequence[Sequence[int]]) -> Vectors:
        longest = max(map(len, tokens))
        ids = np.full((len(tokens), longest), self._packed.size.padding, np.int64)
        mask = np.zeros((len(tokens), longest), np.int32)
        for row, one in enumerate(tokens):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        with self._turn:
            found: Vectors = self._session.run(None, {"embedded": self._packed.embedded(ids), "mask": mask})[0]
        return normalised(mean_of_tokens(found, mask.astype(np.int64)))

    def _centred(self, vectors: Vectors, kind: TextKind) -> Vectors:
        there = vectors.any(axis=1, keepdims=True)
        return normalised((vectors - _means()[kind]) * there)


@functools.cache
def _means() -> dict[TextKind, Vectors]:
    """(384,) of each kind: the mean of raw vectors of sentences in fifty languages (``bench/languages.py`` makes the file)."""
    found = json.loads(resources.files(__package__).joinpath("e5_means.json").read_text(encoding="utf-8"))
    return {"query": np.array(found["query"], np.float32), "passage": np.array(found["passage"], np.float32)}


@dataclass(frozen=True, slots=True)
class _Size:
    """What the head of the file says."""

    width: int
    layers: int
    heads: int
    inner: int
    pieces: int
    epsilon: float
    begin: int
    end: int
    padding: int
    unknown: int


class _Packed:
    """The file, mapped: its sizes, tokenizer and tensors."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        head = _HEAD.unpack_from(self._map, 0)
        if head[0] != b"E5S1" or head[1] != 1 or head[10] != _BLOCK:
            raise ValueError("not a packed E5 model of a known form")
        width, layers, heads, inner = head[2:6]
        pieces, begin, end, padding, unknown, blob = head[11:17]
        self.size = _Size(width, layers, heads, inner, pieces, head[9], begin, end, padding, unknown)
        at = self._read_tokenizer(_HEAD.size, blob)
        self._tensors = self._directory(at)
        self._words = self._bytes("emb.word").reshape(-1, width // _BLOCK, 18)
        self._positions = self.floats("emb.pos").reshape(-1, width) + self.floats("emb.type")[:width]
        self._scale, self._shift = self.floats("emb.ln.w"), self.floats("emb.ln.b")

    def embedded(self, ids: NDArray[np.int64]) -> Vectors:
        """(b, t, d): token, position and type vectors of (b, t) ``ids`` summed and normed, what the first layer takes."""
        blocks = self._words[ids]
        scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
        found = ((_bits(blocks).astype(np.float32) - 8) * scales).reshape(*ids.shape, self.size.width) + self._positions[: ids.shape[1]]
        found -= found.mean(axis=-1, keepdims=True)
        found /= np.sqrt((found * found).mean(axis=-1, keepdims=True) + np.float32(self.size.epsilon))
        return np.asarray(found * self._scale + self._shift, np.float32)

    def floats(self, name: str) -> Vectors:
        found: Vectors = self._bytes(name).view("<f4").astype(np.float32)
        return found

    def matrix(self, name: str, inner: int) -> tuple[NDArray[np.uint8], Vectors]:
        """((rows, inner/32, 16) bits as MatMulNBits wants them, two neighbours a byte, the first one low; (rows * inner/32,) scales)."""
        blocks = self._bytes(name).reshape(-1, inner // _BLOCK, 18)
        bits = _bits(blocks)
        scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
        return np.asarray(bits[..., 0::2] | bits[..., 1::2] << 4, np.uint8), scales.reshape(-1)

    def _bytes(self, name: str) -> NDArray[np.uint8]:
        start, length = self._tensors[name]
        return np.frombuffer(self._map, np.uint8, length, start)

    def _read_tokenizer(self, at: int, blob: int) -> int:
        n = self.size.pieces
        ends = np.frombuffer(self._map, "<u4", n + 1, at).tolist()
        scores = np.frombuffer(self._map, "<f4", n, at + 4 * (n + 1)).tolist()
        at += 4 * (2 * n + 1)
        text = self._map[at : at + blob]
        pieces = [text[start:end].decode() for start, end in itertools.pairwise(ends)]
        self.characters, at = self._read_characters(at + blob)
        size = self.size
        self.tokenizer = Unigram(
            pieces, scores, characters=self.characters, unknown=size.unknown, special=(size.begin, size.end, size.padding, n - 1)
        )
        return at

    def _read_characters(self, at: int) -> tuple[dict[int, str], int]:
        """Code point to what it is read as, and where the map ends."""
        count, length = struct.unpack_from("<iI", self._map, at)
        at += 8
        end, found = at + length, {}
        for _ in range(count):
            point, n = struct.unpack_from("<IB", self._map, at)
            found[point] = "".join(map(chr, struct.unpack_from(f"<{n}I", self._map, at + 5)))
            at += 5 + 4 * n
        return found, end

    def _directory(self, at: int) -> dict[str, tuple[int, int]]:
        """Tensor name to (offset, bytes)."""
        (count,) = struct.unpack_from("<i", self._map, at)
        at += 4
        found = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._map, at)
            name = self._map[at + 2 : at + 2 + length].decode()
            _, _, offset, size = struct.unpack_from("<BIQQ", self._map, at + 2 + length)
            if offset + size > len(self._map):
                raise ValueError(f"{name} lies outside the file")
            found[name] = (offset, size)
            at += 2 + length + struct.calcsize("<BIQQ")
        return found


def _bits(blocks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(..., 18) blocks to (..., 32) numbers of four bits: the low halves of the 16 bytes, then the high ones."""
    packed = blocks[..., 2:]
    return np.concatenate([packed & 15, packed >> 4], axis=-1)


def _transformer(packed: _Packed) -> bytes:
    """The encoder as an ONNX model: (b, t, d) ``embedded`` and (b, t) ``mask`` to (b, t, d) ``tokens``."""
    size = packed.size
    width, inner = size.width, size.inner
    nodes: list[bytes] = []
    constants: list[bytes] = []

    def matrix(source: str, name: str, columns: int, rows: int) -> str:
        bits, scales = packed.matrix(f"{name}.w", columns)
        constants.extend(
            (
                graph.weights(f"{name}.w", bits),
                graph.weights(f"{name}.scales", scales),
                graph.weights(f"{name}.b", packed.floats(f"{name}.b")),
            )
        )
        inputs = (source, f"{name}.w", f"{name}.scales", "", "", f"{name}.b")
        # accuracy_level 4: products in int8, as the weights allow; half the time of float32 for the same ranking.
        nodes.append(graph.node("MatMulNBits", inputs, name, K=columns, N=rows, bits=4, block_size=_BLOCK, accuracy_level=4))
        return name

    def added(first: str, second: str, name: str, output: str) -> str:
        """Sum and layer norm."""
        constants.extend(graph.weights(f"{name}.{part}", packed.floats(f"{name}.{part}")) for part in "wb")
        nodes.append(graph.node("SkipLayerNormalization", (first, second, f"{name}.w", f"{name}.b"), output, epsilon=float(size.epsilon)))
        return output

    x = "embedded"
    for number in range(size.layers):
        layer = f"l{number}"
        query, key, value = (matrix(x, f"{layer}.{part}", width, width) for part in "qkv")
        nodes.append(graph.node("MultiHeadAttention", (query, key, value, "", "mask"), f"{layer}.seen", num_heads=size.heads))
        x = added(x, matrix(f"{layer}.seen", f"{layer}.ao", width, width), f"{layer}.aln", f"{layer}.attended")
        nodes.append(graph.node("Gelu", (matrix(x, f"{layer}.fi", width, inner),), f"{layer}.bent"))
        output = "tokens" if number == size.layers - 1 else f"{layer}.out"
        x = added(x, matrix(f"{layer}.bent", f"{layer}.fo", inner, width), f"{layer}.oln", output)
    return graph.model(
        nodes,
        constants,
        inputs=(graph.floats("embedded", "texts", "tokens", width), graph.integers("mask", "texts", "tokens")),
        outputs=(graph.floats("tokens", "texts", "tokens", width),),
    )
