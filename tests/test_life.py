"""The generated lives: the same for the same seed, true to their own ground truth, and shaped like talk."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import get_args

import pytest

from ownmind.bench.life import Life, Style, generate
from ownmind.bench.life.talk import Friends
from ownmind.bench.life.world import World
from ownmind.bench.stage import BEGAN

STYLES: tuple[Style, ...] = get_args(Style)
KINDS = ("single", "multi", "when", "list", "count", "order", "latest", "as_of", "preference", "contradiction", "follow_up", "summary",
         "unknown")  # fmt: skip
SEEDS = (1, 2, 3)
LIVES = {(style, seed): generate(seed, style=style) for style in STYLES for seed in SEEDS}
EVERY = pytest.mark.parametrize("life", LIVES.values(), ids=[f"{style}{seed}" for style, seed in LIVES])
_DATE = re.compile(
    r"\b(?:yesterday|tomorrow|today|tonight|this morning|ago|(?:last|next|this) (?:week|weekend|month|year|summer|winter)"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_DECOYS = re.compile(r"April from accounting|every Friday|Sunday best")


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def texts(life: Life) -> dict[str, str]:
    return {entry.external_id: entry.text for entry in life.entries}


@pytest.mark.parametrize("style", STYLES)
def test_the_same_seed_gives_the_same_life(style: Style) -> None:
    """Nothing but the seed decides, not even the order of a set."""
    assert generate(1, style=style) == LIVES[style, 1]
    assert generate(2, style=style).entries != LIVES[style, 1].entries


@EVERY
def test_evidence_is_there_and_only_for_what_can_be_answered(life: Life) -> None:
    """Every id a question, value, date or conflict rests on is an entry's, and every entry has an id of its own."""
    known = texts(life)
    assert len(known) == len(life.entries)
    for asked in life.questions:
        assert asked.evidence <= known.keys()
        assert bool(asked.evidence) == asked.answerable == (asked.kind != "unknown")
    assert {value.evidence for value in life.values} | {date.evidence for date in life.dates} <= known.keys()
    assert all(len(conflict.evidence) > 1 and conflict.evidence <= known.keys() for conflict in life.conflicts)


@EVERY
def test_entries_come_in_order_of_time(life: Life) -> None:
    """Each is said after the one before, and all have a time."""
    times = [entry.at for entry in life.entries if entry.at]
    assert len(times) == len(life.entries) and times == sorted(times)


@EVERY
def test_an_answer_stands_in_its_evidence(life: Life) -> None:
    """What is asked for directly is said there in the same words."""
    known = texts(life)
    for asked in life.questions:
        if asked.kind in ("single", "latest", "as_of", "follow_up") and asked.sort not in ("deadline", "tool", "colleague"):
            said = {word for entry in asked.evidence for word in words(known[entry])}
            key = [word for word in words(asked.answer) if len(word) > 3 or word.isdigit()]
            assert set(key) <= said, asked


@EVERY
def test_nothing_states_what_cannot_be_answered(life: Life) -> None:
    """No question is asked both ways, and what never happened is a thing its person never spoke of: no entry of theirs names it."""
    answered = {asked.text for asked in life.questions if asked.answerable}
    unanswered = [asked for asked in life.questions if not asked.answerable]
    assert not answered & {asked.text for asked in unanswered}
    assert {asked.sort for asked in unanswered} >= {"never", "untold"}
    said = " ".join(entry.text for entry in life.entries)
    for asked in unanswered:
        if asked.sort == "never":
            title = re.search(r'"([^"]+)"', asked.text)
            assert title is None or title[1] not in said


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_happenings_share_a_thing(seed: int) -> None:
    """So what one friend did, asked of the other, has no answer: nobody else's quilt, no second cycling class."""
    told = Friends(World(random.Random(seed), 2), BEGAN, 6).told
    things = Counter((found.name, found.thing if found.name != "joined" else found.topic) for found in told.happenings)
    assert max(things.values()) == 1


@EVERY
def test_named_dates_stand_in_the_text(life: Life) -> None:
    """Every date is a phrase of its entry and means a stretch of time."""
    known = texts(life)
    for date in life.dates:
        assert date.phrase in known[date.evidence]
        assert date.start < date.end


@EVERY
def test_no_date_is_named_that_the_truth_does_not_hold(life: Life) -> None:
    """Else a date somebody finds rightly would count as invented."""
    named: dict[str, list[str]] = {}
    for date in life.dates:
        named.setdefault(date.evidence, []).append(date.phrase)
    for entry, text in texts(life).items():
        for phrase in named.get(entry, []):
            text = text.replace(phrase, "")
        assert not _DATE.search(_DECOYS.sub("", text)), text


@EVERY
def test_values_of_one_thing_never_overlap(life: Life) -> None:
    """One value at a time, each ending no later than the next begins."""
    by_slot: dict[tuple[str, str], list[tuple[datetime, datetime | None]]] = {}
    for value in life.values:
        by_slot.setdefault((value.subject, value.predicate), []).append((value.since, value.until))
    for spans in by_slot.values():
        assert all(until is not None and until <= since for (_, until), (since, _) in pairwise(spans))
        assert all(until is None or since < until for since, until in spans)


@EVERY
def test_no_question_repeats_its_evidence(life: Life) -> None:
    """A question asks in other words: never most of its evidence's words in a row."""
    known = texts(life)
    for asked in life.questions:
        for entry in asked.evidence:
            assert asked.text.lower().rstrip("?.") not in known[entry].lower()


@pytest.mark.parametrize(
    ("style", "turns", "length", "types"),
    [
        ("friends", (350, 800), (11, 30), 900),
        ("diary", (120, 400), (10, 35), 700),
        ("assistant", (150, 400), (60, 350), 600),
    ],
)
def test_talk_has_the_statistics_of_talk(style: Style, turns: tuple[int, int], length: tuple[int, int], types: int) -> None:
    """As many turns, as long, and as many different words as such talk has; a third of them used once."""
    life = LIVES[style, 1]
    counts = Counter(word for entry in life.entries for word in words(entry.text))
    mean = sum(counts.values()) / len(life.entries)
    assert turns[0] <= len(life.entries) <= turns[1]
    assert length[0] <= mean <= length[1]
    assert len(counts) >= types


@EVERY
def test_every_kind_is_asked(life: Life) -> None:
    """All the kinds of question recall is measured by, and enough of them."""
    kinds = set(KINDS)
    missing = {"list"} if life.person == "user" else set()
    assert kinds - missing <= {asked.kind for asked in life.questions}
    assert len(life.questions) >= 40
