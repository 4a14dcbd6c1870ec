"""What the next message of a conversation may answer: a question about a goal, a yes, which of several. Ids only, never words: what is
asked must not outlive what it names."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from ...store.settings import Settings


class Kind(StrEnum):
    SLOT = "slot"  # a part of a draft
    CONFIRM = "confirm"  # "shall I plan it?"
    STEP = "step"  # steps were just shown: "done" is about the first
    WHICH = "which"  # which of these steps an answer is about
    OFFER = "offer"  # changes that would make the week fit


@dataclass(frozen=True, slots=True)
class Pending:
    """``ids``: of the goal for SLOT and CONFIRM, of steps for STEP and WHICH, of offers for OFFER. ``item``: the answer that is still to be
    placed, as it is remembered (WHICH)."""

    kind: Kind
    ids: tuple[str, ...]
    slot: str = ""
    item: str = ""


def pending(settings: Settings, conversation: str) -> Pending | None:
    """What waits in this conversation; None when nothing does."""
    try:
        held = json.loads(settings.get(_key(conversation), "null"))
        return None if held is None else Pending(Kind(held["kind"]), tuple(held["ids"]), held["slot"], held["item"])
    except (ValueError, KeyError, TypeError):
        return None


def keep(settings: Settings, conversation: str, waits: Pending | None) -> None:
    """Keeps what waits; None: nothing does."""
    if waits is None:
        settings.remove(_key(conversation))
    else:
        settings.set(_key(conversation), json.dumps(asdict(waits)))


def _key(conversation: str) -> str:
    return f"aim:{conversation}"
