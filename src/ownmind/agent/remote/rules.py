"""The rule that says who answers what: what a message is for, and where the person sends that. Pure, in code, and readable.

A rule is one line: ``write to anthropic``, ``code when long to openai with gpt-6-sol``, ``everything to local``. The lines are read from
top to bottom and the first that fits is taken; when none fits the brain on this machine answers, so without a rule nothing is ever asked of
anybody else. Which task a message is comes from its words, by the list below: small on purpose, the same every time, and anybody can ask
beforehand (``ownmind brain explain``).

No line sends what is secret: a message whose answer would rest on nothing but what is secret stays here, and secret parts of any other are
cut out of it (``outgoing.py``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...config import Route
from ...errors import BadInput

LOCAL = "local"
EVERYTHING = "everything"
LONG = 400  # characters from which a message is long


class Task(StrEnum):
    """What a message is for, the first that fits."""

    CODE = "code"  # a program, a script, a formula; anything with a code block
    TRANSLATE = "translate"
    SUMMARISE = "summarise"
    PLAN = "plan"
    WRITE = "write"  # and rewrite, correct, suggest words
    REMEMBERED = "remembered"  # only memory can answer
    EXPLAIN = "explain"  # questions about the world
    TALK = "talk"  # everything else


class When(StrEnum):
    LONG = "long"
    SHORT = "short"
    PRIVATE = "private"  # it is about the person or somebody they know
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Asking:
    """A message as the rule sees it. ``personal``: it is about the person or somebody they know. ``secret``: its answer would rest on
    nothing but what is secret."""

    task: Task
    is_long: bool
    personal: bool
    secret: bool = False

    @property
    def whens(self) -> frozenset[When]:
        return frozenset({When.LONG if self.is_long else When.SHORT, When.PRIVATE if self.personal else When.GENERAL})


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the rule. ``line`` says it in words."""

    number: int  # from 1
    task: str  # a Task, or everything
    to: str  # the name of a provider, or local
    when: str
    model: str
    line: str


def asking(text: str, *, personal: bool, secret: bool = False) -> Asking:
    """What the rule needs to know of a message. ``personal``: only memory can answer it, or it names somebody memory knows."""
    return Asking(task_of(text, personal=personal), len(text) >= LONG, personal, secret)


_POLITE = (
    r"^\s*(?:(?:please|hey|hi|hello|ok(?:ay)?|so|and|now|(?:can|could|would|will) you|help me(?: to)?"
    r"|i (?:need|want) you to|let['’]?s)[\s,]+)*"
)
_TONGUES = "english|german|french|spanish|italian|portuguese|dutch|polish|turkish|arabic|chinese|japanese|korean|russian|ukrainian|hindi"


def _leads(verbs: str, anywhere: str) -> re.Pattern[str]:
    """A message that begins with one of ``verbs``, or says one of ``anywhere``."""
    return re.compile(rf"{_POLITE}(?:{verbs})\b|\b(?:{anywhere})\b", re.IGNORECASE)


_CODE = re.compile(
    r"```|\b(?:python|javascript|typescript|java|rust|golang|c\+\+|sql|bash|html|css|regex|regular expression|stack trace|traceback"
    r"|unit test|source code|(?:this|some) code|shell script|excel formula)\b"
    r"|\b(?:write|fix|debug|refactor|review|explain) (?:me )?(?:(?:a|an|the|this|my) )?(?:\w+ )?"
    r"(?:function|script|program|query|class|bug|code)\b",
    re.IGNORECASE,
)
_LEADS = (
    (
        Task.TRANSLATE,
        _leads(
            "translate|say (?:this|that|it) in|how do (?:you|i) say",
            rf"translate (?:this|that|it|the following)|in(?:to)? (?:{_TONGUES}) please",
        ),
    ),
    (
        Task.SUMMARISE,
        _leads("summari[sz]e|sum up|shorten|condense|recap|tl;?dr", "a summary of|the key points of|in (?:a few|two|three) sentences"),
    ),
    (
        Task.PLAN,
        _leads(
            r"plan|schedule|organi[sz]e|prepare|make (?:me )?an? (?:\w+ )?(?:plan|schedule|itinerary|timetable)",
            "itinerary|(?:meal|training|step[- ]by[- ]step) plan",
        ),
    ),
    (
        Task.WRITE,
        _leads(
            r"write|draft|compose|rewrite|rephrase|reword|proofread|correct|improve|reply to"
            r"|make (?:it|this) (?:shorter|longer|friendlier|more \w+)",
            "answer this (?:mail|email|letter)",
        ),
    ),
)
_ASKS = re.compile(
    rf"{_POLITE}(?:explain|describe|why|how|what|who|when|where|which|tell me|compare|define|is|are|does|do|can|could|should)\b|\?\s*$",
    re.IGNORECASE,
)


def task_of(text: str, *, personal: bool) -> Task:
    """What a message is for, by its words. Of a long one its beginning counts: the rest is what it is about."""
    said = text.strip()[:LONG]
    if _CODE.search(said) or "```" in text:
        return Task.CODE
    for task, form in _LEADS:
        if form.search(said):
            return task
    if _ASKS.search(said):
        return Task.REMEMBERED if personal else Task.EXPLAIN
    return Task.TALK


def choose(rules: Sequence[Rule], asked: Asking) -> Rule | None:
    """The first line that fits; None where the brain here answers: none fits, it says local, or it is secret."""
    if asked.secret:
        return None
    for rule in rules:
        if rule.task in (EVERYTHING, asked.task) and (not rule.when or rule.when in asked.whens):
            return None if rule.to == LOCAL else rule
    return None


def rules_of(routes: Sequence[Route], names: Collection[str]) -> tuple[Rule, ...]:
    """The rule that the settings hold. Raises BadInput for a task, a condition or a provider there is none of."""
    return tuple(_rule(number, route, names) for number, route in enumerate(routes, 1))


def in_words(route: Route) -> str:
    """A line as a person writes it."""
    return f"{route.task}{f' when {route.when}' if route.when else ''} to {route.to}{f' with {route.model}' if route.model else ''}"


_LINE = re.compile(r"\s*(?P<task>\w+)(?:\s+when\s+(?P<when>\w+))?\s+to\s+(?P<to>[\w-]+)(?:\s+with\s+(?P<model>\S+))?\s*")


def route_of(line: str) -> Route:
    """A line that a person wrote. Raises BadInput."""
    if (match := _LINE.fullmatch(line)) is None:
        raise BadInput(
            f"{line.strip()[:80]!r} is no line of the rule", hint="such as: write to anthropic, code when long to openai with gpt-6-sol"
        )
    return Route(match["task"].lower(), match["to"].lower(), (match["when"] or "").lower(), match["model"] or "")


def _rule(number: int, route: Route, names: Collection[str]) -> Rule:
    tasks, whens = [EVERYTHING, *(str(one) for one in Task)], [str(one) for one in When]
    for said, known, what in (
        (route.task, tasks, "task"),
        (route.when or whens[0], whens, "condition"),
        (route.to, [LOCAL, *names], "provider"),
    ):
        if said not in known:
            raise BadInput(f"line {number} of the rule: there is no {what} {said!r}", hint=f"one of: {', '.join(known)}")
    return Rule(number, route.task, route.to, route.when, route.model, in_words(route))
