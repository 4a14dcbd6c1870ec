"""How long until it is there: ``ownmind`` from the command to an answer, and what ``ownmind --help`` costs.

Warm: the home exists and the files were read once before. The chat model is not waited for: memory answers at once.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import OwnmindError
from . import result

STOPS_WITHIN = 30.0  # seconds before a child that does not stop is killed


def run(*, n: int = 5, **_: object) -> dict[str, object]:
    """Medians over ``n`` starts and ``n`` helps, each its own process. Seconds."""
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        home = quiet_home(Path(folder) / "home")
        with serving(home):
            pass  # makes the home and warms the disk cache
        starts, stops = zip(*(_start(home) for _ in range(n)), strict=True)
        helps = [_help_cpu() for _ in range(n)]
    figures: dict[str, object] = {
        "start_median": round(statistics.median(starts), 3),
        "start_worst": round(max(starts), 3),
        "stop_median": round(statistics.median(stops), 3),
        "stop_worst": round(max(stops), 3),
        "help_cpu_median": round(statistics.median(helps), 3),
        "help_cpu_worst": round(max(helps), 3),
    }
    return result("start", figures, n=n, seed=None)


def quiet_home(home: Path) -> Path:
    """A new home whose settings fetch nothing and open nothing."""
    home.mkdir(mode=0o700, parents=True)
    (home / "config.toml").write_text("fetch = false\nopen_browser = false\nport = 0\n", encoding="utf-8")
    return home


@contextmanager
def serving(
    home: Path, *, folder: Path | None = None, cache: Path | None = None, dumps: bool = False
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running ``ownmind`` on ``home`` and its address; stopped with SIGTERM afterwards. ``folder``: its TMPDIR, its working folder
    and its log; ``cache``: where it looks for models; ``dumps``: the system may write core files of it."""
    environment = {**os.environ, "TMPDIR": str(folder)} if folder else dict(os.environ)
    environment |= {"OWNMIND_CACHE": str(cache)} if cache else {}
    log = (folder / "stderr.log").open("a") if folder else None
    command = [sys.executable, "-m", "ownmind", "--home", str(home), "--no-browser", "--json"]
    child = subprocess.Popen(  # noqa: S603  # ourselves
        command,
        stdout=subprocess.PIPE,
        stderr=log or subprocess.DEVNULL,
        text=True,
        env=environment,
        cwd=folder,
        preexec_fn=allow_dumps if dumps else None,
    )
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        if not line:
            raise OwnmindError("`ownmind` ended before it said where it is", hint="run `ownmind doctor`")
        yield child, str(json.loads(line)["address"])
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
        try:
            child.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if log is not None:
            log.close()


def allow_dumps() -> None:
    """Lets the system write core files of this process, as far as it may."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def _start(home: Path) -> tuple[float, float]:
    """Seconds from the command to an answered request, and from SIGTERM to the end."""
    begun = time.monotonic()
    with serving(home) as (child, address):
        _answered(address)
        there = time.monotonic() - begun
        begun = time.monotonic()
        child.send_signal(signal.SIGTERM)
        child.wait(STOPS_WITHIN)
        return there, time.monotonic() - begun


def _answered(address: str) -> None:
    """Returns when the page's server has answered a request."""
    host, _, port = address.removeprefix("http://").partition("/")[0].rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=10) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        if not connection.recv(64).startswith(b"HTTP/1.1 200"):
            raise OwnmindError("the page did not answer", hint="run `ownmind doctor`")


def _help_cpu() -> float:
    """User and system seconds of one ``ownmind --help``."""
    child = subprocess.Popen([sys.executable, "-m", "ownmind", "--help"], stdout=subprocess.DEVNULL)  # ourselves
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0
    return used.ru_utime + used.ru_stime
