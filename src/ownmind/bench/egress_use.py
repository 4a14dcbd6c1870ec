"""An ordinary use of Ownmind by its real commands, for ``bench egress`` to watch: ``python -m ownmind.bench.egress_use FOLDER``.

Prints what was done as JSON, and at its end makes the one connection that the watcher must see.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from ..channels.attach import Attached
from ..errors import BrainNotReady
from ..models.shelf import fetch
from ..paths import find
from .egress import ELSEWHERE
from .start import serving

SMALL_BRAIN = "smollm2-135m-instruct-q4_1"
COMMANDS = ("recall allergic", "facts", "timeline", "status", "ledger verify", "permissions", "chat --no-wait -m Hello")


def main(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    brain = SMALL_BRAIN if fetch.present(SMALL_BRAIN, paths=find(home)) is not None else ""
    settings = "fetch = false\nopen_browser = false\nport = 0\n" + (f'brain = "{brain}"\n' if brain else "")
    (home / "config.toml").write_text(settings, encoding="utf-8")
    done: dict[str, object] = {"brain": brain or "none is here"}
    with serving(home) as (_, address), Attached(find(home).socket) as mind:
        done["remembered"] = len(mind.remember_many([{"text": f"Ana is allergic to peanuts ({number})"} for number in range(20)]))
        done["page"] = _page(address)
        note = folder / "notes.md"
        note.write_text("# Trip\n\nBen moved to Porto in May.\n\n<img src='http://192.0.2.7/x.png'> <a href='http://192.0.2.7/'>x</a>\n")
        done["imported"] = mind.import_paths([note]).items
        done["recalled"] = len(mind.recall("What is Ana allergic to?"))
        mind.wait_for_brain(600)
        done["answered"] = False
        with contextlib.suppress(BrainNotReady):
            done["answered"] = bool(mind.say("What is Ana allergic to?").text)
        done["backup"] = mind.backup() is not None
    done["commands"] = sum(_is_done([sys.executable, "-m", "ownmind", "--home", str(home), *words.split()]) for words in COMMANDS)
    done["deliberate"] = 1
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as reached:
        reached.settimeout(0.2)
        reached.connect_ex((ELSEWHERE, 9))
    sys.stdout.write(json.dumps(done) + "\n")


def _is_done(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603  # ourselves


def _page(address: str) -> int:
    """How many requests of a browser were answered: the page, a session for its token, the status behind it."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    own = {"origin": f"http://{parts.netloc}", "sec-fetch-site": "same-origin", "content-type": "application/json"}
    answered = []
    connection.request("GET", "/")
    answered.append(_status(connection))
    connection.request("POST", "/api/session", json.dumps({"token": parts.fragment}), own)
    response = connection.getresponse()
    response.read()
    answered.append(response.status)
    connection.request("GET", "/api/status", headers={**own, "cookie": (response.getheader("set-cookie") or "").partition(";")[0]})
    answered.append(_status(connection))
    return answered.count(200)


def _status(connection: http.client.HTTPConnection) -> int:
    response = connection.getresponse()
    response.read()
    return response.status


if __name__ == "__main__":
    main(Path(sys.argv[1]))
