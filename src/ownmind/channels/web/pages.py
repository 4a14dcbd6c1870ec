"""The static files of the page, read once at the start: only a path in that table is ever answered.

There is no joining of a request's path to a folder, so there is nothing to climb out of.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
WORKER = "/worker.js"  # told the version of all files, so that a browser replaces what it keeps of them (static/worker.js)
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One static file as it is sent."""

    body: bytes
    media_type: str
    etag: str


def read(folder: Path = FOLDER) -> dict[str, Page]:
    """Every static file by the path it is served at; ``/`` is index.html. Licences and type declarations stay home."""
    files = {
        "/" + path.relative_to(folder).as_posix(): _page(path.read_bytes(), MEDIA_TYPES[path.suffix])
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix in MEDIA_TYPES
    }
    worker = files[WORKER]
    version = hashlib.sha256("".join(page.etag for page in files.values()).encode()).hexdigest()[:16]
    files[WORKER] = _page(worker.body.replace(b"VERSION = ''", f"VERSION = '{version}'".encode()), worker.media_type)
    return {"/": files["/index.html"], **files}


async def serve(request: Request) -> Response:
    """The file at the request's path, or a plain 404."""
    pages: dict[str, Page] = request.app.state.pages
    page = pages.get(request.scope["path"])  # as it came: a URL parsed again is another spelling
    if page is None:
        return Response("There is nothing here.\n", status_code=404, media_type="text/plain")
    headers = {"etag": page.etag, "cache-control": "no-cache"}  # asked for again each time: an update shows at once
    if request.headers.get("if-none-match") == page.etag:
        return Response(status_code=304, headers=headers)
    return Response(page.body, headers=headers, media_type=page.media_type)


def _page(body: bytes, media_type: str) -> Page:
    return Page(body, media_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
