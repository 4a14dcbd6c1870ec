"""Who lends models: where each is, what it speaks, where its keys are, and what was known of its prices on which day. Data
(``presets.toml``), which anybody can read and change; nothing of it is looked up."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from ...errors import BadInput
from .wires import Ways


@dataclass(frozen=True, slots=True)
class Priced:
    """What a million tokens of a model cost, as somebody read it on a day."""

    model: str
    price_in: float
    price_out: float
    on: date


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of provider. ``models`` are examples."""

    kind: str
    title: str
    url: str  # "" where the person says where it is
    wire: str  # chat, messages or gemini
    key_at: str  # the page on which it gives keys; "" for none
    models: tuple[str, ...]
    prices: tuple[Priced, ...]
    most_tokens: int  # of one answer, where the person does not say
    ways: Ways
    cached: float  # price of a token out of its cache, as a share of one that is read anew; 1 where we do not know
    kept: float  # of one that goes into it

    def priced(self, model: str) -> Priced | None:
        """What is known of a model's price: of a dated name (``claude-haiku-4-5-20251001``) that of the name without its date."""
        found = [
            one
            for one in self.prices
            if model == one.model or (model.startswith(f"{one.model}-") and model[len(one.model) + 1 :].isdigit())
        ]
        return found[0] if found else None


@cache
def presets() -> Mapping[str, Preset]:
    """All kinds, by name."""
    with files(__package__).joinpath("presets.toml").open("rb") as file:
        return {kind: _preset(kind, table) for kind, table in tomllib.load(file).items()}


def preset(kind: str) -> Preset:
    """Raises BadInput."""
    if (found := presets().get(kind)) is None:
        raise BadInput(f"there is no kind of provider {kind!r}", hint=f"one of: {', '.join(presets())}")
    return found


def _preset(kind: str, table: Mapping[str, object]) -> Preset:
    prices = table.get("prices", {})
    assert isinstance(prices, dict)
    priced = tuple(Priced(name, float(one["in"]), float(one["out"]), one["on"]) for name, one in prices.items())
    models = table.get("models", [one.model for one in priced])
    assert isinstance(models, list)
    ways = Ways(
        limit=str(table.get("limit", "max_tokens")),
        temperature=table.get("temperature", True) is True,
        counts=table.get("counts", True) is True,
    )
    return Preset(
        kind, str(table["title"]), str(table["url"]), str(table["wire"]), str(table["key_at"]), tuple(models), priced,
        int(str(table["most_tokens"])), ways, float(str(table.get("cached", 1.0))), float(str(table.get("kept", 1.0))),
    )  # fmt: skip
