"""Calendars elsewhere: read with leave, written only after a yes to exactly what is written, and never more than our own events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from calendars import BERLIN, NOW, Days, calendar, event
from outside import Outside, ok, outside
from ownmind.connectors.caldav import READ, WRITE
from ownmind.errors import BadInput, DoorClosed, KeyRefused, NotFound, Refused, TryAgainLater
from ownmind.goals.goal import Goal, State, Step
from ownmind.messages import Action, ActionState
from ownmind.store.opening import open_throwaway
from radicale_server import PASSWORD, USER, Radicale, radicale
from store_fixtures import paths_at

GOAL = Goal("g3", "run the half marathon", "training", State.ACTIVE, NOW, why="for my knees")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with radicale(tmp_path_factory.mktemp("radicale")) as running:
        yield running


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Days]:
    with open_throwaway(paths_at(tmp_path / "mind")) as store:
        home = Days(store, tmp_path)
        home.goals = [GOAL]
        try:
            yield home
        finally:
            home.door.close()


def step(number: int, day: int, title: str) -> Step:
    start = datetime(2026, 11, day, 18, tzinfo=BERLIN)
    return Step(f"s{number}", "g3", title, 60, number, NOW, start + timedelta(days=9), start=start, end=start + timedelta(hours=1))


def approved(days: Days, asked: Action) -> Action:
    done = days.world.allow(asked.id, NOW).action
    assert done is not None
    return done


def sent(days: Days) -> list[tuple[str, str]]:
    """What left, by the ledger: purpose and method."""
    days.store.db.checkpoint()
    with days.store.db.read() as cx:
        rows = cx.execute("SELECT l.purpose, c.content FROM ledger l JOIN ledger_content c ON c.row_id = l.id ORDER BY l.id").fetchall()
    return [(str(purpose), bytes(content).split(b" ", 1)[0].decode()) for purpose, content in rows]


# Reading


def test_a_calendar_is_found_read_and_read_again(server: Radicale, days: Days) -> None:
    """From the server's bare address to appointments; what changes there changes here, and the password is nowhere in what is shown."""
    server.calendar("Family")
    server.ask("PUT", f"{USER}/family/1.ics", calendar(event("DTSTART:20261124T083000Z", "DTEND:20261124T093000Z")))
    rule = event("DTSTART;TZID=Europe/Berlin:20261123T190000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY", uid="2", title="Choir")
    server.ask("PUT", f"{USER}/family/2.ics", calendar(rule))
    source = days.calendars.connect(server.address, USER, PASSWORD)
    assert (source.title, source.kind, source.user, source.events) == ("Family", "caldav", USER, 0)
    assert PASSWORD not in repr(days.calendars.sources())
    assert days.calendars.fetch(source.ref).events == 2
    assert days.times("2026-11-23", "2026-12-01") == [
        "11-23 19:00-20:00 Choir", "11-24 09:30-10:30 Dentist", "11-30 19:00-20:00 Choir",
    ]  # fmt: skip
    server.ask("DELETE", f"{USER}/family/1.ics")
    again = days.calendars.fetch(source.ref)
    assert (again.events, again.new) == (1, 0)
    assert days.times("2026-11-23", "2026-11-30") == ["11-23 19:00-20:00 Choir"]
    assert {purpose for purpose, _ in sent(days)} == {READ}
    assert days.calendars.remove(source.ref) == 1 and not days.calendars.sources() and not days.memory.items(limit=5)
    assert not days.store.permissions.all(holding_at=NOW)
    with days.store.db.read() as cx:
        assert cx.execute("SELECT count(*) FROM settings WHERE instr(value, ?)", (PASSWORD,)).get == 0
    server.ask("DELETE", f"{USER}/family/")


def test_of_several_calendars_the_person_chooses(server: Radicale, days: Days) -> None:
    """The error names each with its address; a wrong password and a wrong place are told apart; nothing of them is left allowed."""
    first, second = server.calendar("One"), server.calendar("Two")
    with pytest.raises(BadInput, match="2 calendars") as several:
        days.calendars.connect(server.address, USER, PASSWORD)
    assert first in several.value.hint and second in several.value.hint
    with pytest.raises(KeyRefused):
        days.calendars.connect(first, USER, "wrong")
    with pytest.raises((NotFound, KeyRefused)):
        days.calendars.connect(f"{server.address}{USER}/nothing/", USER, PASSWORD)
    assert not days.calendars.sources() and not days.store.permissions.all(holding_at=NOW)
    assert days.calendars.connect(second, USER, PASSWORD).title == "Two"
    for name in ("one", "two"):
        server.ask("DELETE", f"{USER}/{name}/")


