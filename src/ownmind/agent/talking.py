"""What a person does with what was said: goes on with another branch, and says what they think of a reply.

A thumb changes nothing by itself. A word of correction becomes something remembered only when the person says so, and then as their own
statement, in place of what the reply rested on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..errors import BadInput, NotFound
from ..memory.memory import Memory
from ..messages import Cited, Entry, Fact, Feedback, Integrity, Kind, Label, Source
from ..skills.book import Skills
from ..store.conversations import Conversations
from ..store.feedback import Feedbacks
from ..store.settings import Settings

_LONGEST = 2000  # characters of a word of correction


class Talking:
    """The face of talks: their branches, and what the person thought of the replies in them."""

    def __init__(
        self,
        memory: Memory,
        conversations: Conversations,
        feedbacks: Feedbacks,
        settings: Settings,
        skills: Skills,
        clock: Callable[[], datetime],
    ) -> None:
        self._memory = memory
        self._conversations = conversations
        self._feedbacks = feedbacks
        self._settings = settings
        self._skills = skills
        self._clock = clock

    def choose(self, item: str) -> str:
        """Goes on with the newest branch through this message or reply (i12); gives its conversation. Raises NotFound."""
        from .talks import leave_branch  # brings the agent library

        conversation = self._conversations.go_on_with(item)
        leave_branch(self._memory, self._settings, self._skills, conversation)
        return conversation

    def feedback(self, conversation: str = "") -> tuple[Feedback, ...]:
        """What the person thought of the replies of one conversation, or of all of them, the oldest first."""
        return tuple(self._feedbacks.all(conversation))

    def rate(self, reply: str, good: bool, word: str = "") -> Feedback:
        """A thumb under a reply (i12), in place of the one before, with a word of correction where there is one. The word is kept, and
        used for nothing before ``remember``. Raises NotFound for what is no reply, BadInput for a word that is too long."""
        self._needed(reply)
        now, name = self._clock(), ""
        if len(word) > _LONGEST:
            raise BadInput("that is more than a word", hint=f"{_LONGEST} characters at most; say the rest in the talk")
        if word.strip():
            entry = Entry(
                word.strip(), Source(f"feedback:{reply}", "note", "Your word on a reply"), Label(Integrity.PERSON), Kind.NOTE, now,
                external_id=now.isoformat(),
            )  # fmt: skip
            name = self._memory.set_aside(
                entry, lambda kept: self._feedbacks.rate(reply, is_good=good, word=kept, now=now.timestamp()), now=now
            )
            if not name:
                raise NotFound("these words were forgotten and are not kept again", hint="say it in other words")
        else:
            self._feedbacks.rate(reply, is_good=good, word="", now=now.timestamp())
        return self._feedbacks.all(reply=reply)[0]

    def undo(self, reply: str) -> None:
        """Takes a thumb back, with its word. What was remembered of it stays, until it is forgotten. Raises NotFound."""
        if not self._feedbacks.undo(reply):
            raise NotFound(f"nothing was said of {reply[:20]}", hint="a thumb stands under its reply")

    def remember(self, reply: str) -> tuple[Fact, ...]:
        """Remembers the word of correction under a reply as the person's own statement; gives what was learnt from it. What the reply
        rested on and said otherwise never held. Raises NotFound where there is no such word."""
        found = self._feedbacks.all(reply=reply)
        if not found or not found[0].word_id:
            raise NotFound("there is no word of correction under that reply", hint="write one beside the thumb")
        cited = [one.item_id for one in self._needed(reply)]
        return tuple(self._memory.correct(found[0].word_id, cited, found[0].reply, now=self._clock()))

    def _needed(self, reply: str) -> tuple[Cited, ...]:
        """What this reply cites. Raises NotFound for what is no reply of ours."""
        item = self._memory.item(reply)
        if item.kind is not Kind.REPLY:
            raise NotFound(f"{reply} is no reply", hint="a thumb stands under a reply")
        return self._conversations.cited(reply)
