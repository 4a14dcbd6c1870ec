"""A long talk made short without losing what was promised: the older turns give way to a block of lines made by code from rows.

Record first, compact after: every message and reply is an item before anything here looks at it, so what leaves the prompt is still there,
and each line names the item it is from. The block keeps what the rest of a talk leans on: what either side promised, what was decided,
questions nobody answered, what was learnt. It is made again from the store whenever the talk is compacted, so it survives a restart and
what was forgotten is in none of it. Between two compactions the prompt only grows, and the model's cache holds.

Not covered: promises and decisions are recognised in English; elsewhere facts, numbers and names are what is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from ..messages import OURS, Fact, Item, Kind, Label
from ..models.tokens import tokens
from ..store.conversations import Said
from ..store.items import row_id
from .context import Talk, note, page, unmarked

FULL = 0.95  # of a talk's room, from which on it is compacted
LEFT = 0.35  # of it, that its last turns may take afterwards
_LONGEST = 200  # characters of a line
_ASKED_OF_US = "What was said between us before this?"
_TOLD = "I have that in mind."


class Keeps(IntEnum):
    """Why a line is kept, what is given up last first."""

    PROMISE = 0
    OPEN = 1
    DECISION = 2
    FACT = 3
    NAMED = 4  # something with a name or a number in it


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block, with the item whose words it is from."""

    text: str
    item_id: str
    keeps: Keeps


_VOW = re.compile(
    r"\bI(?:['’]ll| will|['’]m going to| am going to| promise|['’]ve promised| have promised| promised| owe)\b", re.IGNORECASE
)
_DECIDED = re.compile(
    r"\b(?:let['’]s|(?:we|I)(?:['’]ve| have)? (?:decided|agreed|settled|chose|picked)|we(?:['’]ll| will) (?:go|take|use|do|make|meet)"
    r"|go(?:ing)? with|it['’]s (?:decided|settled)|the plan is|deal)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<=[a-z,;] )[A-ZÀ-Þ][\w’'-]+|\d")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


def lines(said: Sequence[Said], learnt: Callable[[str], Sequence[Fact]]) -> list[Line]:
    """What is worth keeping of these messages and replies, in their order. ``learnt`` gives the facts that rest on a message."""
    kept: list[Line] = []
    for at, one in enumerate(said):
        answer = said[at + 1] if at + 1 < len(said) and said[at + 1].kind is Kind.REPLY else None
        kept += _ours(one) if one.kind is Kind.REPLY else _theirs(one, answer, learnt(one.id))
    return kept


def block(kept: Sequence[Line], most: int) -> tuple[Line, ...]:
    """Those lines that fit into ``most`` tokens, in the order in which they were said: what matters most first, then the newest; no line
    twice."""
    chosen: set[int] = set()
    texts: set[str] = set()
    for place in sorted(range(len(kept)), key=lambda place: (kept[place].keeps, -place)):
        cost = tokens(kept[place].text) + 2
        if kept[place].text in texts or cost > most:
            continue
        most -= cost
        chosen.add(place)
        texts.add(kept[place].text)
    return tuple(kept[place] for place in sorted(chosen))


def as_turn(held: Sequence[Line]) -> tuple[str, str]:
    """The block as the talk's first turn."""
    return page(_ASKED_OF_US, [line.text for line in held]), _TOLD


def is_due(talk: Talk) -> bool:
    """Whether the talk has grown so long that its older turns should give way."""
    return talk.spent() > FULL * talk.budget.talk


def compacted(talk: Talk, said: Sequence[Said], learnt: Callable[[str], Sequence[Fact]]) -> None:
    """Gives up the older turns of ``talk`` for a block of all of ``said`` before those that stay."""
    while len(talk.turns) > 1 and talk.spent_by_turns() > LEFT * talk.budget.talk:
        talk.drop(1)
    first = next((row_id(name) for name in talk.ids if name), None)
    before = [one for one in said if first is None or row_id(one.id) < first]
    held = block(lines(before, learnt), talk.budget.block)
    talk.block, talk.from_items = (as_turn(held) if held else None), tuple(line.item_id for line in held)


def restored(said: Sequence[Said], learnt: Callable[[str], Sequence[Fact]], item: Callable[[str], Item], talk: Talk) -> Talk:
    """``talk`` with the last turns of a conversation as the model was shown them, as far as the rows tell, and the block of those before.
    ``item`` gives an item by its id."""
    talk.label = OURS.joined(*(_label(one) for one in said))
    for at in range(len(said) - 1, 0, -1):
        asked, reply = said[at - 1], said[at]
        if reply.kind is not Kind.REPLY or asked.kind is Kind.REPLY or not reply.known:
            continue
        notes = [note(item(one.item_id), asked.text) for one in reply.sources]
        talk.begin_with(page(asked.text, notes), f"{reply.text} …" if reply.stopped else reply.text, asked.id)
        if talk.spent_by_turns() > LEFT * talk.budget.talk:
            talk.set_aside += sum(one.kind is Kind.REPLY and one.known for one in said[: at - 1])
            break
    compacted(talk, said, learnt)
    return talk


def _label(one: Said) -> Label:
    return one.label if one.kind is Kind.REPLY else Label(one.label.integrity, one.label.confidentiality)


def _theirs(one: Said, answer: Said | None, learnt: Sequence[Fact]) -> list[Line]:
    """The person's: facts as they were learnt, promises, decisions, what was not answered."""
    kept = [Line(_short(fact.text), one.id, Keeps.FACT) for fact in learnt if fact.superseded_by is None and not fact.wrong]
    for sentence in _sentences(one.text):
        if sentence.endswith("?"):
            if answer is not None and not answer.known:
                kept.append(Line(f'You asked, and I did not know: "{sentence}"', one.id, Keeps.OPEN))
        elif _VOW.search(sentence):
            kept.append(Line(f'You said: "{sentence}"', one.id, Keeps.PROMISE))
        elif _DECIDED.search(sentence):
            kept.append(Line(f'You said: "{sentence}"', one.id, Keeps.DECISION))
        elif not learnt and _NAMED.search(sentence):
            kept.append(Line(f'You said: "{sentence}"', one.id, Keeps.NAMED))
    return kept


def _ours(one: Said) -> list[Line]:
    """The companion's: what it promised, and what was agreed in its words."""
    kept = []
    for sentence in _sentences(one.text):
        if sentence.endswith("?"):
            continue
        keeps = Keeps.PROMISE if _VOW.search(sentence) else Keeps.DECISION if _DECIDED.search(sentence) else None
        if keeps is not None:
            kept.append(Line(f'I said: "{sentence}"', one.id, keeps))
    return kept


def _sentences(text: str) -> list[str]:
    return [_short(piece) for piece in _SENTENCE.split(unmarked(text)) if piece.strip()]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"
