"""A real CalDAV server (Radicale) on loopback, run as a program of its own, with one person and as many calendars as asked for."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

USER, PASSWORD = "ana", "correct horse: ü"


@dataclass
class Radicale:
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> httpx.Response:
        """As another program of the same person's would."""
        auth = httpx.BasicAuth(USER, PASSWORD)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.request(method, f"{self.address}{path}", content=body.encode(), headers=named, auth=auth, trust_env=False)

    def calendar(self, name: str) -> str:
        """Makes a calendar; gives its address."""
        body = f"""<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>{name}</D:displayname>
            </D:prop></D:set></C:mkcalendar>"""
        answer = self.ask("MKCALENDAR", f"{USER}/{name.lower()}/", body)
        assert answer.status_code == 201, answer.text
        return f"{self.address}{USER}/{name.lower()}/"

    def events(self, name: str) -> list[str]:
        """The names of what is in a calendar."""
        answer = self.ask("PROPFIND", f"{USER}/{name.lower()}/", Depth="1")
        return sorted(part.split("</href>")[0].rpartition("/")[2] for part in answer.text.split("<href>")[1:] if ".ics</href>" in part)


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    users = folder / "users"
    users.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "server-hosts": f"127.0.0.1:{port}", "auth-type": "htpasswd", "auth-htpasswd-filename": users, "auth-delay": 0,
        "auth-htpasswd-encryption": "plain", "storage-filesystem-folder": folder / "collections", "logging-level": "error",
    }  # fmt: skip
    options = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    server = subprocess.Popen([sys.executable, "-m", "radicale", "--config", "", *options], stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield Radicale(port)
    finally:
        server.kill()
        server.wait()
