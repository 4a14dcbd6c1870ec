"""Where a remote model is, how it is spoken to, and what it costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...config import Provider
from ...egress import consents
from ...errors import BadInput
from .presets import preset
from .wires import Usage, Ways

_A_MESSAGE = 16  # tokens a chat template may put around a message; the largest of the common families puts 8
_A_REQUEST = 64
_WITH_TOOLS = 1024  # tokens of a provider's own order on how tools are called
SET = "`ownmind brain add KIND`"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a remote model is, and what it costs. Prices are of a million tokens; None where nobody said."""

    provider: str  # the person's name for it
    wire: str  # chat, messages or gemini
    url: str  # where the protocol begins: https://api.example.org/v1
    model: str
    destination: str  # as permissions and the ledger name it
    price_in: float | None
    price_out: float | None
    currency: str
    most_tokens: int
    priced_by: str  # "you", the day on which our table was read (2026-09-22), or "" where nobody knows
    ways: Ways
    cached: float = 1.0  # price of a token out of a cache, as a share of one that is read anew
    kept: float = 1.0  # of one that goes into it

    def worst(self, size: int, messages: int, *, tools: bool = False) -> float:
        """The most a call can cost that says ``size`` bytes in so many messages: a token is never less than a byte of text. Infinite where
        no price is known."""
        if self.price_in is None or self.price_out is None:
            return math.inf
        most = size + _A_MESSAGE * messages + _A_REQUEST + (_WITH_TOOLS if tools else 0)
        return (most * self.price_in * max(1.0, self.kept) + self.most_tokens * self.price_out) / 1e6

    def cost(self, usage: Usage) -> float:
        """What these tokens cost; nothing where no price is known."""
        read = usage.sent - usage.cached - usage.kept + usage.cached * self.cached + usage.kept * self.kept
        return (read * (self.price_in or 0.0) + usage.came * (self.price_out or 0.0)) / 1e6


def endpoint(settings: Provider, model: str = "") -> Endpoint:
    """Where a provider of the settings is; ``model``: another of its models than its own. Raises BadInput for what is no such place: an
    address with a password in it, one without TLS that is not on this machine or in this network."""
    kind = preset(settings.kind)
    url = (settings.url.strip() or kind.url).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise BadInput("that is not where a model can be reached", hint="a plain address such as https://api.example.org/v1")
    to = consents.destination(f"{parts.scheme}://{parts.netloc}")
    if parts.scheme == "http" and not consents.is_near(parts.hostname):
        raise BadInput("over http:// anybody on the way reads along", hint="use https://, or a server inside your own network")
    chosen = model.strip() or settings.model.strip()
    if not chosen:
        raise BadInput("no model is named", hint=f"{SET} --model NAME")
    price_in, price_out, priced_by = _prices(settings, chosen)
    return Endpoint(
        settings.name, kind.wire, url, chosen, to, price_in, price_out, settings.currency, settings.most_tokens or kind.most_tokens,
        priced_by, kind.ways, kind.cached, kind.kept,
    )  # fmt: skip


def _prices(settings: Provider, model: str) -> tuple[float | None, float | None, str]:
    """What the person said of their own model; else what our table says of a provider's own address, in its currency."""
    if model == settings.model.strip() and settings.price_in >= 0 and settings.price_out >= 0:
        return settings.price_in, settings.price_out, "you"
    kind = preset(settings.kind)
    known = kind.priced(model)
    if known is None or settings.currency != "USD" or settings.url.strip().rstrip("/") not in ("", kind.url):
        return None, None, ""
    return known.price_in, known.price_out, known.on.isoformat()
