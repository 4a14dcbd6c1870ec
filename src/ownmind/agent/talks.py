"""The talks of an open memory: what the model was shown of each conversation, taken up again from the store after a restart."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from pydantic_ai.models import Model

from ..memory.memory import Memory
from ..messages import Kind
from .answer import Parts
from .context import Talk
from .examples import FREELY, FROM_MEMORY
from .speech import prefill
from .through import turns

_TALKS: WeakKeyDictionary[Memory, dict[str, Talk]] = WeakKeyDictionary()


def talks(memory: Memory) -> dict[str, Talk]:
    """The talks of this memory. All are dropped when anything is forgotten or withheld: what the model was shown may hold it."""
    if memory not in _TALKS:
        held: dict[str, Talk] = {}
        _TALKS[memory] = held
        memory.forgetting.listeners.append(held.clear)
    return _TALKS[memory]


def talk_of(parts: Parts, conversation: str, item_id: str) -> Talk:
    """The talk of this conversation; blocks where it has to be read. ``item_id``: the message that is being answered."""
    held = talks(parts.memory)
    if conversation not in held:
        said = [one.text for one in parts.conversations.messages(conversation) if one.kind is Kind.MESSAGE and one.id != item_id]
        held[conversation] = Talk(turns(parts), last=said[-1] if said else "", conversation=conversation)
    return held[conversation]


async def settle(memory: Memory, conversation: str, model: Model) -> None:
    """Puts what was said since into the model's cache, for both beginnings, while the person reads: a message that follows then
    costs its own page and not the talk before it (1 second instead of 5)."""
    talk = _TALKS.get(memory, {}).get(conversation)
    if talk is None or not talk.turns:
        return
    for beginning in (FREELY, FROM_MEMORY):
        await prefill(model, talk, beginning)
