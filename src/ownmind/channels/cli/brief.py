"""``ownmind brief``, ``review``, ``due`` and ``days``: today, the week, what is to be said now, and when you may be spoken to."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from ...goals.due import Delivery, Nudge
from ...goals.placing.schedule import Window
from ...goals.preferences import Preferences
from ...goals.telling.briefing import Briefing, Line, Section
from ...goals.telling.review import Review
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, day, dim, joined, one_line, print_encoded, slowly, table

if TYPE_CHECKING:
    from ..attach import Face

HEADS = {
    Section.STEPS: "Today",
    Section.PROMISES: "Promised",
    Section.BIRTHDAYS: "Birthdays",
    Section.WAITING: "Waiting for you",
    Section.CHANGED: "What changed",
    Section.MISSED: "Missed",
    Section.LET_GO: "One thing to let go",
    Section.HELD: "Kept for now",
}
_CLOCKS = ("quiet_from", "quiet_to", "briefing", "review")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MEANS = {
    "zone": "the time zone you are in",
    "awake": "hours you are awake",
    "work": "hours that are taken by work",
    "most_minutes": "minutes of all goals on a day, at most",
    "most_sittings": "sittings on a day, at most",
    "pause": "minutes between two sittings",
    "quiet_from": "quiet from",
    "quiet_to": "quiet to",
    "nudges_a_day": "nudges on a day, at most",
    "briefing": "the morning's briefing",
    "review_day": "the day of the week's review",
    "review": "the week's review",
    "desktop": "notifications of the desktop",
    "mail": "mails to yourself",
    "silent": "nothing is shown and nothing is spent",
}


def brief(
    when: Annotated[str, Parameter(name="--day", help="Another day, such as 2026-11-23.")] = "",
    *,
    sources: Annotated[bool, Parameter(help="Show beside every sentence what says it.", negative="")] = False,
    receipts: Annotated[bool, Parameter(help="What was due in the last week, and what became of it.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Show today: the steps, what you promised, birthdays, who waits, what changed. Every sentence rests on a source.

    Example: ownmind brief --sources
    """
    with opened(everywhere) as face:
        if receipts:
            return _receipts(face, as_json=everywhere.json)
        with slowly("reading what was said"):
            found = face.today.brief(_day(when))
    if everywhere.json:
        print_encoded(found)
    else:
        print_briefing(found, sources=sources)
    return 0


