"""Beside an existing memory library, in one run: mem0, offline, with the same embedder, the same conversations, the same questions.

mem0 stores every turn as it was said (``infer=False``: with it on, each turn costs a call to a large model), as "speaker: text", in
its own local vector store (qdrant, on disk). Its keyword half wants a word list from a hub; where nothing may be fetched it works
without. So it is measured twice: as it works offline ("mem0"), and with that half fed by our tokenizer and the same BM25 weights
("mem0 hybrid"), which is more than it does by itself here. All read our MiniLM vectors, so what differs is the memory.

Nothing may leave: connections are refused while this runs and the attempts counted. mem0 is no dependency of Ownmind: install the
``peer`` group for this bench alone.
"""

from __future__ import annotations

import importlib
import os
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import numpy as np

from ..errors import BadInput
from ..memory.words import STOP, words
from ..messages import Entry
from ..models.embedding.embedder import Embedder
from ..store import search
from . import result, stage
from .conversations import Conversation, files, of_file

_K = 10
_READ = 700  # characters of an item that ours embeds; the peer's are cut alike
_SATURATION, _LENGTH, _MEAN_WORDS = 1.2, 0.75, 256.0  # k, b and mean length of the BM25 its keyword half is built for


def run(*, data: Path | Sequence[Path] | None = None, n: int = 0, **_: object) -> dict[str, object]:
    """recall@10, seconds to write and to read, model calls: of each memory on each set. ``n``: only that many questions of a
    conversation; 0 is all."""
    if data is None:
        raise BadInput("peer needs data", hint="--data FOLDER with locomo_dev.json.gz and beam_dev.json.gz")
    mem0 = _mem0()
    embedder = stage.embedder()
    embedder.embed(["warm"])
    figures: dict[str, object] = {}
    asked = 0
    with closed() as attempts:
        for path in files([data] if isinstance(data, Path) else list(data)):
            talks = list(of_file(path))
            asked += sum(len(talk.asked[: n or None]) for talk in talks)
            figures[path.name.split(".")[0]] = {
                "ownmind": _ours(talks, embedder, n),
                "mem0": _theirs(mem0, talks, embedder, n, hybrid=False),
                "mem0 hybrid": _theirs(mem0, talks, embedder, n, hybrid=True),
            }
    return result(
        "peer", figures, n=asked, seed=None, k=_K, embedder=embedder.id, mem0=version("mem0ai"), connections_refused=attempts.total()
    )


@dataclass
class _Tally:
    """What one memory did on one set."""

    items: int = 0
    writing: float = 0.0
    reading: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    model_calls: int = 0

    def figures(self) -> dict[str, object]:
        return {
            f"recall@{_K}": round(float(np.mean(self.recall)), 4),
            "items": self.items,
            "questions": len(self.recall),
            "write_seconds": round(self.writing, 2),
            "write_ms_an_item": round(1000 * self.writing / self.items, 2),
            "read_ms_p50": round(1000 * float(np.percentile(self.reading, 50)), 1),
            "read_ms_p95": round(1000 * float(np.percentile(self.reading, 95)), 1),
            "model_calls": self.model_calls,
        }

    def ask(self, talk: Conversation, n: int, recalled: Callable[[str], Sequence[str]]) -> None:
        """Asks the questions of ``talk``; ``recalled`` gives external ids, best first."""
        for asked in talk.asked[: n or None]:
            began = time.perf_counter()
            found = recalled(asked.text)
            self.reading.append(time.perf_counter() - began)
            self.recall.append(len(asked.evidence & set(found[:_K])) / len(asked.evidence))


def _ours(talks: Iterable[Conversation], embedder: Embedder, n: int) -> dict[str, object]:
    tally = _Tally()
    for talk in talks:
        now = max(entry.at or stage.BEGAN for entry in talk.entries) + timedelta(days=1)
        with stage.memory(embedder, now) as (memory, _store):
            began = time.perf_counter()
            ids = memory.remember(talk.entries, now=now)
            tally.writing += time.perf_counter() - began
            tally.items += len(ids)
            names = dict(zip(ids, (entry.external_id for entry in talk.entries), strict=True))
            tally.ask(talk, n, lambda text: [names[one.id] for one in memory.recall(text, k=_K, now=now)])  # noqa: B023  # asked at once
    return tally.figures()


