"""Programs and MCP servers under bubblewrap: a system to read, one folder, no network, and an end to everything at once.

What a jailed program has: the system's programs read-only, a private /tmp, the one folder it was given as /work, an environment of
five names, and, when the broker's socket is given, that one socket at /run/broker.sock (its network namespace is empty, so it is
the only way out, and what goes through it is counted). It has its own process table: it sees and signals nobody else, and when
bubblewrap ends, the kernel ends the whole tree. A seccomp filter of this process is inherited.

What it is not: a wall against a hole in the kernel. Memory is limited a process (RLIMIT_AS), not in sum. The number of processes
is not limited for root, whom the kernel exempts (fork(2)), nor before Linux 5.14, where a limit would count the person's other processes.
Linux alone: elsewhere, or where user namespaces are off, ``available`` says so and nothing runs without the person's approval.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

from ..errors import BadInput, Refused

FOLDER = "/work"  # where the given folder is, inside
BROKER = "/run/broker.sock"
_TRUSTED = "/usr/bin:/bin:/usr/local/bin"  # never a bwrap from a folder the person's programs may write to
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/ssl/certs")
_ALWAYS = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8", "USER": "nobody"}  # noqa: S108  # its own
_proved: set[tuple[str, bool]] = set()  # ways in which a jail was built in this process: where from, and whether sealed


class NoJail(Refused):
    """There is no jail here, and nothing is run without one unless the person approves it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no jail, and what the person can do."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one program is given. ``reads``: further files and folders to read, at the same place inside (an interpreter, its code)."""

    folder: Path | None = None  # may be written; /work inside
    broker: Path | None = None  # a Unix socket
    reads: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 60.0  # of the clock, for ``run``; and of one process's own work
    memory: int = 1 << 30  # bytes of addresses of one process
    processes: int = 64
    file: int = 256 << 20  # bytes of one file it writes
    output: int = 1 << 20  # bytes of stdout and of stderr that ``run`` takes


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended. ``why`` is "" when it ended by itself, else "time" or "output"."""

    code: int
    stdout: bytes
    stderr: bytes
    why: str = ""


def available() -> Reason | None:
    """None when programs can be jailed here, found out by jailing one the first time; else why not."""
    if sys.platform != "linux":
        return Reason(f"there is no jail for programs on {platform.system()}", "each run needs your approval")
    for name, package in (("bwrap", "bubblewrap"), ("prlimit", "util-linux"), ("unshare", "util-linux")):
        if _found(name) is None:
            return Reason(f"{name} is not installed", f"install the package {package}, for example `sudo apt install {package}`")
    way = (_TRUSTED, _may_configure_networks())
    if way in _proved:
        return None
    try:
        tried = subprocess.run(command(["/usr/bin/env", "true"], Cell()), capture_output=True, timeout=10, check=False)  # noqa: S603  # our own words
    except (OSError, subprocess.TimeoutExpired) as error:
        return Reason(f"a jail could not be tried: {type(error).__name__}", "run `bwrap --unshare-all --ro-bind / / true` to see why")
    if tried.returncode == 0:
        _proved.add(way)
        return None
    return Reason(
        "user namespaces are switched off here, so bubblewrap cannot build a jail",
        "a container may need --security-opt seccomp=unconfined; on Ubuntu see kernel.apparmor_restrict_unprivileged_userns",
    )


def command(program: Sequence[str], cell: Cell) -> list[str]:
    """The words that run ``program`` in a cell. Raises BadInput for a folder that would open the jail."""
    for path in (cell.folder, *cell.reads):
        if path is not None:
            _check(path)
    words = [
        _found("prlimit") or "prlimit",
        "--core=0",
        "--nofile=512",
        f"--as={cell.memory}",
        f"--fsize={cell.file}",
        f"--cpu={int(cell.seconds) + 1}",
    ]
    if _kernel() >= (5, 14):
        words.append(f"--nproc={cell.processes}")
    words.append("--")
    is_sealed = not _may_configure_networks()
    if is_sealed:
        words += [_found("unshare") or "unshare", "--user", "--map-current-user", "--net", "--"]
    words += [_found("bwrap") or "bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"]
    words += ["--share-net"] if is_sealed else []  # the empty one it is in by then
    words += ["--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "cell", "--clearenv"]
    for name, value in {**_ALWAYS, **cell.environment}.items():
        words += ["--setenv", name, value]
    for place in _SYSTEM:
        words += _system(place)
    words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/run"]  # noqa: S108  # its own
    for path in cell.reads:
        words += ["--ro-bind", str(path), str(path)]
    if cell.folder is not None:
        words += ["--bind", str(cell.folder.resolve()), FOLDER]
    else:
        words += ["--dir", FOLDER]
    if cell.broker is not None:
        words += ["--ro-bind", str(cell.broker), BROKER]  # connecting needs no write to the file system
    return [*words, "--remount-ro", "/", "--chdir", FOLDER, "--", *program]


class Jailed:
    """A running program: ``with start(...) as jailed:`` ends it and everything it started, whatever happens.

    Linux ties its life to the thread that started it (prctl(2), PR_SET_PDEATHSIG): start it from one that stays.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def __enter__(self) -> Jailed:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the program; the kernel ends everything it started with it, a moment later. Twice is fine."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


