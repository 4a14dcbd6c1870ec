"""``ownmind permissions`` and ``ownmind ledger``: what may leave this machine, and what did."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from ...guard.visible import visible
from ...messages import Trust
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, note, print_encoded, print_json

if TYPE_CHECKING:
    from ...messages import Origin, Permission, Sent
    from ..attach import Face

DAYS = {"day": 1, "week": 7, "month": 31}
TRUST = {
    Trust.DEFAULT: "quoted in answers; asked about before any of its words go to anybody",
    Trust.TRUSTED: "trusted: its words may go to a receiver you name without being shown to you first",
    Trust.UNUSED: "not used: left out of answers",
}
_TRUST = {"trust": Trust.TRUSTED, "distrust": Trust.UNUSED, "neutral": Trust.DEFAULT}


def permissions(
    action: Annotated[
        Literal["list", "allow", "revoke", "cap", "offline", "online", "sources", "trust", "distrust", "neutral"],
        Parameter(
            help="list them, allow one, revoke one, set its cap, or switch everything off and on again; "
            "list the sources of what was read, trust one, distrust one (it is left out of answers), or take either back (neutral)."
        ),
    ] = "list",
    /,
    *what: Annotated[
        str,
        Parameter(
            help="To allow: the destination (host, or host:port) and what for. To revoke: its id (p3); to cap: its id, and an amount "
            "or none. To trust: the source, or an address of the site."
        ),
    ],
    until: Annotated[str | None, Parameter(help="Allow until this moment, ISO 8601.")] = None,
    once: Annotated[bool, Parameter(help="Allow a single request.", negative="")] = False,
    cap: Annotated[float | None, Parameter(help="Allow until this much is spent.")] = None,
    everything: Annotated[bool, Parameter(name="--all", help="List what is over, too.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Show and change what may leave this machine. Without a permission nothing does, save asking for model files.

    Offline closes the door at once, and cuts what is under way.

    Example: ownmind permissions allow api.example.org answer --until 2027-01-01
    """
    with opened(everywhere) as face:
        match action:
            case "list":
                return _list(face, everything=everything, as_json=everywhere.json)
            case "allow":
                if len(what) != 2:
                    raise BadInput("allow what?", hint='for example: ownmind permissions allow api.example.org "answer"')
                return _say(face.allow(what[0], what[1], until=until, once=once, spend_cap=cap), as_json=everywhere.json)
            case "revoke":
                if len(what) != 1:
                    raise BadInput("revoke which?", hint="`ownmind permissions` lists them; their ids look like p3")
                return _say(face.revoke(what[0]), as_json=everywhere.json)
            case "cap":
                if len(what) != 2:
                    raise BadInput("cap which, at how much?", hint="for example: ownmind permissions cap p3 20, or cap p3 none")
                return _say(face.cap(what[0], _amount(what[1])), as_json=everywhere.json)
            case "sources":
                return _sources(face.sources(), as_json=everywhere.json)
            case "trust" | "distrust" | "neutral":
                if len(what) != 1:
                    raise BadInput(
                        f"{action} what?", hint="`ownmind permissions sources` lists the sources; a site is written https://example.org"
                    )
                return _source(face.trust(what[0], _TRUST[action]), as_json=everywhere.json)
            case "offline" | "online":
                return _switched(face.offline(action == "offline"), as_json=everywhere.json)
    return 0


def offline(*, everywhere: Everywhere = HERE) -> int:
    """Go offline now: nothing leaves this machine, whatever is allowed, and what is under way is cut. Stays so until `ownmind online`.

    Example: ownmind offline
    """
    with opened(everywhere) as face:
        return _switched(face.offline(True), as_json=everywhere.json)


def online(*, everywhere: Everywhere = HERE) -> int:
    """Open the door again to what you allowed.

    Example: ownmind online
    """
    with opened(everywhere) as face:
        return _switched(face.offline(False), as_json=everywhere.json)


