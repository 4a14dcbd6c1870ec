"""The command line: ``ownmind COMMAND``. Arguments in, words or one JSON object out, an exit code a script can use.

The wall where errors become words is here and only here. Help and version are printed without importing the parser, and
every command is imported when it is asked for: ``ownmind --help`` costs a few hundredths of a second.

Exit codes
    0    done
    1    done, but not wholly: something was skipped, or a check failed
    2    you change something, then it works (errors.PersonMustAct)
    3    the same command may work later (errors.TryAgainLater)
    4    stored bytes are not what was written (errors.Damaged)
    5    a promise forbids it (errors.Refused)
    70   a bug in Ownmind; ``--debug`` shows where
    130  stopped by Ctrl-C    141  the reader of a pipe went away    143  stopped by SIGTERM
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

BUG = 70
INTERRUPTED = 130
BROKEN_PIPE = 141
TERMINATED = 143


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Runs one command, sealed off from the network, and leaves with its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    _prepare(words)
    code = run(words)
    sys.exit(_flushed(code))


def run(argv: list[str]) -> int:
    """The exit code of the command in ``argv``; everything it has to say is on stdout and stderr by then."""
    from .commands import arrange, dispatch, quick_answer

    _be_gentle_with_output()
    signal.signal(signal.SIGTERM, _terminate)
    try:
        answer = quick_answer(argv)
        if answer is not None:
            print(answer)
            return 0
        return dispatch(arrange(argv))
    except BrokenPipeError:
        return BROKEN_PIPE
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the channel's wall: a person gets words, --debug gets the traceback
        from .complaint import complain

        return complain(error, argv)


def _prepare(argv: list[str]) -> None:
    """Seals this process before it opens anything. The page's server seals itself once it listens; a bench measures with a network
    of its own making, and holds nobody's memory. Help and version need neither."""
    from .commands import named

    name = named(argv)
    if name == "bench" or (name is None and {"--help", "-h", "--version"} & {*argv}) or argv[:1] == ["help"]:
        return
    from ...egress import launch
    from ...process import leave_no_dump

    leave_no_dump()
    launch.prepare()
    if name is not None:
        from ...egress import seal

        seal.close()


def _be_gentle_with_output() -> None:
    """An odd character never stops a command: what the terminal cannot show is shown as ``?``."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)  # unwinds every ``with``: the store is closed and the lock given back


def _flushed(code: int) -> int:
    """``code``, or BROKEN_PIPE when nobody reads the rest. Quiet either way."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = BROKEN_PIPE
    if code == BROKEN_PIPE:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains while it exits
    return code
