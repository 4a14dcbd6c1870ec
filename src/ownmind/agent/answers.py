"""Replies written by code from the rows themselves: remembered, forgotten, what is known, why, and what to say without a brain.

Each is true by construction. "Remembered" is made from the item that was read back, a receipt from the search after the deed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..errors import NotFound, OwnmindError
from ..memory.calendar import WEEKDAYS, Precision, day_in_words
from ..memory.holds import Holding
from ..memory.memory import Memory
from ..memory.timeline import Dated
from ..memory.times import in_words
from ..memory.whose import YOU, speaker_of
from ..messages import Cited, Fact, FactKind, Item, Kind, Recalled
from ..store.conversations import Conversations
from ..store.settings import Settings
from ..tools import forget as forget_tool
from ..tools import remember as remember_tool
from ..tools.tool import Asked
from .cite import cited_from, stems
from .context import note, when_said
from .examples import UNKNOWN
from .intent import Want

LISTENING = "I am here. What would you like to say?"  # to a mark or a face alone
_NEAR = 0.33  # cosine from which something is worth naming as nearby
_LISTED = 12  # facts named when the person asks what is known
_FROM_MEMORY = 3  # items shown while there is no brain


@dataclass(frozen=True, slots=True)
class Told:
    """A reply by code."""

    text: str
    sources: tuple[Cited, ...] = ()
    known: bool = True


def remembered(memory: Memory, what: str, item: Item, learned: Sequence[Fact], now: datetime) -> Told:
    """The confirmation of a request to remember, from the row as it is in the store; else that it was not kept, and why."""
    try:
        outcome = remember_tool.TOOL.run(Asked(memory, {"what": what}, now, item.conversation, item.id))
    except OwnmindError as error:
        return Told(f"I could not keep that: {error.message}. {error.hint}".strip(), known=False)
    return Told(outcome.text, (cited_from(item, stems(what)),))


def proposed(memory: Memory, settings: Settings, target: str, item: Item, now: datetime) -> Told:
    """What forgetting ``target`` would remove, asking for a yes; or that nothing matches."""
    if not target.strip():
        return Told("What should I forget? Say a word or two that stand in it.", known=False)
    try:
        outcome = forget_tool.TOOL.run(Asked(memory, {"target": target}, now, item.conversation, item.id))
    except OwnmindError as error:
        text = (
            "I found nothing about that, so there is nothing to forget."
            if isinstance(error, NotFound)
            else f"{error.message}. {error.hint}"
        )
        return Told(text, known=False)
    settings.set(_key(item.conversation), " ".join(outcome.ids))  # ids, never words: a pending request must not outlive what it names
    return Told(outcome.text, tuple(cited_from(one) for one in outcome.items[:3]))


def pending(settings: Settings, conversation: str) -> str:
    """The ids a forget in this conversation waits to remove; "" when none does."""
    return settings.get(_key(conversation))


def clear_pending(settings: Settings, conversation: str) -> None:
    settings.remove(_key(conversation))


def forgotten(memory: Memory, ids: str, item: Item, now: datetime) -> Told:
    """Carries out the forget that was confirmed, and says what a search afterwards found."""
    try:
        outcome = forget_tool.TOOL.run(Asked(memory, {"target": ids}, now, item.conversation, item.id, sure=True))
    except OwnmindError as error:
        return Told(f"I could not forget that: {error.message}. {error.hint}".strip(), known=False)
    return Told(outcome.text)


def about(memory: Memory, whom: str) -> Told:
    """What is believed about the person or somebody, each with when it was said."""
    facts = sorted(memory.facts(whom), key=lambda fact: (_ORDER[fact.kind], fact.learned_at))
    if not facts:
        return Told(f"I know nothing about {'you' if whom == 'you' else whom} yet. Tell me and I'll keep it.", known=False)
    items = {fact.id: memory.item(fact.item_id) for fact in facts[:_LISTED]}
    lines = [f"- {fact.text.rstrip('.')}.{_origin(items[fact.id])}" for fact in facts[:_LISTED]]
    more = f"\nand {len(facts) - _LISTED} more: `ownmind facts` lists them all." if len(facts) > _LISTED else ""
    sources = {items[fact.id].id: _resting(fact, items[fact.id]) for fact in facts[:_LISTED]}
    return Told(f"This is what I know about {whom}:\n" + "\n".join(lines) + more, tuple(sources.values()))


def why(memory: Memory, conversations: Conversations, what: str, item: Item, now: datetime) -> Told:
    """Where something is known from: the words it rests on, who said them and when. ``what`` empty: the last answer."""
    sources = (
        _last_sources(conversations, item)
        if not what or what.lower() in ("that", "this", "it", "so")
        else _sources_for(memory, what, item, now)
    )
    if not sources:
        return Told(
            "I have no source for that, so please don't rely on it." if not what else f"I have nothing in memory about {what}.", known=False
        )
    lines = [f"- {one.speaker or _place(one)}{when_said(one.at)}: “{one.quote.strip()}”" for one in sources]
    return Told("Because of this:\n" + "\n".join(lines), sources)


def unknown(found: Sequence[Recalled], question: str, holding: Holding) -> Told:
    """That memory does not hold the answer, what it holds nearby, and why that is not it: told of somebody else, or lacking what is
    asked for."""
    near = [one for one in found if one.signals.get("cosine", 0.0) >= _NEAR or one.signals.get("coverage", 0.0) >= 0.5]
    if not near and not holding.elsewhere:
        return Told(UNKNOWN, known=False)
    nearest = next((one for one in found if one.id == holding.nearest), found[0])
    why = f", though {holding.against[0]}" if holding.against else ""
    lead = f"The nearest I have is not about {holding.about}" if holding.elsewhere else f"The nearest I have{why}"
    return Told(f"{UNKNOWN} {lead}: {note(nearest.item, question)}", (cited_from(nearest.item),), known=False)


def dated(found: Dated) -> Told:
    """The answer to a "when", worked out by code, with the words it was worked out from."""
    item, quote = found.recalled.item, " ".join(found.quote.split())
    words = in_words(found.start, found.end, Precision(found.precision))
    day = f" ({WEEKDAYS[found.start.weekday()].capitalize()})" if words == day_in_words(found.start) else ""
    who = "You said" if speaker_of(item) == YOU else f"{item.speaker} said" if item.speaker else item.source.title or item.source.ref
    return Told(f"{words}{day}. {who}{when_said(item.at)}: “{quote}”", (cited_from(item, stems(quote)),))


def quoted(notes: Sequence[tuple[Recalled, str]], words: str) -> Told:
    """The note that holds ``words``, as the answer: what was said, by whom and when, untouched by a model."""
    wanted = stems(words)
    recalled, line = max(notes, key=lambda pair: len(stems(pair[1]) & wanted))  # the first of equals: nearest to the question
    return Told(f"What I have on that: {line}", (cited_from(recalled.item, wanted),))


def without_brain(state: str, found: Sequence[Recalled], computed: Sequence[str], want: Want, text: str) -> Told:
    """A reply while there is no brain: what memory holds, said plainly."""
    state = state.strip() or "The brain is not ready yet."
    if want is Want.SMALL_TALK:
        return Told(f"{state} I already remember what you tell me.")
    if want is Want.STATEMENT:
        return Told(f"{state} I have kept what you said.")
    if computed and not found:
        return Told(f"{state} {' '.join(line[:1].upper() + line[1:] for line in computed)}")
    shown = found[:_FROM_MEMORY]
    if not shown:
        return Told(f"{state} I found nothing in memory about that; your message is kept.", known=False)
    lines = "\n".join(f"- {note(one.item, text)}" for one in shown)
    worked_out = "".join(f"\n- {line}" for line in computed)
    return Told(f"{state} From memory:\n{lines}{worked_out}", tuple(cited_from(one.item, stems(text)) for one in shown))


_ORDER = {FactKind.NEED: 0, FactKind.INSTRUCTION: 1, FactKind.FACT: 2, FactKind.PREFERENCE: 3}


def _key(conversation: str) -> str:
    return f"forget.pending.{conversation}"


def _origin(item: Item) -> str:
    who = (
        f"{item.speaker} said so"
        if item.speaker
        else "you said so"
        if item.kind in (Kind.MESSAGE, Kind.NOTE)
        else item.source.title or item.source.ref
    )
    return f" ({who}{f' on {when_said(item.at)[2:-1]}' if item.at else ''})"


def _resting(fact: Fact, item: Item) -> Cited:
    return Cited(item.id, item.text, item.source.ref, item.source.title, item.at, item.speaker, fact.quote, item.page, item.label)


def _last_sources(conversations: Conversations, item: Item) -> tuple[Cited, ...]:
    replies = [said for said in conversations.messages(item.conversation) if said.kind is Kind.REPLY]
    return replies[-1].sources if replies else ()


def _sources_for(memory: Memory, what: str, item: Item, now: datetime) -> tuple[Cited, ...]:
    found = [one for one in memory.recall(what, k=6, now=now) if one.id != item.id]
    clear = [one for one in found if one.signals.get("cosine", 0.0) >= 0.45 or one.signals.get("coverage", 0.0) >= 0.6]
    return tuple(cited_from(one.item, stems(what)) for one in clear[:3])


def _place(cited: Cited) -> str:
    return "You said" if cited.source.startswith(("conversation:", "note:")) else cited.title or cited.source
