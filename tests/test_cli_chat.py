"""``ownmind chat``: in scripts, in pipes, and typed in a terminal that is really a terminal."""

from __future__ import annotations

import codecs
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commandline import ANSI, command, environment, ownmind, quiet_home
from ownmind.models.scripted import ScriptedModel
from served import served


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


class Terminal:
    """A command on a pseudo-terminal: types lines, and reads until something is shown."""

    def __init__(self, child: subprocess.Popen[bytes], screen: int) -> None:
        self.child, self.screen, self.shown = child, screen, ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a sign may come in two readings

    def type(self, text: str) -> None:
        self.shown = ""
        os.write(self.screen, text.encode())

    def until(self, *words: str, seconds: float = 30) -> str:
        """What was shown since the last line was typed, once all ``words`` are in it."""
        end = time.monotonic() + seconds
        while not all(word in self.shown for word in words):
            ready, _, _ = select.select([self.screen], [], [], max(0, end - time.monotonic()))
            assert ready, f"{words} never came, only: {self.shown!r}"
            try:
                self.shown += self._decoder.decode(os.read(self.screen, 65536))
            except OSError:  # the other side is closed
                assert all(word in self.shown for word in words), self.shown
        return self.shown

    def prompt(self, after: str) -> None:
        """Waits until ``after`` was shown and a prompt behind it: only then does the terminal take what is typed, Ctrl-D above all."""
        self.until(after)
        while "›" not in self.shown.rpartition(after)[2] and ">" not in self.shown.rpartition(after)[2]:
            ready, _, _ = select.select([self.screen], [], [], 30)
            assert ready, f"no prompt behind {after}: {self.shown!r}"
            self.shown += self._decoder.decode(os.read(self.screen, 65536))

    def rest(self) -> str:
        """Everything until the command has ended."""
        try:
            while piece := os.read(self.screen, 65536):
                self.shown += self._decoder.decode(piece)
        except OSError:
            pass
        return self.shown


@contextmanager
def terminal(home: Path, *words: str, **more: str) -> Iterator[Terminal]:
    import pty

    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        command(home, *words),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(home, **{"TERM": "dumb", **more}),
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(child, ours)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        os.close(ours)


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
        screen.prompt(after="(stopped)")
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
