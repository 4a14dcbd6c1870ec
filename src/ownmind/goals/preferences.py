"""How a person's days are shaped and when they may be spoken to. One value, kept in the store, changed on the page or by command.

The zone is where the person is now: "" follows the system's. Quiet hours may pass midnight.
"""

from __future__ import annotations

from dataclasses import dataclass

from .schedule import Days, Window

_WORKDAYS = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Preferences:
    """Clock times are minutes since midnight of the person's zone."""

    zone: str = ""  # IANA name, such as Europe/Berlin
    awake: tuple[Window, ...] = (Window(7 * 60, 22 * 60),)
    work: tuple[Window, ...] = (Window(9 * 60, 17 * 60, _WORKDAYS),)  # taken, unless a goal's own hours lie in it
    most_minutes: int = 180  # of all goals on a day
    most_sittings: int = 4
    pause: int = 0  # minutes between two sittings
    quiet_from: int = 21 * 60 + 30
    quiet_to: int = 8 * 60
    nudges_a_day: int = 3
    briefing: int = 8 * 60  # -1: none
    review_day: int = 6  # Sunday
    review: int = 18 * 60  # -1: none
    desktop: bool = False  # notifications of the desktop
    mail: bool = False  # mails to oneself; each still needs a permission at the door
    silent: bool = False  # nothing is shown and nothing is spent

    @property
    def days(self) -> Days:
        return Days(self.awake, self.most_minutes, self.most_sittings, self.pause)
