"""What the two-minute check of a model found on this machine, as values and as the store keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

_KEY = "models.checked"


@dataclass(frozen=True, slots=True)
class Score:
    """Of one kind of task: how many were right."""

    name: str
    right: int
    of: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of one model. Speeds are tokens a second, times seconds, memory bytes; 0 where it did not get that far."""

    id: str
    at: datetime
    sha256: str
    prompt_speed: float
    speed: float
    first_word: float
    memory: int
    scores: tuple[Score, ...]
    seconds: float
    note: str = ""  # why it is not whole; "" when it is

    @property
    def words(self) -> str:
        """In one line: 21 tokens/s, tools 5 of 6, ..."""
        told = [f"{self.speed:.0f} tokens/s"] if self.speed else []
        told += [f"{score.name} {score.right} of {score.of}" for score in self.scores if score.of]
        return ", ".join(told) or self.note or "nothing was measured"


class Settings(Protocol):
    def get(self, key: str, default: str = "") -> str: ...
    def set(self, key: str, value: str) -> None: ...


def kept(settings: Settings) -> dict[str, Checked]:
    """The last check of each model, by its id; what cannot be read is as if it were not."""
    try:
        listed = json.loads(settings.get(_KEY, "[]"))
        found = [_read(each) for each in listed if isinstance(each, dict)]
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
    return {one.id: one for one in found}


def keep(settings: Settings, found: Checked) -> None:
    """Keeps a check in place of the one before of that model."""
    held = [*(one for one in kept(settings).values() if one.id != found.id), found]
    settings.set(_KEY, json.dumps([{**asdict(one), "at": one.at.isoformat()} for one in held]))


def _read(values: Mapping[str, object]) -> Checked:
    scores = values["scores"]
    numbers = {name: float(str(values[name])) for name in ("prompt_speed", "speed", "first_word", "seconds")}
    return Checked(
        id=str(values["id"]),
        at=datetime.fromisoformat(str(values["at"])),
        sha256=str(values["sha256"]),
        memory=int(str(values["memory"])),
        scores=tuple(Score(str(one["name"]), int(one["right"]), int(one["of"])) for one in scores) if isinstance(scores, list) else (),
        note=str(values.get("note", "")),
        **numbers,
    )
