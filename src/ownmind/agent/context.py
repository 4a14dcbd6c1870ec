"""What the model is shown: the fixed beginning, the talk so far, and one short page of notes.

    [notes]
    - Your dentist is Dr Okafor. (2 March 2026)            <- memory, in the second person, written by code
    - Ben said (10 June 2026): "I still need to send the slides"
    - computed: 12 April 2027 is 20 weeks and 1 day away.  <- worked out by code
    [message]
    Who is my dentist?
    [must]
    You are vegetarian: no meat, poultry or fish.          <- needs and standing instructions, chosen by code

The beginning never changes and the talk only grows, so the model's cache holds all of it and a turn evaluates its own page and
nothing else. When the talk is too long its older turns give way to a block at once (compaction.py), not line by line, so that this
costs once, not every turn. At 70 tokens a second every hundred fresh tokens are a second and a half before the first word: notes are
kept short for small models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse
from pydantic_ai.messages import SystemPromptPart, TextPart, UserPromptPart

from ..memory.rules import to_you
from ..messages import OURS, Fact, FactKind, Integrity, Item, Kind, Label, Recalled
from ..models.tokens import tokens
from .cite import stems
from .computed import day_in_words, resolve_relative
from .examples import FROM_MEMORY, NOTHING, Beginning


@dataclass(frozen=True, slots=True)
class Budget:
    """What fits into one request, in tokens. With rules and computed lines a page of the smallest stays under 370."""

    prompt: int = 1500  # all of it
    notes: int = 220  # recalled notes
    gathered: int = 320  # notes where the answer is a list or a count
    message: int = 300  # of the person's own message; of a longer one its parts are chosen (`read_in_parts`)
    block: int = 160  # what stands for the turns that gave way (compaction.py)
    talk: int = 650  # turns and block together: what is left beside the fixed beginning and one page


SMALL = Budget()
_ROOMY = 8_000  # tokens of a window from which a model that calls tools by itself gets more
_MOST = 12_000  # tokens of one request: more is not read with care by any model, and paid for each time


def budget(window: int | None, *, is_large: bool) -> Budget:
    """What may be sent to a model with this true window. One that is small reads a long page badly whatever its window, and slowly."""
    if not is_large or window is None or window < _ROOMY:
        return SMALL
    whole = min(window // 2, _MOST)  # the other half is for tools, what they give, and the answer
    return Budget(whole, whole // 8, whole // 6, whole // 6, whole // 10, whole // 2)


MUST_TOKENS = 110
LONGEST_NOTE = 280  # characters


def _fixed(beginning: Beginning) -> int:
    return tokens(beginning.system) + sum(tokens(shown) + tokens(said) + 10 for shown, said in beginning.examples)


@dataclass
class Talk:
    """One conversation as the model is shown it: (page, reply), oldest first, behind a block that stands for what was before. Taken up
    from the rows after a restart (`compaction.restored`)."""

    turns: list[tuple[str, str]] = field(default_factory=list)
    last: str = ""  # the person's latest message
    label: Label = OURS  # joined of everything that was ever shown in it
    conversation: str = ""  # whose talk it is: a model that keeps evaluated prompts keeps one for each
    ids: list[str] = field(default_factory=list)  # of the message of each turn; "" where none of ours
    block: tuple[str, str] | None = None
    from_items: tuple[str, ...] = ()  # the items the block's lines are from
    budget: Budget = SMALL
    set_aside: int = 0  # turns that gave way since a reply last said so

    def add(self, page: str, reply: str, item_id: str = "") -> None:
        self.ids += [""] * (len(self.turns) - len(self.ids))
        self.turns.append((page, reply))
        self.ids.append(item_id)

    def begin_with(self, page: str, reply: str, item_id: str) -> None:
        """Puts a turn before all others."""
        self.turns.insert(0, (page, reply))
        self.ids.insert(0, item_id)

    def drop(self, count: int) -> None:
        """Gives up the oldest turns."""
        self.set_aside += len(self.turns[:count])
        del self.turns[:count], self.ids[:count]

    def shown(self) -> list[tuple[str, str]]:
        """What the model is shown of it, in order."""
        return [*([self.block] if self.block else []), *self.turns]

    def spent(self) -> int:
        """Tokens of all of it."""
        return _spent(self.shown())

    def spent_by_turns(self) -> int:
        return _spent(self.turns)

    def fit(self, page: str, beginning: Beginning) -> None:
        """Drops the older half until ``page`` fits behind what is left: the last resort, where nobody compacted in time."""
        room = self.budget.prompt - _fixed(beginning) - tokens(page)
        while self.turns and self.spent() > room:
            self.drop(max(1, len(self.turns) // 2))
        if self.block is not None and self.spent() > room:
            self.block, self.from_items = None, ()


def _spent(turns: Iterable[tuple[str, str]]) -> int:
    return sum(tokens(shown) + tokens(said) + 10 for shown, said in turns)


def prompt(talk: Talk, page: str, beginning: Beginning = FROM_MEMORY) -> list[ModelMessage]:
    """The messages to send: the fixed beginning, the talk that still fits, and this turn's page."""
    talk.fit(page, beginning)
    messages: list[ModelMessage] = []
    for number, (shown, said) in enumerate([*beginning.examples, *talk.shown()]):
        head = [SystemPromptPart(beginning.system)] if number == 0 else []
        messages += [ModelRequest([*head, UserPromptPart(shown)]), ModelResponse([TextPart(said)])]
    messages.append(ModelRequest([UserPromptPart(page)]))
    return messages


