"""``ownmind redact`` and ``ownmind withhold``: less than forgetting."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ...errors import BadInput
from .forgetting import What
from .opening import opened
from .options import HERE, Everywhere
from .output import one_line, print_encoded


def redact(
    item: Annotated[str, Parameter(help="The item's id (i12).")],
    words: Annotated[str, Parameter(help="The words to cut, as they stand in it.")],
    /,
    *,
    everywhere: Everywhere = HERE,
) -> int:
    """Cut words out of one thing and keep the rest. Facts and replies that rest on the words go; they stay gone.

    Example: ownmind redact i12 "the code is 4711"
    """
    with opened(everywhere) as face:
        receipt = face.redact(item, words)
    if everywhere.json:
        print_encoded(receipt)
    else:
        print(f"Cut out of {item}. " + ("A scan found no trace of the words." if receipt.verified else "A scan still found a trace."))
    return 0 if receipt.verified else 1


def withhold(
    what: Annotated[str, Parameter(help="An id, a conversation, a source, or words.")] = "",
    /,
    *,
    which: What = What(),  # noqa: B008  # frozen
    undo: Annotated[bool, Parameter(help="Use it again.", negative="")] = False,
    listed: Annotated[bool, Parameter(name="--list", help="Show what is kept without being used.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Keep something without using it: recall, facts and answers pass it over until you say --undo.

    Example: ownmind withhold --person Ben
    """
    with opened(everywhere) as face:
        if listed:
            found = face.withheld()
            if everywhere.json:
                print_encoded({"items": found})
            else:
                print("\n".join(f"{item.id}  {one_line(item.text)}" for item in found) or "Nothing is withheld.")
            return 0
        target = which.target(what)
        if target == type(target)():
            raise BadInput("withhold what?", hint="an id, a conversation, a source, or words; --list shows what is withheld")
        ids = [name for name in face.plan_forget(target).named if name.startswith("i")]
        changed = face.withhold(ids, undo=undo)
    if everywhere.json:
        print_encoded({"ids": ids, "changed": changed})
    else:
        print(f"{changed} {'item' if changed == 1 else 'items'} {'may be used again' if undo else 'kept, and not used'}.")
    return 0
