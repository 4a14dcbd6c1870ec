"""Whether every sentence of a briefing stands in its sources: made-up lives, lived in the real store through the real faces.

Each life has a zone, goals of several kinds, and files that are imported as a person's would be: contacts, a mailbox, a chat, calendars
(`briefing_lives`). It is lived for some days: promises are found and confirmed, steps done or not with words for it, appointments come
in the way, what is due is taken at odd hours. Every line of every briefing, and of the week's review, is re-opened by `telling.traced`,
which shares nothing with the writer. The control: each line is also changed in one thing (a number, a day or time, a name, a quoted
word, who promised whom, which claim, another line's source, a source dropped, a sentence added), and every changed line must be refused.
A change that makes it another line of the same day, which is true, is not counted.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ..goals.telling.briefing import Line
from . import result
from .briefing_lives import NAMES, lived

_SEED = 5


def run(*, lives: int = 20, seed: int = _SEED, show: bool = False, **_: object) -> dict[str, object]:
    """``lives`` times five briefings, and a review of each life's week. ``show`` gives what did not trace and what passed changed."""
    began = time.perf_counter()
    told, sections, untraced, passed = Counter[str](), Counter[str](), list[str](), list[str]()
    tried, refused = Counter[str](), Counter[str]()
    seconds: list[float] = []
    for number in range(lives):
        for kind, lines, check, took in lived(seed * 1000 + number):
            seconds += [took] if kind == "briefings" else []
            told[kind] += 1
            told[f"{kind}_sentences"] += len(lines)
            told[f"{kind}_empty"] += not lines
            sections.update(line.section.value for line in lines)
            untraced += [f"{line.text} ({wrong})" for line in lines if (wrong := check.wrong(line))]
            for how, line in _changed(lines, random.Random(f"{seed} {number} {told[kind]} {kind}")):
                tried[how] += 1
                if check.traced(line):
                    passed.append(f"{how}: {line.text} {[(ref.kind, ref.ref) for ref in line.refs]}")
                else:
                    refused[how] += 1
    sentences = told["briefings_sentences"] + told["reviews_sentences"]
    figures: dict[str, object] = {
        **told,
        "sentences": sentences,
        "traced": round(1 - len(untraced) / sentences, 4) if sentences else 0.0,
        "untraced": len(untraced),
        "by_section": dict(sections),
        "briefing_ms_median": round(1000 * sorted(seconds)[len(seconds) // 2], 1) if seconds else 0.0,
        "changed": sum(tried.values()),
        "changed_refused": round(sum(refused.values()) / max(1, sum(tried.values())), 4),
        "refused_by_change": {how: f"{refused[how]}/{tried[how]}" for how in sorted(tried)},
        "seconds": round(time.perf_counter() - began, 1),
    }
    if show:
        figures |= {"did_not_trace": untraced[:40], "passed_changed": passed[:40]}
    return result("briefing", figures, n=told["briefings"], seed=seed, control=round(len(passed) / max(1, sum(tried.values())), 4))


# What must be refused

_NUMBER = re.compile(r"\d+")
_NEAR = ("today", "tomorrow", "yesterday")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "February", "March", "April", "June")
_DAY = re.compile("|".join((*_DAYS, *_NEAR)))
_CLOCK = re.compile(r"\d\d:\d\d")
_NAME = re.compile(r"\b(?:" + "|".join(part for name in NAMES for part in name.split()) + r")\b")
_QUOTED = re.compile(r"“([^“”]*)”")


def _changed(lines: Sequence[Line], chance: random.Random) -> Iterator[tuple[str, Line]]:
    """Each line changed in one thing, in every way that applies to it."""
    true = {(line.text, line.refs) for line in lines}
    for line in lines:
        for how, other in _changes(line, lines, chance):
            if (other.text, other.refs) not in true:
                yield how, other


def _changes(line: Line, lines: Sequence[Line], chance: random.Random) -> Iterator[tuple[str, Line]]:
    yield from _with(line, "number", _NUMBER, lambda found: str(int(found) + chance.choice((1, 2, 10))).zfill(len(found)), chance)
    yield from _with(line, "day", _DAY, lambda found: _other(_NEAR if found in _NEAR else _DAYS, found, chance), chance)
    yield from _with(line, "time", _CLOCK, lambda found: f"{(int(found[:2]) + 1) % 24:02}{found[2:]}", chance)
    yield from _with(line, "name", _NAME, lambda found: _other([part for name in NAMES for part in name.split()], found, chance), chance)
    yield from _with(line, "quoted", _QUOTED, lambda found: f"“{_reworded(found[1:-1])}”", chance)
    if match := re.search(r"you promised ([^:]+):", line.text):
        yield "who", replace(line, text=line.text.replace(match.group(), f"{match[1]} promised you:"))
    elif match := re.search(r"(?<=: )([^:]+) promised you:", line.text):
        yield "who", replace(line, text=line.text.replace(match.group(), f"you promised {match[1]}:"))
    if match := re.search(r", you to ([^:]+):", line.text):
        yield "who", replace(line, text=line.text.replace(match.group(), f", {match[1]} to you:"))
    for before, after in (("Missed", "Done"), ("Done", "Missed"), ("Half done", "Done"), ("Not done", "Done"), ("Put off", "Missed")):
        if line.text.startswith(f"{before}:"):
            yield "claim", replace(line, text=after + line.text.removeprefix(before))
    if match := re.search(r"from (.+? at \d\d:\d\d) to (.+? at \d\d:\d\d)", line.text):
        yield "claim", replace(line, text=line.text.replace(match.group(), f"from {match[2]} to {match[1]}"))
    for place, ref in enumerate(line.refs):
        others = [one for other in lines for one in other.refs if one.kind == ref.kind and one.ref != ref.ref]
        if others:
            yield "source", replace(line, refs=(*line.refs[:place], chance.choice(others), *line.refs[place + 1 :]))
        yield "dropped", replace(line, refs=(*line.refs[:place], *line.refs[place + 1 :]))
    yield "added", replace(line, text=f"{line.text} And you are doing well.")


def _other(words: Sequence[str], found: str, chance: random.Random) -> str:
    return chance.choice([word for word in words if word != found])


def _reworded(words: str) -> str:
    """The words with one of them another: what it ends with."""
    first, _, last = words.rpartition(" ")
    return f"{first} {last[::-1] if last[::-1] != last else last + 's'}".strip()


def _with(line: Line, how: str, pattern: re.Pattern[str], other: Callable[[str], str], chance: random.Random) -> Iterator[tuple[str, Line]]:
    if found := list(pattern.finditer(line.text)):
        match = chance.choice(found)
        text = f"{line.text[: match.start()]}{other(match.group())}{line.text[match.end() :]}"
        if text != line.text:
            yield how, replace(line, text=text)
