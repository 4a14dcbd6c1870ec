"""Runs one target over many inputs in a child process, and sees what must not happen: another error than ours, a hang, a swelling, or
its death."""

from __future__ import annotations

import importlib.util
import multiprocessing
import random
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from ctypes import c_longlong
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from ...errors import OwnmindError
from .mutate import of_bytes
from .target import Take, Target
from .targets import TARGETS

SECONDS = 10.0  # of the processor for one input
WAITS = 9  # times as long on the clock: a busy machine is no hang, and the process that parses files is given 60 seconds
MEMORY = 512 << 20  # bytes that one target may grow by over the inputs of one chunk
HAS_HYPOTHESIS = importlib.util.find_spec("hypothesis") is not None
_GIVE_UP = 50  # children after which a chunk is left alone


@dataclass(slots=True)
class Found:
    """What came of one target. ``bugs``: where it broke, to an example of what was said there."""

    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    hung: int = 0
    died: int = 0
    swelled: int = 0
    broken: int = 0
    bugs: dict[str, str] = field(default_factory=dict)

    @property
    def faults(self) -> int:
        return self.hung + self.died + self.swelled + self.broken

    def add(self, other: Found) -> None:
        """Takes in what came of some more inputs."""
        for name in ("inputs", "refused", "hung", "died", "swelled", "broken"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds = round(self.seconds + other.seconds, 1)
        self.slowest = max(self.slowest, other.slowest)
        self.bugs = other.bugs | self.bugs


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some inputs of one target, by their numbers: from ``begin``, ``count`` of them."""

    target: str
    begin: int
    count: int


class _Late(BaseException):
    """The time of one input is up. Not an Exception: nothing on the way may swallow it."""


def fuzzed(chunk: Chunk, *, seed: int, folder: Path, seconds: float = SECONDS) -> Found:
    """The inputs of ``chunk``; they go on with the next in a fresh process when one has killed the last. ``folder`` is the target's
    alone, and gone afterwards."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, f"{__package__}.made"])  # without Hypothesis the second is passed over
    found, began, at, end = Found(), time.monotonic(), chunk.begin, chunk.begin + chunk.count
    folder.mkdir(parents=True)
    for _ in range(_GIVE_UP):
        at = _child(context, chunk, at, seed, folder, seconds, found)
        if at >= end:
            break
        found.died += 1
        found.bugs.setdefault(f"{chunk.target}: died", f"input {at} of seed {seed}")
        at += 1
    shutil.rmtree(folder, ignore_errors=True)
    found.seconds = round(time.monotonic() - began, 1)
    return found


def _child(context: ForkServerContext, chunk: Chunk, at: int, seed: int, folder: Path, seconds: float, found: Found) -> int:
    """The number of the input that the child did not come back from; one past the last when it came through all."""
    mine, theirs = context.Pipe(duplex=False)
    reached = context.Value("q", at, lock=False)
    child = context.Process(target=_work, args=(theirs, reached, chunk, at, seed, str(folder), seconds))
    child.start()
    theirs.close()
    whole = False
    with suppress(EOFError):
        while True:
            match mine.recv():
                case ("bug", str(kind), str(where), str(said)):
                    found.hung += kind == "hung"
                    found.swelled += kind == "swelled"
                    found.broken += kind == "broken"
                    found.bugs.setdefault(where, said)
                case ("done", int(inputs), int(refused), float(slowest)):
                    found.inputs += inputs
                    found.refused += refused
                    found.slowest = max(found.slowest, round(slowest, 2))
                    whole = True
    child.join()
    return chunk.begin + chunk.count if whole else int(reached.value)


def _work(pipe: Connection, reached: c_longlong, chunk: Chunk, at: int, seed: int, folder: str, seconds: float) -> None:
    target = TARGETS[chunk.target]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    clock = _Clock()
    done = refused = 0
    slowest = 0.0
    given = _inputs(target, chunk, seed)
    with target.begin(Path(folder)) as take:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in range(at, chunk.begin + chunk.count):
            reached.value = number
            began = time.monotonic()
            refused += _one(pipe, target, take, given(number), number, clock, seconds)
            slowest = max(slowest, time.monotonic() - began)
            done += 1
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    if grown > MEMORY:
        pipe.send(("bug", "swelled", f"{chunk.target}: swelled", f"{grown >> 20} MB"))
    pipe.send(("done", done, refused, slowest))


def _one(pipe: Connection, target: Target, take: Take, data: bytes, number: int, clock: _Clock, seconds: float) -> bool:
    """Gives one input; True when it was refused in words."""
    refuses: tuple[type[Exception], ...] = (OwnmindError, *target.refuses)
    clock.set(seconds)
    try:
        take(data)
    except refuses as error:
        return bool(str(error))
    except _Late as error:
        pipe.send(("bug", "hung", f"{target.name}: {_where(error)}", f"input {number}: {data[:80]!r}"))
    except Exception as error:  # noqa: BLE001  # it is what this looks for
        said = f"input {number}: {type(error).__name__}: {str(error)[:120]}; {data[:80]!r}"
        pipe.send(("bug", "broken", f"{target.name}: {_where(error)}", said))
    finally:
        clock.stop()
    return False


def _inputs(target: Target, chunk: Chunk, seed: int) -> Callable[[int], bytes]:
    """The input of each number of the chunk: every other one drawn in the format's own shape where there is a strategy for it, a quarter
    of those with mistakes of bytes besides; the others samples with mistakes."""
    held = target.samples()
    made: Sequence[bytes] = ()
    if target.made is not None and HAS_HYPOTHESIS:
        from .made import drawn

        made = drawn(target.made(), max(1, chunk.count // 2), random.Random(f"{target.name} {seed} {chunk.begin}").randrange(1 << 32))

    def given(number: int) -> bytes:
        chance = random.Random(f"{target.name} {seed} {number}")
        if made and number % 2:
            drawn_one = made[(number - chunk.begin) // 2 % len(made)]
            return of_bytes(drawn_one, chance) if number % 8 == 7 else drawn_one
        return target.mutate(chance.choice(held), chance)

    return given


class _Clock:
    """Ends an input that takes too long, once: on a machine that stood still both clocks strike together."""

    def __init__(self) -> None:
        self._is_set = False
        for late in (signal.SIGPROF, signal.SIGALRM):
            signal.signal(late, self._strike)

    def set(self, seconds: float) -> None:
        self._is_set = True
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, WAITS * seconds)

    def stop(self) -> None:
        self._is_set = False
        for each in (signal.ITIMER_PROF, signal.ITIMER_REAL):
            signal.setitimer(each, 0)

    def _strike(self, signum: int, frame: object) -> None:
        if self._is_set:
            self._is_set = False
            raise _Late


def _where(error: BaseException) -> str:
    """The innermost line of ours."""
    ours = [step for step in traceback.extract_tb(error.__traceback__) if "ownmind" in step.filename and "bench" not in step.filename]
    last = (ours or traceback.extract_tb(error.__traceback__))[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno} ({last.name})"
