"""What is in memory: remember, recall, facts, keep, fix."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ...errors import BadInput
from .opening import opened
from .options import HERE, Everywhere
from .output import clean, print_encoded, print_fact, print_json, print_recalled, print_shares

if TYPE_CHECKING:
    from ...memory.history import Conflict


def remember(
    text: Annotated[str, Parameter(help="What to remember, word for word; - reads it from stdin.", allow_leading_hyphen=True)],
    /,
    *,
    at: Annotated[str | None, Parameter(help="When it was said or written, ISO 8601.")] = None,
    speaker: Annotated[str, Parameter(help="Who said it.")] = "",
    source: Annotated[str, Parameter(help="Where it comes from, for example note:3.")] = "",
    everywhere: Everywhere = HERE,
) -> int:
    """Remember one thing, word for word. Says so once it is on disk and was read back.

    Example: ownmind remember "Ana is allergic to peanuts" --speaker Ben --at 2026-05-01
    """
    words = sys.stdin.read() if text == "-" else text
    if not words.strip():
        raise BadInput("there is nothing to remember", hint='for example: ownmind remember "Ana is allergic to peanuts"')
    with opened(everywhere, make=True) as face:
        [id] = face.remember_many([{"text": words, "at": at, "speaker": speaker, "source": source or "note:terminal"}])
    if everywhere.json:
        print_json({"id": id, "remembered": bool(id)})
    else:
        print(f"Remembered as {id}." if id else "You asked to forget this before, so it was not remembered.")
    return 0 if id else 1


def recall(
    query: Annotated[str, Parameter(help="What to look for, in your own words.")],
    /,
    *,
    k: Annotated[int, Parameter(name=["-k", "--count"], help="How many to show.")] = 10,
    explain: Annotated[bool, Parameter(help="Add a table of what each signal gave to each score.", negative="")] = False,
    now: Annotated[str | None, Parameter(help="The moment to recall for, ISO 8601.")] = None,
    everywhere: Everywhere = HERE,
) -> int:
    """Find what was said, best first, with who said it, when, and where it is from.

    Example: ownmind recall "who must avoid nuts?" -k 3
    """
    with opened(everywhere) as face:
        found = face.recall(query, k=k, now=now)
    if everywhere.json:
        from ..wire import encode

        print_json({"query": query, "found": encode(found)})
        return 0
    for each in found:
        print_recalled(each)
    if found and explain:
        print_shares(found)
    if not found:
        print("Nothing remembered bears on that.")
    return 0


def facts(
    about: Annotated[str | None, Parameter(help="Someone or something; everyone when left out.")] = None,
    /,
    *,
    at: Annotated[str | None, Parameter(help="As true at this moment, ISO 8601.")] = None,
    everything: Annotated[bool, Parameter(name="--all", help="What is no longer true as well.", negative="")] = False,
    history: Annotated[bool, Parameter(help="All of it, each thing's values in order of time.", negative="")] = False,
    conflicts: Annotated[bool, Parameter(help="Only what contradicts itself and waits for your word.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """List what was learnt, with the exact words it rests on.

    Example: ownmind facts Ana --at 2026-05-01
    """
    from ...memory import history as history_

    with opened(everywhere) as face:
        found = face.facts(about, at, everything=everything or history)
        disputed = history_.conflicts(face.facts(about, everything=True), datetime.now().astimezone())
    if conflicts:
        return _print_conflicts(disputed, json=everywhere.json)
    if history:
        found = history_.in_order(found)
    if everywhere.json:
        from ..wire import encode

        print_json({"facts": encode(found)})
        return 0
    contradicted = history_.in_conflict(disputed)
    for fact in found:
        print_fact(fact, is_contradicted=fact.id in contradicted)
    if not found:
        print(f"Nothing was learnt about {clean(about)}." if about else "Nothing was learnt yet.")
    return 0


def _print_conflicts(found: tuple[Conflict, ...], *, json: bool) -> int:
    if json:
        from ..wire import encode

        print_json({"conflicts": encode(found)})
        return 0
    for conflict in found:
        print(f"{clean(conflict.subject)}, {clean(conflict.predicate)}:")
        for fact in conflict.facts:
            print_fact(fact)
        print()
    if found:
        print("`ownmind keep ID` confirms one of them, `ownmind fix ID TEXT` corrects it, `ownmind forget ID` forgets it.")
    else:
        print("Nothing contradicts itself.")
    return 0


def keep(fact: Annotated[str, Parameter(help="The id of a fact, such as f7.")], /, *, everywhere: Everywhere = HERE) -> int:
    """Confirm a fact: nothing learnt later changes it.

    Example: ownmind keep f7
    """
    with opened(everywhere) as face:
        kept = face.keep(fact)
    print_encoded(kept) if everywhere.json else print_fact(kept)
    return 0


def fix(
    fact: Annotated[str, Parameter(help="The id of a fact, such as f7.")],
    text: Annotated[str, Parameter(help="The fact as it should be.")],
    /,
    *,
    everywhere: Everywhere = HERE,
) -> int:
    """Correct a fact in your own words. The old one stays, marked as superseded.

    Example: ownmind fix f7 "Ana is allergic to walnuts"
    """
    with opened(everywhere) as face:
        fixed = face.fix(fact, text)
    print_encoded(fixed) if everywhere.json else print_fact(fixed)
    return 0
