"""Code of skills, run in pydantic-monty: a Python interpreter that has nothing but what it is given.

No files, no environment, no clock that waits, no modules but a few pure ones, no object of this process: functions are called by name,
and only data (None, bool, int, float, str, bytes, lists, tuples, dicts with text keys) crosses either way, checked here. It runs in a
worker process; where there is a jail (``jail``) that process is in one as well, so a hole in the interpreter leads into an empty room.
The worker is new for each run.

Limits are of seconds it computes, of memory, of calls out (monty's suspensions: its only kind of step that reaches us), of depth, and
of what it prints and returns. What a failure says (``CodeFailed``) are words of that code: quoted material, never an instruction.
"""

from __future__ import annotations

import logging
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

from ..errors import BadInput, OwnmindError
from . import jail

log = logging.getLogger(__name__)

Data: TypeAlias = "bool | int | float | str | bytes | list[Data] | tuple[Data, ...] | dict[str, Data] | None"
Function = Callable[..., Data]

_DEEPEST = 50  # of lists in lists
_LONGEST_NUMBER = 4096  # bits
_SAID = 500  # characters of a failure's words


class CodeFailed(BadInput):
    """The code raised, passed a limit, or gave something that is no data. The message quotes the code: do not trust it."""


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: float = 5.0  # of computing; waiting for functions does not count
    memory: int = 64 << 20  # bytes
    calls: int = 100  # of functions it was given
    depth: int = 200  # of calls inside
    output: int = 256 << 10  # characters and bytes, of what it prints and of what it returns


@dataclass(frozen=True, slots=True)
class Ran:
    """``value``: of the last expression. ``printed``: what it printed."""

    value: Data
    printed: str


def run(
    code: str, *, functions: Mapping[str, Function] | None = None, values: Mapping[str, Data] | None = None, limits: Limits | None = None
) -> Ran:
    """Runs ``code`` with these functions and values by name, and nothing else. Blocks: call it in a thread that stays.

    Raises CodeFailed, and BadInput where pydantic-monty is not installed. What a function raises becomes an error inside the code, without
    its words unless it is one of ours (OwnmindError).
    """
    monty, limits = _monty(), limits or Limits()
    for name in (*(functions or {}), *(values or {})):
        assert name.isidentifier() and not name.startswith("_"), "a name the code can use"
    given = {name: _guarded(function, limits) for name, function in (functions or {}).items()}
    inputs = {name: _plain(value, limits) for name, value in (values or {}).items()}
    printed = monty.CollectString(max_bytes=limits.output)
    allowed = {
        "max_feed_duration_secs": limits.seconds,
        "max_memory": limits.memory,
        "max_recursion_depth": limits.depth,
        "max_suspensions": limits.calls,
        "max_total_sleep_secs": 0.0,
    }
    try:
        with (
            _program(limits) as program,
            monty.Monty(binary_path=program, max_processes=1, request_timeout=limits.seconds + 5) as pool,
            pool.checkout(limits=allowed, script_name="skill.py") as session,
        ):
            value = session.feed_run(code, inputs=inputs, external_lookup=given, print_callback=printed)
            return Ran(_plain(value, limits), printed.output)
    except CodeFailed:
        raise
    except (monty.MontyError, ValueError, TypeError, RecursionError, MemoryError, TimeoutError) as error:
        raise CodeFailed(_words(error), hint="the code of this skill has to change") from None  # its objects stay behind


def _guarded(function: Function, limits: Limits) -> Function:
    """``function`` as the code may call it: data in, data out, and no word of what went wrong on this side."""

    def call(*arguments: object, **named: object) -> Data:
        try:
            taken = [_plain(argument, limits) for argument in arguments]
            return _plain(function(*taken, **{name: _plain(value, limits) for name, value in named.items()}), limits)
        except OwnmindError as error:
            raise RuntimeError(error.message) from None
        except Exception as error:  # noqa: BLE001  # a wall: the words and the traceback may hold anything
            log.warning("a function given to a skill failed: %s", type(error).__name__)
            raise RuntimeError("the function failed") from None

    return call


def _plain(value: object, limits: Limits) -> Data:
    """A copy of ``value``, made of data alone. Raises CodeFailed for anything else, and for too much of it."""
    left = [limits.output]

    def copied(value: object, depth: int) -> Data:
        left[0] -= len(value) if isinstance(value, str | bytes) else 8
        if left[0] < 0:
            raise CodeFailed("that is more than may cross", hint="return less")
        if depth > _DEEPEST:
            raise CodeFailed("that is nested too deeply", hint="return something flatter")
        # type(), not isinstance: a subclass brings code of its own along
        if value is None or type(value) in (bool, float, str, bytes):
            return value  # type: ignore[return-value]  # one of these types
        if type(value) is int:
            if value.bit_length() > _LONGEST_NUMBER:
                raise CodeFailed("that number is too long", hint="return a shorter one")
            return value
        if type(value) is list:
            return [copied(one, depth + 1) for one in value]
        if type(value) is tuple:
            return tuple(copied(one, depth + 1) for one in value)
        if type(value) is dict:
            return {_key(key): copied(one, depth + 1) for key, one in value.items()}
        raise CodeFailed(f"{type(value).__name__} is no data", hint="only numbers, text, lists and dicts may cross")

    return copied(value, 0)


def _key(key: object) -> str:
    if type(key) is not str:
        raise CodeFailed(f"{type(key).__name__} is no key", hint="keys of dicts are text")
    return key


def _words(error: Exception) -> str:
    said = " ".join(str(error).split())
    return said if len(said) <= _SAID else said[: _SAID - 1] + "…"


def _monty() -> ModuleType:
    try:
        import pydantic_monty
    except ImportError as error:
        raise BadInput("code of skills needs pydantic-monty", hint="pip install 'ownmind[skills]'") from error
    return pydantic_monty


@contextmanager
def _program(limits: Limits) -> Iterator[Path]:
    """The worker's program: jailed where there is a jail, else at least without this process's environment."""
    from pydantic_monty._binary import find_monty_binary  # the one place that knows where the wheel put it

    binary = Path(find_monty_binary()).resolve()
    if sys.platform == "win32":
        yield binary
        return
    if jail.available() is None:
        cell = jail.Cell(reads=(binary,), seconds=limits.seconds + 60, memory=(4 << 30) + limits.memory, processes=32, file=0)
        words = shlex.join(jail.command([str(binary)], cell))
    else:
        words = f"env -i {shlex.quote(str(binary))}"
    with tempfile.TemporaryDirectory(prefix="ownmind-skill-") as folder:
        script = Path(folder) / "worker"
        script.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        script.chmod(0o700)
        yield script
