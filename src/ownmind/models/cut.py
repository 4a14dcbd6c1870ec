"""Where a text that comes in pieces ends: at the most tokens that were asked for, or before words that are to end it.

Models of our own could do both, and do for tokens; but a model does not say at which of several words it ended, a reply that code wrote is
no model's, and a checked one is not word for word what the model said. So it is done here, over what would be said.
"""

from __future__ import annotations

from ..messages import Limits
from .tokens import tokens


class Cut:
    """One text while it comes. What could be the beginning of a stop is held back until that is known."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = ""
        self._said = ""
        self.is_full = False  # ended at the most tokens
        self.stop = ""  # the words it ended before

    @property
    def has_ended(self) -> bool:
        return self.is_full or bool(self.stop)

    def take(self, piece: str) -> str:
        """What may be said now that ``piece`` came; "" once it has ended."""
        if self.has_ended:
            return ""
        text = self._held + piece
        at, stop = min(((text.find(one), one) for one in self._limits.stops if one in text), default=(-1, ""))
        if stop:
            self.stop, self._held = stop, ""
            return self._bounded(text[:at])
        self._held = text[len(text) - self._open(text) :]
        return self._bounded(text[: len(text) - len(self._held)])

    def rest(self) -> str:
        """What was held back, when no more comes."""
        text, self._held = self._held, ""
        return self._bounded(text)

    def _open(self, text: str) -> int:
        """How many of the last characters may be the beginning of a stop."""
        return max((size for one in self._limits.stops for size in range(1, len(one)) if text.endswith(one[:size])), default=0)

    def _bounded(self, text: str) -> str:
        """As much of ``text`` as there is room for: to the end of a word, where there is one in it."""
        most = self._limits.most_tokens
        if most is None or tokens(self._said + text) <= most:
            self._said += text
            return text
        self.is_full, self.stop = True, ""
        kept = len(text)
        while kept and tokens(self._said + text[:kept]) > most:
            kept -= 1
        blank = text.rfind(" ", 0, kept + 1)
        kept = blank if blank > 0 else kept
        self._said += text[:kept]
        return text[:kept]
