"""Text to vectors, on this machine.

The starter embedder is all-MiniLM-L6-v2 quantised to int8 (Reimers and Gurevych 2019; 384 dimensions, English). Its
sentence vector is the mean of the token vectors under the attention mask, then scaled to length 1, so a dot product is
the cosine. ``e5.py`` has the multilingual one.

Memory is kept flat on purpose: texts are cut to 256 tokens (what the model was trained for), sorted by length so that
little padding is computed, and run in batches bounded by tokens, with onnxruntime's arena off (with it on, the process
keeps its highest peak for ever).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ...errors import BadInput, ModelDamaged
from ..shelf import catalogue

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Encoding, Tokenizer

Vectors = NDArray[np.float32]
TextKind = Literal["passage", "query"]

_MAX_TOKENS = 256  # all-MiniLM-L6-v2's own max_seq_length
_MANY = 128  # texts from which freed memory is given back to the system
_BATCH_TOKENS = 1024  # padded tokens in one run: measured as fast as 2048 and 57 MB smaller


class Embedder(Protocol):
    """Gives one vector a text; equal meaning, near vectors."""

    @property
    def id(self) -> str:
        """Names the vector space: vectors of different ids must never be compared."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str], *, kind: TextKind = "passage") -> Vectors:
        """(n, dimensions) float32, each row of length 1 (all zeros for a text without any token), in the order given."""
        ...


class OnnxEmbedder:
    """A sentence-transformer in ONNX form with its own tokenizer. Safe to call from several threads."""

    def __init__(self, model: Path, tokenizer: Path, *, id: str = "all-minilm-l6-v2-int8", threads: int = 1) -> None:
        self._id = id
        self._tokenizer = _open_tokenizer(tokenizer)
        self._session = open_session(str(model), threads, model.name)
        self._inputs = {value.name for value in self._session.get_inputs()}
        self._dimensions = int(self._session.get_outputs()[0].shape[-1])
        self._turn = threading.Lock()  # one run at a time: two at once only take turns on the same cores, with twice the memory

    @property
    def id(self) -> str:
        return self._id

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def embed(self, texts: Sequence[str], *, kind: TextKind = "passage") -> Vectors:
        """(n, 384) float32, L2-normalised. MiniLM reads passages and queries the same way, so ``kind`` changes nothing."""
        del kind
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        if not texts:
            return vectors
        # 256 tokens are never more than ~2,000 characters of prose; cutting first spares the tokenizer a whole book.
        encoded = self._tokenizer.encode_batch_fast([text[: _MAX_TOKENS * 16] for text in texts])
        for rows in batches([len(one.ids) for one in encoded]):
            vectors[rows] = self._run([encoded[row] for row in rows])
        if len(texts) >= _MANY:
            _give_back()  # a batch of an import: its activations are not needed again
        return vectors

    def _run(self, encoded: Sequence[Encoding]) -> Vectors:
        """(b, 384) for one batch of token lists, padded to its longest."""
        longest = max(len(one.ids) for one in encoded)
        ids = np.zeros((len(encoded), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        with self._turn:
            tokens: Vectors = self._session.run(None, {name: value for name, value in known.items() if name in self._inputs})[0]
        return normalised(mean_of_tokens(tokens, mask))


class HashEmbedder:
    """Feature hashing of words and word pieces (Weinberger et al. 2009): no model, no download, the same on every machine.

    Near only where words are shared, so it stands in for a real embedder in tests and nowhere else.
    """

    def __init__(self, dimensions: int = 256) -> None:
        self._dimensions = dimensions

    @property
    def id(self) -> str:
        return f"hash-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def embed(self, texts: Sequence[str], *, kind: TextKind = "passage") -> Vectors:
        del kind
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for feature in _features(text):
                digest = int.from_bytes(blake2b(feature.encode(), digest_size=8).digest(), "little")
                vectors[row, (digest >> 1) % self._dimensions] += 1.0 if digest & 1 else -1.0
        return normalised(vectors)


def open_embedder(model_id: str, files: Mapping[str, Path], *, threads: int = 1) -> Embedder:
    """The catalogue's embedder of this id, from its ``files`` on disk. Raises BadInput for a model that is no embedder."""
    if needed_embedder(model_id).runs_with == "e5":
        from .e5 import E5Embedder  # here: it builds on this file

        return E5Embedder(files["e5-small-q4.bin"], id=model_id, threads=threads)
    return OnnxEmbedder(files["model.onnx"], files["tokenizer.json"], id=model_id, threads=threads)


def needed_embedder(model_id: str) -> catalogue.Entry:
    """The catalogue's entry of an embedder. Raises BadInput for an unknown model, and for one that is no embedder."""
    entry = catalogue.entry(model_id)
    if model_id not in embedder_ids():
        raise BadInput(f"{model_id} is no embedding model", hint=f"there are: {', '.join(embedder_ids())}")
    return entry


def embedder_ids() -> list[str]:
    """The catalogue's models that give vectors and that something here runs."""
    return [entry.id for entry in catalogue.entries() if entry.role.startswith("embedding") and entry.runs_with]


def normalised(vectors: Vectors) -> Vectors:
    """Each row scaled to length 1; a row of zeros stays zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.float32(1e-12))
    return scaled


def mean_of_tokens(tokens: Vectors, mask: NDArray[np.int64]) -> Vectors:
    """(b, d): the mean of (b, t, d) token vectors where (b, t) ``mask`` is 1."""
    weights = mask.astype(np.float32)
    pooled: Vectors = np.einsum("btd,bt->bd", tokens, weights) / np.maximum(weights.sum(axis=1, keepdims=True), np.float32(1.0))
    return pooled


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Row numbers in batches of like length, each at most ``_BATCH_TOKENS`` once padded."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[row] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _features(text: str) -> Iterator[str]:
    for word in re.findall(r"\w+", text.casefold()):
        yield word
        if len(word) > 4:
            yield f"{word[:4]}-"  # so that "allergic" and "allergy" touch


def _open_tokenizer(path: Path) -> Tokenizer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # its thread pool would compete with the model's threads
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises bare Exception for every kind of bad file
        raise ModelDamaged(f"the tokenizer {path.name} cannot be read", hint="run `ownmind models fetch`") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MAX_TOKENS)
    return tokenizer


def open_session(model: str | bytes, threads: int, name: str) -> onnxruntime.InferenceSession:
    """A session for ``model``, a path or the model itself, that costs nothing while idle. ``name`` is for the message of ModelDamaged."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 4  # it would print to the person's terminal
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle must cost nothing
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own error classes share no base below Exception
        raise ModelDamaged(f"the embedding model {name} cannot be read", hint="run `ownmind models fetch`") from error
    _give_back()
    return session


def _give_back() -> None:
    """Returns to the system what loading took and freed again: 60 of 200 MB with glibc, which would keep it for ever."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library: no such call, nothing to gain
            ctypes.CDLL("libc.so.6").malloc_trim(0)
