"""What deterministic extraction finds in labelled messages: precision, recall, and whether any span was invented. No model.

Each message is remembered in a store of its own, the way a person's message or an imported turn is, and what is believed afterwards is
compared with its labels. ``facts_dev.jsonl`` was looked at while the rules were written; ``facts_held.jsonl`` was written before
them, and only its totals were looked at; so it was with ``facts_wide.jsonl``, plain statements and traps, before a second round. A
label: subject, predicate, object, kind, and where the words name them valid_from and valid_to ("past": over, nobody says when). A
found fact counts when all of these agree; anything else found is wrong, also when a reader might let it pass.
The control reads the same messages with their labels moved on by one message: precision must fall to nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from time import process_time
from typing import cast

from ..memory.facts import Candidate
from ..memory.predicates import object_key, predicate_key, subject_key
from ..memory.rules import candidates
from ..messages import Entry, Fact, Integrity, Item, Kind, Label, Source
from . import result, stage

_PARTS = ("dev", "held", "wide")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message and the facts it states."""

    text: str
    speaker: str
    integrity: Integrity
    said_at: datetime
    case: str
    facts: tuple[dict[str, str], ...]


def load(part: str) -> list[Labelled]:
    """The labelled messages of one part, in order."""
    lines = files("ownmind.bench").joinpath("data", f"facts_{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_labelled(cast("dict[str, object]", json.loads(line))) for line in lines]


def _labelled(row: dict[str, object]) -> Labelled:
    return Labelled(
        str(row["text"]), str(row["speaker"]), Integrity(str(row["label"])), datetime.fromisoformat(str(row["said_at"])), str(row["case"]),
        tuple(cast("list[dict[str, str]]", row["facts"])),
    )  # fmt: skip


def run(*, show: bool = False, part: str = "", **_: object) -> dict[str, object]:
    """Precision and recall of every part, recall by kind of fact and by case, dates, and the time a message takes."""
    figures: dict[str, object] = {}
    read = {name: [(message, *_believed(message)) for message in load(name)] for name in _PARTS if part in ("", name)}
    for name, rows in read.items():
        figures[name] = _score([(message.facts, found) for message, found, _ in rows])
    pairs = [(message.facts, found) for rows in read.values() for message, found, _ in rows]
    figures |= _score(pairs)
    messages = [message for rows in read.values() for message, _, _ in rows]
    figures["wrong_by_case"] = dict(
        Counter(m.case for m, (labels, found) in zip(messages, pairs, strict=True) for f in found if not _match(f, labels))
    )
    figures["recall_by_case"] = _recall_by([(message.case, message.facts, found) for rows in read.values() for message, found, _ in rows])
    figures["recall_by_kind"] = _recall_by_kind(pairs)
    figures["invented_spans"] = sum(invented for rows in read.values() for _, _, invented in rows)
    figures["milliseconds_a_message"] = _speed(messages)
    if show:
        figures["errors"] = [
            error for name, rows in read.items() if name == "dev" for message, found, _ in rows for error in _errors(message, found)
        ]
    moved = [(pairs[at - 1][0], found) for at, (_, found) in enumerate(pairs)]
    return result("facts", figures, n=len(messages), seed=None, control=_score(moved)["precision"])


def _believed(message: Labelled) -> tuple[list[Fact], int]:
    """What is believed after this one message, and how many of those facts rest on words that are not there."""
    kind = Kind.MESSAGE if message.integrity is Integrity.PERSON else Kind.TURN
    entry = Entry(
        message.text, Source("bench:facts", "transcript"), Label(message.integrity), kind, message.said_at, message.speaker, "bench"
    )
    with stage.memory(None, message.said_at) as (memory, _store):
        (name,) = memory.remember([entry], now=message.said_at)
        item, found = memory.item(name), [fact for fact in memory.facts(everything=True) if not fact.wrong]
    return found, sum(not _is_there(fact, item) for fact in found)


def _is_there(fact: Fact, item: Item) -> bool:
    return bool(fact.quote) and item.text[fact.span.start : fact.span.end] == fact.quote


def _score(pairs: Sequence[tuple[tuple[dict[str, str], ...], list[Fact]]]) -> dict[str, object]:
    found = sum(len(facts) for _, facts in pairs)
    right = sum(_match(fact, labels) is not None for labels, facts in pairs for fact in facts)
    wanted = sum(len(labels) for labels, _ in pairs)
    got = sum(_is_found(label, facts) for labels, facts in pairs for label in labels)
    matched = [(label, fact) for labels, facts in pairs for fact in facts if (label := _match(fact, labels))]
    dated = [(label, fact) for label, fact in matched if "valid_from" in label or "valid_to" in label]
    return {
        "messages": len(pairs),
        "facts_found": found,
        "facts_labelled": wanted,
        "precision": _share(right, found),
        "recall": _share(got, wanted),
        "dates": len(dated),
        "dates_right": _share(sum(_is_dated(label, fact) for label, fact in dated), len(dated)),
    }


def _match(fact: Fact, labels: Sequence[dict[str, str]]) -> dict[str, str] | None:
    """The label this fact agrees with: subject, predicate, object, kind, and whether it is over."""
    return next((label for label in labels if _agrees(fact, label)), None)


def _is_found(label: dict[str, str], facts: Sequence[Fact]) -> bool:
    return any(_agrees(fact, label) for fact in facts)


def _agrees(fact: Fact, label: dict[str, str]) -> bool:
    return (
        subject_key(fact.subject) == subject_key(label["subject"])
        and predicate_key(fact.predicate) == predicate_key(label["predicate"])
        and _is_same(fact.object, label["object"], label["predicate"])
        and fact.kind.value == label["kind"]
        and (fact.valid_to is not None) == ("valid_to" in label)
    )


def _is_same(found: str, wanted: str, predicate: str) -> bool:
    """Whether the objects say the same; of a plan or a date, whether every word wanted is there and few others are."""
    if object_key(found) == object_key(wanted):
        return True
    if predicate not in ("plans", "goal", "instruction") and not predicate.startswith("date of"):
        return False
    small = {"on", "at", "the", "in", "a", "to"}
    mine, theirs = (set(re.findall(r"\w+", text.lower())) - small for text in (found, wanted))
    return theirs <= mine and len(mine - theirs) <= 4


def _is_dated(label: dict[str, str], fact: Fact) -> bool:
    """Whether the times agree to the day, or to the year where the label names only a year."""
    return all(_is_near(label.get(name), moment) for name, moment in (("valid_from", fact.valid_from), ("valid_to", fact.valid_to)))


def _is_near(wanted: str | None, found: datetime | None) -> bool:
    if wanted in (None, "past"):
        return True
    if found is None:
        return False
    if len(wanted or "") == 4:
        return (found - timedelta(seconds=1)).strftime("%Y") == wanted
    return f"{found:%Y-%m-%d}" == wanted


def _recall_by(rows: Sequence[tuple[str, tuple[dict[str, str], ...], list[Fact]]]) -> dict[str, str]:
    wanted: Counter[str] = Counter()
    got: Counter[str] = Counter()
    for name, labels, found in rows:
        wanted[name] += len(labels)
        got[name] += sum(_is_found(label, found) for label in labels)
    return {name: f"{got[name]} of {number}" for name, number in sorted(wanted.items()) if number}


def _recall_by_kind(pairs: Sequence[tuple[tuple[dict[str, str], ...], list[Fact]]]) -> dict[str, str]:
    """Recall by what a fact is: contacts, relations, places, ..."""
    return _recall_by(
        [
            (_SORTS.get(label["predicate"].split(" of ")[0], label["predicate"]), (label,), found)
            for labels, found in pairs
            for label in labels
        ]
    )


_SORTS = {
    predicate: sort
    for sort, predicates in {
        "contacts": ("phone", "email", "address"),
        "relations": ("relation",),
        "places": ("lives in", "is from", "born", "grew up in", "works in"),
        "work": ("works at", "works as", "studies", "studies at"),
        "tastes": ("likes", "dislikes", "favourite colour", "favourite author"),
        "needs": ("allergic to", "does not eat", "does not drink", "diet", "is"),
        "dates": ("date", "birthday", "plans"),
        "possessions": ("has", "drives"),
        "pets": ("dog", "cat", "tortoise", "rabbit", "puppy"),
    }.items()
    for predicate in predicates
}


def _speed(messages: Sequence[Labelled]) -> float:
    """Milliseconds of CPU the rules take for one message, the mean over all of them, ten times."""
    items = [
        Item("i1", m.text, Source("bench:facts"), Label(m.integrity), Kind.TURN, m.said_at, m.speaker, "", 0, m.said_at) for m in messages
    ]
    found: list[Candidate] = []
    began = process_time()
    for _ in range(10):
        for item in items:
            found.extend(candidates(item))
    return round((process_time() - began) * 1000 / (10 * len(items)), 3) if items else 0.0


def _errors(message: Labelled, found: Sequence[Fact]) -> list[str]:
    wrong = [f"WRONG {_told(fact)} | {message.text[:90]}" for fact in found if _match(fact, message.facts) is None]
    missed = [f"MISSED {label} | {message.text[:90]}" for label in message.facts if not _is_found(label, found)]
    undated = [f"DATE {label} {_told(fact)}" for fact in found if (label := _match(fact, message.facts)) and not _is_dated(label, fact)]
    return [*wrong, *missed, *undated]


def _told(fact: Fact) -> str:
    return f"{fact.subject};{fact.predicate};{fact.object};{fact.kind.value};{fact.valid_from};{fact.valid_to}"


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0