def test_an_address_with_a_file_is_read_and_never_written(days: Days) -> None:
    """An .ics somewhere: fetched with leave, refused once that is taken back or the person is offline."""
    text = calendar(event("DTSTART:20261124T083000Z", "DURATION:PT1H"), head=["X-WR-CALNAME:Holidays"]).encode()

    def answers(request: bytes) -> Iterator[bytes]:
        yield ok(text, "Content-Type: text/calendar") if request.startswith(b"GET") else ok(b"", status="405 Method Not Allowed")

    with outside(Outside(answers)) as place:
        source = days.calendars.connect(f"{place.address}/holidays.ics")
        assert (source.title, source.kind, source.can_write) == ("Holidays", "address", False)
        days.calendars.fetch(source.ref)
        assert days.times("2026-11-24", "2026-11-25") == ["11-24 09:30-10:30 Dentist"]
        with pytest.raises(NotFound, match="can be written"):
            days.calendars.publish()
        came = len(place.requests)
        days.store.permissions.revoke(days.store.permissions.all(holding_at=NOW)[0].id, now=NOW)
        with pytest.raises(DoorClosed):
            days.calendars.fetch(source.ref)
        days.door.go_offline()
        with pytest.raises(DoorClosed):
            days.calendars.connect(f"{place.address}/other.ics")
        assert len(place.requests) == came


@pytest.mark.parametrize(
    "url",
    ["http://example.org/calendar", "ftp://example.org", "https://ana:secret@example.org/", "https://", "http://169.254.169.254.nip.io/"],
)
def test_an_address_that_would_tell_the_password_is_refused(days: Days, url: str) -> None:
    """In the open, with a password in it, or none at all."""
    with pytest.raises(BadInput):
        days.calendars.connect(url, "ana", "secret")
    assert not sent(days)


