"""The real command on a pseudo-terminal, as a person types at it."""

from __future__ import annotations

import codecs
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commandline import command, environment


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