def _theirs(mem0: Any, talks: Iterable[Conversation], embedder: Embedder, n: int, *, hybrid: bool) -> dict[str, object]:
    # Any: an untyped package that is not installed where types are checked.
    tally = _Tally()
    for number, talk in enumerate(talks):
        with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
            calls = _Calls()
            peer = mem0.Memory.from_config(_settings(Path(folder), embedder.dimensions))
            peer.embedding_model, peer.llm = _PeerEmbedder(embedder), calls
            if hybrid:
                peer.vector_store._bm25_encoder = _Sparse()
            user = f"talk{number}"
            messages = [{"role": "user", "content": _said(entry)} for entry in talk.entries]
            began = time.perf_counter()
            added = peer.add(messages, user_id=user, infer=False)["results"]
            tally.writing += time.perf_counter() - began
            tally.items += len(added)
            names = {one["id"]: entry.external_id for one, entry in zip(added, talk.entries, strict=True)}
            where = {"user_id": user}
            tally.ask(
                talk,
                n,
                lambda text: [names[one["id"]] for one in peer.search(text, top_k=_K, filters=where, threshold=0.0)["results"]],  # noqa: B023  # asked at once
            )
            tally.model_calls += calls.made
            peer.vector_store.client.close()
    return tally.figures()


def _said(entry: Entry) -> str:
    return f"{entry.speaker}: {entry.text}" if entry.speaker else entry.text


def _settings(folder: Path, dimensions: int) -> dict[str, object]:
    """Everything local and gone afterwards. The model and the embedder named here are replaced before either is asked."""
    store = {"path": str(folder / "qdrant"), "embedding_model_dims": dimensions, "on_disk": True, "collection_name": "peer"}
    nobody = {"provider": "openai", "config": {"api_key": "none"}}
    return {
        "vector_store": {"provider": "qdrant", "config": store},
        "llm": nobody,
        "embedder": nobody,
        "history_db_path": str(folder / "history.db"),
    }


class _PeerEmbedder:
    """Our embedder behind the peer's interface."""

    def __init__(self, real: Embedder) -> None:
        self._real = real
        self.config = SimpleNamespace(embedding_dims=real.dimensions)

    def embed(self, text: str, memory_action: str = "add") -> list[float]:
        return self.embed_batch([text], memory_action)[0]

    def embed_batch(self, texts: Sequence[str], memory_action: str = "add") -> list[list[float]]:
        found = self._real.embed([text[:_READ] for text in texts], kind="query" if memory_action == "search" else "passage")
        return [[float(x) for x in vector] for vector in found]


class _Sparse:
    """Words and their BM25 weights as a sparse vector, what the peer's keyword half would fetch a package and a word list for. The
    store multiplies by the rarity of each word."""

    def embed(self, texts: Iterable[str]) -> Iterator[SimpleNamespace]:
        for text in texts:
            counts = Counter(search.stems([word for word in words(text) if word not in STOP]))
            length = max(1, counts.total())
            weights = {
                crc32(stem.encode()): n * (_SATURATION + 1) / (n + _SATURATION * (1 - _LENGTH + _LENGTH * length / _MEAN_WORDS))
                for stem, n in counts.items()
            }
            yield SimpleNamespace(indices=np.array(list(weights), np.int64), values=np.array(list(weights.values()), np.float32))


class _Calls:
    """Stands where the peer's model would and counts what it is asked."""

    made = 0

    def generate_response(self, *_: object, **__: object) -> str:
        self.made += 1
        return "{}"


def _mem0() -> Any:
    """The package, its telemetry off before it is read, its folder a passing one."""
    os.environ["MEM0_TELEMETRY"] = "False"
    os.environ["MEM0_DIR"] = tempfile.mkdtemp(prefix="ownmind-bench-mem0-")
    try:
        return importlib.import_module("mem0")
    except ImportError as error:
        raise BadInput("the peer is not installed", hint="`uv sync --group peer`, or `pip install mem0ai` beside Ownmind") from error


@contextmanager
def closed() -> Iterator[Counter[str]]:
    """No connection to anywhere inside; counts who was asked for."""
    attempts: Counter[str] = Counter()
    connect, find = socket.socket.connect, socket.getaddrinfo

    def refuse(*asked: object, **_: object) -> Any:
        attempts["connection"] += 1
        raise OSError("this bench opens no connection")

    socket.socket.connect = refuse  # type: ignore[method-assign]  # put back below
    socket.getaddrinfo = refuse
    try:
        yield attempts
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]
        socket.getaddrinfo = find
