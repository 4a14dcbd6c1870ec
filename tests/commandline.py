"""The real command in a child process, on a home of its own that fetches nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

QUIET = "fetch = false\nopen_browser = false\nport = 0\ndevices_port = 0\nlearn = false\n"
ANSI = "\x1b["


def quiet_home(folder: Path) -> Path:
    """A home whose settings fetch nothing; its cache is empty, so there is no chat model and no embedding model."""
    home = folder / "mind"
    home.mkdir(mode=0o700, parents=True)
    (home / "config.toml").write_text(QUIET)
    return home


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment without this session's terminal, keychain or passphrase."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("OWNMIND_") and name not in ("NO_COLOR", "TERM", "DISPLAY")
    }
    return {**kept, "OWNMIND_CACHE": str(home.parent / "cache"), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **more}


def command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "ownmind", "--home", str(home), *words]


def ownmind(home: Path, *words: str, said: str = "", timeout: float = 60, **more: str) -> subprocess.CompletedProcess[str]:
    """What ``ownmind WORDS`` did. ``said`` is its stdin, ``more`` its further environment."""
    return subprocess.run(
        command(home, *words), input=said, capture_output=True, text=True, timeout=timeout, env=environment(home, **more), check=False
    )


def told(home: Path, *words: str, code: int = 0, **more: str) -> dict[str, object]:
    """The one JSON object of ``ownmind WORDS --json``."""
    done = ownmind(home, *words, "--json", **more)
    assert done.returncode == code, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@contextmanager
def running(home: Path, *words: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A serving ``ownmind`` and the address it printed; ended afterwards if it still runs."""
    with subprocess.Popen(
        command(home, "--no-browser", "--json", *words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(home, **more),
    ) as child:
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            if not line:
                assert child.stderr is not None
                raise AssertionError(f"ownmind did not start: {child.stderr.read()}")
            yield child, json.loads(line)["address"]
        finally:
            if child.poll() is None:
                child.terminate()