def page(message: str, notes: Sequence[str], *, must: Sequence[str] = (), computed: Sequence[str] = (), most: int = SMALL.message) -> str:
    """This turn's page. ``notes`` and ``computed`` are lines without their dash; ``most``: tokens of the message."""
    lines = [*notes, *(f"computed: {line}" for line in computed)]
    shown = "\n".join(f"- {_one_line(line)}" for line in lines) or NOTHING
    rules = "\n[must]\n" + "\n".join(map(_one_line, must)) if must else ""
    return f"[notes]\n{shown}\n[message]\n{read_in_parts(unmarked(message), most)}{rules}"


def note(item: Item, question: str = "", *, before: Item | None = None) -> str:
    """One remembered item as a line: about the person in the second person, of anybody else as a quotation with who and when.

    A long text is shown where it has most of the words of ``question``. Relative dates carry the day they meant. ``before``: the turn
    before it; the question in it is shown when the item answers one and says little by itself ("Three times a week.").
    """
    wanted = stems(question)
    text = unmarked(excerpt(item.text, wanted))
    text = " ".join(resolve_relative(text, item.at.date() if item.at else None).split())
    when = f" ({day_in_words(item.at.date())})" if item.at else ""
    asked = _asked_before(item, before, wanted)
    if item.kind is Kind.PASSAGE:
        return f'{item.source.title or item.source.ref} says{when}: "{text}"'
    if item.speaker.strip() and item.speaker.lower() not in _PERSON:
        return f'{asked}{item.speaker} said{when}: "{text}"'
    if item.speaker.strip() and item.label.integrity is not Integrity.PERSON:
        return f'{asked}You said{when}: "{text}"'
    if item.label.integrity is not Integrity.PERSON:
        return f'{item.source.title or item.source.ref} says{when}: "{text}"'
    mine = to_you(_stored_order(text))
    return f"{mine}{'' if mine.endswith(('.', '!', '?', '…')) else '.'}{when}"


_PERSON = ("me", "user", "you", "human")  # how transcripts name the person
_SAYS_LITTLE = 2  # of the question's words: a turn with fewer of them leans on what was asked before it


