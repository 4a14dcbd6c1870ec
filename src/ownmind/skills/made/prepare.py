"""Prepare for a meeting with somebody: their card, promises both ways, what was said lately, the calendar. By code, every line sourced."""

from __future__ import annotations

import asyncio
import re

from ...memory.citing import stems
from ...messages import Integrity, Kind
from ...people.person import Card
from ..hands import Hands
from ..running import Job, Pieces

_WITH = re.compile(
    r"\b(?:with|to|at|see(?:ing)?|meet(?:ing)?)\s+(?P<name>(?:(?:Mrs?|Ms|Dr)\.?\s)?[A-ZÀ-Þ][\w’'-]+(?:\s[A-ZÀ-Þ][\w’'-]+)?|my \w+)"
)
_ABOUT = re.compile(r"\b(?:about|on|regarding)\s+(?P<what>[^.?!\n]+)", re.IGNORECASE)
_MOST = 5


async def run(job: Job) -> Pieces:
    hands = job.hands
    match, about = _WITH.search(job.request), _ABOUT.search(job.request)
    name, topic = (match["name"] if match else ""), (about["what"].strip() if about else "")
    if not name and not topic:
        hands.known = False
        yield "A meeting with whom, or about what?"
        return
    card = await asyncio.to_thread(hands.card, name) if name else None
    said = _of_card(card, hands) if card is not None else []
    lately = await asyncio.to_thread(_lately, job, name, topic)
    planned = [one for one in await asyncio.to_thread(hands.appointments, 14) if name and stems(name) & stems(one.title)]
    said += [f"In your calendar: {one.title}, {one.start:%A %d %B, %H:%M}." for one in planned[:3]]
    yield f"{'Meeting ' + name if name else 'A meeting'}{' about ' + topic if topic else ''}\n"
    if said:
        yield "\n" + "\n".join(f"- {one}" for one in said) + "\n"
    if lately:
        yield "\nSaid before:\n" + "\n".join(f"- {one}" for one in lately) + "\n"
    if not said and not lately:
        hands.known = False
        yield f"\nI know nothing of {name or topic} yet. Tell me, or import mail, chats or a calendar.\n"


def _of_card(card: Card, hands: Hands) -> list[str]:
    person, said = card.person, []
    if person.relation:
        said.append(f"{person.name} is your {person.relation}.")
    if person.last is not None:
        said.append(f"Last in touch: {person.last:%d %B %Y}{f' ({person.last_how})' if person.last_how else ''}.")
    for promise in (*card.promised, *card.promises):
        who = "You promised" if promise.by == "you" else f"{promise.by} promised"
        said.append(f"{who}: {promise.what}{f' ({promise.due_words})' if promise.due_words else ''}.")
        hands.cite_id(promise.item_id, promise.sentence)
    for cited in (*card.matters[:3], *card.ask[:3]):
        said.append(cited.text)
        hands.cite_id(cited.ref, cited.text)
    if card.next_birthday is not None:
        said.append(f"Birthday: {card.next_birthday:%d %B}.")
    return list(dict.fromkeys(said))


def _lately(job: Job, name: str, topic: str) -> list[str]:
    """The nearest things memory holds of the person and the matter, those that name either."""
    wanted = stems(f"{name} {topic}")
    found = job.hands.recall(f"{name} {topic}".strip(), 10)
    kept = [item for item in found if wanted & stems(f"{item.text} {item.speaker}")][:_MOST]
    lines = []
    for item in kept:
        job.hands.cite(item, f"{name} {topic}")
        who = item.speaker if item.speaker else "You" if item.label.integrity is Integrity.PERSON else (item.source.title or "A document")
        when = f", {item.at:%d %B %Y}" if item.at and item.kind is not Kind.PASSAGE else ""
        text = " ".join(item.text.split())
        lines.append(f"{who}{when}: “{text[:240]}{'…' if len(text) > 240 else ''}”")
    return lines
