"""What a GGUF file says of itself, read without loading it (ggml: docs/gguf.md, versions 2 and 3, little-endian).

The header is a stranger's: every length, count and nesting in it is bounded before anything is read or made by it, nothing is kept
but the few keys that are used, and what does not add up is BadInput in plain words. The weights are never touched; only whether the
file is long enough for the tensors it lists.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from ...errors import BadInput

MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_HEADER = 128 << 20  # bytes: the largest vocabularies with their merges take about 20 MB
_MOST_KEYS = 4096
_MOST_TENSORS = 65_536
_MOST_STRING = 16 << 20  # bytes of a value that is only passed over
_MOST_KEPT = 1 << 20  # bytes of a value that is kept: chat templates reach 30 KB
_MOST_KEY = 1024  # bytes; the specification allows 65535, files in use stay below 100
_MOST_LISTED = 4096  # numbers of a list that are kept: one a layer
_DEEPEST = 4  # lists in lists
_MOST_COUNT = 1 << 40  # parameters, dimensions, offsets in tokens: more is no number of a model
_WINDOW = 1 << 20

Value: TypeAlias = "int | float | bool | str | tuple[int | float | bool, ...]"

_U8, _I8, _U16, _I16, _U32, _I32, _F32, _BOOL, _STRING, _ARRAY, _U64, _I64, _F64 = range(13)
_NUMBERS: Mapping[int, struct.Struct] = {
    kind: struct.Struct("<" + code)
    for kind, code in (
        (_U8, "B"), (_I8, "b"), (_U16, "H"), (_I16, "h"), (_U32, "I"), (_I32, "i"), (_F32, "f"), (_BOOL, "?"), (_U64, "Q"), (_I64, "q"),
        (_F64, "d"),
    )
}  # fmt: skip

# ggml's tensor types by number: name, values a block, bytes a block (ggml/src/ggml.c, type_traits).
_TENSORS: Mapping[int, tuple[str, int, int]] = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210), 16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82), 23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1),
    25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17),
}  # fmt: skip

# Whose matrices ggml lays out anew for AVX2 or NEON (ggml/src/ggml-cpu/repack.cpp); the table of tokens is looked up and stays as it is.
_REPACKED = ("Q4_0", "Q4_K", "IQ4_NL", "Q2_K")

# general.file_type (llama.h, enum llama_ftype).
_FILE_TYPES: Mapping[int, str] = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L",
    14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
    36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a model is. Zero or "" where the file does not say."""

    architecture: str
    name: str
    parameters: int
    context: int  # tokens it was trained to read
    blocks: int
    heads_kv: int  # the most of any block
    key_length: int  # numbers a head
    value_length: int
    embedding: int
    quantisation: str  # Q4_K_M
    template: str  # Jinja; how messages are put to it
    bytes: int  # of this file
    heads: int = 0
    cached: int = 0  # numbers kept for each token of context, keys and values of all blocks together
    window: int = 0  # tokens that sliding-window blocks look back; 0: every block looks back to the beginning
    vocabulary: int = 0
    experts: int = 0  # of a mixture; 0 for a dense model
    kind: str = "model"  # adapter and mmproj files are GGUF too
    shards: int = 1  # files the model is cut into
    repacked: int = 0  # bytes of weights of which llama.cpp makes a second copy, laid out for the processor (ggml: CPU_REPACK)
    licence: str = ""

    @property
    def is_sharded(self) -> bool:
        return self.shards > 1


def read(path: Path) -> Metadata:
    """The metadata of the GGUF file at ``path``. Raises BadInput for what cannot be read and for what is none, cut short, or not to be
    believed."""
    name = path.name
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            return _read(_Header(file, name, size), name, size)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadInput(f"cannot read {name}: {why}", hint="check the path and its permissions") from error