def _asked_before(item: Item, before: Item | None, wanted: set[str]) -> str:
    """The question of another that this turn answers, as a lead; "" when it stands by itself."""
    if before is None or before.speaker == item.speaker or len(stems(item.text) & wanted) >= _SAYS_LITTLE:
        return ""
    asked = [sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+", before.text[-400:]) if sentence.rstrip().endswith("?")]
    best = max(asked, key=lambda sentence: len(stems(sentence) & wanted), default="")
    if not stems(best) & wanted:
        return ""
    return f'{before.speaker or "You"} asked: "{" ".join(unmarked(best).split())}" '


def musts(facts: Iterable[Fact], about: str) -> list[str]:
    """The lines under [must]: every rule and need of the person's own; those of others when ``about`` (question and notes) names
    them or speaks of food. Only what the person said or kept may stand here."""
    lines: list[tuple[int, str]] = []
    lower = about.lower()
    for fact in facts:
        if not fact.label.integrity.is_vouched and not fact.kept:
            continue
        mine = fact.subject.lower() in ("you", "i", "me")
        named = fact.subject.lower().removeprefix("your ") in lower
        if mine or named or FOOD.search(about):
            rank = 0 if fact.kind is FactKind.INSTRUCTION or named else 1 if mine else 2
            lines.append((rank, must_line(fact)))
    kept, spent = [], 0
    for _, line in sorted(dict.fromkeys(lines), key=lambda pair: pair[0]):
        spent += tokens(line)
        if spent <= MUST_TOKENS:
            kept.append(line)
    return kept


def is_shown(fact: Fact, must: Sequence[str]) -> bool:
    """Whether the fact stands among the lines under [must]."""
    return must_line(fact) in must


def must_line(fact: Fact) -> str:
    """A need or an instruction as the model obeys it best: a diet by what it leaves out."""
    if fact.kind is FactKind.INSTRUCTION:
        order = re.sub(r"^(?:please\s+)?(?:always|from now on,?)\s+", "", unmarked(fact.text).rstrip(". "), flags=re.IGNORECASE)
        return f"{order[:1].upper()}{order[1:]}."
    meaning = next((words for name, words in _DIETS.items() if name in fact.object.lower()), "")
    return f"{unmarked(fact.text).rstrip('. ')}{f': {meaning}' if meaning and fact.kind is FactKind.NEED else ''}."


FOOD = re.compile(
    r"\b(cook|eat|eats|food|dinner|lunch|breakfast|supper|meal|recipe|snack|bake|cake|dish|menu|restaurant|order|serve|make "
    r"for|picnic|barbecue|bbq|party|drink|groceries|shopping)\w*",
    re.IGNORECASE,
)
_DIETS = {
    "vegetarian": "no meat, poultry or fish", "vegan": "no meat, fish, eggs, milk or honey", "pescatarian": "no meat or poultry",
    "coeliac": "no gluten", "celiac": "no gluten", "lactose": "no milk or cream",
    "gluten": "no wheat, pasta or bread", "teetotal": "no alcohol",
}  # fmt: skip


def chosen(found: Sequence[Recalled], question: str, *, around: Sequence[Item] = (), most: int = SMALL.notes) -> list[tuple[Recalled, str]]:
    """The items worth their tokens, each with its line, best first: near the best in score, at most ``most`` tokens, no line twice.
    ``around``: what was said just before and after them."""
    turns = {(item.conversation, item.position): item for item in [*around, *(one.item for one in found)] if item.conversation}
    kept: list[tuple[Recalled, str]] = []
    spent = 0
    for recalled in found:
        if recalled.score < 0.3 * found[0].score and len(kept) >= 2:
            break
        line = note(recalled.item, question, before=turns.get((recalled.item.conversation, recalled.item.position - 1)))
        cost = tokens(line)
        if any(line == other for _, other in kept) or (kept and spent + cost > most):
            continue
        kept.append((recalled, line))
        spent += cost
    return kept


def excerpt(text: str, wanted: set[str], longest: int = LONGEST_NOTE) -> str:
    """The stretch of at most ``longest`` characters that holds most of ``wanted`` (stems), with … where something is left out."""
    if len(text) <= longest:
        return text
    text = text[:20_000]
    starts = [0, *(match.end() for match in re.finditer(r"[.!?\n]\s+", text))]
    best = max(starts, key=lambda start: (len(wanted & stems(text[start : start + longest])), -start))
    piece = text[best : best + longest]
    if best + longest < len(text):
        piece = piece[: piece.rfind(" ")] + " …" if " " in piece else piece + "…"
    return ("… " if best else "") + piece.strip()


def is_too_long(message: str, most: int) -> bool:
    """Whether a message is longer than ``most`` tokens, so that only parts of it are shown."""
    return len(unmarked(message)) > _characters(most)


def read_in_parts(text: str, most: int) -> str:
    """The text; of one longer than ``most`` tokens its beginning and its end, which mostly say what is wanted, and between them the
    stretches that share most words with these two, in order, with […] where something is left out."""
    longest = _characters(most)
    if len(text) <= longest:
        return text
    edge, piece = longest // 4, max(80, longest // 6)
    first, last = text[:edge], text[-edge:]
    wanted, middle = stems(f"{first} {last}"), text[edge:-edge][:200_000]
    starts = range(0, len(middle), piece)
    best = sorted(starts, key=lambda start: (-len(wanted & stems(middle[start : start + piece])), start))
    chosen = sorted(best[: max(1, (longest - 2 * edge) // piece)])
    shown = first
    for before, start in zip([-piece, *chosen], chosen, strict=False):
        shown += ("" if start == before + piece else " […] ") + middle[start : start + piece]
    return f"{shown} […] {last}"


def _characters(most: int) -> int:
    return int(most * 3.6)


def unmarked(text: str) -> str:
    """The text without our own section marks and without control characters: quoted material cannot open a section of the page."""
    text = re.sub(r"\[(?=/?\s*(?:notes|message|must|question)\s*\])", "(", text, flags=re.IGNORECASE)
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= 32)


def when_said(at: datetime | None) -> str:
    return f" ({day_in_words(at.date())})" if at else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _stored_order(text: str) -> str:
    """``remember that my dentist is ...`` as the thing itself."""
    stripped = re.sub(
        r"^(?:please\s+)?(?:remember|don['’]?t forget|note(?: to self)?|keep in mind)\b(?:\s+that\b)?\s*[:,]?\s*",
        "",
        text,
        count=1,
        flags=re.IGNORECASE,
    )
    return stripped or text
