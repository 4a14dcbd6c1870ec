"""Servers of models that already run on this machine: Ollama, LM Studio, llama-server, vLLM, or one at a port the person names.

They are looked for only when the person asks. This process opens no connection: each request goes through the door, with a purpose of its
own and a row in the ledger, and the broker speaks to loopback and nowhere else. What a server says of itself is a stranger's text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...egress.door import Outlet
from ...errors import BadInput, DoorClosed, OwnmindError

PURPOSE = "look for model servers"
_USUAL = ((11434, "Ollama"), (1234, "LM Studio"), (8080, "llama-server"), (8000, "vLLM"))
_BY_OWNER = {"library": "Ollama", "llamacpp": "llama-server", "vllm": "vLLM", "organization_owner": "LM Studio"}
_MOST_ANSWER = 1 << 20  # bytes
_MOST_MODELS, _MOST_NAME = 200, 200
_CONNECT, _IDLE, _TOTAL = 1.0, 3.0, 6.0  # seconds; it is on this machine


@dataclass(frozen=True, slots=True)
class Found:
    """A server that answered. ``url`` is where its protocol begins, as ``[remote] url`` takes it."""

    kind: str  # Ollama, LM Studio, llama-server, vLLM, or OpenAI-compatible
    url: str
    models: tuple[str, ...]
    note: str = ""


def look(outlet: Outlet, port: str = "") -> tuple[Found, ...]:
    """The servers that answer at the usual ports, and at ``port`` (a number, or an address on this machine). Blocks for a few seconds at
    most. Raises BadInput for what is no port here, DoorClosed when everything is switched off."""
    named = _port(port) if port else 0
    asked = {number: kind for number, kind in ((named, ""), *_USUAL) if number}
    with outlet.broker.resting():
        return tuple(found for number, kind in asked.items() if (found := _at(outlet, number, kind)) is not None)


def named(url: str) -> str:
    """A name for the provider at ``url``: ollama, lm-studio, llama-server, vllm, or local-9000. Raises BadInput for one elsewhere."""
    port = _port(url)
    return dict(_USUAL).get(port, f"local-{port}").lower().replace(" ", "-")


def _at(outlet: Outlet, port: int, usual: str) -> Found | None:
    """What answers at ``port``; None for nothing, and for what is no server of models."""
    base = f"http://127.0.0.1:{port}"
    said = _get(outlet, f"{base}/v1/models")
    rows = [*_rows(said, "data")]
    names = [name for row in rows if (name := _name(row.get("id")))]
    if names:
        owner = str(rows[0].get("owned_by", ""))
        return Found(_BY_OWNER.get(owner, usual or "OpenAI-compatible"), f"{base}/v1", tuple(names))
    if isinstance(said, dict) and isinstance(said.get("data"), list):
        return Found(usual or "OpenAI-compatible", f"{base}/v1", (), "it has no model yet: fetch one there first")
    if usual in ("", "Ollama"):  # an older one, or one whose OpenAI form is switched off
        names = [name for row in _rows(_get(outlet, f"{base}/api/tags"), "models") if (name := _name(row.get("name")))]
        if names:
            return Found("Ollama", f"{base}/v1", tuple(names))
    return None


def _get(outlet: Outlet, url: str) -> object:
    """The JSON at ``url``; None when nobody answers, or with something else. Raises DoorClosed when nothing may be asked."""
    import httpx

    from ...egress.transport import Limits, Transport

    transport = Transport(outlet, PURPOSE, limits=Limits(connect=_CONNECT, idle=_IDLE, total=_TOTAL, most_in=_MOST_ANSWER))
    try:
        with httpx.Client(transport=transport, trust_env=False, headers={"User-Agent": "ownmind"}) as client:
            answer = client.get(url, headers={"Accept": "application/json"}, follow_redirects=False)
            return json.loads(answer.content) if answer.is_success else None
    except DoorClosed:
        raise
    except (httpx.HTTPError, OwnmindError, ValueError, RecursionError):
        return None


def _rows(said: object, name: str) -> Iterator[dict[str, object]]:
    """The objects of the list ``name`` of a JSON object, at most so many."""
    listed = said.get(name) if isinstance(said, dict) else None
    for row in listed[:_MOST_MODELS] if isinstance(listed, list) else ():
        if isinstance(row, dict):
            yield row


def _name(value: object) -> str:
    return value if isinstance(value, str) and 0 < len(value) <= _MOST_NAME and value.isprintable() else ""


def _port(text: str) -> int:
    """A port of this machine out of ``9000`` or ``http://localhost:9000/v1``. Raises BadInput."""
    number: int | None
    if text.isascii() and text.isdecimal():
        number = int(text[:6])
    else:
        try:
            parts = urlsplit(text if "://" in text else f"http://{text}")
            number = parts.port if parts.hostname in ("127.0.0.1", "localhost", "::1") else None
        except ValueError:
            number = None
    if number is None or not 0 < number < 65536:
        raise BadInput(
            f"{text[:80]!r} is no port of this machine",
            hint="a number such as 9000; one on another machine is set with `ownmind brain`",
        )
    return number
