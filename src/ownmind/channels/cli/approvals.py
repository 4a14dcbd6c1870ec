"""``ownmind approvals``: what waits for a yes, what was done and can be taken back, and what text from outside tried."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput, OwnmindError
from ...guard.visible import visible
from ...messages import Action, ActionState, Argument, Endorsement, Tried
from .. import card
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, day, dim, is_coloured, joined, note, one_line, print_encoded

if TYPE_CHECKING:
    from ..attach import Face

STATE = {
    ActionState.WAITING: "waits for you",
    ActionState.ALLOWED: "allowed",
    ActionState.RUNNING: "under way",
    ActionState.DONE: "done",
    ActionState.FAILED: "failed",
    ActionState.UNKNOWN: "nobody knows whether it happened",
    ActionState.DENIED: "refused",
    ActionState.EXPIRED: "expired",
    ActionState.UNDONE: "undone",
}


def approvals(
    what: Annotated[
        Literal["list", "show", "allow", "deny", "undo", "revoke"],
        Parameter(help="list what waits, show one whole, allow, deny or undo it; revoke a value you vouched for."),
    ] = "list",
    which: Annotated[str, Parameter(help="Its id: a7 is an action, e3 a value you vouched for.")] = "",
    /,
    *,
    always: Annotated[bool, Parameter(help="Allow, and vouch for its values from now on.", negative="")] = False,
    cap: Annotated[float | None, Parameter(help="With --always, for a question to a remote model: until so much is spent.")] = None,
    everything: Annotated[bool, Parameter(name="--all", help="List what was done and refused, too.", negative="")] = False,
    values: Annotated[bool, Parameter(help="List the values you vouched for.", negative="")] = False,
    tried: Annotated[bool, Parameter(help="List what text from outside asked for, and did not get.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Decide what may be done in the world: each action is shown whole, with where every value came from.

    A yes is for exactly what is shown, once. With --always its values are yours from now on: these values, nothing wider.
    Exit code 1 when an action you allowed failed.

    Example: ownmind approvals allow a7
    """
    if always and what != "allow":
        raise BadInput("--always goes with allow", hint="for example: ownmind approvals allow a7 --always")
    if cap is not None and not always:
        raise BadInput("--cap goes with --always", hint="for example: ownmind approvals allow a7 --always --cap 5")
    if what != "list" and not which:
        raise BadInput(f"{what} which?", hint="`ownmind approvals` lists what waits, with --values the values; ids look like a7 and e3")
    if what == "list" and which:
        raise BadInput("list takes no id", hint=f"`ownmind approvals show {which}` shows one whole")
    with opened(everywhere) as face:
        if what == "list":
            return _list(face, everything=everything, values=values, tried=tried, as_json=everywhere.json)
        if what == "revoke":
            return _say_value(face.unvouch(which), as_json=everywhere.json)
        said_of_it: list[str] = []
        action = _done(face, what, which, always=always, cap=cap, on_words=None if everywhere.json else saying(said_of_it))
        if said_of_it:
            print()
        if not everywhere.json and not (said_of_it and action.state is ActionState.DONE):
            show_whole(face, action) if what == "show" else print_outcome(action)
        said = _rest(face) if what in ("allow", "deny") else []
        if not everywhere.json:
            print_rest(said)
    if everywhere.json:
        print_encoded(action)
    return 1 if what == "allow" and action.state is not ActionState.DONE else 0


def show_whole(face: Face, action: Action) -> None:
    """The card; of a question to a model elsewhere that waits, exactly what would leave."""
    if card.is_question(action):
        from . import previewing

        print(f"{bold(action.id)}  {bold(_flat(action.words))}")
        for reason in action.reasons:
            print(f"    asked because: {_flat(reason)}")
        previewing.show(face.action_preview(action.id))
    else:
        show(action)


def show(action: Action) -> None:
    """The whole card. What came from outside stands between ⟦ ⟧ (``[[ ]]`` where the terminal has no such sign), in colour or not."""
    print(f"{bold(action.id)}  {bold(_flat(action.words))}")
    print(f"    {STATE[action.state]}" + (f" until {day(action.expires_at)}" if action.state is ActionState.WAITING else ""))
    print(f"    goes to: {_flat(action.destination) or 'nowhere, it stays on this machine'}")
    for argument in action.arguments:
        print(f"    {argument.name}: {marked(argument)}")
        print(dim(f"        {clean(card.origin(argument))}; {argument.label.confidentiality.value}"))
    if any(argument.tainted for argument in action.arguments):
        opening, closing = _brackets()
        print(dim(f"    {opening} {closing} came from outside: nobody vouches for it"))
    for reason in action.reasons:
        print(f"    asked because: {_flat(reason)}")
    for value in action.needed:
        print(f"    always would vouch for: {_flat(value.value)} ({value.type}, to be {value.effect})")
    if action.outcome:
        print(f"    what came of it: {clean(visible(action.outcome))}")
    if action.can_undo:
        print(f"    `ownmind approvals undo {action.id}` takes it back")


