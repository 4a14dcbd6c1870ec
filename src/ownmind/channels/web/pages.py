"""The static files of the page, read once at the start: only a path in that table is ever answered.

There is no joining of a request's path to a folder, so there is nothing to climb out of. A browser hears of all modules of a page at
once (``modulepreload``): it would otherwise find them one import behind another, a round trip each. Nothing is bundled for that.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
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
PACKED_ALREADY = frozenset({"image/png"})
_ENTRY = re.compile(r'<script type="module" src="(/[^"]+)">')
_STATIC_IMPORT = re.compile(r"""(?:^|;)(?:import|export)\s*(?:[^'"();]*?\bfrom\s*)?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


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
    for path in [path for path in files if path.endswith(".html")]:
        files[path] = _announcing(files[path], files)
    worker = files[WORKER]
    version = hashlib.sha256("".join(page.etag for page in files.values()).encode()).hexdigest()[:16]
    files[WORKER] = _page(worker.body.replace(b"VERSION = ''", f"VERSION = '{version}'".encode()), worker.media_type)
    return {"/": files["/index.html"], **files}


async def serve(request: Request) -> Response:
    """The file at the request's path, compressed where the browser takes that, or a plain 404."""
    pages: dict[str, Page] = request.app.state.pages
    page = pages.get(request.scope["path"])  # as it came: a URL parsed again is another spelling
    if page is None:
        return Response("There is nothing here.\n", status_code=404, media_type="text/plain")
    headers = {"etag": page.etag, "cache-control": "no-cache", "vary": "accept-encoding"}  # no-cache: an update shows at once
    packed = page.media_type not in PACKED_ALREADY and takes_gzip(request.headers.get("accept-encoding", ""))
    if packed:
        headers |= {"etag": f'{page.etag[:-1]}-gzip"', "content-encoding": "gzip"}  # other bytes, another tag (RFC 9110, 8.8.3.3)
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(_packed(page.body) if packed else page.body, headers=headers, media_type=page.media_type)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header names gzip, and not to refuse it (RFC 9110, 12.5.3)."""
    for coding in accepted.lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False


def modules(entry: str, files: Mapping[str, Page]) -> list[str]:
    """The module at ``entry`` and every one that it and they import at once, nearest first; not those loaded when first wanted."""
    found = [entry]
    for path in found:  # grows meanwhile
        for name in _STATIC_IMPORT.findall(files[path].body.decode()):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if imported not in found:
                found.append(imported)
    return found


def _announcing(page: Page, files: Mapping[str, Page]) -> Page:
    """An HTML page whose head names all modules that its scripts will import."""
    html = page.body.decode()
    entries = _ENTRY.findall(html)
    wanted = dict.fromkeys(path for entry in entries for path in modules(entry, files) if path not in entries)
    links = "".join(f'<link rel="modulepreload" href="{path}">' for path in wanted)
    return _page(html.replace("</head>", f"{links}</head>").encode(), page.media_type)


@cache
def _packed(body: bytes) -> bytes:
    """Compressed when it is first asked for: the start need not wait for languages nobody reads."""
    return gzip.compress(body, 6, mtime=0)


def _page(body: bytes, media_type: str) -> Page:
    return Page(body, media_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
