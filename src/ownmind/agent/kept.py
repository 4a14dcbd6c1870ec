"""Where a turn belongs, and what it writes: the person's message before anything else, and the reply, whole or as far as it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from ..errors import BadInput, NotFound, OwnmindError
from ..messages import Entry, Fact, Integrity, Item, Kind, Source
from ..tracing import span
from .answer import Answer, Parts


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which talk something is said: at its end, or in place of ``instead_of``. ``heard``: the message that is answered anew."""

    conversation: str
    instead_of: str = ""
    heard: Item | None = None


def placed(parts: Parts, conversation: str | None, instead_of: str) -> Place:
    """Where a message belongs. Raises NotFound for an ``instead_of`` that was not said in this talk, and BadInput for what cannot be
    asked for anew: a reply that did something would do it again, and a program's words have nobody to answer to."""
    if not instead_of:
        return Place(conversation or f"c{token_hex(5)}")
    item = parts.memory.item(instead_of)
    if item.kind not in (Kind.MESSAGE, Kind.REPLY) or not item.conversation or conversation not in (None, item.conversation):
        raise NotFound(f"{instead_of} was not said in this talk", hint="its messages have their ids")
    if item.kind is Kind.MESSAGE:
        return Place(item.conversation, item.id)
    told = next((one for one in parts.conversations.messages(item.conversation) if one.id == item.id), None)
    if told is None:
        raise NotFound("that reply is on another branch of this talk", hint="go to that branch first")
    if told.actions or told.goals:
        raise BadInput(
            "that reply did something, or is about a goal, and answering again would do it twice", hint="say it in a new message"
        )
    heard = parts.memory.item(parts.conversations.answered(item.id))
    if heard.label.integrity is not Integrity.PERSON:
        raise BadInput("that message came through a program", hint="say it yourself")
    return Place(item.conversation, item.id, heard)


def clean(text: str) -> str:
    """The text without lone surrogates (they cannot be stored) and without control characters that mean nothing."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(letter for letter in text if letter in "\n\t" or (ord(letter) >= 32 and ord(letter) != 127))


def hear(text: str, parts: Parts, place: Place, now: datetime, files: Sequence[str]) -> tuple[Item, tuple[Fact, ...]]:
    """The message as it was read back, and the facts the rules learnt from it; one that is answered anew taught all it could. Raises what
    the store raises. ``files``: refs of the sources sent with it."""
    if place.heard is not None:
        return place.heard, ()
    conversation = place.conversation
    entry = Entry(
        text, parts.voice.source or Source(f"conversation:{conversation}", "conversation"), parts.voice.label, Kind.MESSAGE, now,
        conversation=conversation, external_id=parts.voice.key or token_hex(8),
    )  # fmt: skip
    title = " ".join(text.split())[:60]

    def beside(name: str) -> None:
        parts.conversations.start(conversation, now=now.timestamp(), title=title)
        if name and place.instead_of:
            parts.conversations.fork(name, place.instead_of)
            parts.memory.withdraw(place.instead_of, name)
        if name and files:
            parts.conversations.attach(name, files)

    with span("hear"):
        name = parts.memory.remember_with(entry, beside, now=now)
        if not name:
            raise NotFound("these words were forgotten a moment ago and are not kept again", hint="say it in other words")
        item = parts.memory.item(name)
        if item.text != text:
            raise OwnmindError("what was read back is not what was written", hint="run `ownmind doctor`")
        return item, tuple(parts.memory.learnt_from(name))


def keep(answer: Answer, parts: Parts, conversation: str, now: datetime, *, stopped: bool = False) -> str:
    """The id of the reply as it is remembered; "" when its words were forgotten before. ``stopped``: it is a part of one."""
    entry = Entry(
        answer.text, Source(f"conversation:{conversation}", "conversation"), answer.rests_on, Kind.REPLY, now,
        speaker="Ownmind", conversation=conversation, external_id=token_hex(8),
    )  # fmt: skip

    def beside(name: str) -> None:
        if not name:
            return
        parts.conversations.keep_reply(
            name, sources=answer.sources, known=answer.known, brain=answer.brain,
            actions=[one.id for one in answer.actions], goals=answer.goals, stopped=stopped,
            after=answer.after, instead_of=answer.instead_of,
        )  # fmt: skip
        if parts.remote is not None and answer.calls:
            parts.remote.costs.belong(answer.calls, name)

    with span("store"):
        return parts.memory.remember_with(entry, beside, now=now, embed=False)


def keep_part(answer: Answer, parts: Parts, conversation: str, now: datetime) -> str:
    """The id of a reply that was stopped: as far as it was said, with the sources of that; "" when nothing was said."""
    if not answer.text:
        return ""
    answer.settle(stopped=True)
    return keep(answer, parts, conversation, now, stopped=True)
