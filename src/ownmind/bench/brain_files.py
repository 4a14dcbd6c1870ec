"""The chat models benches run, by the names people use: ``starter``, ``0.5b``, ``135m``, an id of the catalogue, or a GGUF file."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from .. import paths
from ..models.llama.worker import LlamaWorker, physical_cores
from ..models.shelf import fetch

NAMES = {
    "starter": "qwen2.5-coder-1.5b-instruct-q4_k_m",
    "1.5b": "qwen2.5-coder-1.5b-instruct-q4_k_m",
    "0.5b": "qwen2.5-coder-0.5b-instruct-q4_k_m",
    "135m": "smollm2-135m-instruct-q4_1",
}


def file(name: str) -> Path:
    """The model's file, fetched when it must be."""
    return Path(name).expanduser() if name.endswith(".gguf") else fetch.ensure(NAMES.get(name, name), paths=paths.find()).path


@asynccontextmanager
async def worker(name: str) -> AsyncGenerator[LlamaWorker]:
    """The model's process on all cores: a bench is what this machine does."""
    running = LlamaWorker(file(name), threads=physical_cores())
    try:
        await running.start()
        yield running
    finally:
        await running.close()
