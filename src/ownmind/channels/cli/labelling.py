"""``ownmind label``: how far something may travel."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from .opening import opened
from .options import HERE, Everywhere
from .output import print_json


def label(
    thing: Annotated[str, Parameter(help="An item's or a fact's id (i12, f7).")],
    confidentiality: Annotated[str, Parameter(help="public, private, sensitive or secret.")],
    /,
    *,
    everywhere: Everywhere = HERE,
) -> int:
    """Say how confidential something is. What is secret never leaves this machine but by a consent of its own.

    Example: ownmind label i12 secret
    """
    with opened(everywhere) as face:
        changed = face.label([thing], confidentiality)
    if everywhere.json:
        print_json({"id": thing, "confidentiality": confidentiality, "changed": changed})
    else:
        print(f"{thing} is {confidentiality} now." if changed else f"{thing} was {confidentiality} already.")
    return 0
