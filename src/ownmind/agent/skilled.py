"""A message that asks for a skill, in conversation: which one, its run, and what it goes on with in the next message.

Only the person's own message comes here, so no page and no document starts a skill. A skill that acts does so through the gate, by what
this very message asks for and no more than it was approved for.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from ..errors import BrainNotReady, OwnmindError
from ..messages import Integrity
from ..models.small.router import NONE, Choice, Example, route
from ..skills import choosing
from ..skills.book import Skills, Started
from ..skills.choosing import Chosen
from .answer import Answer, Parts
from .evidence import Message
from .intent import Want

_STOP = re.compile(
    r"^\W*(?:stop|enough|quit|end|no more|that['’]?s (?:enough|all)|done)(?:\s+(?:it|now|please|quiz|the quiz))*\W*$", re.IGNORECASE
)
_LONGEST_REQUEST = 400  # characters before what follows is taken for material
_PASTED = re.compile(r"(?P<asks>[^\n]{1,400}?)\s*(?::\s*\n|:\s{1,3}(?=[\"“«])|\n)\s*(?P<text>.+)$", re.DOTALL)
_INSIDE = re.compile(
    r"^(?P<asks>[^:\n“\"]{3,}):\s*[“\"](?P<text>[^”\"]{3,})[”\"]\s*(?P<rest>(?:in)?to\s.{2,60})$", re.DOTALL | re.IGNORECASE
)
_SAME_LINE = re.compile(r"(?P<asks>[^\n:]{3,120}):\s+(?P<text>\S.{11,})$", re.DOTALL)
_EXAMPLES = (
    Example("What time is my dentist appointment?", NONE),
    Example("Thanks, that helps.", NONE),
    Example("I had a long day and the dog is ill.", NONE),
    Example("Who told me about the boiler?", NONE),
)


@dataclass
class Skilled:
    """A skill that a message asks for."""

    started: Started

    async def told(self, answer: Answer) -> AsyncGenerator[str]:
        """The pieces of the reply; what else belongs to it is written into ``answer``."""
        from ..skills.hands import outside

        hands = self.started.hands
        async with aclosing(self.started.pieces()) as pieces:
            async for piece in pieces:
                yield piece
        answer.sources, answer.known = hands.sources, hands.known
        answer.label = answer.label.joined(hands.label if hands.is_ours else outside(hands))
        answer.brain = "" if not hands.asked or hands.model is None else hands.model.model_name


async def skilled(message: Message, parts: Parts) -> Skilled | None:
    """The skill ``message`` asks for, or goes on with; None where it asks for none."""
    skills = parts.skills
    if message.item.label.integrity is not Integrity.PERSON:  # sent through a program: not the person's own words
        return None
    if skills is None:
        return None
    conversation = message.item.conversation
    names = await asyncio.to_thread(skills.enabled)
    chosen = choosing.chosen(message.text, names)
    if chosen is None and message.want in (Want.REMEMBER, Want.FORGET, Want.ABOUT_ME, Want.WHY):
        return None
    going_on, state = await asyncio.to_thread(skills.pending, conversation)
    if chosen is None and going_on:
        if _STOP.match(message.text):
            await asyncio.to_thread(skills.keep, conversation, going_on, "")
            return None
        if going_on in names:
            return Skilled(await skills.started(going_on, message.text, conversation=conversation, item=message.item.id, state=state))
    if chosen is None:
        chosen = await _nearest(message, skills, parts)
    if chosen is None:
        return None
    request, text = parted(chosen.request)
    if message.files and not text:  # "summarise this": the file is found by its name, and keeps the label of what it is
        request = f"{request} {' '.join(name for _, name in message.files)}"
    return Skilled(await skills.started(chosen.name, request, text=text, conversation=conversation, item=message.item.id))


async def _nearest(message: Message, skills: Skills, parts: Parts) -> Chosen | None:
    """An installed skill that is not named: near by its description, and picked by the router, which may say none."""
    if message.want is not Want.REQUEST:
        return None
    installed = await asyncio.to_thread(skills.installed)
    near = await asyncio.to_thread(choosing.near, message.text, installed, parts.memory.embedder)
    if not near:
        return None
    try:
        model = await parts.brain.model()
        picked = await route(message.text[:500], choices=[Choice(name, says[:300]) for name, says in near], examples=_EXAMPLES, model=model)
    except (BrainNotReady, OwnmindError):
        return None
    return None if picked.tool == NONE else Chosen(picked.tool, message.text)


def parted(text: str) -> tuple[str, str]:
    """(what is asked, the material that stands with it): "Translate to German: The meeting is ...", "Translate: “The meeting is ...” into
    German"."""
    if (inside := _INSIDE.match(text)) is not None and len(inside["asks"]) <= _LONGEST_REQUEST:
        return f"{inside['asks'].strip()} {inside['rest'].strip(' .')}", inside["text"].strip()
    match = _PASTED.match(text) or _SAME_LINE.match(text)
    if match is None or len(match["asks"]) > _LONGEST_REQUEST:
        return text, ""
    return match["asks"].strip(), match["text"].strip().strip('"“”«»').strip()
