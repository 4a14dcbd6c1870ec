"""An MCP server that is a program: run in the jail (`jail`) without a network, one message a line (the stdio transport)."""

from __future__ import annotations

import queue
import threading
import time
from pathlib import Path

from ...config import Server
from .. import jail
from .talk import LONGEST, MOST, SECONDS, Lost, Talk

_MEMORY = 4 << 30  # addresses of one process: some runtimes reserve far more than they use
LIFE = 600.0  # seconds a program is kept at most, and of its own work


def cell(server: Server) -> jail.Cell:
    """The jail of a server. Python in it writes no bytecode beside its code: what changes there is then no doing of ours."""
    folder = Path(server.folder).expanduser() if server.folder else None
    reads = tuple(Path(path).expanduser() for path in server.reads)
    return jail.Cell(folder, reads=reads, seconds=LIFE + SECONDS, memory=_MEMORY, environment={"PYTHONDONTWRITEBYTECODE": "1"})


def begun(server: Server) -> Talk:
    """A session with the program, started now. Raises NoJail, BadInput for a folder that would open the jail, TryAgainLater."""
    return Talk.begun(server.name, Program(jail.start(server.command, cell(server))), "see its documentation; it has no network here")


class Program:
    """A wire to a running program. Start it in the thread that uses it: Linux ties its life to that one."""

    def __init__(self, running: jail.Jailed) -> None:
        self._running = running
        self._lines: queue.Queue[bytes | str] = queue.Queue()  # a line, or why there are no more
        self._left = MOST
        for target in (self._hear, self._drain):
            threading.Thread(target=target, daemon=True).start()

    def say(self, message: bytes, *, is_asking: bool) -> None:
        del is_asking  # answers come on the same pipe
        stream = self._running.process.stdin
        assert stream is not None
        try:
            stream.write(message + b"\n")
            stream.flush()
        except (OSError, ValueError):
            raise Lost("ended") from None

    def next(self, until: float) -> bytes:
        try:
            line = self._lines.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            raise Lost("did not answer in time") from None
        if isinstance(line, str):
            raise Lost(line)
        return line

    def agreed(self, version: str) -> None:
        pass

    def fresh(self, purpose: str) -> None:
        self._left = MOST

    def close(self) -> None:
        self._running.stop()

    def _hear(self) -> None:
        stream = self._running.process.stdout
        assert stream is not None
        try:
            while line := stream.readline(LONGEST + 1):
                self._left -= len(line)
                if len(line) > LONGEST or self._left < 0:
                    self._lines.put("said more than it may")
                    return
                self._lines.put(line)
        except (OSError, ValueError):  # it was stopped
            pass
        self._lines.put("ended")

    def _drain(self) -> None:
        """Reads away what it logs: a full pipe would stop it."""
        stream = self._running.process.stderr
        assert stream is not None
        try:
            while stream.read(1 << 16):
                pass
        except (OSError, ValueError):
            return
