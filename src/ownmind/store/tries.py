"""How often a secret was tried in vain, and how long the next try must wait.

argon2id makes each guess cost a fifth of a second and 64 MiB; this makes a person (or a program) at the page wait besides. It is
counted in memory alone: whoever can end the process can read the files, and tries those where nobody counts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FREE = 3  # wrong tries that cost nothing: fingers slip
LONGEST = 60.0  # seconds


class Tries:
    """Wrong tries in a row. Any thread may use it; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until = 0.0
        self.wrong = 0

    def wait(self) -> int:
        """Whole seconds until the next try is looked at; 0 when it may come now."""
        left = self._until - self._clock()
        return 0 if left <= 0 else int(left) + 1

    def failed(self) -> int:
        """Counts a wrong try; gives how many there were in a row. After the third each doubles the wait: 2 s, 4 s, up to a minute."""
        with self._lock:
            self.wrong += 1
            if self.wrong >= FREE:
                self._until = self._clock() + min(LONGEST, 2.0 ** min(self.wrong - FREE + 1, 10))
            return self.wrong

    def succeeded(self) -> None:
        with self._lock:
            self.wrong, self._until = 0, 0.0
