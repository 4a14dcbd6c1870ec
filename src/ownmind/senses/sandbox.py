"""Parses risky files in a child process, so that a file that crashes, hangs or swells its parser ends only itself.

One child serves a whole import and is started again after a death. Measured on 2 cores: see docs/import.md. What it is:
limits of memory and time, no core file, no written file, no inherited secret. What it is not: a wall against code that
runs inside the parser; the child may still read the person's files.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from ..errors import BadInput
from ..messages import Media, Part, Skipped, Span
from ..records import CalendarEvent, Occurrence

log = logging.getLogger(__name__)

_SAVE_ANEW = "open it in its own program and save it anew; nothing it did could reach what is kept here"

# What a child needs to find its libraries; the rest of the environment (OWNMIND_PASSPHRASE!) stays here.
_KEPT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost. ``seconds`` is the longest wait for the next part, not for the file."""

    file: int = 512 << 20  # bytes of the file itself; plain text is streamed, PDF read page by page
    memory: int = 1 << 30  # bytes the parser may take
    seconds: float = 60.0
    characters: int = 256 << 20  # of extracted text


class Sandbox:
    """``with Sandbox() as sandbox: sandbox.perceive(media)``. The child starts with the first file. One thread at a time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def perceive(self, media: Media) -> Iterator[Part]:
        """As `senses.perceive`, in the child. Raises BadInput also when the parser crashed or passed a limit."""
        characters = 0
        for answer in self._answers({"path": os.fsencode(media.path).hex(), "media_type": media.media_type}):
            match answer:
                case {"part": [str(text), int(start), int(end), page, str(heading)]}:
                    characters += len(text)
                    if characters > self.limits.characters:
                        raise BadInput(
                            f"more text in it than the {self.limits.characters:,} characters that are read", hint="give it in parts"
                        )
                    yield Part(text, Span(start, end), page if isinstance(page, int) else None, heading)
                case _:
                    raise self._died()

    def events(self, path: Path, window: tuple[float, float]) -> Iterator[CalendarEvent | Skipped]:
        """As `senses.calendar.events`, in the child. Raises BadInput."""
        from pydantic import TypeAdapter

        read = TypeAdapter(CalendarEvent)
        for answer in self._answers({"calendar": os.fsencode(path).hex(), "window": window}):
            match answer:
                case {"event": dict(event)}:
                    yield read.validate_python(event)
                case {"skipped": [str(where), str(reason)]}:
                    yield Skipped(where, reason)
                case _:
                    raise self._died()

    def occurrences(self, times: str, window: tuple[float, float]) -> list[Occurrence]:
        """As `senses.recurrence.occurrences`, in the child. Raises BadInput."""
        (answer,) = self._answers({"times": times, "window": window})
        match answer:
            case {"occurrences": list(found)}:
                return [Occurrence(*one) for one in found]
            case _:
                raise self._died()

    def _answers(self, request: Mapping[str, object]) -> Iterator[object]:
        """What the child answers, until it says that it is done."""
        whole = False
        try:
            child = self._ask(request)
            assert child.stdout is not None
            while (answer := self._answer(child, child.stdout)) != {"end": True}:
                match answer:
                    case {"refused": str(why), "hint": str(hint)}:
                        raise BadInput(why, hint=hint)
                    case None:
                        raise self._died()
                yield answer
            whole = True
        except BadInput:
            whole = self._child is not None  # refused in words: the child is well
            raise
        finally:
            if not whole:  # left in the middle: its remaining answers must not reach the next file
                self.close()

    @property
    def pid(self) -> int:
        """The child's process id; 0 when there is none."""
        return self._child.pid if self._child else 0

    def close(self) -> None:
        """Ends the child at once. A later file starts a new one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except OSError:  # what was still unwritten has nowhere to go
                continue
        child.wait()

    def _ask(self, request: Mapping[str, object]) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = _start(self.limits.memory)
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(request).encode() + b"\n")
            self._child.stdin.flush()
        except BrokenPipeError as error:
            raise self._died() from error
        return self._child

    def _answer(self, child: subprocess.Popen[bytes], answers: IO[bytes]) -> object:
        """The child's next answer; None when it died. A child that is silent for too long is ended, which ends the wait."""
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(self.limits.seconds, end)
        clock.daemon = True
        clock.start()
        try:
            line = answers.readline()
        finally:
            clock.cancel()
        if late.is_set():
            self.close()
            raise BadInput(f"reading it took longer than {self.limits.seconds:g} seconds", hint=_SAVE_ANEW)
        try:
            return json.loads(line) if line.endswith(b"\n") else None
        except ValueError:
            return None

    def _died(self) -> BadInput:
        child = self._child
        code = child.wait(5) if child is not None else 0
        log.warning("the parsing process ended with %d", code)
        self.close()
        return BadInput("it broke its parser: the file is damaged or made to do harm", hint=_SAVE_ANEW)


def _start(memory: int) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name in _KEPT}
    return subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-P", "-m", "ownmind.senses.child", str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # libraries complain with words of the file
        env=environment,
        process_group=0 if os.name == "posix" else None,  # Ctrl-C is ours to answer: it must not look like a file that broke its parser
    )
