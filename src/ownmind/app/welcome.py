"""What a new person is offered, each once: taken or put away, it is never offered again. Kept as a setting of the home."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ..errors import BadInput
from ..store.settings import Settings

OFFERS = ("card", "ask", "forget", "protect", "import")
"""The memory card beside the first message; "what do you know about me, and why?"; forgetting one; protecting the key; bringing
things in."""

_KEY = "offers_done"


class Welcome:
    """The face: which offers are still open, and closing one."""

    def __init__(self, settings: Settings, is_protected: Callable[[], bool] = lambda: False) -> None:
        self._settings, self._is_protected, self._lock = settings, is_protected, threading.Lock()

    def offers(self) -> tuple[str, ...]:
        """Those still open, in their order. Protecting what is protected already is not offered."""
        done = [*self._settings.get(_KEY).split(), *(["protect"] if self._is_protected() else [])]
        return tuple(each for each in OFFERS if each not in done)

    def done(self, offer: str) -> tuple[str, ...]:
        """Closes one for good; gives those still open. Raises BadInput for one there is not."""
        if offer not in OFFERS:
            raise BadInput(f"there is no offer {offer[:40]!r}", hint=f"one of: {', '.join(OFFERS)}")
        with self._lock:
            self._settings.set(_KEY, " ".join(sorted({*self._settings.get(_KEY).split(), offer})))
        return self.offers()