def ledger(
    action: Annotated[
        Literal["list", "show", "day", "week", "month", "verify", "export"],
        Parameter(help="list the rows, show one exactly, say a day, week or month in words, verify the chain, or export it."),
    ] = "list",
    /,
    what: Annotated[str, Parameter(help="The row to show, or the new file to export to.")] = "",
    *,
    start: Annotated[str | None, Parameter(name="--from", help="From this moment on, ISO 8601.")] = None,
    end: Annotated[str | None, Parameter(name="--to", help="Before this moment, ISO 8601.")] = None,
    destination: Annotated[str, Parameter(help="Only to this destination.")] = "",
    purpose: Annotated[str, Parameter(help="Only for this purpose.")] = "",
    k: Annotated[int, Parameter(name="-k", help="At most so many rows, the newest.")] = 100,
    secrets: Annotated[bool, Parameter(help="Show keys and passwords in headers, too.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Show what left this machine: when, where to, why, by whose consent, and exactly what. Exit code 1 when the chain is broken.

    Example: ownmind ledger week
    """
    with opened(everywhere) as face:
        match action:
            case "show":
                if not what.isdecimal():
                    raise BadInput("show which row?", hint="`ownmind ledger` lists them by number")
                text = face.sent_text(int(what), secrets=secrets)
                print_json({"row": int(what), "content": text}) if everywhere.json else print(clean(text))
                return 0
            case "day" | "week" | "month":
                words = face.left_in_words(DAYS[action])
                print_json({"words": words}) if everywhere.json else print(clean(words))
                return 0
            case "verify":
                return _verify(face.verify_ledger(), as_json=everywhere.json)
        limit = -1 if action == "export" else k
        rows = face.sent(start=start, end=end, destination=destination, purpose=purpose, limit=limit)
        if action == "export":
            return _export(face, rows, what, as_json=everywhere.json)
    if everywhere.json:
        print_encoded({"rows": rows})
        return 0
    for row in rows:
        _show(row)
    if not rows:
        print(
            "Nothing has left this machine." if not (start or end or destination or purpose) else "Nothing like that has left this machine."
        )
    return 0


def _switched(is_offline: bool, *, as_json: bool) -> int:
    if as_json:
        print_json({"offline": is_offline})
    else:
        print("Offline: nothing leaves this machine." if is_offline else "Online: what you allowed may leave again.")
    return 0


def _list(face: Face, *, everything: bool, as_json: bool) -> int:
    from ...egress.told import consent_in_words

    found, is_offline = face.permissions(everything=everything), face.offline()
    if as_json:
        print_encoded({"offline": is_offline, "permissions": found})
        return 0
    if is_offline:
        print("Offline: nothing leaves this machine, whatever is allowed below.")
    for given in found:
        print(f"{bold(given.id)}  {clean(consent_in_words(given))}")
    if not found:
        print("Nothing is allowed to leave this machine, but requests for model files while `fetch` is on.")
    return 0


def _say(given: Permission, *, as_json: bool) -> int:
    from ...egress.told import consent_in_words

    if as_json:
        print_encoded(given)
    else:
        print(f"{bold(given.id)}  {clean(consent_in_words(given))}")
    return 0


def _sources(found: list[Origin], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"sources": found})
        return 0
    for one in found:
        said = f"{one.items:,} {'thing' if one.items == 1 else 'things'} remembered" if one.items else "nothing of it is remembered"
        print(f"{bold(clean(visible(one.source)))}  {TRUST[one.trust]}")
        print(dim(f"    {said}" + (f" · {clean(visible(one.title))}" if one.title else "")))
    if not found:
        print("Nothing was read from outside yet.")
    return 0


def _source(one: Origin, *, as_json: bool) -> int:
    if as_json:
        print_encoded(one)
    else:
        print(f"{bold(clean(visible(one.source)))}  {TRUST[one.trust]}")
    return 0


def _amount(said: str) -> float | None:
    if said == "none":
        return None
    try:
        amount = float(said)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf"):
        raise BadInput(f"{said!r} is not an amount", hint="a number such as 20, or none")
    return amount


def _verify(wrong: list[str], *, as_json: bool) -> int:
    if as_json:
        print_json({"whole": not wrong, "wrong": wrong})
    else:
        print("\n".join(wrong) or "The ledger is whole: every row follows from the one before it, and none is missing.")
    return 1 if wrong else 0


def _show(row: Sent) -> None:
    at = row.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    print(f"{bold(str(row.id))}  {at}  {clean(row.destination)}  {row.bytes_out:,} bytes, to {clean(row.purpose)}")
    how = row.outcome + (f" ({row.detail})" if row.detail else "")
    items = f" · tells {', '.join(row.item_ids)}" if row.item_ids else ""
    print(dim(f"    {clean(how)} · by {clean(row.consent)}{items}" + ("" if row.is_kept else " · content not kept")))


def _export(face: Face, rows: list[Sent], to: str, *, as_json: bool) -> int:
    """Every row as a line of JSON, with its exact content where it is still kept. Not encrypted."""
    from .. import wire

    if not to:
        raise BadInput("export where to?", hint="for example: ownmind ledger export left.jsonl")
    path = Path(to).expanduser().absolute()
    try:
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadInput(f"{path} is there already", hint="name a new file") from error
    with os.fdopen(target, "wb") as file:
        for row in rows:
            encoded = wire.encode(row)
            assert isinstance(encoded, dict)
            file.write(wire.line({**encoded, "content": face.sent_text(row.id) if row.is_kept else None}))
    if as_json:
        print_json({"path": str(path), "rows": len(rows)})
    else:
        print(f"{len(rows)} rows are in {path}.")
        note("It is not encrypted.")
    return 0
