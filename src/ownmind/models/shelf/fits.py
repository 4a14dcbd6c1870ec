"""What a model needs of this machine, and whether the machine has it.

A model in memory is its weights, the second copy llama.cpp makes of some of them for the processor (``Metadata.repacked``), the keys and
values of its context, and buffers. Against measured resident memory of the worker (docs/models.md) the sum is right within 4 %: the
135M at 2048 and 8192 tokens 208 and 343 MB for 201 and 338 measured, the 1.5B 1,812 and 1,980 MB for 1,825 and 1,993.

The weights are mapped from the file: pages of which there is a second copy are not read again, so the system may take them back.
Between the two sums, with them and without, a model runs but leaves nothing to spare: tight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ...errors import BadInput
from ...paths import Paths
from ..llama import gguf
from ..llama.gguf import Metadata
from ..llama.slots import BATCH
from ..llama.window import CONTEXT, window_of
from . import catalogue
from .catalogue import Entry
from .machine import Machine, measure

_PROCESS = 58 << 20  # bytes of the worker without a model: Python, llama.cpp, and what grows while it works
_KEPT_FREE = 400 << 20  # bytes left to the rest of the system and to the house itself
_OF_16_BITS = 2
_WINDOWED = 0.5  # share of the blocks that look back only a window, where there is one: the least of the families in use has half
_REPACKED_SHARE = 0.6  # of the weights of a Q4_K_M file nothing else is known of: .56 of the starter brain's
_CACHE_BY_SIZE = ((3e9, 56 << 10), (8e9, 128 << 10), (float("inf"), 256 << 10))  # bytes of weights -> bytes a token; of models in use


class Verdict(StrEnum):
    FITS = "fits"
    TIGHT = "tight"
    TOO_LARGE = "too large"
    UNKNOWN = "unknown"  # its size is known only to the hub
    NOT_RUN = "nothing here runs it yet"


@dataclass(frozen=True, slots=True)
class Needs:
    """Bytes a model takes while it runs."""

    weights: int
    repacked: int
    cache: int
    buffers: int
    context: int  # tokens
    is_estimate: bool = False  # from its size alone: the file is not here

    @property
    def resident(self) -> int:
        """What it takes where there is room."""
        return self.weights + self.repacked + self.cache + self.buffers

    @property
    def least(self) -> int:
        """What it cannot do without."""
        return self.resident - min(self.repacked, self.weights)


@dataclass(frozen=True, slots=True)
class Fit:
    verdict: Verdict
    why: str  # in words
    needs: int = 0  # bytes
    has: int = 0  # bytes
    on_gpu: bool = False


def needs(model: Metadata, context: int = CONTEXT) -> Needs:
    """What the model of this file takes, with ``context`` tokens of all conversations together."""
    tokens = min(context, model.context) if model.context else context
    full = model.cached * _OF_16_BITS * tokens
    if model.window and model.window < tokens:
        full = int(full * (1 - _WINDOWED) + full * _WINDOWED * (model.window + BATCH) / tokens)
    buffers = _PROCESS + model.vocabulary * BATCH * 4 + model.embedding * BATCH * 4 * 8
    return Needs(model.bytes, model.repacked, full, buffers, tokens)


def needs_here(model: Metadata, machine: Machine, *, freed: int = 0) -> Needs:
    """The same with the window that would be chosen for it on this machine."""
    return needs(model, window_of(model, available=machine.available + freed))


def estimated(size: int, context: int = CONTEXT) -> Needs:
    """The same for a model of which only the size is known. Bytes."""
    cache = next(each for most, each in _CACHE_BY_SIZE if size <= most) * context
    return Needs(size, int(size * _REPACKED_SHARE), cache, _PROCESS + (64 << 20), context, is_estimate=True)


def needs_of(entry: Entry) -> Needs | None:
    """What an entry of the catalogue takes, by its size; None where nobody has looked at the hub yet."""
    return estimated(entry.bytes) if entry.bytes else None


def fit(need: Needs, machine: Machine, *, freed: int = 0) -> Fit:
    """Whether the machine has what is needed. ``freed``: bytes that come free before, of a model that is closed first."""
    card = max((gpu.free for gpu in machine.gpus), default=0)
    on_card = need.weights + need.cache + need.buffers
    if card >= on_card:
        return Fit(Verdict.FITS, f"needs {words(on_card)} of the graphics card, which has {words(card)} free", on_card, card, on_gpu=True)
    has = max(0, machine.available + freed - _KEPT_FREE)
    about = "about " if need.is_estimate else ""
    said = f"needs {about}{words(need.resident)} of memory, and {words(has)} can be had"
    if not machine.memory:
        return Fit(Verdict.UNKNOWN, "this system does not say how much memory it has", need.resident)
    if need.resident <= has:
        return Fit(Verdict.FITS, said, need.resident, has)
    if need.least <= has:
        said = f"needs {about}{words(need.least)} of memory at least, of {words(has)} that can be had; it would like {words(need.resident)}"
        return Fit(Verdict.TIGHT, said, need.resident, has)
    return Fit(Verdict.TOO_LARGE, said, need.least, has)


def instead(machine: Machine, entries: Iterable[Entry], *, freed: int = 0) -> Entry | None:
    """The largest chat model of the catalogue that fits; None where none does."""
    fitting = [
        entry
        for entry in entries
        if entry.is_chat and (need := needs_of(entry)) is not None and fit(need, machine, freed=freed).verdict is Verdict.FITS
    ]
    return max(fitting, key=lambda entry: entry.bytes, default=None)


def room(path: Path, paths: Paths, *, freed: int = 0, force: bool = False) -> bool:
    """Whether the model in ``path`` has room beside what runs now. False: only when ``freed`` bytes come free first.

    Raises BadInput when it is too large even then, saying what would fit, unless ``force``."""
    machine = measure(paths.models)
    need = needs_here(gguf.read(path), machine, freed=freed)
    beside = fit(need, machine)
    if beside.verdict is Verdict.FITS or not machine.memory or (freed == 0 and beside.verdict is Verdict.TIGHT):
        return True
    alone = fit(need, machine, freed=freed)
    if alone.verdict is Verdict.TOO_LARGE and not force:
        other = instead(machine, catalogue.entries(paths.home), freed=freed)
        raise BadInput(
            f"{path.stem} is too large for this machine: it {alone.why}",
            hint=(f"{other.title} ({words(other.bytes)}) would fit; " if other is not None else "")
            + "who knows better says `ownmind models use ID --force`",
        )
    return freed == 0


def words(size: int) -> str:
    """Bytes as a person reads them: 1.1 GB, 98 MB."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"
