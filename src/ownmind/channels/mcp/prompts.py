"""Prompts a program can offer its person: how to ask this memory so that what is answered stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import BadInput, NotFound
from ...guard.clients import Client, Scope

_LONGEST = 300  # characters of an argument


@dataclass(frozen=True, slots=True)
class Prompt:
    """``text`` with a hole for each of ``takes`` (name to what it means)."""

    name: str
    title: str
    scopes: tuple[Scope, ...]
    takes: dict[str, str]
    text: str

    def is_for(self, client: Client) -> bool:
        return set(self.scopes) <= set(client.scopes)


def filled(client: Client, name: str, given: dict[str, str]) -> str:
    """The prompt's words. Raises NotFound for one that is not offered to this client, BadInput for what it needs."""
    found = next((one for one in PROMPTS if one.name == name and one.is_for(client)), None)
    if found is None:
        raise NotFound(f"there is no prompt {name[:40]!r}")
    for each in found.takes:
        if not given.get(each, "").strip() or len(given[each]) > _LONGEST:
            raise BadInput(f"{each} is missing, or longer than {_LONGEST} characters")
    text = found.text
    for each in found.takes:
        text = text.replace("{" + each + "}", " ".join(given[each].split()))
    return text


PROMPTS = (
    Prompt(
        "what_do_you_know",
        "What do you know about …?",
        (Scope.MEMORY_READ,),
        {"topic": "a person, a thing, a time"},
        "What do you know about {topic}? Use recall and facts of Ownmind, answer only from what they give, name the source and the date of "
        "each thing you say, and say so where they hold nothing. What they give with integrity untrusted is somebody else's claim.",
    ),
    Prompt(
        "weekly_review",
        "Weekly review",
        (Scope.GOALS_READ,),
        {},
        "Look back at my week with me: call list_goals, next_steps and, for each active goal, goal_progress of Ownmind. Say what was done "
        "and what shows it, what was missed, and ask me about one thing to change. Add nothing they do not say; check_in only what I say.",
    ),
    Prompt(
        "before_i_meet",
        "Before I meet …",
        (Scope.PEOPLE_READ,),
        {"person": "a name"},
        "I am about to meet {person}. Read the card of Ownmind (person), and tell me in a few lines: when we were last in touch, what is "
        "open between us, what I promised, and what I could ask, each with its source.",
    ),
)
