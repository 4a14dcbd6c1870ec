"""Carrying out a plan: its steps in their order, each through the gate, slots filled by the quarantined reader.

A step that waits for the person's yes pauses what depends on it: the plan is kept (`store.plans`) and goes on after the yes, also
tomorrow and after a restart, each further step through the gate as the first. A step that is refused or fails, and a slot that cannot
be filled, end the plan: what was done and what was not is said, and nothing is guessed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from ...errors import BrainNotReady, NotFound
from ...guard import plan as guarded
from ...guard.gate import Verdict
from ...guard.labels import Type, Value, attributed, join, of_item
from ...messages import Action, ActionState, Item, Kind, Label
from ...store.items import row_id
from ...store.plans import Waiting
from ...tools import keep, page, save, search
from ...tools.act import Arguments, Attempt, Session, World
from ..answer import Answer, Parts
from ..cite import cited_from, stems
from ..context import Talk
from ..evidence import Message
from ..intent import intent
from ..reply import reply
from . import reader
from .plans import SAY, Form, Literal, Plan, Slot, Step, as_json, from_json

_RECALLED = 40  # items recall is asked for to find where on a long page a thing stands
_ANSWERS = "I could not answer that from memory"


@dataclass
class Progress:
    """How far a plan has come. ``gave``: refs of the sources that a step's pages have, by step; ``waits``: actions that were asked for."""

    gave: dict[int, tuple[str, ...]] = field(default_factory=dict)
    waits: dict[int, str] = field(default_factory=dict)


