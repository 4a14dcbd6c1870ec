"""Looking back on a week: what the person's own words have in common, with the passages; and what worked, as a suggestion with its
evidence and its uncertainty. Counting and one conjugate prior; no model, and nothing is said of a person that their words do not say.

The share done under a condition (in the morning, at the weekend, in short sittings) has a Beta(1, 1) prior and so a beta posterior
(Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4). A suggestion is made only where enough sittings were decided on both sides and the
posterior probability that one side does better is high: several conditions are looked at, so the bar is above the usual .95.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from ...memory.rules.sentences import sentences
from ...memory.words import STOP
from ...messages import Item
from ...store.search import stems
from ..goal import Goal, Step, StepState
from .briefing import Ref, clipped, quoted

LEAST = 6  # decided sittings on each side, before anything is claimed
SURE = 0.975  # posterior probability that the one side does better
_THEMES = 3
_LEAST_DAYS = 2  # on which a theme comes up
_LEAST_TIMES = 3
_MOST_REFS = 6
_INTERVAL = 0.9


@dataclass(frozen=True, slots=True)
class Reflection:
    """A pattern in the person's own words, with the passages that show it."""

    text: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the next plan could do differently, to take or leave: ``slot`` and ``value`` as `Goals.change` takes them. ``n`` sittings
    show it; ``low`` to ``high`` is the 90 % credible interval of the share done there."""

    goal: str
    slot: str
    value: str
    words: str
    evidence: tuple[Ref, ...]
    n: int
    low: float
    high: float


# What was said


@dataclass(frozen=True, slots=True)
class _Passage:
    item: Item
    text: str
    day: str
    words: frozenset[str]


def reflections(said: Sequence[Item], before: Sequence[Item], zone: ZoneInfo) -> tuple[Reflection, ...]:
    """What comes up again in what the person ``said`` in a week, against the weeks ``before``: feelings in their words, themes, and which
    came up together."""
    passages = [*_passages(said, zone)]
    usual = Counter(stem for item in before for stem in _stems(item.text))
    weight = max(1.0, len(before) / max(1, len(said)))
    moods, themes = _moods(passages), _themes(passages, usual, weight)
    found = [_reflection(f"You said that you felt {quoted(word)} on", held) for word, held in moods.items()]
    found += [_reflection(f"{quoted(word)} came up on", held) for word, held in themes.items()]
    return (*found, *_together(moods, themes))


def _passages(said: Sequence[Item], zone: ZoneInfo) -> Iterator[_Passage]:
    for item in said:
        at = (item.at or item.learned_at).astimezone(zone)
        for sentence in sentences(item.text):
            yield _Passage(item, item.text[sentence.start : sentence.end], f"{at:%A}", frozenset(_stems(sentence.text)))


def _stems(text: str) -> set[str]:
    words = [
        word for word in re.findall(r"[^\W\d_]{4,}", text.lower()) if word not in STOP and word not in _COMMON and word not in _FEELINGS
    ]
    return set(stems(words))


def _moods(passages: Sequence[_Passage]) -> dict[str, list[_Passage]]:
    """Feelings the person named of themselves, in their words, each said at least twice."""
    found: defaultdict[str, list[_Passage]] = defaultdict(list)
    for one in passages:
        for match in _FELT.finditer(one.text):
            if match["word"].lower() in _FEELINGS and not one.text.rstrip().endswith("?"):
                found[match["word"].lower()].append(one)
    return {word: held for word, held in found.items() if len({one.item.id for one in held}) >= 2}  # a pattern is at least two


def _themes(passages: Sequence[_Passage], usual: Counter[str], weight: float) -> dict[str, list[_Passage]]:
    """Words that came up on several days, and more than in the weeks before: as they were first written."""
    held: defaultdict[str, list[_Passage]] = defaultdict(list)
    for one in passages:
        for stem in one.words:
            held[stem].append(one)
    scored = []
    for stem, places in held.items():
        times, days = len({one.item.id for one in places}), len({one.day for one in places})
        if times >= _LEAST_TIMES and days >= _LEAST_DAYS and times > usual[stem] / weight:
            scored.append((times - usual[stem] / weight, days, stem))
    return {_written(held[stem][0].text, stem): held[stem] for _, _, stem in sorted(scored, reverse=True)[:_THEMES]}


def _written(text: str, stem: str) -> str:
    """The word of ``text`` with this stem, as it stands there."""
    return next(str(word) for word in re.findall(r"[^\W\d_]{4,}", text) if stem in stems([word.lower()]))


def _together(moods: Mapping[str, Sequence[_Passage]], themes: Mapping[str, Sequence[_Passage]]) -> Iterator[Reflection]:
    for mood, felt in moods.items():
        for theme, said in themes.items():
            both = sorted({one.item.id for one in felt} & {one.item.id for one in said})
            if len(both) >= 2:  # once may be chance
                shared = [one for one in felt if one.item.id in both]
                yield _reflection(f"{quoted(mood)} and {quoted(theme)} came up together on", shared)


def _reflection(lead: str, held: Sequence[_Passage]) -> Reflection:
    days = list(dict.fromkeys(one.day for one in held))
    named = days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"
    unique = list({(one.item.id, one.text): one for one in held}.values())
    return Reflection(f"{lead} {named}.", tuple(Ref("item", one.item.id, clipped(one.text)) for one in unique[:_MOST_REFS]))


_FELT = re.compile(
    r"\bI(?:['’]m|\s+am|\s+was|\s+feel|\s+felt|['’]ve been|\s+have been)\s+(?:feeling\s+)?"
    r"(?:so|very|really|a bit|quite|pretty|too|still|rather|just)?\s*(?P<word>[a-z]+)",
    re.IGNORECASE,
)
_FEELINGS = frozenset(
    """tired exhausted stressed anxious worried sad angry lonely overwhelmed frustrated happy proud calm grateful excited relaxed bored
    nervous scared guilty hopeful content annoyed drained restless relieved upset low down fine good great ashamed jealous confident
    energetic peaceful afraid disappointed motivated rested sick hurt lost stuck""".split()  # noqa: SIM905
)
_COMMON = frozenset(
    """today yesterday tomorrow week weekend monday tuesday wednesday thursday friday saturday sunday time times thing things really
    very much many more most some back going went come came made make makes want wanted need needed think thought feel felt know good
    great nice again still already after before around because while with without them they have been were would could should this that
    these those here there what when where which your mine ours just like liked lots even ever never always maybe little long first last
    next every each another other others something anything nothing everything someone anyone people year years month months hour hours
    minute minutes morning evening night afternoon days done doing getting gets took take taken talk talked told said says""".split()  # noqa: SIM905
)

_EMPTY = STOP | _COMMON | _FEELINGS


# What worked


@dataclass(frozen=True, slots=True)
class _Condition:
    """Under which sittings are compared. ``holds``: whether a sitting meets it; ``slot`` and ``value``: the part of the goal that would."""

    words: str
    slot: str
    value: str
    holds: Callable[[Step, datetime], bool]


def suggestions(goals: Sequence[Goal], steps: Sequence[Step], zone: ZoneInfo) -> tuple[Suggestion, ...]:
    """For each goal at most one: the condition under which clearly more was done than else. ``steps``: those decided lately."""
    found = []
    for goal in goals:
        its = [step for step in steps if step.goal == goal.id and step.start is not None and step.state in _COUNTS]
        best = max((one for condition in _conditions(its) if (one := _compared(goal, its, condition, zone))), key=_sureness, default=None)
        if best is not None:
            found.append(best)
    return tuple(found)


_COUNTS = {StepState.DONE: 1.0, StepState.HALF: 0.5, StepState.MISSED: 0.0, StepState.SKIPPED: 0.0}


def _conditions(steps: Sequence[Step]) -> Iterator[_Condition]:
    yield _Condition("before noon", "best", "06:00-12:00", lambda _, at: at.hour < 12)
    yield _Condition("in the afternoon", "best", "12:00-17:00", lambda _, at: 12 <= at.hour < 17)
    yield _Condition("in the evening", "best", "17:00-22:00", lambda _, at: at.hour >= 17)
    yield _Condition("at the weekend", "best", "weekend", lambda _, at: at.weekday() >= 5)
    yield _Condition("on weekdays", "best", "weekdays", lambda _, at: at.weekday() < 5)
    lengths = [step.minutes for step in steps]
    middle = median(lengths) if lengths else 0
    short = [minutes for minutes in lengths if minutes < middle]
    if short:
        size = round(median(short))
        yield _Condition(f"in sittings under {middle:g} minutes", "minutes", f"{size} min", lambda step, _: step.minutes < middle)


def _compared(goal: Goal, steps: Sequence[Step], condition: _Condition, zone: ZoneInfo) -> Suggestion | None:
    inside = [step for step in steps if step.start is not None and condition.holds(step, step.start.astimezone(zone))]
    outside = [step for step in steps if step not in inside]
    if min(len(inside), len(outside)) < LEAST or _is_so_already(goal, condition):
        return None
    here, there = _posterior(inside), _posterior(outside)
    if better(here, there) < SURE:
        return None
    low, high = interval(*here)
    done, other = (sum(_COUNTS[step.state] for step in side) for side in (inside, outside))
    words = (
        f"{quoted(goal.title)} went better {condition.words}: {done:g} of {len(inside)} done, else {other:g} of {len(outside)}. "
        f"The share done {condition.words} lies between {low:.0%} and {high:.0%} (90 % credible interval, n = {len(inside)})."
    )
    refs = tuple(Ref("step", step.id, step.title) for step in (*inside, *outside))
    return Suggestion(goal.id, condition.slot, condition.value, words, refs, len(inside), low, high)


def _is_so_already(goal: Goal, condition: _Condition) -> bool:
    return condition.slot == "best" and bool(goal.rhythm.best) and any(
        chip.slot == "best" and chip.value == condition.value for chip in goal.chips
    )  # fmt: skip


def _sureness(one: Suggestion) -> tuple[float, int]:
    return one.low, one.n


def _posterior(steps: Sequence[Step]) -> tuple[float, float]:
    """Beta(1, 1) and what was done; a half-done sitting is half a success."""
    done = sum(_COUNTS[step.state] for step in steps)
    return 1.0 + done, 1.0 + len(steps) - done


_GRID = 2_000


def _density(a: float, b: float) -> list[float]:
    """Probability of each of ``_GRID`` equal parts of (0, 1) under Beta(a, b)."""
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    points = [(place + 0.5) / _GRID for place in range(_GRID)]
    found = [math.exp(scale + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x)) / _GRID for x in points]
    total = sum(found)
    return [one / total for one in found]


def interval(a: float, b: float, within: float = _INTERVAL) -> tuple[float, float]:
    """The central credible interval of Beta(a, b)."""
    tail, below, low, high = (1 - within) / 2, 0.0, 0.0, 1.0
    for place, one in enumerate(_density(a, b)):
        if below < tail <= below + one:
            low = (place + 0.5) / _GRID
        if below < 1 - tail <= below + one:
            high = (place + 0.5) / _GRID
        below += one
    return low, high


def better(first: tuple[float, float], second: tuple[float, float]) -> float:
    """The probability that a share under Beta(*first) is higher than one under Beta(*second)."""
    below, found = 0.0, 0.0
    for one, other in zip(_density(*first), _density(*second), strict=True):
        found += one * (below + other / 2)
        below += other
    return found
