"""``/v1/embeddings``: texts to vectors by the embedder that serves memory."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import NotFound, TryAgainLater
from ...models.tokens import tokens
from .. import wire
from .asked import MOST_TEXT, Object, text_at, whole_at
from .errors import Unsupported

if TYPE_CHECKING:
    from ...models.embedding.embedder import Embedder, Vectors

MOST = 2048  # texts in one request, as at OpenAI
MOST_LETTERS = 2 << 20  # characters in all of them


@dataclass(frozen=True, slots=True)
class Texts:
    model: str
    texts: tuple[str, ...]
    is_base64: bool
    dimensions: int | None


def read(body: Object) -> Texts:
    """The request in a body. Raises Unsupported naming the field."""
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or len(texts) > MOST:
        raise Unsupported(f"input must be text, or a list of 1 to {MOST} texts", param="input")
    if any(isinstance(one, int | list) for one in texts):
        raise Unsupported("input must be text, not numbers of tokens: this embedder has other tokens", param="input", hint="Send the text")
    if not all(isinstance(one, str) and one and len(one) <= MOST_TEXT for one in texts) or sum(map(len, texts)) > MOST_LETTERS:
        raise Unsupported("every input must be some text, and all of them no more than 2 million characters", param="input")
    form = text_at(body, "encoding_format", "float")
    if form not in ("float", "base64"):
        raise Unsupported("encoding_format must be float or base64", param="encoding_format")
    return Texts(text_at(body, "model", most=200), tuple(texts), form == "base64", whole_at(body, "dimensions", 1, 100_000))


def answer(asked: Texts, embedder: Embedder | None) -> dict[str, wire.Json]:
    """Blocks. Raises TryAgainLater without an embedder, NotFound for another one's name, Unsupported for other dimensions."""
    if embedder is None:
        raise TryAgainLater("the embedding model is not here yet", hint="Try again in a minute")
    if asked.model != embedder.id:
        raise NotFound(f"there is no embedding model {asked.model!r} here", hint=f"Ask for {embedder.id}")
    if asked.dimensions not in (None, embedder.dimensions):
        raise Unsupported(f"{embedder.id} has {embedder.dimensions} dimensions and no others", param="dimensions")
    vectors = embedder.embed(asked.texts)
    read = sum(map(tokens, asked.texts))
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": at, "embedding": one} for at, one in enumerate(_written(vectors, asked.is_base64))],
        "model": embedder.id,
        "usage": {"prompt_tokens": read, "total_tokens": read},
    }


def _written(vectors: Vectors, is_base64: bool) -> list[wire.Json]:
    """Lists of numbers, or little-endian float32 in Base64."""
    if is_base64:
        return [base64.b64encode(vector.astype("<f4").tobytes()).decode() for vector in vectors]
    return [vector.tolist() for vector in vectors]
