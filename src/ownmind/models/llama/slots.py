"""Which evaluated prompts are kept side by side, who builds on which, and which is given away. Pure: no model in it.

llama.cpp keeps an evaluated prompt a slot; all slots share one cache of `cells` tokens (``kv_unified``), so a slot costs its tokens
and nothing else. Its own choice of slots (similarity, a copy in RAM) was looked at and not taken: a second conversation that begins
as the first one does takes the first one's slot, and cuts off what it had beyond that beginning.

Here a prompt goes to the slot of its key (its kind and conversation). A new key gets an empty slot, or the least recently used one;
a slot whose beginning no other slot holds is given away last, so that the fixed beginnings stay evaluated. Where another slot
shares more of the prompt than the chosen one, its state is copied first (`Place.copy_from`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SLOTS = 12  # evaluated prompts kept side by side; a slot costs its tokens in the shared cache and no more
# Tokens evaluated at once. A smaller batch gives way sooner and costs more: 30 ms of processor a token at 64, 36 to 40 at 32, 35 at
# 16 (starter brain, two cores), so 64 are a second's work.
BATCH = 64
# Tokens kept evaluated at most, however long the window: 235 MB of the cache with the starter brain (28 KiB a token), and no more for
# every new token to be told apart from, since all slots lie in one cache.
KEPT = 8192
BEGINNING = 32  # tokens that must be the same for two prompts to have the same fixed beginning
_WORTH = 48  # tokens a copy must save before it is made: it moves 28 KiB a token with the starter brain


@dataclass(slots=True)
class Slot:
    """What one slot holds: the ``tokens`` of its last prompt and how many were ``generated`` after them."""

    number: int
    key: str = ""
    tokens: list[int] = field(default_factory=list)
    generated: int = 0
    is_busy: bool = False
    used: int = 0  # when, counted in requests

    @property
    def size(self) -> int:
        return len(self.tokens) + self.generated

    def evaluated(self, tokens: list[int]) -> int:
        """How many of ``tokens`` need no evaluation here. What was generated counts as said again when all before it is the same;
        that may be too many by a reply that was changed, and costs no more than a longer first stage."""
        same = common(self.tokens, tokens)
        return min(same + self.generated, len(tokens)) if same == len(self.tokens) else same


@dataclass(frozen=True, slots=True)
class Place:
    """Where a prompt goes. ``erase``: slots to be emptied first; ``copy_from``: the slot whose state to take over, None for none."""

    slot: Slot
    needs: int  # tokens it may come to, reply and all
    erase: tuple[Slot, ...] = ()
    copy_from: Slot | None = None


@dataclass
class Slots:
    """``count`` slots over one cache of ``cells`` tokens. Not locked: its holder is."""

    count: int
    cells: int
    can_copy: bool = True
    reserved: int = 0  # tokens the running requests may come to
    slots: list[Slot] = field(default_factory=list)
    _clock: int = 0

    def __post_init__(self) -> None:
        self.slots = [Slot(number) for number in range(self.count)]

    def take(self, tokens: list[int], key: str, *, room: int) -> Place | None:
        """A place for ``tokens`` and ``room`` more, its slot busy from now on; None while those that run leave none."""
        needs = min(len(tokens) + room, self.cells)
        idle = [slot for slot in self.slots if not slot.is_busy]
        if not idle or self.reserved + needs > self.cells:
            return None
        slot = self._chosen(idle, tokens, key)
        source = self._source(idle, slot, tokens)
        if source is not None and not self.can_copy:  # then build on it itself: its tail is lost, the beginning is not
            slot, source = source, None
        erased = self._erased(idle, slot, source, max(needs, source.size) if source else needs)
        if source in erased:
            slot, source = source, None  # no room for both
            erased = self._erased(idle, slot, None, needs)
        self._clock += 1
        slot.is_busy, slot.key, slot.used = True, key, self._clock
        self.reserved += needs
        if source is not None:
            source.is_busy = True
        return Place(slot, needs, tuple(one for one in erased if one is not slot), source)

    def give_back(self, place: Place) -> None:
        place.slot.is_busy = False
        self.reserved -= place.needs

    def _chosen(self, idle: Sequence[Slot], tokens: list[int], key: str) -> Slot:
        own = [slot for slot in idle if slot.key == key and slot.evaluated(tokens) * 2 >= min(slot.size, len(tokens)) > 0]
        if own:
            return max(own, key=lambda slot: slot.evaluated(tokens))
        return min(idle, key=lambda slot: (slot.size > 0, self._is_last_of_its_kind(slot), slot.used))

    def _source(self, idle: Sequence[Slot], slot: Slot, tokens: list[int]) -> Slot | None:
        best = max(idle, key=lambda one: one.evaluated(tokens))
        gain = best.evaluated(tokens) - slot.evaluated(tokens)
        return best if best is not slot and gain >= _WORTH else None

    def _erased(self, idle: Sequence[Slot], slot: Slot, source: Slot | None, needs: int) -> list[Slot]:
        """The idle slots to empty so that ``needs`` tokens fit, those nobody will miss first; the source last of all."""
        running = self.reserved + needs
        over = running + sum(one.size for one in idle if one is not slot) - min(self.cells, max(KEPT, running))
        erased: list[Slot] = []
        others = sorted(
            (one for one in idle if one is not slot and one.size), key=lambda one: (one is source, self._is_last_of_its_kind(one), one.used)
        )
        for one in others:
            if over <= 0:
                break
            over -= one.size
            erased.append(one)
        return erased

    def _is_last_of_its_kind(self, slot: Slot) -> bool:
        """Whether no other slot holds its beginning."""
        beginning = slot.tokens[:BEGINNING]
        return bool(beginning) and not any(one.tokens[:BEGINNING] == beginning for one in self.slots if one is not slot)


def common(one: list[int], other: list[int]) -> int:
    """How many tokens both begin with."""
    most = min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    return next((at for at in range(most) if one[at] != other[at]), most)
