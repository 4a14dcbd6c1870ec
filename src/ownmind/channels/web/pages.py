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
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
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
        "/" + path.relative_to(folder).as_posix(): _page(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix in MEDIA_TYPES
    }
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


def _page(path: Path) -> Page:
    body = path.read_bytes()
    return Page(body, MEDIA_TYPES[path.suffix], f'"{hashlib.sha256(body).hexdigest()[:32]}"')