class _Stopped(Exception):
    """Why a plan goes no further, for the person."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def carry(
    plan: Plan, message: Message, talk: Talk, parts: Parts, answer: Answer, *, progress: Progress | None = None
) -> AsyncGenerator[str]:
    """Does the steps that are left and says what became of each. The actions behind them are added to ``answer``."""
    world = parts.world
    assert world is not None, "only a home with a world makes plans"
    progress = progress or Progress()
    session = session_of(plan, message.item, world)
    waits: dict[int, str] = {}
    said = False
    for number, step in enumerate(plan.steps):
        if number in progress.gave or _needs(step) & waits.keys():
            continue
        try:
            filled = await _filled(step, session, message, talk, parts, answer, progress)
        except _Stopped as stopped:
            yield f"{_gap(said)}{stopped.why}, so I did not {_in_words(step)}.{_rest(plan, number + 1)}"
            parts.plans.drop(message.item.id)
            return
        if step.tool == SAY:
            (value,) = filled["text"]
            answer.label = join(answer.label, *([value.label] if value.label else []))
            yield f"{_gap(said)}{_told(value)}"
            progress.gave[number], said = (), True
            continue
        attempt = await asyncio.to_thread(_attempt, plan, number, filled, session, message, parts, progress)
        answer.actions += (attempt.action,) if attempt.action else ()
        answer.label = join(answer.label, *_came(attempt))
        yield f"{_gap(said)}{_became(attempt)}"
        said = True
        if attempt.decision.verdict is Verdict.ASK and attempt.action is not None:
            waits[number] = attempt.action.id
        elif attempt.result is None:
            parts.plans.drop(message.item.id)
            if rest := _rest(plan, number + 1):
                yield rest
            return
    left = [step for number, step in enumerate(plan.steps) if number not in progress.gave and number not in waits]
    if waits:
        if left or plan.then:
            await asyncio.to_thread(parts.plans.keep, message.item.id, as_json(plan), progress.gave, waits)
            yield f" After that I go on: {_listed([*map(_in_words, left), *(['answer you'] if plan.then else [])])}."
        return
    await asyncio.to_thread(parts.plans.drop, message.item.id)
    if plan.then:
        yield _gap(said)
        question = replace(message, text=plan.then, want=intent(plan.then).want)
        async for piece in reply(question, talk, parts, answer, session=session):
            yield piece


def begun(waiting: Waiting, world: World) -> tuple[Plan, Progress, str]:
    """A plan that waited, how far it has come, and why it ends here ("" where it goes on): a step was denied, or failed."""
    plan = from_json(waiting.plan)
    progress = Progress(dict(waiting.done))
    for number, name in sorted(waiting.actions.items()):
        action = world.actions.get(name)
        if action.state is ActionState.DONE:
            progress.gave.setdefault(number, _left_by(action))
        elif action.state is not ActionState.UNDONE:
            return plan, progress, _over(action, plan, number)
    return plan, progress, ""


def _attempt(plan: Plan, number: int, filled: Arguments, session: Session, message: Message, parts: Parts, progress: Progress) -> Attempt:
    """One step. Of a plan that goes on, what it did is kept at once, in the same thread: whoever stops the going on does not have it done
    twice."""
    assert parts.world is not None
    attempt = parts.world.attempt(plan.steps[number].tool, filled, session, message.now)
    if attempt.result is not None:
        goes_on = bool(progress.gave)
        progress.gave[number] = page.sources_of(attempt)
        if goes_on:
            parts.plans.keep(message.item.id, as_json(plan), progress.gave, {})
    return attempt


# Arguments


async def _filled(
    step: Step, session: Session, message: Message, talk: Talk, parts: Parts, answer: Answer, progress: Progress
) -> Arguments:
    """The values of a step. Raises _Stopped when a slot cannot be filled."""
    world = parts.world
    assert world is not None
    declared = world.declared().get(step.tool)
    if step.tool == search.NAME and declared is None:
        raise _Stopped(search.UNSET[:1].upper() + search.UNSET[1:])
    values: dict[str, tuple[Value, ...]] = {}
    for name, given in step.arguments.items():
        kind = declared.parameters[name].type if declared is not None and name in declared.parameters else Type.TEXT
        if isinstance(given, Literal):
            values[name] = (Value(given.text, message.item.label, kind),)
            continue
        text, label, items = await _read(given, message, talk, parts, progress)
        session.items = (*session.items, *(row_id(item.id) for item in items))
        if step.tool == SAY:
            answer.sources = tuple(cited_from(item, stems(text)) for item in items[:3])
            answer.label = answer.label.joined(label)
        if step.tool == keep.NAME and given.form is Form.VALUE and items:
            text = f"{given.what} ({_title(items[0])}): {text}"  # a bare number would never be found again
        values[name] = (Value(text, label, kind),)
    return values


async def _read(slot: Slot, message: Message, talk: Talk, parts: Parts, progress: Progress) -> tuple[str, Label, Sequence[Item]]:
    match slot.form:
        case Form.REPLY:
            return await asyncio.to_thread(_last_reply, message.item, parts)
        case Form.ANSWER:
            return await _answered(slot, message, talk, parts)
        case Form.RESULT:
            return await asyncio.to_thread(_result, slot, parts, progress)
        case _:
            return await _from_pages(slot, message, parts, progress)


def _result(slot: Slot, parts: Parts, progress: Progress) -> tuple[str, Label, Sequence[Item]]:
    """The address of a search result: words from outside, so opening it is asked about."""
    refs = [ref for step in slot.of for ref in progress.gave.get(step, ())]
    if len(refs) < int(slot.what):
        raise _Stopped("There is no such result" if refs else "The search found nothing")
    ref = refs[int(slot.what) - 1]
    items = parts.memory.items(source=ref, kinds=[Kind.PASSAGE])
    return ref.removeprefix("result:"), join(*(of_item(item) for item in items)), items


def _last_reply(asked: Item, parts: Parts) -> tuple[str, Label, Sequence[Item]]:
    """The last reply, with the label it was kept with."""
    replies = [one for one in parts.conversations.messages(asked.conversation) if one.kind is Kind.REPLY]
    if not replies:
        raise _Stopped("I have said nothing in this conversation yet")
    rests_on = _held(parts, sorted({cited.item_id for cited in replies[-1].sources}))
    return replies[-1].text, replies[-1].label, rests_on


async def _answered(slot: Slot, message: Message, talk: Talk, parts: Parts) -> tuple[str, Label, Sequence[Item]]:
    """What a turn would answer, with the label of what that rests on."""
    asked = f"What is {slot.what}?" if " my " in f" {slot.what.lower()} " or " our " in f" {slot.what.lower()} " else f"Give me {slot.what}"
    scratch = Answer()
    question = replace(message, text=asked, want=intent(asked).want)
    words = "".join([piece async for piece in reply(question, talk, parts, scratch)]).strip()
    if not words or not scratch.known:
        raise _Stopped(_ANSWERS)
    rests_on = await asyncio.to_thread(_held, parts, [cited.item_id for cited in scratch.sources])
    return words, scratch.rests_on, rests_on


async def _from_pages(slot: Slot, message: Message, parts: Parts, progress: Progress) -> tuple[str, Label, Sequence[Item]]:
    """The slot as the quarantined reader fills it from the pages it names; of several pages a summary is one of each."""
    refs = list(dict.fromkeys(ref for step in slot.of for ref in progress.gave.get(step, ())))
    pages = [await asyncio.to_thread(_items, ref, slot, message, parts) for ref in refs]
    try:
        model = await parts.brain.model()
    except BrainNotReady:
        model = None
    apart = pages if slot.form is Form.SUMMARY else [[item for page_ in pages for item in page_]]
    read = [await reader.fill(slot, items, model) for items in apart if items]
    found = [one for one in read if isinstance(one, reader.Filled)]
    if not found or (slot.form is not Form.SUMMARY and len(found) < len(read)):
        missing = next((one.why for one in read if isinstance(one, reader.NotFound)), "there were no words to read")
        raise _Stopped(missing[:1].upper() + missing[1:])
    items = [item for one in found for item in one.items]
    texts = [one.text if len(found) == 1 else f"{_title(one.items[0])}:\n{one.text}" for one in found]
    return "\n\n".join(texts), join(*(one.label for one in found)), items


def _items(ref: str, slot: Slot, message: Message, parts: Parts) -> list[Item]:
    """The passages of a page, those first that most likely hold what the slot asks for."""
    held = parts.memory.items(source=ref, kinds=[Kind.PASSAGE])
    if slot.form is not Form.VALUE:
        return held
    recalled = [one.id for one in parts.memory.recall(slot.what, k=_RECALLED, now=message.now) if one.source == ref]
    return reader.likeliest(slot.what, held, recalled)


def _held(parts: Parts, names: Iterable[str]) -> list[Item]:
    found = []
    for name in names:
        with suppress(NotFound):  # forgotten since
            found.append(parts.memory.item(name))
    return found


def _title(item: Item) -> str:
    return item.source.title or item.source.ref


# The session


def session_of(plan: Plan, asked: Item, world: World) -> Session:
    """What the request may do, for the gate: its words and the tools of its plan."""
    tools = [step.tool for step in plan.steps if step.tool != SAY]
    return Session(guarded.planned(asked.text, tools, world.declared()), asked.conversation, items=(row_id(asked.id),))


def _came(attempt: Attempt) -> list[Label]:
    """The labels of what came back: words of it are told."""
    rows = attempt.result.rows if attempt.result is not None else ()
    return [value.label for row in rows for values in row.values() for value in values if value.label is not None]


def _needs(step: Step) -> set[int]:
    return {number for value in step.arguments.values() if isinstance(value, Slot) for number in value.of}


def _left_by(action: Action) -> tuple[str, ...]:
    """What a page that was read is called in memory, where the process ended before that was written down."""
    return tuple(f"page:{each.value}" for each in action.arguments if each.name == "url") if action.tool == page.NAME else ()


# Words


def _became(attempt: Attempt) -> str:
    action = attempt.action
    if action is None:
        return attempt.result.text if attempt.result else " ".join(attempt.decision.reasons) or "That cannot be done here."
    match attempt.decision.verdict:
        case Verdict.ALLOW:
            return action.outcome
        case Verdict.ASK:
            return f"{action.words}. This waits for your yes ({action.id}). {' '.join(action.reasons)}".strip()
        case Verdict.DENY:
            return " ".join(action.reasons)


def _over(action: Action, plan: Plan, number: int) -> str:
    why = {ActionState.DENIED: "You said no", ActionState.EXPIRED: "Your yes did not come in time"}.get(action.state, action.outcome)
    return f"{why.rstrip('.') or 'It did not happen'}, so I did not {_in_words(plan.steps[number])}.{_rest(plan, number + 1)}"


def _rest(plan: Plan, start: int) -> str:
    """What is not done either."""
    left = [_in_words(step) for step in plan.steps[start:]]
    return f" Nor did I {_listed(left)}." if left else ""


def _in_words(step: Step) -> str:
    text = step.arguments.get("text")
    what = "it" if text is None else f"“{text.text}”" if isinstance(text, Literal) else _SLOTS.get(text.form, text.what)
    match step.tool:
        case page.NAME:
            url = step.arguments["url"]
            return f"read {url.text if isinstance(url, Literal) else 'the page that was found'}"
        case search.NAME:
            query = step.arguments["query"]
            return f"search the web for “{query.text if isinstance(query, Literal) else 'it'}”"
        case save.NAME:
            name = step.arguments["name"]
            return f"save {what} as {name.text if isinstance(name, Literal) else 'a file'}"
        case "":
            return f"tell you {what}"
        case _:
            return f"remember {what}"


_SLOTS = {Form.SUMMARY: "a summary", Form.WHOLE: "its words", Form.REPLY: "my last answer"}


def _told(value: Value) -> str:
    return attributed(str(value.data), value.label) if value.label is not None else str(value.data)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _gap(said: bool) -> str:
    return "\n\n" if said else ""
