"""What a model needs is known before it is loaded, near what it then takes, and too much is refused with what would fit."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from ggufs import TINY, header, written
from ownmind import paths
from ownmind.errors import BadInput
from ownmind.models.llama import gguf
from ownmind.models.llama.devices import Gpu
from ownmind.models.llama.worker import LlamaWorker
from ownmind.models.shelf import catalogue, fetch, fits
from ownmind.models.shelf.fits import Verdict
from ownmind.models.shelf.machine import Machine
from ownmind.paths import Paths

SMOL = "smollm2-135m-instruct-q4_1"


def resident(pid: int | None) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def machine(free: float, *gpus: Gpu) -> Machine:
    """A machine with ``free`` GB to be had."""
    return Machine("Linux x86_64", 4, 32_000_000_000, int(free * 1e9) + (400 << 20), False, "/models", 10**12, gpus)


@pytest.mark.model
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
@pytest.mark.parametrize("context", [2048, 8192])
def test_what_is_reckoned_is_what_it_takes(context: int) -> None:
    """The 135M, loaded with a short and a long context: within 10 % of the memory its process then has."""
    path = fetch.ensure(SMOL, paths=paths.find()).path

    async def measured() -> int:
        worker = LlamaWorker(path, context=context)
        try:
            await worker.start()
            return resident(worker.pid)
        finally:
            await worker.close()

    reckoned = fits.needs(gguf.read(path), context).resident
    assert abs(reckoned - asyncio.run(measured())) < 0.10 * reckoned


def test_fits_tight_and_too_large() -> None:
    """Room for all, room without the second copy, room for neither; and a graphics card with room of its own."""
    need = fits.Needs(4_000_000_000, 2_400_000_000, 500_000_000, 100_000_000, 8192)
    assert fits.fit(need, machine(7.1)).verdict is Verdict.FITS
    assert fits.fit(need, machine(5)).verdict is Verdict.TIGHT
    assert fits.fit(need, machine(4)).verdict is Verdict.TOO_LARGE
    assert fits.fit(need, machine(4), freed=4_000_000_000).verdict is Verdict.FITS, "what is closed first makes room"
    on_card = fits.fit(need, machine(1, Gpu("card", 8 << 30, 6 << 30)))
    assert on_card.verdict is Verdict.FITS and on_card.on_gpu
    assert fits.fit(need, machine(1, Gpu("card", 8 << 30, 1 << 30))).verdict is Verdict.TOO_LARGE
    assert fits.fit(need, replace(machine(1), memory=0)).verdict is Verdict.UNKNOWN


def test_what_would_fit_is_the_largest_that_does() -> None:
    """3 GB: the starter brain; 100 MB: nothing."""
    starter = fits.instead(machine(3), catalogue.entries())
    assert starter is not None and starter.id == "qwen2.5-coder-1.5b-instruct-q4_k_m"
    assert fits.instead(machine(0.1), catalogue.entries()) is None


def test_a_window_costs_no_more_than_the_whole(tmp_path: Path) -> None:
    """A model whose blocks look back only so far keeps less; one that is shorter than the context asked for keeps its own."""
    whole = gguf.read(written(tmp_path / "x.gguf", header({**TINY, "llama.context_length": 100_000})))
    assert fits.needs(replace(whole, window=512)).cache < fits.needs(whole).cache
    assert fits.needs(replace(whole, context=1024)).cache == whole.cached * 2 * 1024


def test_too_large_is_refused_before_it_is_loaded_with_what_would_fit(tmp_path: Path) -> None:
    """A file that claims terabytes of cache: refused in words; who knows better may."""
    keys = {
        **TINY,
        "llama.block_count": 100_000,
        "llama.attention.head_count_kv": 64,
        "llama.embedding_length": 65536,
        "llama.context_length": 8192,
    }
    huge, here = written(tmp_path / "huge.gguf", header(keys)), Paths(tmp_path, tmp_path)
    with pytest.raises(BadInput, match="huge is too large for this machine: it needs") as caught:
        fits.room(huge, here)
    assert "would fit" in caught.value.hint and "--force" in caught.value.hint
    assert fits.room(huge, here, force=True) is True
    assert fits.room(written(tmp_path / "tiny.gguf", header()), here) is True
