"""``ownmind preview``: what would leave, with every pseudonym marked, what each stands for, and what stays."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ...guard.preview import Preview
from .opening import opened
from .options import HERE, Everywhere
from .output import clean, one_line, print_encoded

_LISTED = 12


def preview(
    text: Annotated[str, Parameter(help="What you would ask.")],
    /,
    *,
    to: Annotated[str, Parameter(help="Where it would go: host, or host:port.")],
    purpose: Annotated[str, Parameter(name=["--for"], help="What for.")] = "answer",
    k: Annotated[int, Parameter(name="-k", help="With at most so many remembered things.")] = 6,
    everywhere: Everywhere = HERE,
) -> int:
    """Show what would leave if you asked this there: the exact text, pseudonyms beside what they stand for, and what stays here.

    Nothing is sent, whatever is allowed.

    Example: ownmind preview "What should I cook for Ana?" --to api.example.org
    """
    with opened(everywhere) as face:
        shown = face.preview(text, destination=to, purpose=purpose, k=k)
    if everywhere.json:
        print_encoded(shown)
    else:
        show(shown)
    return 0


def rendered(shown: Preview) -> RenderableType:
    """The preview, for rich. Remembered text is cleaned: it may hold what a terminal obeys."""
    head = Text.assemble(
        ("Nothing has been sent. ", "bold"),
        f"For {clean(shown.purpose)}, {shown.bytes:,} bytes would go to ",
        (clean(shown.destination), "bold"),
        "" if shown.price is None else f", at most {shown.price.amount:.4g} {shown.price.currency}",
        f". The most confidential of it is {shown.confidentiality.value}.",
    )
    body = Text()
    for piece in shown.pieces:
        body.append(clean(piece.text), "reverse" if piece.stands_for else "")
    parts: list[RenderableType] = [head, Panel(body, title="exactly this", title_align="left")]
    if any(piece.stands_for for piece in shown.pieces):
        parts.append(_pseudonyms(shown))
    if shown.items:
        parts.append(_items(shown))
    parts += [Text(f"In it by your own consent: {clean(what)} (secret)", "bold") for what in shown.secrets]
    parts += [Text(f"Left out as secret: {clean(left.what)}, {left.characters} characters") for left in shown.left_out]
    return Group(*parts)


def show(shown: Preview) -> None:
    """Prints the preview on stdout."""
    Console(highlight=False).print(rendered(shown))


def _pseudonyms(shown: Preview) -> Table:
    table = Table("it reads", "stands for", "a", box=None, pad_edge=False, title="Only you see the second column", title_justify="left")
    for reads, stands_for, kind in dict.fromkeys((piece.text, piece.stands_for, piece.kind) for piece in shown.pieces if piece.stands_for):
        table.add_row(Text(one_line(reads)), Text(one_line(stands_for)), kind)
    return table


def _items(shown: Preview) -> Table:
    table = Table("item", "what", "begins", "confidentiality", box=None, pad_edge=False, title="From your memory", title_justify="left")
    for item in shown.items[:_LISTED]:
        table.add_row(item.item_id, Text(one_line(item.what)), Text(one_line(item.begins, 60)), item.confidentiality.value)
    if len(shown.items) > _LISTED:
        table.add_row("", f"and {len(shown.items) - _LISTED} more")
    return table
