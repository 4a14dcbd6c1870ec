"""Put steps into a calendar of the person's, after their yes to exactly these events; only what was put there is ever changed or undone.

The card shows each event in words and as it would be written. An event that somebody changed in the calendar meanwhile stays as it is
there, and is told. What was written before the connection broke is kept track of, so that it can be taken back or written again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..connectors.caldav import WRITE, Server, destination
from ..egress.door import Outlet
from ..errors import BadInput, NotFound, OwnmindError
from ..goals.calendars import Publishing, password_of
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type, Value
from ..guard.plan import Plan, Step
from ..messages import Action, Confidentiality, Integrity, Label
from ..store import appointments
from ..store.appointments import Calendar, Published
from ..store.items import row_id
from ..store.opening import Store
from .act import Arguments, Deed, Result, Session, World

if TYPE_CHECKING:
    import icalendar

log = logging.getLogger(__name__)

NAME = "publish_steps"
_OURS = Label(Integrity.COMPANION, Confidentiality.PRIVATE)

DECLARED = Declaration(
    NAME,
    Effect.SENDS,
    {
        "calendar": Parameter(Role.AUTHORITY, Type.URL),
        "steps": Parameter(Role.CONTENT),
        "gone": Parameter(Role.CONTENT),
        "events": Parameter(Role.CONTENT),  # what is written, to the letter
        "uids": Parameter(Role.CONTENT),  # of what is taken out
    },
    says="write into your calendar {calendar}: {steps}; take out of it: {gone}",
)


def deed(store: Store, outlet: Outlet, undoing: Outlet, told: Callable[[str], str]) -> Deed:
    """Putting steps into calendars. ``undoing``: the way out for what the person takes back; ``told``: the item that says a goal."""

    def run(arguments: Arguments, now: datetime) -> Result:
        calendar = _calendar(store, _one(arguments, "calendar"))
        events = [str(one.data) for one in arguments.get("events", ())]
        goals = {str(_event(text).get("X-OWNMIND-GOAL", "")) for text in events}
        items = tuple(sorted({item for goal in goals if (item := _item(goal, told))}))
        server = Server(calendar.url, calendar.user, password_of(store, calendar), outlet, WRITE, items)
        done = _Done(store, calendar)
        try:
            for text in events:
                done.put(server, text)
            for uid, words in zip(arguments.get("uids", ()), arguments.get("gone", ()), strict=True):
                done.take_out(server, str(uid.data), str(words.data))
        except OwnmindError as error:
            if not done.written and not done.taken:
                raise
            done.told.append(f"Then it stopped: {error.message}. Publish again to go on.")
        return Result(done.words, undo=json.dumps({"calendar": calendar.url, "uids": done.written}) if done.written else None)

    def undo(kept: str) -> str:
        was = json.loads(kept)
        calendar = _calendar(store, str(was["calendar"]))
        server = Server(calendar.url, calendar.user, password_of(store, calendar), undoing, WRITE)
        done = _Done(store, calendar)
        for uid in was["uids"]:
            done.take_out(server, str(uid), "A step")
        return done.words

    return Deed(DECLARED, run, undo, lambda arguments: destination(_one(arguments, "calendar")), WRITE, by_us=True)


def ask(world: World, wanted: Publishing, now: datetime, tell: Callable[[], None] = lambda: None) -> Action:
    """Asks for the person's yes to these events; gives the action that waits for it. ``tell`` is called when it does."""
    arguments = {
        "calendar": (Value(wanted.calendar.url, _OURS, Type.URL),),
        "steps": tuple(Value(one.words, _OURS) for one in wanted.put),
        "gone": tuple(Value(one.words, _OURS) for one in wanted.gone),
        "events": tuple(Value(one.text, _OURS) for one in wanted.put),
        "uids": tuple(Value(one.uid, _OURS) for one in wanted.gone),
    }
    session = Session(Plan("", (Step(NAME),)), items=tuple(row_id(item) for item in wanted.items), by_us=True)
    attempt = world.attempt(NAME, arguments, session, now)
    assert attempt.action is not None, "a send leaves a row"
    tell()
    return attempt.action


class _Done:
    """What became of each event so far."""

    def __init__(self, store: Store, calendar: Calendar) -> None:
        self._store, self._calendar = store, calendar
        with store.db.read() as cx:
            self._there = appointments.published(cx, calendar.row)
        self.written: list[str] = []
        self.taken = 0
        self.told: list[str] = []

    @property
    def words(self) -> str:
        parts = [f"{len(self.written)} written"] if self.written else []
        parts += [f"{self.taken} taken out"] if self.taken else []
        return " ".join([f"{self._calendar.title}: {' and '.join(parts) or 'nothing changed'}.", *self.told])

    def put(self, server: Server, text: str) -> None:
        event = _event(text)
        uid, title, sequence = str(event["UID"]), str(event.get("SUMMARY", "")), int(event.get("SEQUENCE", 0))
        known = self._there.get(uid)
        if known is not None and known.sequence > sequence:
            self.told.append(f"“{title}” has moved since you were asked, and is left as it is there.")
            return
        url = known.href if known is not None else f"{self._calendar.url}{quote(uid, safe='@-.')}.ics"
        etag = server.put(url, text.replace("\n", "\r\n") + "\r\n", known.etag if known is not None else "")
        if etag is None and known is None:  # written before, and the answer was lost
            there = server.get(url)
            etag = there[1] if there is not None and _says(there[0]) == _says(text) else None
        if etag is None:
            self.told.append(f"“{title}” was changed or taken out in the calendar, and is left as it is there.")
            return
        self._note(Published(uid, url, etag, sequence))
        self.written.append(uid)

    def take_out(self, server: Server, uid: str, words: str) -> None:
        known = self._there.get(uid)
        if known is None:
            return
        if not server.delete(known.href, known.etag):
            self.told.append(f"{words} was changed in the calendar, and stays there.")
            return
        with self._store.db.write() as cx:
            appointments.note_withdrawn(cx, self._calendar.row, uid)
        self.taken += 1

    def _note(self, one: Published) -> None:
        self._there[one.uid] = one
        with self._store.db.write() as cx:
            appointments.note_published(cx, self._calendar.row, one)


def _item(goal: str, told: Callable[[str], str]) -> str:
    """The item that says a goal; "" when it has gone."""
    with suppress(NotFound):
        return told(goal)
    return ""


def _one(arguments: Arguments, name: str) -> str:
    return "".join(str(one.data) for one in arguments.get(name, ()))


def _calendar(store: Store, url: str) -> Calendar:
    with store.db.read() as cx:
        for one in appointments.calendars(cx):
            if one.url == url and one.kind == "caldav":
                return one
    raise BadInput("that calendar is not connected any more", hint="`ownmind calendar sources` lists those that are")


def _event(text: str) -> icalendar.Event:
    import icalendar  # not at every start

    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def _says(text: str) -> tuple[str, ...]:
    """What an event says, whoever wrote it down; nothing for what is none."""
    try:
        event = _event(text)
    except (ValueError, AssertionError):
        return ()
    return tuple(str(event.get(name, "")) for name in ("UID", "SUMMARY", "DESCRIPTION")) + tuple(
        f"{getattr(event.get(name), 'dt', '')}" for name in ("DTSTART", "DTEND")
    )
