"""A hub on loopback that speaks as the real one does: its interface, its redirect to where large files lie, ranges, refusals."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Hub:
    """Repositories by name. ``seen`` holds (path, Range) of each request."""

    address: str = ""
    commit: str = "c0ffee" * 6 + "abcd"
    repos: dict[str, dict[str, bytes]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 0  # answers everything with it
    says: bytes | None = None  # answers everything with it
    seen: list[tuple[str, str]] = field(default_factory=list)

    def put(self, repo: str, files: dict[str, bytes]) -> None:
        self.repos[repo] = files

    def listing(self, repo: str) -> bytes:
        """What ``/api/models/OWNER/NAME/revision/main?blobs=true`` says."""
        siblings: list[dict[str, object]] = []
        for name, body in self.repos[repo].items():
            large = {"lfs": {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body), "pointerSize": 130}}
            siblings.append({"rfilename": name, "size": len(body), "blobId": "0" * 40, **(large if name.endswith(".gguf") else {})})
        return json.dumps({"id": repo, "sha": self.commit, "gated": False, "cardData": {"license": "mit"}, "siblings": siblings}).encode()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            hub.seen.append((self.path, self.headers.get("Range", "")))
            path, _, _ = self.path.partition("?")
            if hub.status or hub.says is not None:
                return self.answer(hub.status or 200, hub.says or b"")
            if path.startswith("/api/models/"):
                repo = path.removeprefix("/api/models/").removesuffix("/revision/main")
                return self.answer(200, hub.listing(repo)) if repo in hub.repos else self.answer(401, b"")
            if path.startswith("/cdn/"):
                repo, _, rest = path.removeprefix("/cdn/").partition("/resolve/")
                body = hub.repos.get(repo, {}).get(rest.partition("/")[2])
                return self.answer(404, b"") if body is None else self.stretch(body)
            if "/resolve/" in path:
                return self.answer(302, b"", Location=f"{hub.address}/cdn{path}?signed=yes")
            return self.answer(200, hub.files[path]) if path in hub.files else self.answer(404, b"")

        def stretch(self, body: bytes) -> None:
            if not (wanted := self.headers.get("Range", "")):
                return self.answer(200, body)
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
            return self.answer(206, body[start:], **{"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"})

        def answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None: ...

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    yield hub
    server.shutdown()
    server.server_close()
