"""What a turn writes: the person's message before anything else, and the reply, whole or as far as it came."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from ..errors import NotFound, OwnmindError
from ..messages import Entry, Fact, Item, Kind, Source
from ..tracing import span
from .answer import Answer, Parts


def clean(text: str) -> str:
    """The text without lone surrogates (they cannot be stored) and without control characters that mean nothing."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(letter for letter in text if letter in "\n\t" or (ord(letter) >= 32 and ord(letter) != 127))


def hear(text: str, parts: Parts, conversation: str, now: datetime) -> tuple[Item, tuple[Fact, ...]]:
    """The message as it was read back, and the facts the rules learnt from it. Raises what the store raises."""
    entry = Entry(
        text, parts.voice.source or Source(f"conversation:{conversation}", "conversation"), parts.voice.label, Kind.MESSAGE, now,
        conversation=conversation, external_id=parts.voice.key or token_hex(8),
    )  # fmt: skip
    title = " ".join(text.split())[:60]
    with span("hear"):
        name = parts.memory.remember_with(
            entry, lambda _: parts.conversations.start(conversation, now=now.timestamp(), title=title), now=now
        )
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