def marked(argument: Argument) -> str:
    """The value with the stretches from outside marked by brackets, and in reverse where there is colour."""
    opening, closing = _brackets()
    begin, end = ("\x1b[7m", "\x1b[0m") if is_coloured(sys.stdout) else ("", "")
    told = (f"{begin}{opening}{clean(one.text)}{closing}{end}" if one.outside else clean(one.text) for one in card.pieces(argument))
    return "".join(told).replace("\n", "\n        ") or "(empty)"


def print_outcome(action: Action) -> None:
    """What came of it, and how to take it back."""
    print(f"{bold(action.id)}  {STATE[action.state]}: {clean(visible(action.outcome or action.words))}")
    if action.can_undo:
        print(dim(f"    `ownmind approvals undo {action.id}` takes it back"))


def saying(said: list[str]) -> Callable[[str], None]:
    """Prints what a model elsewhere says, as it comes; ``said`` holds it."""

    def words(piece: str) -> None:
        said.append(piece)
        print(clean(visible(piece)), end="", flush=True)

    return words


def print_rest(said: Sequence[str]) -> None:
    """What became of the rest of a request that waited for this."""
    for words in said:
        print(clean(visible(words)))


def ask(face: Face, actions: Sequence[Action]) -> None:
    """In a conversation in a terminal: a card for each action that waits, and the person's word on it at once."""
    for action in actions:
        if action.state is not ActionState.WAITING:
            if action.can_undo:
                print(dim(f"  `ownmind approvals undo {action.id}` takes it back"))
            continue
        print()
        show_whole(face, action)
        try:
            _ask(face, action)
        except OwnmindError as error:
            note(f"ownmind: {error.message}" + (f"\nhint: {error.hint}" if error.hint else ""))


def _ask(face: Face, action: Action) -> None:
    offers = "y once, always, N no" if card.can_vouch(action) else "y once, N no"
    try:
        said = input(f"Allow this? [{offers}; Enter leaves it waiting] ").strip().lower()
    except EOFError:
        said = ""
    if said in ("y", "yes"):
        print_outcome(face.approve(action.id))
    elif said in ("a", "always") and card.can_vouch(action):
        print_outcome(face.approve(action.id, vouch=True))
    elif said in ("n", "no"):
        print_outcome(face.decline(action.id))
    else:
        print(dim(f"It waits: `ownmind approvals allow {action.id}` or `deny {action.id}`."))
        return
    print_rest(_rest(face))


def _rest(face: Face) -> list[str]:
    return face.carry_on(on_begin=lambda: note("ownmind: going on with what you asked for; the chat model may have to load"))


def _done(face: Face, what: str, which: str, *, always: bool, cap: float | None, on_words: Callable[[str], None] | None = None) -> Action:
    match what:
        case "allow":
            return face.approve(which, vouch=always, spend_cap=cap, on_words=on_words)
        case "deny":
            return face.decline(which)
        case "undo":
            return face.undo(which)
    return face.action(which)


def _list(face: Face, *, everything: bool, values: bool, tried: bool, as_json: bool) -> int:
    if sum((everything, values, tried)) > 1:
        raise BadInput("one list at a time", hint="--all, --values or --tried")
    if values:
        return _list_values(face.vouched(), as_json=as_json)
    if tried:
        return _list_tried(face.tried(), as_json=as_json)
    found = face.actions(() if everything else (ActionState.WAITING,))
    if as_json:
        print_encoded({"actions": found})
        return 0
    for action in found:
        _line(action)
    if not found:
        print("Nothing was done or asked for yet." if everything else "Nothing waits for you.")
    elif not everything:
        print(dim("`ownmind approvals show ID` shows one whole; allow ID, deny ID."))
    return 0


def _line(action: Action) -> None:
    print(f"{bold(action.id)}  {day(action.asked_at)}  {STATE[action.state]}: {one_line(visible(action.words))}")
    about = joined(
        f"to {_flat(action.destination)}" if action.destination else "",
        one_line(visible(action.outcome)),
        f"undo: ownmind approvals undo {action.id}" if action.can_undo else "",
    )
    if about:
        print(dim(f"    {about}"))


def _list_values(found: Sequence[Endorsement], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"values": found})
        return 0
    for value in found:
        print(f"{bold(value.id)}  {_flat(value.value)}  ({value.type}, to be {value.effect})")
    print(dim("`ownmind approvals revoke ID` takes your word back.") if found else "You have vouched for no value.")
    return 0


def _say_value(value: Endorsement, *, as_json: bool) -> int:
    if as_json:
        print_encoded(value)
    else:
        print(f"{bold(value.id)}  {_flat(value.value)}: from now on you are asked again.")
    return 0


def _list_tried(found: Sequence[Tried], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"tried": found})
        return 0
    for one in found:
        print(f"{day(one.at)}  {_flat(one.title or one.source)} tried: “{one_line(visible(one.words))}” · ignored")
        print(dim(f"    {_flat(one.source)}"))
    if not found:
        print("Nothing from outside has asked for anything.")
    return 0


def _flat(text: str) -> str:
    return " ".join(clean(visible(text)).split())


def _brackets() -> tuple[str, str]:
    try:
        "⟦⟧".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return "[[", "]]"
    return "⟦", "⟧"
