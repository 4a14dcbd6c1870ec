"""Questions about a talk with an assistant, with the messages that answer them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise, zip_longest
from typing import cast

from . import when
from .assistant import Aspect, Work
from .phrasing import expand, stock
from .values import Asked, Conflict, Value


def questions(work: Work, end: datetime) -> tuple[Asked, ...]:
    """Questions of every kind the work can answer, and some that nothing answers. Asked by the person of the assistant."""
    found: list[Asked] = []
    for make, enough in _KINDS:
        several = list(make(work, end))
        work.rng.shuffle(several)
        found += several[:enough]
    return tuple(found)


def values(work: Work) -> Iterator[Value]:
    """Every figure the person gave, from when it was said until the next."""
    for aspect in work.aspects:
        for (value, said, entry), following in zip_longest(aspect.figures, aspect.figures[1:]):
            yield Value("user", aspect.measure, f"{value} {aspect.unit}", said, following[1] if following else None, entry)


def conflicts(work: Work) -> Iterator[Conflict]:
    """Deeds denied once and claimed once."""
    for aspect in work.aspects:
        if aspect.said["denied"] and aspect.said["claimed"]:
            evidence = frozenset(aspect.said["denied"] + aspect.said["claimed"])
            yield Conflict("user", aspect.words["deed"][0], (f"never {aspect.words['deed'][0]}", aspect.words["deed"][1]), evidence)


def _single(work: Work, _end: datetime) -> Iterator[Asked]:
    for aspect in work.aspects:
        if len(aspect.figures) == 1:
            value, _, entry = aspect.figures[0]
            yield _one(work, aspect, "measure", "single", {entry}, f"{value} {aspect.unit}")
        for advice, entry in aspect.advice[:1]:
            if len(aspect.advice) == 1:
                yield _one(work, aspect, "advice", "single", {entry}, advice)
        if aspect.colleague[0]:
            name, advised, entry = aspect.colleague
            yield _one(work, aspect, "colleague", "single", {entry}, f"{name}: {advised}", name2=name)
        if aspect.said["prefer"]:
            yield _one(work, aspect, "tool", "single", set(aspect.said["prefer"]), aspect.tools[0])


def _when(work: Work, _end: datetime) -> Iterator[Asked]:
    dated = [aspect for aspect in work.aspects if aspect.targets]
    for aspect in dated:
        day, _, entry = aspect.targets[-1]
        yield _one(work, aspect, "deadline", "when", {entry}, when.written(day))
    for one, other in pairwise(dated):
        (first, _, told), (second, _, told2) = one.targets[-1], other.targets[-1]
        text = expand(work.rng, _asked("between"), {"a": f"the {one.name}", "b": f"the {other.name}"})
        yield Asked(text, "when", frozenset({told, told2}), f"{abs((first - second).days)} days", sort="between")


def _latest(work: Work, _end: datetime) -> Iterator[Asked]:
    """Evidence is what was said before too: it shows that the latest is the latest."""
    for aspect in work.aspects:
        if len(aspect.figures) > 1:
            entries = {entry for _, _, entry in aspect.figures[-2:]}
            yield _one(work, aspect, "latest", "latest", entries, f"{aspect.figures[-1][0]} {aspect.unit}")
        if len(aspect.targets) > 1:
            entries = {entry for _, _, entry in aspect.targets[-2:]}
            yield _one(work, aspect, "deadline", "latest", entries, when.written(aspect.targets[-1][0]))


def _as_of(work: Work, end: datetime) -> Iterator[Asked]:
    """Halfway through the time a figure held, never within days of its change."""
    for aspect in work.aspects:
        for (value, said, entry), following in zip_longest(aspect.figures, aspect.figures[1:]):
            until = following[1] if following else end
            if len(aspect.figures) > 1 and until - said > timedelta(days=10):
                at = said + (until - said) / 2
                text = expand(work.rng, _asked("as_of"), {**_slots(work, aspect), "day": when.written(at)})
                yield Asked(text, "as_of", frozenset({entry}), f"{value} {aspect.unit}", as_of=at)


def _order(work: Work, _end: datetime) -> Iterator[Asked]:
    numbers = ("three", "four", "five", "six")
    for n, count in enumerate(numbers, 3):
        chosen = [aspect for aspect in work.aspects if aspect.said["opening"]][:n]
        text = expand(work.rng, _asked("order"), {"otherproject": work.other, "n": count})
        yield Asked(
            text,
            "order",
            frozenset(aspect.said["opening"][0] for aspect in chosen),
            ", ".join(aspect.name for aspect in chosen),
            sort="first",
        )
    for aspect in work.aspects:
        kinds = [entry for kind in ("opening", "prefer", "denied", "claimed", "instruct") for entry in aspect.said[kind]]
        entries = frozenset(kinds + [entry for _, _, entry in (*aspect.figures, *aspect.targets)])
        if len(entries) > 3:
            yield _one(work, aspect, "order_in", "order", set(entries), aspect.name)


def _summary(work: Work, _end: datetime) -> Iterator[Asked]:
    for aspect in work.aspects:
        yield _one(work, aspect, "summary", "summary", {*aspect.messages[:6], *aspect.replies[:6]}, aspect.name)
    text = expand(work.rng, _asked("whole"), {"otherproject": work.other})
    yield Asked(
        text, "summary", frozenset(aspect.said["opening"][0] for aspect in work.aspects), ", ".join(aspect.name for aspect in work.aspects)
    )


def _preference(work: Work, _end: datetime) -> Iterator[Asked]:
    for aspect in work.aspects:
        if aspect.said["prefer"]:
            yield _one(work, aspect, "prefers", "preference", set(aspect.said["prefer"]), aspect.tools[0], sort="prefers")
        if aspect.said["instruct"]:
            yield _one(work, aspect, "instructed", "preference", set(aspect.said["instruct"]), aspect.order, sort="instructed")


def _contradiction(work: Work, _end: datetime) -> Iterator[Asked]:
    for aspect in work.aspects:
        if aspect.said["denied"] and aspect.said["claimed"]:
            entries = {*aspect.said["denied"], *aspect.said["claimed"]}
            yield _one(
                work,
                aspect,
                "contradiction",
                "contradiction",
                entries,
                f"{aspect.words['deed'][1]}, and never",
                base=aspect.words["deed"][0],
            )


def _multi(work: Work, _end: datetime) -> Iterator[Asked]:
    known = [aspect for aspect in work.aspects if aspect.figures]
    for one, other in pairwise(known):
        (first, _, told), (second, _, told2) = one.figures[-1], other.figures[-1]
        text = expand(work.rng, _asked("compare"), {"a": one.measure, "b": other.measure})
        if first != second:
            yield Asked(text, "multi", frozenset({told, told2}), one.measure if int(first) > int(second) else other.measure, sort="compare")
    for aspect in known:
        if len(aspect.figures) > 1:
            text = expand(work.rng, _asked("count")[1], work.slots(aspect))
            yield Asked(text, "count", frozenset(entry for _, _, entry in aspect.figures), str(len(aspect.figures)))
    dated = [aspect for aspect in work.aspects if aspect.targets]
    text = expand(work.rng, _asked("count")[0], {"otherproject": work.other})
    yield Asked(text, "count", frozenset(aspect.targets[0][2] for aspect in dated), str(len(dated)))


def _follow_up(work: Work, _end: datetime) -> Iterator[Asked]:
    why, due, advised = _asked("follow")
    for aspect in work.aspects:
        before = expand(work.rng, _asked("tool"), work.slots(aspect))
        if aspect.said["prefer"]:
            yield Asked(expand(work.rng, why, {}), "follow_up", frozenset(aspect.said["prefer"]), aspect.tools[1], before=before)
        if aspect.targets:
            yield Asked(due, "follow_up", frozenset({aspect.targets[-1][2]}), when.written(aspect.targets[-1][0]), before=before)
        if len(aspect.advice) == 1:
            yield Asked(advised, "follow_up", frozenset({aspect.advice[0][1]}), aspect.advice[0][0], before=before)


def _unknown(work: Work, _end: datetime) -> Iterator[Asked]:
    """A detail nobody gave, of a thing that was talked about; a statement of a kind never made about this aspect."""
    for aspect in work.aspects:
        text = expand(work.rng, _asked("silent"), {**work.slots(aspect), "name2": work.name()})
        yield Asked(text, "unknown", frozenset(), "", answerable=False, sort="untold")
        absent = {
            "measure": not aspect.figures,
            "deadline": not aspect.targets,
            "tool": not aspect.said["prefer"],
            "colleague": not aspect.colleague[0],
        }
        for name in (name for name, missing in absent.items() if missing):
            text = expand(work.rng, _asked(name)[0], work.slots(aspect))
            yield Asked(text, "unknown", frozenset(), "", answerable=False, sort="never")


def _one(work: Work, aspect: Aspect, template: str, kind: str, evidence: set[str], answer: str, sort: str = "", **more: str) -> Asked:
    text = expand(work.rng, _asked(template), {**_slots(work, aspect), **more})
    return Asked(text, kind, frozenset(evidence), answer, sort=sort or template)


def _slots(work: Work, aspect: Aspect) -> dict[str, str]:
    """An aspect is asked about by its own name as often as in other words."""
    slots = work.slots(aspect)
    return {**slots, "other": aspect.other if work.rng.random() < 0.5 else f"the {aspect.name}"}


def _asked(name: str) -> list[str]:
    return cast("list[str]", stock("assistant")["asked"][name])


_KINDS: tuple[tuple[Callable[[Work, datetime], Iterator[Asked]], int], ...] = (
    (_single, 8), (_when, 6), (_latest, 6), (_as_of, 4), (_order, 5), (_summary, 5), (_preference, 8), (_contradiction, 4), (_multi, 7),
    (_follow_up, 4), (_unknown, 8),
)  # fmt: skip