def start(program: Sequence[str], cell: Cell) -> Jailed:
    """``program`` in a cell, with pipes for stdin, stdout and stderr. Raises NoJail where there is no jail: never runs without."""
    if reason := available():
        raise NoJail(reason.message, hint=reason.hint)
    words = command(program, cell)
    pipe = subprocess.PIPE
    return Jailed(subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, env={}, close_fds=True))  # noqa: S603  # jailed


def run(program: Sequence[str], cell: Cell, *, given: bytes = b"") -> Ended:
    """Runs ``program`` to its end, at most ``cell.seconds``, with ``given`` as its stdin. Raises NoJail, BadInput."""
    with start(program, cell) as jailed:
        outcome: dict[str, bytes] = {}
        full = threading.Event()
        process = jailed.process
        readers = [
            threading.Thread(target=_drain, args=(process, stream, name, outcome, cell.output, full), daemon=True)
            for name, stream in (("stdout", process.stdout), ("stderr", process.stderr))
        ]
        writer = threading.Thread(target=_feed, args=(process.stdin, given), daemon=True)
        for thread in (*readers, writer):
            thread.start()
        why = ""
        try:
            process.wait(cell.seconds)
        except subprocess.TimeoutExpired:
            why = "time"
            process.kill()
        code = process.wait()
        for thread in (*readers, writer):
            thread.join(10)
        return Ended(code, outcome.get("stdout", b""), outcome.get("stderr", b""), "output" if full.is_set() else why)


def _drain(
    process: subprocess.Popen[bytes], stream: IO[bytes], name: str, outcome: dict[str, bytes], most: int, full: threading.Event
) -> None:
    taken = stream.read(most + 1)
    outcome[name] = taken[:most]
    if len(taken) > most:
        full.set()
        process.kill()


def _feed(stream: IO[bytes], given: bytes) -> None:
    try:
        stream.write(given)
        stream.close()
    except OSError:  # it ended, or did not want to know
        return


def _check(path: Path) -> None:
    """A folder that holds the person's home, or the system itself, is no cell."""
    real, home = path.resolve(), Path.home().resolve()
    if not real.exists():
        raise BadInput(f"{path} is not there", hint="give a folder that exists")
    if real == home or real in home.parents or real in (Path("/proc"), Path("/sys"), Path("/dev"), Path("/run"), Path("/etc")):
        raise BadInput(f"{path} would open the jail", hint="give a folder of its own")


def _system(place: str) -> list[str]:
    """A part of the system, read-only, a link as a link."""
    if Path(place).is_symlink() and place.count("/") == 1:
        return ["--symlink", str(Path(place).readlink()), place]
    return ["--ro-bind-try", place, place]


def _found(name: str) -> str | None:
    return shutil.which(name, path=_TRUSTED)


def _may_configure_networks() -> bool:
    """Whether bubblewrap may set up a loopback interface in its new network. A sealed process and its children may not open the
    netlink socket that takes (egress/seal): there an empty network is made first, without any interface that is up."""
    if sys.platform != "linux":
        return False
    try:
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()
    except OSError:
        return False
    return True


def _kernel() -> tuple[int, int]:
    numbers = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
