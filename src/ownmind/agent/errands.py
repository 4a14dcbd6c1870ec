"""What a message asks to be done in the world, decided by code from the person's own words before anything from outside is read.

"Read https://example.org/opening and tell me when it opens" is an errand, a step with its address as a literal, and a question that is
answered afterwards like any other, from memory. Whether it may be done is the gate's to say (`tools.act`); what waits is shown as a card.
Only unmistakable forms count: an address that is merely mentioned is not opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ..errors import NotFound
from ..guard.gate import Verdict
from ..guard.labels import Type, Value, join, of_item
from ..guard.plan import planned
from ..memory.memory import Memory
from ..messages import Action, Integrity, Item, Kind, Label
from ..store.conversations import Conversations
from ..store.items import row_id
from ..tools import page, save
from ..tools.act import Attempt, Session, World

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]’']", re.IGNORECASE)
_READ = re.compile(
    r"^\W*(?:(?:please|can you|could you|would you|hey|now|then|go and|and)[\s,]+)*(?:read|open|look at|look up|check|visit|fetch|get"
    r"|load|browse|go to|summari[sz]e|sum up|skim|see|what (?:does|do|is|are)|who|when|where|how|why|which|is there|does)\b",
    re.IGNORECASE,
)
_SAVE = re.compile(
    r"^\W*(?:(?:please|can you|could you|would you|now|then)[\s,]+)*(?:save|write|put|store|export)\s+(?P<what>.+?)\s+"
    r"(?:as|to|in|into|in a|to a)\s+(?:the |a )?(?:file )?(?:called |named )?[\"“'‘]?"
    r"(?P<name>[\w][\w .-]{0,80}\.(?:txt|md|csv))[\"”'’]?\s*[.!]?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_POLITE = re.compile(r"^\W*(?:(?:please|can you|could you|would you)[\s,]+)*", re.IGNORECASE)
_ONLY_READ = re.compile(
    r"^(?:(?:read|open|look at|check|visit|fetch|load|go to)\b(?:\s+(?:this|the|page|site|article|it))*)?[\s,]*(?:and|then)?\s*"
    r"(?:tell me|say|let me know)?\s*",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"^(?:that|this|it|your (?:last )?(?:answer|reply|message)|what you (?:just )?said|the (?:last )?answer)$", re.IGNORECASE
)
_QUOTED = re.compile(r"^[\"“'‘](?P<words>.+)[\"”'’]$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Errand:
    """A deed and what its arguments are in the person's words. ``then``: the question that is left to answer; "" for none."""

    tool: str
    arguments: dict[str, str]
    then: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an errand. ``text`` says it; ``actions``: the rows behind it, the ones that wait among them."""

    text: str
    actions: tuple[Action, ...] = ()
    is_done: bool = False


def errand(text: str) -> Errand | None:
    """The errand in a message, if it is one."""
    said = text.strip()[:4000]
    if (saved := _SAVE.match(said)) is not None:
        return Errand(save.NAME, {"what": saved["what"].strip(" :"), "name": saved["name"].strip()})
    addresses = _URL.findall(said)
    if not addresses:
        return None
    left = _URL.sub(" ", said)
    if len(addresses) == 1 and (not re.search(r"\w", left) or _READ.match(said) or said.endswith("?")):
        return Errand(page.NAME, {"url": addresses[0]}, _question(left))
    return None


def run(wanted: Errand, asked: Item, world: World, memory: Memory, conversations: Conversations, now: datetime) -> Done:
    """Does the errand, or has it wait, as the gate decides. Blocks."""
    session = Session(planned(asked.text, [wanted.tool], world.declared()), asked.conversation, items=(row_id(asked.id),))
    if wanted.tool == page.NAME:
        return _told(world.attempt(page.NAME, {"url": (Value(wanted.arguments["url"], asked.label, Type.URL),)}, session, now))
    what, rests_on = _words(wanted.arguments["what"], asked, memory, conversations)
    if what is None:
        return Done("I have said nothing in this conversation that I could save yet.")
    session.items = (*session.items, *(row_id(one.id) for one in rests_on))
    name = Value(wanted.arguments["name"], asked.label, Type.NAME)
    return _told(world.attempt(save.NAME, {"name": (name,), "text": (what,)}, session, now))


def _words(what: str, asked: Item, memory: Memory, conversations: Conversations) -> tuple[Value | None, Sequence[Item]]:
    """What is to be saved: the person's own words, or the last reply, with the label of what that reply rests on."""
    if not _THAT.match(what):
        quoted = _QUOTED.match(what)
        return Value(quoted["words"] if quoted else what, asked.label), ()
    replies = [one for one in conversations.messages(asked.conversation) if one.kind is Kind.REPLY]
    if not replies:
        return None, ()
    rests_on = _held(memory, sorted({cited.item_id for cited in replies[-1].sources}))
    label = join(Label(Integrity.COMPANION), *(of_item(item) for item in rests_on))
    return Value(replies[-1].text, label), rests_on


def _held(memory: Memory, names: Iterable[str]) -> list[Item]:
    found = []
    for name in names:
        with suppress(NotFound):  # forgotten since
            found.append(memory.item(name))
    return found


def _told(attempt: Attempt) -> Done:
    action = attempt.action
    if action is None:
        return Done(" ".join(attempt.decision.reasons) or "That cannot be done here.")
    match attempt.decision.verdict:
        case Verdict.ALLOW:
            return Done(action.outcome, (action,), attempt.result is not None)
        case Verdict.ASK:
            why = " ".join(action.reasons)
            return Done(f"{action.words}. This waits for your yes ({action.id}). {why}".strip(), (action,))
        case Verdict.DENY:
            return Done(" ".join(action.reasons), (action,))


def _question(left: str) -> str:
    """What is asked besides reading: "and tell me when it opens". "" when that is all."""
    rest = _ONLY_READ.sub("", _POLITE.sub("", left)).strip(" .,:;")
    return rest if len(re.findall(r"\w{2,}", rest)) >= 2 else ""
