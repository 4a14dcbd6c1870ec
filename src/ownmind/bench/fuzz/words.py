"""What reads words: times, questions, statements, what the guard looks for, and whole turns over a real memory."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...agent import intent
from ...agent.acting import forms, reader
from ...agent.acting.plans import Form, Slot
from ...agent.turn import Parts, turn
from ...guard import identifiers, orders, secrets
from ...guard.declared import Declaration, Effect, Parameter, Role
from ...guard.labels import Type
from ...guard.plan import planned
from ...guard.pseudonyms.personal import Dictionary, Known, Sort
from ...guard.pseudonyms.veil import restore as unveiled
from ...guard.pseudonyms.veil import veil
from ...memory import dates, question, rules, times
from ...messages import Entry, Integrity, Item, Kind, Label, Source
from ...models.brain import Brain
from ...models.scripted import ScriptedModel
from .remembered import MINE, NOW, memory_in
from .target import Take


def times_in(text: str) -> None:
    times.mentions(text, NOW)
    dates.window(text, NOW)
    question.read(text, NOW, names=("Ana", "Ben"))
    intent.intent(text)
    intent.asks(text)


def stated(text: str) -> None:
    rules.candidates(Item("i1", text, Source("note:1"), MINE, Kind.MESSAGE, NOW, "", "", 1, NOW))


def guarded(text: str) -> None:
    identifiers.found(text)
    secrets.secrets(text)
    orders.orders(text)
    planned(text, ("send",), {"send": _SEND})
    forms.planned(text)
    forms.asks_to_act(text)
    for known in ((), _KNOWN):
        veiled = veil(text, Dictionary(known), (), random.Random(0))
        assert unveiled(veiled.text, veiled.new) == text, "a veiled text does not come back as it was"


_SEND = Declaration("send", Effect.SENDS, {"to": Parameter(Role.AUTHORITY, Type.EMAIL), "text": Parameter(Role.CONTENT)})


def read_for_a_plan(text: str) -> None:
    """What the quarantined reader finds by code in a page, for slots of every type."""
    page = Item("i1", text, Source("https://example.org/"), Label(Integrity.UNTRUSTED), Kind.PASSAGE, NOW, "", "", 1, NOW)
    for kind in Type:
        asyncio.run(reader.fill(Slot(Form.VALUE, "the date", kind, several=True), [page], None))


_KNOWN = tuple(
    Known(sort, value)
    for sort, value in (
        (Sort.PERSON, "Ana García"), (Sort.PERSON, "王小明"), (Sort.PERSON, "Anna"), (Sort.PERSON, "Will May"), (Sort.PLACE, "Porto"),
        (Sort.ORGANISATION, "the museum"), (Sort.ADDRESS, "12 Main Street"), (Sort.PHONE, "+49 30 901820"), (Sort.ACCOUNT, "X1234567"),
    )
)  # fmt: skip


@contextmanager
def asked(folder: Path) -> Iterator[Take]:
    """Questions, targets of forgetting, words that stand in the index, and the remembering of them."""
    with memory_in(folder) as (memory, _):

        def take(data: bytes) -> None:
            text = data.decode("utf-8", "replace")
            memory.recall(text, k=5, now=NOW)
            memory.facts(text)
            memory.verify(text[:2000])
            if text.strip():
                memory.remember([Entry(text[:4000], Source("note:2"), MINE, at=NOW)], now=NOW)
            memory.plan_forget(text)

        yield take


@contextmanager
def turned(folder: Path) -> Iterator[Take]:
    """Whole turns with a model that says back what was said to it, notes and all."""
    with memory_in(folder) as (memory, store):
        brain = Brain.of(ScriptedModel(lambda pairs: (pairs[-1][1] if pairs else "")[-800:]))

        async def said(text: str) -> None:
            parts = Parts(memory=memory, brain=brain, conversations=store.conversations, settings=store.settings)
            async for _ in turn(text, parts=parts, conversation="c1", now=NOW):
                pass

        yield lambda data: asyncio.run(said(data.decode("utf-8", "replace")))
