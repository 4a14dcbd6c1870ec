"""The skills that come with Ownmind: real SKILL.md folders beside this file, and for each a pipeline in ``made/``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from . import bundle
from .bundle import Bundle

FOLDER = Path(__file__).parent / "builtin"
MADE: Mapping[str, str] = {  # name -> module of made/, imported when it runs
    "compare-options": "compare",
    "draft-message": "draft",
    "explain": "explain",
    "kind-note": "note",
    "meal-plan": "meals",
    "meeting-notes": "minutes",
    "packing-list": "packing",
    "prepare-meeting": "prepare",
    "quiz-me": "quiz",
    "summarise-document": "summarise",
    "translate-with-care": "translate",
    "weekly-review": "weekly",
}


@cache
def load(name: str) -> Bundle:
    """One of them, read as any other. KeyError for a name that is none."""
    MADE[name]
    return bundle.read(FOLDER / name)
