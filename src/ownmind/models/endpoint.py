"""Where a remote model is, and what it costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..config import Remote
from ..egress import consents
from ..errors import BadInput

_A_MESSAGE = 16  # tokens a chat template may put around a message; the largest of the common families puts 8
_A_REQUEST = 64
SET = "`ownmind brain remote set URL --model NAME`"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a remote model is, and what it costs. Prices are of a million tokens; None where nobody said."""

    url: str  # where the protocol begins: https://api.example.org/v1
    model: str
    destination: str  # as permissions and the ledger name it
    price_in: float | None
    price_out: float | None
    currency: str
    most_tokens: int

    def worst(self, size: int, messages: int) -> float:
        """The most a call can cost that says ``size`` bytes in so many messages: a token is never less than a byte of text. Infinite where
        no price is known."""
        if self.price_in is None or self.price_out is None:
            return math.inf
        return ((size + _A_MESSAGE * messages + _A_REQUEST) * self.price_in + self.most_tokens * self.price_out) / 1e6

    def cost(self, usage: tuple[int, int]) -> float:
        """What these tokens (in, out) cost; nothing where no price is known."""
        return (usage[0] * (self.price_in or 0.0) + usage[1] * (self.price_out or 0.0)) / 1e6


def endpoint(config: Remote) -> Endpoint:
    """Where the settings point. Raises BadInput for what is no such place: an address with a password in it, one without TLS that is not
    on this machine or in this network."""
    url = config.url.strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise BadInput("that is not where a model can be reached", hint="a plain address such as https://api.example.org/v1")
    to = consents.destination(f"{parts.scheme}://{parts.netloc}")
    if parts.scheme == "http" and not consents.is_near(parts.hostname):
        raise BadInput("over http:// anybody on the way reads along", hint="use https://, or a server inside your own network")
    if not config.model.strip():
        raise BadInput("no model is named", hint=SET)
    unknown = config.price_in < 0 or config.price_out < 0
    price_in, price_out = (None, None) if unknown else (config.price_in, config.price_out)
    return Endpoint(url, config.model.strip(), to, price_in, price_out, config.currency, config.most_tokens)
