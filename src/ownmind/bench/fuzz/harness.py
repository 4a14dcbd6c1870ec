"""Runs one target over many inputs in a child process, and sees what must not happen: another error than ours, a hang, a swelling, or
its death."""

from __future__ import annotations

import multiprocessing
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from ctypes import c_longlong
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from ...errors import OwnmindError
from .targets import TARGETS, Take, Target

SECONDS = 10.0  # of one input, on a busy machine
MEMORY = 512 << 20  # bytes that one target may grow by over all its inputs
_GIVE_UP = 50  # children after which a target is left alone


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


class _Late(BaseException):
    """The time of one input is up. Not an Exception: nothing on the way may swallow it."""


def fuzzed(name: str, *, count: int, seed: int, folder: Path, seconds: float = SECONDS) -> Found:
    """``count`` inputs for one target, which goes on with the next in a fresh process when one has killed the last."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    found, began, at = Found(), time.monotonic(), 0
    for _ in range(_GIVE_UP):
        at = _child(context, name, at, count, seed, folder, seconds, found)
        if at >= count:
            break
        found.died += 1
        found.bugs.setdefault(f"{name}: died", f"input {at} of seed {seed}")
        at += 1
    found.seconds = round(time.monotonic() - began, 1)
    return found


def _child(context: ForkServerContext, name: str, at: int, count: int, seed: int, folder: Path, seconds: float, found: Found) -> int:
    """The number of the input that the child did not come back from; ``count`` when it came through all."""
    mine, theirs = context.Pipe(duplex=False)
    reached = context.Value("q", at, lock=False)
    child = context.Process(target=_work, args=(theirs, reached, name, at, count, seed, str(folder), seconds))
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
    return count if whole else int(reached.value)


def _work(pipe: Connection, reached: c_longlong, name: str, at: int, count: int, seed: int, folder: str, seconds: float) -> None:
    target = TARGETS[name]
    signal.signal(signal.SIGALRM, _late)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    done = refused = 0
    slowest = 0.0
    held = target.samples()
    with target.begin(Path(folder)) as take:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in range(at, count):
            reached.value = number
            began = time.monotonic()
            refused += _one(pipe, target, take, _input(target, held, number, seed), number, seconds)
            slowest = max(slowest, time.monotonic() - began)
            done += 1
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    if grown > MEMORY:
        pipe.send(("bug", "swelled", f"{name}: swelled", f"{grown >> 20} MB"))
    pipe.send(("done", done, refused, slowest))


def _one(pipe: Connection, target: Target, take: Take, data: bytes, number: int, seconds: float) -> bool:
    """Gives one input; True when it was refused in words."""
    refuses: tuple[type[Exception], ...] = (OwnmindError, *target.refuses)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        take(data)
    except refuses as error:
        return bool(str(error))
    except _Late as error:
        pipe.send(("bug", "hung", f"{target.name}: {_where(error)}", f"input {number}: {data[:80]!r}"))
    except Exception as error:  # noqa: BLE001  # it is what this looks for
        pipe.send(
            (
                "bug",
                "broken",
                f"{target.name}: {_where(error)}",
                f"input {number}: {type(error).__name__}: {str(error)[:120]}; {data[:80]!r}",
            )
        )
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return False


def _input(target: Target, samples: Sequence[bytes], number: int, seed: int) -> bytes:
    chance = random.Random(f"{target.name} {seed} {number}")
    return target.mutate(chance.choice(samples), chance)


def _late(signum: int, frame: object) -> None:
    raise _Late


def _where(error: BaseException) -> str:
    """The innermost line of ours."""
    ours = [step for step in traceback.extract_tb(error.__traceback__) if "ownmind" in step.filename and "bench" not in step.filename]
    last = (ours or traceback.extract_tb(error.__traceback__))[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno} ({last.name})"
