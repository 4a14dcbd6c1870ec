"""What is so of a person until it changes: told first, changed, misspoken, given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from . import when
from .phrasing import expand
from .world import Person, Span, World, pool, value_specs


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of what is so. ``slip``: said just before it and wrong; ``back``: said after it of what is no longer so."""

    text: str
    span: Span
    phrase: when.Phrase | None = None
    slip: str = ""
    back: str = ""


class Values:
    """What is so of each person over time: first told, then changed now and then."""

    def __init__(self, world: World) -> None:
        self.spans: list[Span] = []
        self._world, self._rng = world, world.rng

    def next(self, who: Person, at: datetime) -> Said | None:
        """What ``who`` says next of themselves: something new, or that something changed at least three weeks after it was told."""
        rng = self._rng
        mine = [span for span in self.spans if span.who is who]
        old = [span for span in mine if span.until is None and at - span.since > timedelta(days=21)]
        untold = [spec for spec in value_specs() if all(span.spec is not spec for span in mine)]
        if old and (not untold or rng.random() < 0.6):
            chosen = rng.choice(old)
            return self._ended(chosen, at) if "ended" in chosen.spec and rng.random() < 0.15 else self._changed(chosen, at)
        return self._first(who, rng.choice(untold), at) if untold else None

    def _first(self, who: Person, spec: Mapping[str, object], at: datetime) -> Said | None:
        value = self._fresh(spec, who)
        if value is None:
            return None
        span = self._began(Span(who, spec, value, at))
        text = expand(self._rng, cast("list[str]", spec["first"]), {"value": value})
        wrong = self._fresh(spec, who) if "corrected" in spec and self._rng.random() < 0.15 else None
        if wrong is None:
            return Said(text, span)
        slip = expand(self._rng, cast("list[str]", spec["first"]), {"value": wrong})
        return Said(expand(self._rng, cast("str", spec["corrected"]), {"value": value, "old": wrong}), span, slip=slip)

    def _changed(self, old: Span, at: datetime) -> Said | None:
        value = self._fresh(old.spec, old.who)
        if value is None:
            return None
        text, phrase = self._news(old, "changed" if old.object else "first", at, value)
        back = (
            expand(self._rng, cast("str", old.spec["back"]), {"old": old.object}) if "back" in old.spec and self._rng.random() < 0.3 else ""
        )
        assert old.until is not None
        return Said(text, self._began(Span(old.who, old.spec, value, old.until)), phrase, back=back)

    def _ended(self, old: Span, at: datetime) -> Said:
        """It is so no longer, and nothing takes its place: a span without a value."""
        text, phrase = self._news(old, "ended", at, "")
        assert old.until is not None
        return Said(text, self._began(Span(old.who, old.spec, "", old.until)), phrase)

    def _news(self, old: Span, template: str, at: datetime, value: str) -> tuple[str, when.Phrase]:
        phrase = when.past(self._rng, when.midnight(at) - timedelta(days=self._rng.choice((0, 1, 2, 4, 8))), at)
        while phrase.precision == "month":  # "last month" would not say whether the new or the old was so two weeks ago
            phrase = when.past(self._rng, when.midnight(at) - timedelta(days=self._rng.choice((1, 2, 4))), at)
        text = expand(self._rng, cast("list[str]", old.spec[template]), {"value": value, "old": old.object, "when": phrase.text})
        old.until = phrase.start if phrase.text.lower() in text.lower() else when.midnight(at)
        return text, phrase

    def _began(self, span: Span) -> Span:
        self.spans.append(span)
        return span

    def _fresh(self, spec: Mapping[str, object], who: Person) -> str | None:
        """A value this person has not had; of places and employers, one nobody had."""
        source = cast("str", spec["pool"])
        return self._world.fresh(source if source.startswith("places.") else f"{who.name} {source}", pool(source))
