"""Measurements: ``ownmind bench NAME --json``. Each module has ``run(**options)`` and gives one object: ``name``, ``figures``,
``n``, ``seed``, ``machine``, ``versions``, and ``control`` where a zero is claimed. Times are seconds unless the name says so.

The registry imports nothing: a bench loads when it is run.
"""

from __future__ import annotations

import importlib
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol, cast

# Name on the command line, and module of this package.
BENCHES: dict[str, str] = {
    "abstention": "abstention",
    "agentdojo": "agentdojo",
    "answers": "answers",
    "bfcl": "bfcl",
    "brains": "brains",
    "brain-speed": "brain_speed",
    "briefing": "briefing",
    "calendar": "calendar",
    "canaries": "canaries",
    "clients": "clients",
    "collect": "collect",
    "egress": "egress",
    "facts": "facts",
    "forget": "forget",
    "forget-scale": "forget_scale",
    "crash": "crash",
    "fit": "fit",
    "follow-through": "follow_through",
    "fuzz": "fuzz",
    "import": "imports",
    "languages": "languages",
    "moves": "moves",
    "near": "near",
    "page": "page",
    "peer": "peer",
    "people": "people",
    "planner": "planner",
    "plans": "plans",
    "poison": "poison",
    "promises": "promises",
    "recall-quality": "recall_quality",
    "recall-speed": "recall_speed",
    "remember": "remember",
    "size": "size",
    "skills": "skills",
    "start": "start",
    "statements": "statements",
    "steering": "steering",
    "turn": "turn",
    "updates": "updates",
    "veil": "veil",
    "web": "web",
    "wording": "wording",
}
_PACKAGES = ("ownmind", "numpy", "apsw-sqlite3mc", "onnxruntime", "tokenizers", "xllamacpp", "pydantic-ai-slim")


class Bench(Protocol):
    """What every module here is: something with ``run``."""

    def run(self, **options: object) -> dict[str, object]: ...


def load(name: str) -> Bench:
    """The bench of this name, imported now."""
    return cast("Bench", importlib.import_module(f"{__name__}.{BENCHES[name]}"))


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {"system": platform.platform(terse=True), "processor": _processor(), "cores": os.cpu_count() or 0}


def versions() -> dict[str, str]:
    """Python and the packages the figures depend on."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def result(name: str, figures: dict[str, object], *, n: int, seed: int | None, **more: object) -> dict[str, object]:
    """The one object a bench gives."""
    return {"name": name, "figures": figures, "n": n, "seed": seed, "machine": machine(), "versions": versions(), **more}


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123  # Linux only; elsewhere platform knows
            return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    except OSError:
        return platform.processor()
