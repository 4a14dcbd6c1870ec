"""``ownmind goals`` and its neighbours: in scripts, in a terminal, beside a running Ownmind; calm when there is nothing yet."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from commandline import ANSI, ownmind, quiet_home, told
from ownmind.channels.cli import output, run
from ownmind.channels.cli.goal_shown import chart
from ownmind.goals.goal import Point, Progress
from ownmind.models.scripted import ScriptedModel
from served import Served, served
from terminal import terminal

RUN = "train for the race on 12 April 2028"
HABIT = "meditate every evening for 10 minutes"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = quiet_home(tmp_path)
    assert ownmind(home, "remember", "A home to look into.").returncode == 0
    return home


@dataclass(frozen=True)
class Told:
    """What a command said."""

    returncode: int
    stdout: str
    stderr: str


Asked = Callable[..., Told]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Asked]:
    """A home, and its commands in this process: starting a child for each takes ten times as long."""
    monkeypatch.setenv("OWNMIND_HOME", str(quiet_home(tmp_path)))
    monkeypatch.setenv("OWNMIND_CACHE", str(tmp_path / "cache"))
    before = signal.getsignal(signal.SIGTERM)

    def ask(*words: str) -> Told:
        code = run([*words])
        return Told(code, *capsys.readouterr())

    assert ask("remember", "A home to look into.").returncode == 0
    yield ask
    signal.signal(signal.SIGTERM, before)


def said(here: Asked, *words: str) -> dict[str, Any]:
    """The one JSON object of a command."""
    found = json.loads(here(*words, "--json").stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "mind", ScriptedModel("Good."), on_socket=True) as there:
        yield there


@pytest.mark.parametrize(
    ("words", "next_step"),
    [
        (["goals"], "ownmind goals add"),
        (["goals", "next"], "ownmind goals"),
        (["goals", "plan"], "ownmind goals"),
        (["people"], "ownmind import"),
        (["people", "birthdays"], "--days"),
        (["due"], "ownmind brief"),
        (["calendar"], "ownmind calendar connect"),
    ],
)
def test_an_empty_home_says_what_to_do_next(here: Asked, words: list[str], next_step: str) -> None:
    """Nothing is there, which is no error: a calm line, and the command that changes it."""
    done = here(*words)
    assert done.returncode == 0 and next_step in done.stdout, done


def test_every_list_is_one_json_object(here: Asked) -> None:
    """A script reads one object a command, and nothing else on stdout."""
    for words in (
        "goals", "goals next", "goals templates", "people", "people links", "people promises", "people waiting", "people reconnect",
        "brief", "brief --receipts", "review", "due", "days", "calendar", "calendar sources",
    ):  # fmt: skip
        assert said(here, *words.split())


@pytest.mark.parametrize(
    ("words", "told_so"),
    [
        (["goals", "add"], "goals add"),
        (["goals", "add", RUN, "--answer", "deadline"], "slot=value"),
        (["goals", "add", RUN, "--template", "moon"], "habit"),
        (["goals", "add", RUN, "--answer", "moon=full"], "deadline"),
        (["goals", "show"], "g1"),
        (["goals", "show", "g99"], "g99"),
        (["goals", "change", "g1"], "goals change"),
        (["goals", "plan", "--weeks", "0"], "1 to 26"),
        (["goals", "plan", "--weeks", "1000000000000"], "1 to 26"),
        (["goals", "take", "o9"], "plan"),
        (["goals", "move", "s99", "2026-11-24", "18:00"], "s99"),
        (["goals", "move", "s1", "soon", "18:00"], "goals move"),
        (["goals", "unpin", "s99"], "s99"),
        (["goals", "check-in", "s99", "done"], "s99"),
        (["goals", "pause", "g1", "g2"], "g2"),
        (["people", "card"], "people card"),
        (["people", "card", "Nobody"], "ownmind people"),
        (["people", "merge", "p1"], "merge"),
        (["brief", "--day", "soon"], "2026-11-23"),
        (["due", "decline"], "ownmind due"),
        (["due", "--now", "soon"], "ISO 8601"),
        (["days", "set"], "quiet_from"),
        (["days", "set", "moon", "full"], "moon"),
        (["days", "set", "quiet_from", "25:00"], ""),
        (["calendar", "--days", "0"], "3660"),
        (["calendar", "fetch"], "calendar sources"),
        (["calendar", "remove", "nothing"], "calendar"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_input_is_refused_with_a_hint(here: Asked, words: list[str], told_so: str) -> None:
    """Exit code 2, what is wrong and what to do; never a traceback, and nothing is kept of it."""
    done = here(*words)
    assert done.returncode == 2 and told_so in done.stderr and "Traceback" not in done.stderr, done


def test_a_goal_is_said_answered_begun_and_planned_by_a_script(here: Asked) -> None:
    """One object a step: what is asked next, the answers, the goal, a week in which every step has a place and a line of proof."""
    draft = said(here, "goals", "add", RUN, "--answer", "target=21.1 km")
    assert draft["slot"] == "baseline" and draft["question"] and draft["goal"]["state"] == "draft"
    goal = str(draft["goal"]["id"])
    assert said(here, "goals", "answer", goal, "baseline", "8", "km")["slot"] != "baseline"
    begun = said(here, "goals", "confirm", goal)
    assert begun["state"] == "active"
    week = said(here, "goals", "plan")
    assert week["fits"] is True and len(week["proof"]) == len(week["steps"]) > 0
    step = next(one["id"] for one in week["steps"])
    checked = said(here, "goals", "check-in", step, "done")
    assert checked["answer"] == "done"
    progress = said(here, "goals", "progress", goal)
    assert [one["step"] for one in progress["evidence"]] == [step]
    ran = said(here, "remember", "My watch says that I ran 9 km along the river.")
    progress = said(here, "goals", "attach", goal, str(ran["id"]), "9", "km")
    assert any("along the river" in one["words"] for one in progress["evidence"])
    assert said(here, "goals", "drop", goal)["state"] == "dropped"
    assert said(here, "goals", "undo")["state"] == "active"


def test_yes_leaves_open_what_may_be_and_asks_for_what_is_needed(here: Asked) -> None:
    """A habit begins at once; a race still wants to know where one stands."""
    assert said(here, "goals", "add", HABIT, "--yes")["goal"]["state"] == "active"
    draft = said(here, "goals", "add", RUN, "--yes", "--answer", "target=21.1 km")
    assert draft["goal"]["state"] == "draft" and draft["slot"] == "baseline"


def test_a_harmful_goal_is_not_taken(here: Asked) -> None:
    """It says so kindly, leaves with 1, and nothing is planned."""
    done = here("goals", "add", "lose 30 kg in two weeks")
    assert done.returncode == 1 and done.stdout.strip() and "Traceback" not in done.stderr
    assert said(here, "goals")["goals"] == []


def test_the_steps_go_into_a_new_file_that_only_the_person_reads(here: Asked, tmp_path: Path) -> None:
    """A calendar others read; never over what is there."""
    said(here, "goals", "add", HABIT, "--yes")
    said(here, "goals", "plan")
    path = tmp_path / "plan.ics"
    done = here("goals", "ics", "-o", str(path))
    assert done.returncode == 0 and "not encrypted" in done.stderr, done
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert os.name != "posix" or path.stat().st_mode & 0o077 == 0
    assert here("goals", "ics", "-o", str(path)).returncode == 2
    assert here("goals", "ics").stdout.startswith("BEGIN:VCALENDAR")


def test_a_promise_is_found_and_waits_for_a_word(here: Asked) -> None:
    """Said in one command, found in the next with its sentence, though no Ownmind ran between; the person says that it is one."""
    here("remember", "I will send Tom the photos by Friday.")
    [found] = said(here, "people", "promises")["promises"]
    assert found["sentence"] == "I will send Tom the photos by Friday." and found["state"] == "found"
    assert "ownmind people confirm" in here("people", "promises").stdout
    assert said(here, "people", "confirm", found["id"])["state"] == "open"
    assert said(here, "people", "keep", found["id"])["state"] == "kept"
    assert said(here, "people", "promises")["promises"] == [] and len(said(here, "people", "promises", "--all")["promises"]) == 1


def test_commands_ask_the_ownmind_that_runs(there: Served) -> None:
    """The same words, the same answers, one store."""
    home = there.house.paths.home
    begun = told(home, "goals", "add", HABIT, "--yes")
    assert [goal.id for goal in there.house.goals.all()] == [begun["goal"]["id"]]  # type: ignore[index]
    planned = ownmind(home, "goals", "plan")
    assert planned.returncode in (0, 1) and "already running" in planned.stderr
    assert told(home, "brief")["day"] and told(home, "review")["first"]
    assert told(home, "days", "set", "nudges_a_day", "2")["nudges_a_day"] == 2
    assert there.house.today.preferences().nudges_a_day == 2
    assert ownmind(home, "people", "card", "Nobody").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a POSIX thing")
def test_a_person_is_asked_one_thing_at_a_time(home: Path) -> None:
    """Each question by itself, a number for a choice, what cannot be read is asked again, and it begins by the person's word."""
    with terminal(home, "goals", "add", RUN) as screen:
        screen.until("21.1 km?")
        screen.type("far\n")
        screen.until("such as", "> ")
        screen.type("21.1 km\n")
        screen.until("now", "> ")
        screen.type("8 km\n")
        screen.until("times a week", "1. 2", "> ")
        screen.type("2\n")
        shown = screen.until("> ")
        screen.type("\n")
        screen.until("[Y/n]")
        screen.type("y\n")
        assert ANSI not in shown + screen.rest() and screen.child.wait(20) == 0
    [goal] = told(home, "goals")["goals"]  # type: ignore[misc]
    assert goal["state"] == "active" and goal["rhythm"]["a_week"] == 3


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a POSIX thing")
def test_what_was_said_is_kept_when_the_person_leaves(home: Path) -> None:
    """Ctrl-D in the middle of the questions: the goal waits as a draft, and says how to go on."""
    with terminal(home, "goals", "add", RUN) as screen:
        screen.prompt(after="21.1 km?")
        screen.type("\x04")
        screen.until("ownmind goals answer g1 target")
        assert screen.child.wait(20) == 0
    assert told(home, "goals", "show", "g1")["goal"]["state"] == "draft"  # type: ignore[index]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a POSIX thing")