def test_a_server_cannot_send_the_password_elsewhere_or_swell(days: Days) -> None:
    """A redirect or a home on another server, a document type, a broken answer: refused, and nothing goes to the other one."""
    said = iter((
        ok(b"", f"Location: {'http://127.0.0.1:9/dav/'}", status="301 Moved"),
        ok(b'<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>/</d:href><d:propstat><d:prop>'
           b"<c:calendar-home-set><d:href>http://127.0.0.1:9/</d:href></c:calendar-home-set></d:prop></d:propstat></d:response>"
           b"</d:multistatus>", status="207 Multi-Status"),
        ok(b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>', status="207 Multi-Status"),
        ok(b"<d:multistatus", status="207 Multi-Status"),
    ))  # fmt: skip
    with outside(Outside(lambda request: iter([next(said)]))) as place:
        for error in (Refused, Refused, TryAgainLater, TryAgainLater):
            with pytest.raises(error):
                days.calendars.connect(place.address + "/dav/", "ana", "secret")
        assert len(place.requests) == 4
    assert {destination for (destination,) in _destinations(days)} == {place.destination}


def _destinations(days: Days) -> list[tuple[str]]:
    with days.store.db.read() as cx:
        return [(str(one),) for (one,) in cx.execute("SELECT DISTINCT destination FROM ledger")]


# Writing


@pytest.fixture
def connected(server: Radicale, days: Days) -> Iterator[Days]:
    days.calendars.connect(server.calendar("Plan"), USER, PASSWORD)
    days.steps = [step(1, 24, "Easy run"), step(2, 26, "Long run")]
    yield days
    server.ask("DELETE", f"{USER}/plan/")


def test_nothing_is_written_before_a_yes_and_then_exactly_what_was_shown(server: Radicale, connected: Days) -> None:
    """The card says every step and every letter; no leave to read is a leave to write; after the yes the door is shut again."""
    asked = connected.calendars.publish()
    assert asked.state is ActionState.WAITING and asked.effect == "sends" and asked.destination.startswith("127.0.0.1")
    assert "Tue 24 Nov 2026, 18:00 to 19:00 (Europe/Berlin): Easy run" in asked.words
    assert server.events("Plan") == [] and WRITE not in {purpose for purpose, _ in sent(connected)}
    done = approved(connected, asked)
    assert done.state is ActionState.DONE and "2 written" in done.outcome
    shown = [one.value for one in asked.arguments if one.name == "events"]
    for text, name in zip(shown, server.events("Plan"), strict=True):
        there = server.ask("GET", f"{USER}/plan/{name}").text
        assert set(there.rstrip().split("\r\n")) == set(text.split("\n"))
    assert WRITE not in {one.purpose for one in connected.store.permissions.all(holding_at=NOW)}
    with pytest.raises(Refused):
        connected.world.allow(asked.id, NOW)
    with pytest.raises(BadInput, match="has all of them already"):
        connected.calendars.publish()


def test_a_standing_yes_is_for_that_calendar_alone(server: Radicale, connected: Days) -> None:
    """Said "always", the next change of the plan is written at once there; taken back, it is asked again."""
    connected.world.allow(connected.calendars.publish().id, NOW, vouch=True)
    connected.steps = [step(1, 25, "Easy run"), connected.steps[1]]
    assert connected.calendars.publish().state is ActionState.DONE
    for given in connected.store.actions.endorsements():
        connected.store.actions.revoke(given.id, NOW)
    connected.steps = [step(1, 27, "Easy run"), connected.steps[1]]
    assert connected.calendars.publish().state is ActionState.WAITING


def test_what_moves_is_moved_what_is_dropped_goes_and_no_more(server: Radicale, connected: Days) -> None:
    """A second yes writes only the change; an event of the person's own in that calendar is never touched."""
    server.ask("PUT", f"{USER}/plan/mine.ics", calendar(event("DTSTART:20261124T083000Z", "DURATION:PT1H", uid="mine")))
    approved(connected, connected.calendars.publish())
    moved = replace(
        connected.steps[0], start=connected.steps[0].start + timedelta(hours=1), end=connected.steps[0].end + timedelta(hours=1)
    )  # type: ignore[operator]
    connected.steps = [moved, replace(connected.steps[1], start=None, end=None)]
    asked = connected.calendars.publish(goal="g3")
    assert "19:00 to 20:00" in asked.words and "“Long run”" in asked.words
    before = len(sent(connected))
    assert approved(connected, asked).outcome == "Plan: 1 written and 1 taken out."
    assert sent(connected)[before:] == [(WRITE, "PUT"), (WRITE, "DELETE")]
    names = server.events("Plan")
    assert len(names) == 2 and "mine.ics" in names
    assert "SEQUENCE:1" in server.ask("GET", f"{USER}/plan/{next(one for one in names if one != 'mine.ics')}").text


def test_what_was_changed_there_meanwhile_is_told_and_left_alone(server: Radicale, connected: Days) -> None:
    """The person dragged a step in their calendar: neither a new plan nor undo overwrites that."""
    first = approved(connected, connected.calendars.publish())
    name = next(one for one in server.events("Plan") if one.startswith("s1-"))
    by_hand = server.ask("GET", f"{USER}/plan/{name}").text.replace("Easy run", "Easy run with Tom")
    assert server.ask("PUT", f"{USER}/plan/{name}", by_hand).status_code < 300
    connected.steps = [replace(connected.steps[0], title="Easy run, 5 km"), connected.steps[1]]
    told = approved(connected, connected.calendars.publish()).outcome
    assert "“Easy run, 5 km” was changed or taken out in the calendar" in told and "nothing changed" in told
    undone = connected.world.undo(first.id, NOW)
    assert undone.state is ActionState.UNDONE
    assert server.events("Plan") == [name] and "with Tom" in server.ask("GET", f"{USER}/plan/{name}").text


def test_undo_takes_out_what_was_put(server: Radicale, connected: Days) -> None:
    """Taking it back is leave for just that; afterwards it can be published again."""
    done = approved(connected, connected.calendars.publish())
    assert len(server.events("Plan")) == 2
    connected.world.undo(done.id, NOW)
    assert server.events("Plan") == []
    approved(connected, connected.calendars.publish())
    assert len(server.events("Plan")) == 2


def test_an_answer_that_was_lost_is_found_out_the_next_time(server: Radicale, connected: Days) -> None:
    """Written, but nobody lived to say so: the next publishing knows its own event again."""
    asked = connected.calendars.publish()
    text = next(one.value for one in asked.arguments if one.name == "events").replace("\n", "\r\n") + "\r\n"
    uid = next(line for line in text.split("\r\n") if line.startswith("UID:"))[4:]
    assert server.ask("PUT", f"{USER}/plan/{uid}.ics", text).status_code == 201
    assert "2 written" in approved(connected, asked).outcome


def test_a_server_that_is_gone_leaves_a_failed_row(server: Radicale, connected: Days) -> None:
    """The row says that nothing happened, and the same can be asked again."""
    asked = connected.calendars.publish()
    server.ask("DELETE", f"{USER}/plan/")
    assert approved(connected, asked).state is ActionState.FAILED
    assert connected.calendars.publish().state is ActionState.WAITING


def test_our_own_events_read_back_take_no_time_from_the_plan(server: Radicale, connected: Days) -> None:
    """What Ownmind put there comes back with its goal."""
    approved(connected, connected.calendars.publish())
    connected.calendars.fetch(connected.calendars.sources()[0].ref)
    assert [one.goal for one in connected.between("2026-11-23", "2026-11-30")] == ["g3", "g3"]
