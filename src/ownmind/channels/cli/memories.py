"""``ownmind memories``: what is known, narrowed and counted; why it is known, and what it was before; what is dated when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, day, dim, joined, one_line, print_encoded

if TYPE_CHECKING:
    from ...memory.choices import Choices
    from ...memory.memories import Known, Page, Times, Why

What = Literal["list", "choices", "why", "timeline"]
_READ = {"rule": "read by a rule", "model": "read by a model", "correction": "you wrote it so", "": "how it was read is not kept"}


def memories(
    what: Annotated[
        What, Parameter(help="list what is known; count what it may be narrowed by; tell why one (f7) is known; what words date, in order.")
    ] = "list",
    /,
    *words: Annotated[str, Parameter(help="Words that stand in it; to tell why: the id.")],
    about: Annotated[str, Parameter(help="Only about this person or thing.")] = "",
    topic: Annotated[str, Parameter(help="home, work, family, food, health, tastes, things, dates, plans, reach, wishes or other.")] = "",
    source: Annotated[str, Parameter(help='Only from this source; "conversation:" for all talks.')] = "",
    state: Annotated[str, Parameter(help="now, guess, kept, past, wrong or all.")] = "now",
    since: Annotated[date | None, Parameter(help="Learnt on this day or later.")] = None,
    until: Annotated[date | None, Parameter(help="Learnt on this day or before.")] = None,
    ahead: Annotated[bool, Parameter(help="Of the timeline, what is still to come.", negative="")] = False,
    cursor: Annotated[str, Parameter(help="Go on here: `next` of the answer before.")] = "",
    limit: Annotated[int, Parameter(help="How many at once.")] = 50,
    everywhere: Everywhere = HERE,
) -> int:
    """Look through what is known: by person, topic, source, time and words.

    Example: ownmind memories --about Ana --topic food
    """
    if what == "why" and not words:
        raise BadInput("why which?", hint="for example: ownmind memories why f7")
    with opened(everywhere) as face:
        match what:
            case "list":
                found: object = face.memories.all(about, topic, source, state, since, until, " ".join(words), cursor, limit)
            case "choices":
                found = face.memories.choices(about, topic, source, state, since, until, " ".join(words))
            case "why":
                found = face.memories.why(words[0])
            case "timeline":
                found = face.memories.timeline(ahead, " ".join(words), cursor, limit)
    if everywhere.json:
        print_encoded(found)
        return 0
    _show(found)
    return 0


def _show(found: object) -> None:
    from ...memory.choices import Choices
    from ...memory.memories import Page, Times, Why

    match found:
        case Page():
            _page(found)
        case Choices():
            _choices(found)
        case Why():
            _why(found)
        case Times():
            _timeline(found)


def _page(page: Page) -> None:
    for one in page.memories:
        _known(one)
    if not page.memories:
        print("Nothing is known that fits.")
    if page.next:
        print(dim(f"and more: --cursor {page.next}"))


def _known(one: Known) -> None:
    print(f"{bold(one.fact.id)}  {clean(one.fact.text)}{_marks(one)}")
    places = f"{one.places} places" if one.places > 1 else ""
    print(dim(f"    “{one_line(one.told.quote)}” · {joined(clean(one.told.title or one.fact.source), day(one.told.at), places)}"))


def _marks(one: Known) -> str:
    fact = one.fact
    ends = (("since", fact.valid_from), ("until", fact.valid_to))
    stretch = "never so" if fact.wrong else joined(*(f"{name} {day(at)}" for name, at in ends if at))
    marks = joined(
        "a guess" if one.is_guess else "", "kept" if fact.kept else "", stretch, f"now: {clean(one.instead)}" if one.instead else ""
    )
    return f"  ({marks})" if marks else ""


def _choices(choices: Choices) -> None:
    print(f"{choices.total:,} memories")
    kinds = {"about": choices.people, "topic": choices.topics, "source": choices.sources, "learnt": choices.times, "state": choices.states}
    for title, these in kinds.items():
        for one in these:
            print(f"{title:<8} {one.count:>7,}  {clean(one.name or one.key)}")


def _why(why: Why) -> None:
    _known(why.memory)
    for one in why.readings:
        told = one.told
        print(f"    {clean(told.before)}{bold(clean(told.quote))}{clean(told.after)}")
        said = joined(clean(told.speaker), day(told.at), clean(told.title or one.fact.source), one.fact.item_id)
        print(dim(f"    {said}; {_READ[one.how]}, {100 * one.fact.confidence:.0f} of 100"))
    for other in why.history:
        if other.fact.id != why.memory.fact.id:
            print(f"    {dim('also said:')} {other.fact.id}  {clean(other.fact.text)}{_marks(other)}")
    for text in why.against:
        print(f"    {dim('against it:')} {clean(text)}")


def _timeline(times: Times) -> None:
    from ...memory.times import in_words

    for event in times.events:
        who = f"{clean(event.speaker)}: " if event.speaker else ""
        print(
            f"{in_words(event.start, event.end, event.precision):<28}{who}{one_line(event.text)} ({clean(event.source)}, {event.item_id})"
        )
    if not times.events:
        print("Nothing that is remembered names such a time.")
    if times.next:
        print(dim(f'and more: --cursor "{times.next}"'))
