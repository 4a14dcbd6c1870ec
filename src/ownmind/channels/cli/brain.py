"""``ownmind brain``: who answers, the brain on this machine or one on another, and where that one is."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, print_encoded

if TYPE_CHECKING:
    from ...messages import Answering


def brain(
    what: Annotated[
        Literal["show", "use", "remote"],
        Parameter(help="show who answers; use remote or local; remote set URL says where the remote one is, remote forget drops its key."),
    ] = "show",
    /,
    *words: Annotated[str, Parameter(help="remote or local; or set and the address, such as https://api.example.org/v1.")],
    model: Annotated[str, Parameter(help="What the model is called there.")] = "",
    price_in: Annotated[float | None, Parameter(help="What a million tokens sent cost.")] = None,
    price_out: Annotated[float | None, Parameter(help="What a million tokens of answers cost.")] = None,
    currency: Annotated[str | None, Parameter(help="Of the prices and the caps.")] = None,
    keep_key: Annotated[bool, Parameter(help="Ask for no key: keep the one there is, if any.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Show and choose who answers. A remote model is sent nothing before you saw it and said yes.

    Its key is asked for, or read from standard input, never taken as an argument: other programs can read those. It is kept in the
    encrypted store and shown nowhere.

    Example: ownmind brain remote set https://api.example.org/v1 --model small-one --price-in 0.5 --price-out 1.5
    """
    match what, words:
        case "show", ():
            with opened(everywhere) as face:
                shown = face.who_answers()
        case "use", (which,):
            with opened(everywhere) as face:
                shown = face.use_brain(which)
        case "remote", ("set", url) if model:
            key = None if keep_key else _key()
            with opened(everywhere) as face:
                shown = face.set_remote(url, model, key=key, price_in=price_in, price_out=price_out, currency=currency)
        case "remote", ("forget",):
            with opened(everywhere) as face:
                held = face.who_answers()
                shown = face.set_remote(held.url, held.model, key="")
        case "remote", ("set", _):
            raise BadInput("what is the model called there?", hint="--model NAME")
        case _:
            raise BadInput("that is not how it is said", hint="ownmind brain; brain use remote; brain remote set URL --model NAME")
    if everywhere.json:
        print_encoded(shown)
    else:
        _say(shown)
    return 0


def _key() -> str:
    """The key as it was typed, unseen, or piped in. "" where the server asks for none."""
    if sys.stdin.isatty():
        return getpass.getpass("Its key (not shown; empty for none): ").strip()
    return sys.stdin.readline().strip()


def _say(shown: Answering) -> None:
    here = f"the brain here ({shown.local})"
    there = f"{shown.model} at {shown.destination}"
    print(f"{bold('Answers')} come from {clean(there) if shown.now == 'remote' else clean(here)}.")
    if shown.chosen == "remote" and shown.now == "local":
        why = "you are offline" if shown.is_offline else shown.wrong or "no place for it is set"
        print(f"You chose the remote one, but {clean(why)}.")
    if not shown.url:
        print(dim("No remote model is set: `ownmind brain remote set URL --model NAME`."))
        return
    known = shown.price_in >= 0 and shown.price_out >= 0
    price = f"{shown.price_in:g} and {shown.price_out:g} {shown.currency} for a million tokens" if known else "price not known"
    key = "its key is kept" if shown.has_key else "no key"
    print(f"{bold('Remote')}   {clean(shown.model)} at {clean(shown.url)}; {clean(price)}; {key}")
    if shown.now == "remote":
        print(dim("Before anything goes there you are shown it: `ownmind approvals`. `ownmind brain use local` goes back."))
    else:
        print(dim("`ownmind brain use remote` has it answer."))
