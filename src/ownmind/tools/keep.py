"""Keep words a page said, as a note of their own: with the label and the sources they had, so that they stay words from outside.

"Remember the phone number on that page" makes the number easier to find than the page does; it does not make it the person's word.
"""

from __future__ import annotations

from datetime import datetime

from ..errors import BadInput, NotFound
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type, join
from ..memory.memory import Memory
from ..messages import PROGRAM, Entry, Kind, Source
from .act import Arguments, Deed, Result

NAME = "keep_note"
_LONGEST = 10_000  # characters of one note

DECLARED = Declaration(
    NAME, Effect.WRITES, {"text": Parameter(Role.CONTENT, Type.TEXT, words=("saying", "text", "words"))}, says="remember {text}"
)


def deed(memory: Memory) -> Deed:
    """Keeping notes in ``memory``."""

    def keep(arguments: Arguments, now: datetime) -> Result:
        given = arguments.get("text", ())
        text = "\n".join(str(one.data) for one in given).strip()
        if not text or len(text) > _LONGEST:
            raise BadInput("there is nothing to remember" if not text else f"that is more than {_LONGEST:,} characters")
        label = join(*(one.label for one in given if one.label is not None))
        of = ", ".join(label.sources)
        ref = label.sources[0] if len(label.sources) == 1 else "note:kept"
        source = Source(ref, PROGRAM if ref.startswith("client:") else "document", of)
        (name,) = memory.remember([Entry(text, source, label, Kind.NOTE, now)], now=now)
        if not name:
            raise NotFound("that was forgotten before, and stays forgotten", hint="say it in your own words to have it remembered anew")
        kept = memory.item(name)  # NotFound: no row, no confirmation
        return Result(f"Remembered{f', as {of} says' if of else ''}: “{kept.text}”", undo=name)

    def forget(name: str) -> str:
        memory.forget(memory.plan_forget(name))
        return "It is forgotten again."

    return Deed(DECLARED, keep, forget)
