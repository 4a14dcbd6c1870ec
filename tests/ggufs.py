"""GGUF files made on the spot: a right header, and as much or as little behind it as a test wants."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

TINY: Mapping[str, object] = {
    "general.architecture": "llama",
    "general.name": "Tiny",
    "general.file_type": 15,
    "llama.context_length": 2048,
    "llama.block_count": 2,
    "llama.embedding_length": 64,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "tokenizer.ggml.tokens": ["<s>", "</s>", "a", "b"],
    "tokenizer.chat_template": "{{ messages }}",
}


def text(value: str) -> bytes:
    body = value.encode()
    return struct.pack("<Q", len(body)) + body


def value(held: object) -> bytes:
    """A typed value: text, a whole number (u32, u64 when it is large), a float, a truth, or a list of one of these."""
    match held:
        case bool():
            return struct.pack("<I?", 7, held)
        case int():
            return struct.pack("<IQ", 10, held) if held >= 1 << 32 else struct.pack("<II", 4, held)
        case float():
            return struct.pack("<If", 6, held)
        case str():
            return struct.pack("<I", 8) + text(held)
        case list():
            items = [value(one) for one in held]
            kind = items[0][:4] if items else struct.pack("<I", 4)
            return struct.pack("<I", 9) + kind + struct.pack("<Q", len(items)) + b"".join(one[4:] for one in items)
    raise TypeError(type(held))


def header(
    keys: Mapping[str, object] = TINY,
    tensors: Sequence[tuple[str, Sequence[int], int, int]] = (),
    *,
    version: int = 3,
    magic: bytes = b"GGUF",
) -> bytes:
    """The bytes before the weights. ``tensors``: (name, dimensions, ggml type, offset)."""
    parts = [magic, struct.pack("<IQQ", version, len(tensors), len(keys))]
    parts += [text(key) + value(held) for key, held in keys.items()]
    for name, dimensions, kind, offset in tensors:
        parts.append(text(name) + struct.pack("<I", len(dimensions)) + struct.pack(f"<{len(dimensions)}Q", *dimensions))
        parts.append(struct.pack("<IQ", kind, offset))
    return b"".join(parts)


def written(path: Path, body: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path
