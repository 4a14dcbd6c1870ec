"""Calendars as the whole house has them: a plan made in it, put into a real calendar by its own roads, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from calendars import calendar, event
from ownmind.app import House, open_house
from ownmind.config import Config
from ownmind.errors import BadInput, NotFound
from ownmind.messages import ActionState
from ownmind.models.scripted import ScriptedModel
from radicale_server import PASSWORD, USER, radicale
from store_fixtures import paths_at


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = open_house(paths_at(tmp_path / "mind"), Config(), brain=ScriptedModel("Hello."), throwaway=True)
    yield opened
    opened.door.close()
    opened.store.close()


def test_a_plan_goes_around_the_calendar_and_into_one(house: House, tmp_path: Path) -> None:
    """Imported hours are kept free; the steps are published after a yes, known when read back, told in the ledger, and taken back."""
    now = datetime.now().astimezone()
    busy = [event(f"DTSTART:{now + timedelta(days=day):%Y%m%d}T050000Z", "DURATION:PT10H", uid=str(day), title="Fair") for day in range(8)]
    (tmp_path / "fair.ics").write_text(calendar(*busy))
    assert house.import_paths([tmp_path / "fair.ics"]).items == 8
    draft = house.goals.add("Run twice a week for 45 minutes, until 1 March 2030")
    assert draft.goal is not None
    goal = house.goals.confirm(draft.goal.id).id
    house.goals.plan()
    placed = [step for step in house.goals.steps(goal) if step.start is not None]
    assert placed
    taken = house.calendar.appointments(now, now + timedelta(days=9))
    assert not any(step.start < one.end and one.start < step.end for step in placed for one in taken if step.start and step.end)
    with radicale(tmp_path) as server:
        source = house.calendar.connect(server.calendar("Plan"), USER, PASSWORD)
        waiting = house.calendar.publish(goal)
        assert server.events("Plan") == []
        assert house.approve(waiting.id).state is ActionState.DONE
        assert len(server.events("Plan")) == len(placed)
        assert house.calendar.fetch(source.ref).events == len(placed)
        assert {one.goal for one in house.calendar.appointments(now, now + timedelta(days=9)) if one.source == source.ref} == {goal}
        assert house.goals.ics(goal).count("BEGIN:VEVENT") == len(placed)
        assert house.undo(waiting.id).state is ActionState.UNDONE
        assert server.events("Plan") == []


def test_what_cannot_be_asked_is_said(house: House) -> None:
    """No calendar to write into, none of that name, times without a zone or the wrong way round."""
    with pytest.raises(NotFound, match="can be written"):
        house.calendar.publish()
    for call in (house.calendar.fetch, house.calendar.remove):
        with pytest.raises(NotFound):
            call("calendar:9")
    now = datetime.now().astimezone()
    for start, end in ((now, now - timedelta(days=1)), (now.replace(tzinfo=None), now), (now, now + timedelta(days=4000))):
        with pytest.raises(BadInput):
            house.calendar.appointments(start, end)