class _Header:
    """The header's bytes in order, at most ``_MOST_HEADER`` of them, a window at a time."""

    def __init__(self, file: BinaryIO, name: str, size: int) -> None:
        self._file, self._name = file, name
        self._end = min(size, _MOST_HEADER)
        self._is_long = size > _MOST_HEADER
        self._window, self._at, self._before = b"", 0, 0  # `before`: bytes of the file ahead of the window

    @property
    def place(self) -> int:
        return self._before + self._at

    def take(self, count: int) -> bytes:
        if self.place + count > self._end:
            raise self._ends()
        if self._at + count > len(self._window):
            self._file.seek(self.place)
            self._before, self._at, self._window = self.place, 0, self._file.read(max(count, min(_WINDOW, self._end - self.place)))
            if len(self._window) < count:
                raise self._ends()
        taken = self._window[self._at : self._at + count]
        self._at += count
        return taken

    def skip(self, count: int) -> None:
        if self.place + count > self._end:
            raise self._ends()
        self._at += count  # may lie behind the window: the next take seeks there
        if self._at > len(self._window):
            self._before, self._at, self._window = self.place, 0, b""

    def number(self, kind: int) -> int | float | bool:
        form = _NUMBERS[kind]
        value: int | float | bool = form.unpack(self.take(form.size))[0]
        return value

    def count(self, kind: int, most: int, what: str) -> int:
        value = self.number(kind)
        if not isinstance(value, int) or value > most:
            raise self.wrong(f"it claims {value} {what}")
        return value

    def text(self, most: int, what: str) -> str:
        return self.take(self.count(_U64, most, f"bytes of {what}")).decode("utf-8", "replace")

    def wrong(self, why: str) -> BadInput:
        return BadInput(f"{self._name} is not a GGUF file that can be used: {why}", hint="fetch it again from where it came")

    def _ends(self) -> BadInput:
        return self.wrong("its header is longer than any model's" if self._is_long else "it ends in the middle of its header")


def _read(header: _Header, name: str, size: int) -> Metadata:
    if size < 4 or header.take(4) != MAGIC:
        raise BadInput(f"{name} is not a GGUF file", hint="chat models for llama.cpp end in .gguf; other formats do not run here")
    version = header.count(_U32, 1 << 32, "as its version")
    if version not in _VERSIONS:
        is_big = int.from_bytes(version.to_bytes(4, "little"), "big") in _VERSIONS
        raise header.wrong("it is for big-endian machines" if is_big else f"its version is {version}, and 2 and 3 are known")
    tensors = header.count(_U64, _MOST_TENSORS, "tensors")
    keys = header.count(_U64, _MOST_KEYS, "keys")
    values: dict[str, Value] = {}
    counted: dict[str, int] = {}  # how long the lists are: that of the tokens is the vocabulary's size
    for _ in range(keys):
        key = header.text(_MOST_KEY, "a key")
        kept, length = _value(header, is_kept=_is_used(key))
        if key in values:
            raise header.wrong("it says a key twice")
        if kept is not None:
            values[key] = kept
        counted[key] = length
    return _understood(values, counted.get("tokenizer.ggml.tokens", 0), _tensors(header, tensors, values, size), name, size)


def _is_used(key: str) -> bool:
    return key == "tokenizer.chat_template" or not key.startswith("tokenizer.")


def _value(header: _Header, *, is_kept: bool, kind: int | None = None, depth: int = 0) -> tuple[Value | None, int]:
    """The value at the header's place, None where it is not kept, and how many items it has when it is a list."""
    kind = int(header.number(_U32)) if kind is None else kind
    if kind in _NUMBERS:
        return header.number(kind), 0
    if kind == _STRING:
        length = header.count(_U64, _MOST_STRING, "bytes of text")
        if is_kept and length <= _MOST_KEPT:
            return header.take(length).decode("utf-8", "replace"), 0
        header.skip(length)
        return None, 0
    if kind != _ARRAY or depth > _DEEPEST:
        raise header.wrong("it holds a kind of value there is none of")
    return _list(header, is_kept=is_kept, depth=depth)


def _list(header: _Header, *, is_kept: bool, depth: int) -> tuple[Value | None, int]:
    kind, length = int(header.number(_U32)), header.count(_U64, _MOST_HEADER, "items of a list")
    if kind in _NUMBERS:
        if is_kept and length <= _MOST_LISTED:
            return tuple(header.number(kind) for _ in range(length)), length
        header.skip(length * _NUMBERS[kind].size)
        return None, length
    # Each of these takes at least eight bytes of the header, so the loop ends where the header does.
    if kind == _STRING:
        for _ in range(length):
            header.skip(header.count(_U64, _MOST_STRING, "bytes of text"))
    else:
        for _ in range(length):
            _value(header, is_kept=False, kind=kind, depth=depth + 1)
    return None, length


@dataclass(frozen=True, slots=True)
class _Weights:
    parameters: int
    by_type: Counter[str]  # parameters
    repacked: int  # bytes


