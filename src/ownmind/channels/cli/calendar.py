"""``ownmind calendar``: what is in your calendars, where they come from, and putting a plan into one of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from getpass import getpass
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from . import approvals
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, day, dim, joined, note, one_line, print_encoded, print_json, slowly

if TYPE_CHECKING:
    from ...goals.calendars import CalendarSource, Fetched
    from ...records import Appointment
    from ..attach import Face

_NONE = "No calendar is here yet. Import an .ics file, or connect one: ownmind calendar connect https://calendar.example.org/ana --user ana"


def calendar(
    what: Annotated[
        Literal["list", "sources", "connect", "fetch", "publish", "remove"],
        Parameter(
            help="list what takes place; where calendars come from; connect one on a server; fetch it anew; publish a plan into one; "
            "remove one."
        ),
    ] = "list",
    which: Annotated[str, Parameter(help="The address to connect, the source to fetch or remove, the goal to publish.")] = "",
    /,
    *,
    days: Annotated[int, Parameter(help="To list: how many days from now.")] = 7,
    user: Annotated[str, Parameter(help="To connect: your name there. The password is asked for, or read from standard input.")] = "",
    source: Annotated[str, Parameter(help="To publish: into which calendar.")] = "",
    everywhere: Everywhere = HERE,
) -> int:
    """Show your calendars and what takes place in them. Files come by `ownmind import`; one on a server is connected and fetched.

    A plan is put into a calendar elsewhere only after you saw what would be written and said yes. Only what Ownmind put there is ever
    changed or taken out.

    Example: ownmind calendar --days 14
    """
    if not which and what in ("connect", "fetch", "remove"):
        raise BadInput(f"{what} which?", hint=_NONE if what == "connect" else "`ownmind calendar sources` lists them")
    with opened(everywhere) as face:
        match what:
            case "list":
                return _list(face, days, as_json=everywhere.json)
            case "sources":
                return _sources(face.calendar.sources(), as_json=everywhere.json)
            case "connect":
                password = _password() if user else ""
                with slowly("asking the server"):
                    connected = face.calendar.connect(which, user, password)
                return _sources((connected,), as_json=everywhere.json)
            case "fetch":
                with slowly("reading the calendar"):
                    fetched = face.calendar.fetch(which)
                return _fetched(fetched, as_json=everywhere.json)
            case "remove":
                gone = face.calendar.remove(which)
                print_json({"source": which, "removed": gone}) if everywhere.json else print(
                    f"Gone from here: {gone} events of {clean(which)}."
                )
                return 0
        action = face.calendar.publish(which, source)
        if everywhere.json:
            print_encoded(action)
        elif sys.stdin.isatty():
            approvals.ask(face, [action])
        else:
            approvals.show(action)
            print(dim(f"It waits: ownmind approvals allow {action.id}"))
    return 0


def _list(face: Face, days: int, *, as_json: bool) -> int:
    from ...goals.clock import today, zone_of

    if not 1 <= days <= 3660:
        raise BadInput(f"{days} days cannot be shown", hint="from 1 to 3660")
    zone = zone_of(face.today.preferences())
    now = datetime.now(zone)
    found = face.calendar.appointments(now, now + timedelta(days=days))
    if as_json:
        print_encoded({"appointments": found})
        return 0
    on = None
    for one in found:
        start, end = one.start.astimezone(zone), one.end.astimezone(zone)
        if today(one.start, zone) != on:
            on = today(one.start, zone)
            print(bold(f"{on:%A %d %B}"))
        hours = "all day" if one.whole_day else f"{start:%H:%M}–{end:%H:%M}"
        print(f"  {hours:<11}  {joined(one_line(one.title, 80) or '(no title)', one_line(one.place, 40), _marks(one))}")
    if not found:
        print(f"Nothing is in your calendars in the next {days} days." if face.calendar.sources() else _NONE)
    return 0


def _marks(one: Appointment) -> str:
    return joined("by Ownmind" if one.goal else "", "free" if one.is_free else "")


def _sources(found: Sequence[CalendarSource], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"sources": found})
        return 0
    for one in found:
        read = f"read {day(one.read_at)}" if one.read_at else "not read yet"
        print(f"{bold(clean(one.ref))}  {joined(one_line(one.title, 60), one.kind, f'{one.events:,} events', read)}")
    if not found:
        print(_NONE)
    return 0


def _fetched(fetched: Fetched, *, as_json: bool) -> int:
    if as_json:
        print_encoded(fetched)
    else:
        print(f"{bold(clean(fetched.source))}  {fetched.events:,} events, {fetched.new:,} new or changed.")
        for skipped in fetched.skipped:
            note(f"  skipped {skipped.where}: {skipped.reason}")
    return 1 if fetched.skipped else 0


def _password() -> str:
    if sys.stdin.isatty():
        return getpass("Its password (not shown): ")
    return sys.stdin.readline().rstrip("\n")
