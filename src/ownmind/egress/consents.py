"""What a person may allow, checked before it is kept."""

from __future__ import annotations

import ipaddress

from ..errors import BadInput
from .addresses import is_public, refused_name

ANYWHERE = "*"
_MOST_WORDS = 200  # characters of a purpose


def destination(said: str) -> str:
    """A destination as permissions and the ledger write it: ``host`` or ``host:port`` (443 is left out), or ``*`` for any public
    address. Raises BadInput for what is none."""
    text = said.strip().lower()
    if text == ANYWHERE:
        return text
    text, scheme = text.removeprefix("https://").removeprefix("http://").rstrip("/"), text.startswith("http://")
    host, _, port = text.rpartition(":") if text.rpartition(":")[2].isdecimal() and not text.endswith("]") else (text, "", "")
    number = (int(port) if len(port) <= 5 else 0) if port else 80 if scheme else 443  # int() takes no five thousand digits
    bare = host.removeprefix("[").removesuffix("]")
    why = refused_name(bare, is_named=True) or ("" if 0 < number < 65536 else "a port there is none of")
    if why:
        raise BadInput(f"{said!r} is no destination: {why}", hint="name a host such as api.example.org, with its port when it is not 443")
    written = f"[{bare}]" if ":" in bare else bare
    return written if number == 443 else f"{written}:{number}"


def is_near(host: str) -> bool:
    """Whether a host as it is written is this machine or an address inside the person's own network."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        return False


def purpose(said: str) -> str:
    """A purpose in a few words. Raises BadInput."""
    words = " ".join(said.split())
    if not words or len(words) > _MOST_WORDS or not words.isprintable():
        raise BadInput("say in a few words what for", hint="such as: answer, or read my mail")
    return words
