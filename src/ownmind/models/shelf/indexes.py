"""Where package indexes and the hub are, and where an index keeps one file.

The index is the one the person's own pip or uv is set to use: who reaches packages through a mirror reaches models through
it too. Read, in this order: UV_DEFAULT_INDEX, UV_INDEX_URL, PIP_INDEX_URL, uv.toml, pip's configuration files, the public index.
"""

from __future__ import annotations

import configparser
import json
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from ...egress.download import Downloader, Got
from ...errors import DownloadFailed

PYPI = "https://pypi.org/simple"
HUB = "https://huggingface.co"
_JSON = "application/vnd.pypi.simple.v1+json"
_ACCEPT = f"{_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"  # PEP 691


def configured(index: str = "") -> str:
    """The index's address, without a slash at its end: ``index`` when given, else what pip and uv are set to."""
    found = index or next(_settings(os.environ), "") or PYPI
    return found.rstrip("/")


def hub(endpoint: str = "") -> str:
    return (endpoint or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")


def find(downloader: Downloader, index: str, package: str, name: str) -> str:
    """The address of the file ``name`` of ``package``. DownloadFailed when the index does not have it."""
    page = downloader.read(f"{index}/{package}/", accept=_ACCEPT)
    links = _json_links(page) if page.media_type == _JSON or page.text.lstrip().startswith("{") else _html_links(page)
    for link, address in links:
        if link == name:
            return urldefrag(urljoin(_base(page.url, index), address)).url
    raise DownloadFailed(f"the index has no {name}")


def _json_links(page: Got) -> Iterator[tuple[str, str]]:
    """(file name, address) from a PEP 691 answer."""
    try:
        values: object = json.loads(page.text)
    except (ValueError, RecursionError) as error:
        raise DownloadFailed("the index answered with broken JSON") from error
    files = values.get("files") if isinstance(values, dict) else None
    for file in files if isinstance(files, list) else []:
        if isinstance(file, dict) and isinstance(file.get("filename"), str) and isinstance(file.get("url"), str):
            yield file["filename"], file["url"]


def _html_links(page: Got) -> Iterator[tuple[str, str]]:
    """(file name, address) from a PEP 503 page: the last part of each link's path is the file's name."""
    anchors = _Anchors()
    anchors.feed(page.text)
    for address in anchors.addresses:
        yield unquote(urlsplit(address).path.rsplit("/", 1)[-1]), address


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.addresses.extend(value for name, value in attrs if name == "href" and value)


def _base(url: str, index: str) -> str:
    """The page's address with the index's own name and password, which its relative links need again."""
    page, start = urlsplit(url), urlsplit(index)
    return page._replace(netloc=start.netloc).geturl() if page.hostname == start.hostname and "@" in start.netloc else url


def _settings(environment: Mapping[str, str]) -> Iterator[str]:
    """Index addresses in the order of who is asked first; only what can be reached over HTTP."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        yield from _http(environment.get(name, ""))
    for path in _uv_files(environment):
        yield from _http(_uv_index(path))
    for path in _pip_files(environment):
        yield from _http(_pip_index(path))


def _http(value: str) -> Iterator[str]:
    address = value.split("=", 1)[-1] if "=" in value.split("://")[0] else value  # uv writes name=address
    if address.startswith(("https://", "http://")):
        yield address


def _uv_files(environment: Mapping[str, str]) -> Iterator[Path]:
    if named := environment.get("UV_CONFIG_FILE"):
        yield Path(named)
    yield _config_home(environment) / "uv" / "uv.toml"
    if os.name == "posix":
        yield Path("/etc/uv/uv.toml")


def _uv_index(path: Path) -> str:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    for one in values.get("index", []):
        if isinstance(one, dict) and one.get("default") is True:
            return str(one.get("url", ""))
    return str(values.get("index-url", ""))


def _pip_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """pip's files, the one that wins first (pip's documentation, "Configuration")."""
    name = "pip.ini" if os.name == "nt" else "pip.conf"
    if (named := environment.get("PIP_CONFIG_FILE")) == os.devnull:
        return
    if named:
        yield Path(named)
    yield Path(sys.prefix) / name
    yield _config_home(environment) / "pip" / name
    yield Path.home() / (".pip" if os.name != "nt" else "pip") / name
    if sys.platform == "darwin":
        yield Path.home() / "Library/Application Support/pip" / name
    if os.name == "posix":
        yield Path("/etc") / name


def _pip_index(path: Path) -> str:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, configparser.Error):
        return ""
    return next((parser.get(part, "index-url") for part in ("install", "global") if parser.has_option(part, "index-url")), "").strip()


def _config_home(environment: Mapping[str, str]) -> Path:
    if os.name == "nt":
        return Path(environment.get("APPDATA") or Path.home())
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config")