def review(
    when: Annotated[str, Parameter(name="--day", help="The week that holds this day.")] = "",
    *,
    sources: Annotated[bool, Parameter(help="Show beside every sentence what says it.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Look back on the week: what was planned and done, how far each goal is, what your own words have in common, what comes next.

    Example: ownmind review
    """
    with opened(everywhere) as face:
        found = face.today.review(_day(when))
    if everywhere.json:
        print_encoded(found)
    else:
        print_review(found, sources=sources)
    return 0


def due(
    what: Annotated[Literal["list", "seen", "decline"], Parameter(help="list what is to be said now; seen, or decline one.")] = "list",
    key: Annotated[str, Parameter(help="Its key, such as check:s12:2026-11-22.")] = "",
    /,
    *,
    now: Annotated[str, Parameter(help="At another moment, ISO 8601.")] = "",
    days: Annotated[int, Parameter(help="To decline: for how many days the matter stays quiet.")] = 7,
    everywhere: Everywhere = HERE,
) -> int:
    """Show what is to be said at this moment, each with why now and how to stop it. Showing it here sends nothing.

    Example: ownmind due
    """
    if what != "list" and not key:
        raise BadInput(f"{what} which?", hint="`ownmind due` lists them with their keys")
    with opened(everywhere) as face:
        if what != "list":
            done = face.today.seen(key) if what == "seen" else face.today.decline(key, days)
            return _say_delivery(done, as_json=everywhere.json)
        found = face.today.due(_moment(now))
    if everywhere.json:
        print_encoded({"nudges": found})
        return 0
    for nudge in found:
        _nudge(nudge)
    if not found:
        print("Nothing is due. `ownmind brief` shows the day.")
    return 0


def days(
    what: Annotated[Literal["show", "set"], Parameter(help="show them, or set one.")] = "show",
    name: Annotated[str, Parameter(help="Which one, such as quiet_from.")] = "",
    value: Annotated[str, Parameter(help="Its value, such as 22:00.")] = "",
    /,
    *,
    everywhere: Everywhere = HERE,
) -> int:
    """Show and set how your days are shaped and when you may be spoken to: zone, waking and working hours, quiet hours, nudges.

    Example: ownmind days set quiet_from 22:00
    """
    if what == "set" and not name:
        raise BadInput("set what?", hint="for example: ownmind days set quiet_from 22:00")
    with opened(everywhere) as face:
        held = face.today.set(name, value) if what == "set" else face.today.preferences()
    if everywhere.json:
        print_encoded(held)
    else:
        _preferences(held)
    return 0


def print_briefing(found: Briefing, *, sources: bool = False) -> None:
    """The day under its headings."""
    print(bold(f"{found.day:%A %d %B}"))
    if not found.lines:
        print(clean(found.words) or "Nothing is planned, promised or waiting today.")
    section = None
    for line in found.lines:
        if line.section is not section:
            section = line.section
            print(f"\n{HEADS[section]}")
        _line(line, sources=sources)


def print_review(found: Review, *, sources: bool = False) -> None:
    """The week goal by goal, then what your words show and what comes."""
    print(bold(f"{found.first:%d %B} to {found.last:%d %B}"))
    if found.words and not found.goals:
        print(clean(found.words))
    for goal in found.goals:
        print(f"\n{bold(goal.goal)}  {clean(goal.title)}: {clean(goal.words)}")
        for line in goal.lines:
            _line(line, sources=sources)
    for title, lines in (("Next week", found.next_week),):
        if lines:
            print(f"\n{title}")
        for line in lines:
            _line(line, sources=sources)
    if found.reflections or found.suggestions:
        print("\nWhat your words show")
    for reflection in found.reflections:
        print(f"  {clean(reflection.text)}")
        for ref in reflection.refs:
            print(dim(f"      “{one_line(ref.words, 100)}” ← {clean(ref.ref)}"))
    for suggestion in found.suggestions:
        print(f"  {clean(suggestion.words)}")
        print(dim(f"      ownmind goals change {suggestion.goal} {suggestion.slot} {suggestion.value!r}"))


def _line(line: Line, *, sources: bool) -> None:
    print(f"  {clean(line.text)}")
    for ref in line.refs if sources else ():
        print(dim(f"      ← {clean(ref.ref)}  “{one_line(ref.words, 100)}”"))


def _nudge(nudge: Nudge) -> None:
    print(f"{bold(clean(nudge.title))}  {dim(nudge.key)}")
    print(dim(f"    {joined(clean(nudge.why), clean(nudge.stop))}"))


def _receipts(face: Face, *, as_json: bool) -> int:
    found = face.today.receipts()
    if as_json:
        print_encoded({"deliveries": found})
        return 0
    for line in table([(day(one.due), clean(one.key), _outcome(one)) for one in found]):
        print(line)
    if not found:
        print("Nothing was due in the last seven days.")
    return 0


def _outcome(one: Delivery) -> str:
    if one.unsure:
        return "may have been shown when this machine stopped; not shown again"
    if one.missed:
        return f"missed: {clean(one.reason)}"
    shown = f"shown {day(one.delivered)} ({clean(one.channel)})" if one.delivered else clean(one.reason) or "waits"
    quiet = f"quiet until {day(one.declined_until)}" if one.declined_until else ""
    return joined(shown, "seen" if one.seen else "", f"answered {one.answer}" if one.answered else "", quiet)


def _say_delivery(one: Delivery, *, as_json: bool) -> int:
    if as_json:
        print_encoded(one)
    else:
        print(f"{bold(one.key)}  {_outcome(one)}")
    return 0


def _preferences(held: Preferences) -> None:
    rows = [
        (field.name, _value(field.name, getattr(held, field.name)), dim(_MEANS.get(field.name, ""))) for field in dataclasses.fields(held)
    ]
    for line in table(rows):
        print(line)
    print(dim("`ownmind days set NAME VALUE` changes one."))


def _value(name: str, value: object) -> str:
    """As `days set` takes it."""
    from ...goals.hours import windows_shown

    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name in _CLOCKS:
        return "none" if value < 0 else f"{value // 60:02}:{value % 60:02}"
    if isinstance(value, int) and name == "review_day":
        return _WEEKDAYS[value]
    if isinstance(value, tuple) and all(isinstance(one, Window) for one in value):
        return windows_shown(value) or "none"
    return str(value) or ("the system's" if name == "zone" else "none")


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise BadInput(f"{said!r} is not a day", hint="such as 2026-11-23") from error


def _moment(said: str) -> datetime | None:
    from ..wire import moment

    return moment(said) if said else None