def test_a_conversation_shows_today_and_the_goals(home: Path) -> None:
    """/today and /goals, beside the talk."""
    told(home, "goals", "add", HABIT, "--yes")
    with terminal(home, "chat") as screen:
        screen.until("/help")
        screen.type("/goals\n")
        screen.until("g1", "meditate")
        screen.type("/today\n")
        screen.until(f"{date.today():%A}"[:3])
        screen.type("/quit\n")
        assert screen.child.wait(20) == 0


class Screen(io.StringIO):
    """A terminal as far as anybody asks."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_table_fits_the_terminal_and_loses_no_word(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is folded under its own column; wide letters count twice, colours nothing."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "stdout", Screen())
    rows = [("\x1b[1mg1\x1b[0m", "going on", "learn 日本語 " * 12), ("g12", "paused", "short")]
    lines = output.table(rows)
    assert sum(line.count("日本語") for line in lines) == 12
    assert lines[-1] == "g12  paused    short"
    assert all(len(line) <= max(columns, 60) for line in lines[1:])


def test_a_chart_shows_how_far_it_is_and_where_the_plan_is() -> None:
    """A row a point, at most sixteen and always the last; a bar for what was, a mark for what was planned; nothing for nothing."""
    points = tuple(Point(date(2026, 1, 5) + timedelta(weeks=n), planned=float(n), actual=n / 2 if n < 20 else None) for n in range(40))
    lines = chart(Progress("g1", "", 0.5, points, ()), "km", 80)
    assert len(lines) <= 16 and lines[-1].lstrip().startswith("05 Oct") and "planned 39" in lines[-1]
    assert all(len(line) <= 80 for line in lines)
    flat = (Point(date(2026, 1, 5), 0.0, 0.0),)
    assert chart(Progress("g1", "", None, (), ()), "", 80) == [] and len(chart(Progress("g1", "", None, flat, ()), "", 80)) == 1
    assert json.dumps(lines)