def _tensors(header: _Header, count: int, values: Mapping[str, Value], size: int) -> _Weights:
    """What the tensors add up to. Raises BadInput when the file is shorter than what it lists."""
    by_type: Counter[str] = Counter()
    parameters = end = repacked = 0
    for _ in range(count):
        named = header.take(header.count(_U64, _MOST_KEY, "bytes of a tensor's name"))
        held = 1
        for _ in range(header.count(_U32, 8, "dimensions")):
            held *= header.count(_U64, _MOST_COUNT, "values of a tensor")
            if held > _MOST_COUNT:
                raise header.wrong("it claims a tensor larger than any model")
        kind, offset = int(header.number(_U32)), int(header.number(_U64))
        parameters += held
        if kind in _TENSORS:
            name, block, block_bytes = _TENSORS[kind]
            takes = -(-held // block) * block_bytes
            by_type[name] += held
            end = max(end, offset + takes)
            repacked += takes if name in _REPACKED and not named.startswith((b"token_embd", b"per_layer_token_embd")) else 0
    alignment = values.get("general.alignment", 32)
    if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
        raise header.wrong("its alignment is no number")
    needed = -(-header.place // alignment) * alignment + end
    if end and size < needed:
        raise BadInput(f"the file is cut short: {size:,} of {needed:,} bytes are here", hint="fetch it again")
    return _Weights(parameters, by_type, repacked)


def _understood(values: Mapping[str, Value], tokens: int, weights: _Weights, name: str, size: int) -> Metadata:
    """The values that are used, each of the type and size a model's has; what is not so counts as not said."""
    architecture = _words(values, "general.architecture", 64)
    if not architecture:
        raise BadInput(f"{name} is a GGUF file that names no architecture", hint="it is no model that llama.cpp runs")
    of = f"{architecture}."
    blocks, embedding = _whole(values, of + "block_count"), _whole(values, of + "embedding_length")
    heads = _most(values, of + "attention.head_count")
    heads_kv = _most(values, of + "attention.head_count_kv") or heads
    length = embedding // heads if heads else 0
    key_length = _whole(values, of + "attention.key_length") or length
    value_length = _whole(values, of + "attention.value_length") or length
    by_block = values.get(of + "attention.head_count_kv")
    all_heads = sum(int(one) for one in by_block if 0 <= one < _MOST_COUNT) if isinstance(by_block, tuple) else heads_kv * blocks
    file_type = values.get("general.file_type")
    common = weights.by_type.most_common(1)
    return Metadata(
        architecture=architecture,
        name=_words(values, "general.name", 120),
        parameters=weights.parameters or _whole(values, "general.parameter_count"),
        context=_whole(values, of + "context_length"),
        blocks=blocks,
        heads_kv=heads_kv,
        key_length=key_length,
        value_length=value_length,
        embedding=embedding,
        quantisation=(_FILE_TYPES.get(file_type, "") if isinstance(file_type, int) else "") or (common[0][0] if common else ""),
        template=_text(values, "tokenizer.chat_template"),
        bytes=size,
        heads=heads,
        cached=all_heads * (key_length + value_length),
        window=_whole(values, of + "attention.sliding_window"),
        vocabulary=_whole(values, of + "vocab_size") or tokens,
        experts=_whole(values, of + "expert_count"),
        kind=_words(values, "general.type", 20) or "model",
        shards=max(1, _whole(values, "split.count")),
        repacked=weights.repacked,
        licence=_words(values, "general.license", 60),
    )


def _whole(values: Mapping[str, Value], key: str) -> int:
    value = values.get(key, 0)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_COUNT else 0


def _most(values: Mapping[str, Value], key: str) -> int:
    """A number, or the largest of a list of one a block."""
    value = values.get(key)
    if isinstance(value, tuple):
        return max((int(one) for one in value if 0 <= one <= _MOST_COUNT), default=0)
    return _whole(values, key)


def _text(values: Mapping[str, Value], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""


def _words(values: Mapping[str, Value], key: str, most: int) -> str:
    """A short text that can be shown: no line breaks, no invisible marks."""
    return "".join(sign if sign.isprintable() else " " for sign in _text(values, key)[:most]).strip()


def is_gguf(path: Path) -> bool:
    """Whether the file at ``path`` begins as a GGUF file does; False when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False
