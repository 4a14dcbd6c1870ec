"""What happened when: timeline."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ...messages import TimelineEvent
from .opening import opened
from .options import HERE, Everywhere
from .output import clean, one_line, print_json


def timeline(
    *,
    about: Annotated[str | None, Parameter(help="A person or a topic; everything when left out.")] = None,
    start: Annotated[str | None, Parameter(name="--from", help="Not before this moment, ISO 8601.")] = None,
    end: Annotated[str | None, Parameter(name="--to", help="Before this moment, ISO 8601.")] = None,
    count: Annotated[int, Parameter(name=["-k", "--count"], help="How many to show at most.")] = 100,
    everywhere: Everywhere = HERE,
) -> int:
    """Show what happened when, in order, with the words that say so. What names no time stands when it was said.

    Example: ownmind timeline --about Ana --from 2026-01-01
    """
    with opened(everywhere) as face:
        found = face.timeline(about, start, end, limit=count)
    if everywhere.json:
        from ..wire import encode

        print_json({"events": encode(found)})
        return 0
    for event in found:
        who = f"{clean(event.speaker)}: " if event.speaker else ""
        print(f"{_when(event):<28}{who}{one_line(event.text)} ({clean(event.source)}, {event.item_id})")
    if not found:
        print(f"Nothing is known to have happened about {clean(about)}." if about else "Nothing is known to have happened then.")
    return 0


def _when(event: TimelineEvent) -> str:
    from ...memory.times import in_words

    return ("said " if event.precision == "said" else "") + in_words(event.start, event.end, event.precision)
