"""The talks of an open memory: what the model was shown of each conversation, taken up again from the store after a restart."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from pydantic_ai import models

from ..memory.memory import Memory
from ..messages import Kind
from ..skills.book import Skills
from ..store.conversations import Conversations
from ..store.settings import Settings
from ..tracing import span
from . import answers
from .aims import pending
from .answer import Parts
from .compaction import compacted, is_due, restored
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
    """The talk of this conversation, compacted where it is too long; blocks where it has to be read from the store. ``item_id``: the
    message that is being answered."""
    held = talks(parts.memory)
    if conversation in held:
        compact(parts.memory, parts.conversations, conversation)
        return held[conversation]
    said = parts.conversations.messages(conversation, before=item_id)
    theirs = [one.text for one in said if one.kind is Kind.MESSAGE]
    talk = Talk(turns(parts), last=theirs[-1] if theirs else "", conversation=conversation)
    if not talk.turns and said:
        with span("restore", messages=len(said)):
            restored(said, parts.memory.learnt_from, parts.memory.item, talk)
    held[conversation] = talk
    return talk


def leave_branch(memory: Memory, settings: Settings, skills: Skills | None, conversation: str) -> None:
    """Drops what the model was shown of this conversation, and every question of ours that waits in it: both belong to the branch that
    is left. What the model is shown is taken up again from the store."""
    talks(memory).pop(conversation, None)
    answers.clear_pending(settings, conversation)
    pending.keep(settings, conversation, None)
    if skills is not None:
        skills.keep(conversation, "", "")


def compact(memory: Memory, conversations: Conversations, conversation: str) -> bool:
    """Has the older turns of a long talk give way to a block of what matters of them; False where it is not long yet. Reads the store."""
    talk = talks(memory).get(conversation)
    if talk is None or not is_due(talk):
        return False
    with span("compact"):
        compacted(talk, conversations.messages(conversation), memory.learnt_from)
    return True


async def settle(memory: Memory, conversation: str, model: models.Model, conversations: Conversations | None = None) -> None:
    """Puts what was said since into the model's cache, for both beginnings, while the person reads: a message that follows then
    costs its own page and not the talk before it (1 second instead of 5). A talk that has grown too long is compacted first."""
    talk = _TALKS.get(memory, {}).get(conversation)
    if talk is None or not talk.turns:
        return
    if conversations is not None:
        await asyncio.to_thread(compact, memory, conversations, conversation)
    for beginning in (FREELY, FROM_MEMORY):
        await prefill(model, talk, beginning)
