"""``ownmind chat``: in scripts, in pipes, and typed in a terminal that is really a terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commandline import ANSI, ownmind, quiet_home
from ownmind.models.scripted import ScriptedModel
from served import served
from terminal import terminal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return quiet_home(tmp_path)


def events(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_script_reads_one_object_a_line(home: Path) -> None:
    """Heard first, words between, done last with everything a script wants."""
    said = events(ownmind(home, "chat", "-m", "My cat is called Milo.", "--json"))
    assert [said[0]["type"], said[-1]["type"]] == ["heard", "done"]
    assert {"text", "sources", "learned", "timings", "known", "conversation", "brain"} <= set(said[-1])
    assert "".join(str(each["text"]) for each in said if each["type"] == "words").strip() == said[-1]["text"]
    learned = said[-1]["learned"]
    assert isinstance(learned, list) and "Milo" in learned[0]["quote"]


def test_without_a_brain_memory_answers_alone(home: Path) -> None:
    """No model, no network: what was said before is still found, with its source under the answer."""
    ownmind(home, "chat", "-m", "My cat is called Milo.")
    answer = ownmind(home, "chat", "-m", "What is my cat called?").stdout
    assert "Milo" in answer and "←" in answer


def test_a_pipe_is_one_message_a_line_in_one_conversation(home: Path) -> None:
    """`... | ownmind chat --json` answers each line and stays in the same conversation."""
    said = events(ownmind(home, "chat", "--json", said="My cat is called Milo.\n\nWhat is my cat called?\n"))
    done = [each for each in said if each["type"] == "done"]
    assert len(done) == 2 and done[0]["conversation"] == done[1]["conversation"]
    assert "Milo" in str(done[1]["text"])


def test_a_message_may_come_from_stdin(home: Path) -> None:
    """-m - takes the whole of stdin as one message."""
    said = events(ownmind(home, "chat", "-m", "-", "--json", said="My cat\nis called Milo.\n"))
    assert [each["type"] for each in said].count("done") == 1


def test_a_conversation_goes_on_by_its_id(home: Path) -> None:
    """--conversation names one."""
    first = events(ownmind(home, "chat", "-m", "Good morning.", "--json"))[-1]["conversation"]
    again = events(ownmind(home, "chat", "-m", "Good evening.", "--json", "--conversation", str(first)))[-1]["conversation"]
    assert first == again


@pytest.mark.parametrize("words", [["-m", "   "], ["-m", "hello", "--now", "yesterday"]])
def test_wrong_input_is_refused(home: Path, words: list[str]) -> None:
    """Nothing said, or a date that is none: exit code 2 with a hint."""
    done = ownmind(home, "chat", *words)
    assert done.returncode == 2 and "hint: " in done.stderr and "Traceback" not in done.stderr


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a POSIX thing")


def test_a_person_talks_in_a_terminal(home: Path) -> None:
    """A message, what was learnt from it with its quote, the commands, and leaving: in a terminal that can do nothing."""
    with terminal(home, "chat") as screen:
        screen.until("/help")
        screen.type("My cat is called Milo.\n")
        shown = screen.until("“My cat is called Milo”")
        screen.type("/facts\n")
        screen.until("f1", "Milo")
        screen.type("/help\n")
        screen.until("/sources", "/forget", "/quit")
        screen.type("What is my cat called?\n")
        screen.until("← i")
        screen.type("/why\n")
        screen.until("conversation:")
        screen.type("/forget f1\n")
        screen.until("[y/N]")
        screen.type("n\n")
        screen.until("Nothing was forgotten.")
        screen.type("/quit\n")
        assert ANSI not in shown + screen.rest()
        assert screen.child.wait(20) == 0


def test_ctrl_c_at_the_prompt_stays_and_ctrl_d_leaves(home: Path) -> None:
    """A slip of the fingers does not end the conversation."""
    with terminal(home, "chat") as screen:
        screen.until("/help")
        time.sleep(0.5)
        os.kill(screen.child.pid, signal.SIGINT)
        screen.prompt(after="Ctrl-D leaves")
        screen.type("\x04")
        assert screen.child.wait(20) == 0


def test_ctrl_c_stops_the_reply_and_not_the_program(tmp_path: Path) -> None:
    """The words stop, over there too, and the next message is answered."""
    brain = ScriptedModel("One came. Two came. Three came. " * 20, delay=0.1)
    with served(tmp_path / "mind", brain, on_socket=True) as there, terminal(there.house.paths.home, "chat") as screen:
        screen.until("/help")
        screen.type("Count slowly, please.\n")
        screen.until("Two came.")
        os.kill(screen.child.pid, signal.SIGINT)
        screen.prompt(after="(stopped; what was said is kept)")
        end = time.monotonic() + 20
        while not brain.cancelled and time.monotonic() < end:
            time.sleep(0.05)
        assert brain.cancelled == 1
        screen.type("/facts\n")
        screen.until("learnt")
        screen.type("/quit\n")
        screen.rest()
        assert screen.child.wait(20) == 0


def test_no_color_is_obeyed(home: Path) -> None:
    """A terminal with colours, and a person who wants none."""
    with terminal(home, "paths", TERM="xterm-256color", NO_COLOR="1") as screen:
        assert ANSI not in screen.rest()
    with terminal(home, "paths", TERM="xterm-256color") as screen:
        assert ANSI in screen.rest()
