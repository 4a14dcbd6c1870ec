"""Remember something on request. The confirmation quotes the row that was read back, so it cannot be said without one."""

from __future__ import annotations

from ..errors import NotFound
from ..guard.declared import Effect
from ..messages import Confidentiality, Entry, Integrity, Kind, Label, Source
from .tool import Asked, Outcome, Tool


def remember(asked: Asked) -> Outcome:
    """Stores ``what`` (or finds the message that already holds it) and gives it back as it was read from the store.

    Raises what the store raises (DiskFull, StoreDamaged), and NotFound when the row is not there: then nothing was remembered.
    """
    what = asked.arguments.get("what", "").strip()
    name = asked.item_id
    if not name:
        entry = Entry(
            what,
            Source(f"conversation:{asked.conversation}", "conversation") if asked.conversation else Source("note:chat", "note", "Notes"),
            Label(Integrity.PERSON, Confidentiality.PRIVATE),
            Kind.NOTE,
            asked.now,
            conversation=asked.conversation,
        )
        (name,) = asked.memory.remember([entry], now=asked.now)
    if not name:
        raise NotFound("that was forgotten before, and stays forgotten", hint="say it in other words to have it remembered anew")
    item = asked.memory.item(name)  # NotFound: no row, no confirmation
    return Outcome(f"Remembered: {_quoted(what or item.text)}", ids=(item.id,), items=(item,))


def _quoted(text: str, longest: int = 300) -> str:
    words = " ".join(text.split())
    return f"“{words if len(words) <= longest else words[: longest - 1] + '…'}”"


TOOL = Tool("remember", "Keep something the person wants remembered", Effect.WRITES, remember, {"what": "the words to keep"})
