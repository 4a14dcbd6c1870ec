"""Questions about a talk, with the entries that answer them: what the world knows and the talk told, asked in other words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from . import when
from .phrasing import expand, stock
from .talk import Told
from .telling import chat, her, lower, me
from .values import Asked
from .world import Happening, Person, Span, World, schemas, topic_words

_SILENT = frozenset(
    ("cost", "recipient", "with", "helper", "duration", "shop", "place_of", "prize", "souvenir", "teacher", "fixer", "recommender",
     "giver", "often", "colour", "weather")
)  # fmt: skip  # facets nobody can guess when they were not told
_TOPICAL = frozenset(("made", "gear", "venue", "occasion", "skill", "goal"))  # things that belong to a topic
_NEVER = frozenset(("made", "bought", "attended", "trip", "book", "gift", "won", "pet"))


@dataclass(frozen=True, slots=True)
class Talk:
    """What questions are made from. ``own``: the person asks about themselves ("What did I ...?")."""

    world: World
    told: Told
    own: bool
    end: datetime

    def of(self, who: Person) -> dict[str, str]:
        return me() if self.own else her(who)

    def ask(self, template: str | Sequence[str], found: Happening, who: Person | None = None, **more: str) -> str:
        """A question about ``found``, of ``who`` when it is not the one it happened to."""
        rng, slots = self.world.rng, {**found.slots, **self.of(who or found.who), **more}
        loose = self._is_alone(found) and (who is None or who is found.who) and rng.random() < 0.45
        slots["base"] = _plain(expand(rng, cast("list[str]", found.schema["loose" if loose else "base"]), slots))
        slots["noun"] = self.noun(found, who)
        return expand(rng, template, slots)

    def _is_alone(self, found: Happening) -> bool:
        """Whether a looser naming means this happening and no other of the person's."""
        by = cast("str", found.schema.get("loose_by", "none"))
        if by == "none" or all(one is not found for one in self.told.happenings):
            return False
        key = found.topic if by == "topic" else found.slots.get(by, "")
        same = (one for one in self.told.happenings if one.who is found.who and one.schema is found.schema)
        return sum((one.topic if by == "topic" else one.slots.get(by, "")) == key for one in same) == 1

    def noun(self, found: Happening, who: Person | None = None) -> str:
        return lower(expand(self.world.rng, cast("list[str]", found.schema["noun"]), {**found.slots, **self.of(who or found.who)}))

    def facet(self, found: Happening, name: str, who: Person | None = None) -> str:
        return self.ask(cast("list[str]", stock("talk")["facet"][name]["asked"]), found, who)

    def when(self, found: Happening, who: Person | None = None) -> str:
        return self.ask(_asked("when"), found, who)

    def groups(self, key: Callable[[Happening], str]) -> Iterator[list[Happening]]:
        """The happenings of one person with the same key, where there are several."""
        found: dict[tuple[str, str], list[Happening]] = defaultdict(list)
        for one in self.told.happenings:
            found[one.who.name, key(one)].append(one)
        return (several for several in found.values() if len(several) > 1)


def questions(talk: Talk) -> tuple[Asked, ...]:
    """Questions of every kind the talk can answer, and some that nothing answers."""
    found: list[Asked] = []
    for make, enough in _KINDS:
        several = list(make(talk))
        talk.world.rng.shuffle(several)
        found += several[:enough]
    return tuple(found)


def _single(talk: Talk) -> Iterator[Asked]:
    for found in talk.told.happenings:
        for name in found.facets:
            if name in found.told:
                yield Asked(talk.facet(found, name), "single", frozenset({found.told[name]}), answer(found.facets[name]), sort=name)


def _reaction(talk: Talk) -> Iterator[Asked]:
    """What the one who listened said: the question names both, and the evidence is the other's."""
    for found in talk.told.happenings:
        entry, opinion = found.echo
        if entry:
            other = next(one for one in talk.world.people if one is not found.who)
            text = talk.ask(_asked("reaction"), found, other=other.name)
            yield Asked(text, "single", frozenset({entry}), opinion, sort="reaction")


def _when(talk: Talk) -> Iterator[Asked]:
    for found in talk.told.happenings:
        if "when" in found.told:
            yield Asked(talk.when(found), "when", frozenset({found.told["when"]}), found.dated)


def _list(talk: Talk) -> Iterator[Asked]:
    for several in talk.groups(lambda found: found.name):
        first = several[0]
        general = [one for one in cast("list[str]", first.schema["sought"]) if "{topic2}" not in one]  # of all topics, so it names none
        if general:
            yield Asked(talk.ask(general, first), "list", _leads(several), _things(several), sort=first.name)
    for several in talk.groups(lambda found: f"{found.name} {found.topic}"):
        first = several[0]
        topical = [one for one in cast("list[str]", first.schema["sought"]) if "{topic2}" in one]
        if topical:
            yield Asked(talk.ask(topical, first), "list", _leads(several), _things(several), sort=first.name)


def _count(talk: Talk) -> Iterator[Asked]:
    templates = cast("Mapping[str, str]", stock("talk")["asked"]["count"])
    for several in talk.groups(lambda found: found.name):
        if several[0].name in templates:
            yield Asked(talk.ask(templates[several[0].name], several[0]), "count", _leads(several), str(len(several)), sort=several[0].name)


def _order(talk: Talk) -> Iterator[Asked]:
    dated = [found for found in talk.told.happenings if "when" in found.told and found.name not in ("memory", "plan")]
    for one in dated:
        other = talk.world.rng.choice(dated)
        if one.who is other.who and abs(one.day - other.day) > timedelta(days=40):
            text = expand(talk.world.rng, _asked("order"), {**talk.of(one.who), "a": talk.noun(one), "b": talk.noun(other)})
            yield Asked(text, "order", _leads([one, other]), min(one, other, key=lambda found: found.day).thing)


def _latest(talk: Talk) -> Iterator[Asked]:
    for span in talk.told.spans:
        if span.object and span.told and span.until is None and _before(talk, span):
            yield Asked(_of_value(talk, span, "now"), "latest", frozenset({span.told}), span.object, sort=_predicate(span))


def _as_of(talk: Talk) -> Iterator[Asked]:
    """Only of whole months a value lasted for."""
    for span in talk.told.spans:
        until = span.until or talk.end
        at = span.since + (until - span.since) / 2
        first = when.midnight(at).replace(day=1)
        if span.object and span.told and first >= span.since and (first + timedelta(days=32)).replace(day=1) <= until:
            text = _of_value(talk, span, "then", month=f"{when.MONTHS[at.month - 1]} {at.year}")
            yield Asked(text, "as_of", frozenset({span.told}), span.object, as_of=at, sort=_predicate(span))


def _preference(talk: Talk) -> Iterator[Asked]:
    rng = talk.world.rng
    for (name, topic), several in talk.told.loves.items():
        who = next(one for one in talk.world.people if one.name == name)
        text = expand(rng, chat("loved"), {**talk.of(who), "topic2": rng.choice(topic_words(topic, "names"))})
        yield Asked(text, "preference", frozenset(entry for _, entry in several), ", ".join(charm for charm, _ in several), sort="loves")
    for span in talk.told.spans:
        if span.object and span.told and span.until is None and _predicate(span).startswith("favourite"):
            yield Asked(_of_value(talk, span, "now"), "preference", frozenset({span.told}), span.object, sort=_predicate(span))


def _multi(talk: Talk) -> Iterator[Asked]:
    yield from _through_a_person(talk)
    for found in talk.told.happenings:
        facets = [name for name in found.facets if name in found.told]
        entries = {found.told["lead"], *(found.told[name] for name in facets)}
        if len(entries) > 1 and talk.world.rng.random() < 0.4:
            known = ", ".join(answer(found.facets[name]) for name in facets)
            yield Asked(talk.ask(_asked("details"), found), "multi", frozenset(entries), known, sort="details")


def _through_a_person(talk: Talk) -> Iterator[Asked]:
    """Two happenings that have a person in common."""
    by_person: dict[tuple[str, str], list[tuple[Happening, str]]] = defaultdict(list)
    for found in talk.told.happenings:
        for name, value in found.facets.items():
            if name in found.told and value.startswith("my ") and name != "relative":
                by_person[found.who.name, value].append((found, name))
    for (_, value), several in by_person.items():
        (one, first), (other, second) = several[0], several[-1]
        if one is not other:
            evidence = frozenset({one.told[first], other.told[second]})
            slots = {**talk.of(one.who), "a": talk.noun(one), "b": talk.noun(other)}
            yield Asked(expand(talk.world.rng, _asked("shared"), slots), "multi", evidence, answer(value), sort="shared")
            if len(several) == 2:
                yield Asked(expand(talk.world.rng, _asked("bridge"), slots), "multi", evidence, other.thing, sort="bridge")


def _follow_up(talk: Talk) -> Iterator[Asked]:
    templates = cast("Mapping[str, str]", stock("talk")["asked"]["then"])
    for found in talk.told.happenings:
        for name, template in templates.items():
            if "when" in found.told and name in found.told:
                text = expand(talk.world.rng, template, talk.of(found.who))
                yield Asked(
                    text, "follow_up", frozenset({found.told[name]}), answer(found.facets[name]), before=talk.when(found), sort=name
                )


def _contradiction(talk: Talk) -> Iterator[Asked]:
    for new in talk.told.spans:
        old = _before(talk, new)
        if old is not None and old.told and new.told:
            what = cast("Mapping[str, str]", stock("talk")["asked"]["what"])[_predicate(new)]
            text = expand(talk.world.rng, _asked("changed"), {**talk.of(new.who), "what": what})
            everything = [span for span in talk.told.spans if span.who is new.who and span.spec is new.spec and span.told]
            known = ", later ".join(span.object or "nothing" for span in everything)
            yield Asked(text, "contradiction", frozenset(span.told for span in everything), known, sort=_predicate(new))


def _disagreeing(talk: Talk) -> Iterator[Asked]:
    for conflict in talk.told.claims.conflicts() if talk.told.claims else ():
        template = _asked("disagreeing")[0 if conflict.predicate == "birthday" else 1]
        text = expand(talk.world.rng, template, {"name": conflict.subject, "what": _OF[conflict.predicate]})
        yield Asked(text, "contradiction", conflict.evidence, " or ".join(conflict.objects), sort=conflict.predicate)


_OF = {"birthday": "birthday", "born": "birthplace", "lives in": "home town", "works at": "employer"}


def _summary(talk: Talk) -> Iterator[Asked]:
    for several in talk.groups(lambda found: found.topic if found.schema["thing"] in _TOPICAL else ""):
        if len(several) > 2 and several[0].schema["thing"] in _TOPICAL:
            text = talk.ask(_asked("summary"), several[0])
            yield Asked(text, "summary", frozenset().union(*(found.told.values() for found in several)), _things(several))


def _unknown(talk: Talk) -> Iterator[Asked]:
    """What no entry says: one friend's deeds asked of the other, a facet never told, a thing that never happened; a third each."""
    rng = talk.world.rng
    for sort in (_swapped, _untold, _never):
        several = list(sort(talk))
        for text in rng.sample(several, min(len(several), 12)):
            yield Asked(text, "unknown", frozenset(), "", answerable=False, sort=sort.__name__.strip("_"))


def _swapped(talk: Talk) -> Iterator[str]:
    for found in talk.told.happenings:
        other = next((one for one in talk.world.people if one is not found.who), None)
        if other is None:
            return
        if "when" in found.told:
            yield talk.when(found, other)
        yield from (talk.facet(found, name, other) for name in found.facets if name in found.told)


def _untold(talk: Talk) -> Iterator[str]:
    for found in talk.told.happenings:
        yield from (talk.facet(found, name) for name in found.facets if name in _SILENT and name not in found.told)


def _never(talk: Talk) -> Iterator[str]:
    rng = talk.world.rng
    possible = [schema for schema in schemas() if schema["name"] in _NEVER]
    for _ in range(20):
        found = talk.world.happening(rng.choice(talk.world.people), rng.choice(possible), talk.end)
        if found is not None:
            yield talk.when(found) if rng.random() < 0.4 else talk.facet(found, rng.choice(list(found.facets)))


def _before(talk: Talk, span: Span) -> Span | None:
    """The value this one took the place of."""
    return next((old for old in talk.told.spans if old.who is span.who and old.spec is span.spec and old.until == span.since), None)


def _of_value(talk: Talk, span: Span, which: str, month: str = "") -> str:
    return expand(talk.world.rng, cast("list[str]", span.spec[which]), {**talk.of(span.who), "month": month})


def _predicate(span: Span) -> str:
    return cast("str", span.spec["predicate"])


def _asked(name: str) -> list[str]:
    return cast("list[str]", stock("talk")["asked"][name])


def answer(value: str) -> str:
    """What a person would give as the answer: without the teller's "my"."""
    return value.removeprefix("my ")


def _plain(deed: str) -> str:
    """A deed in the infinitive, which begins no sentence."""
    return deed[:1].lower() + deed[1:]


def _leads(several: Sequence[Happening]) -> frozenset[str]:
    return frozenset(found.told["lead"] for found in several)


def _things(several: Sequence[Happening]) -> str:
    return ", ".join(found.thing for found in several)


_KINDS: tuple[tuple[Callable[[Talk], Iterator[Asked]], int], ...] = (  # and at most how many of each
    (_single, 36), (_reaction, 4), (_when, 20), (_list, 12), (_count, 6), (_order, 6), (_latest, 6), (_as_of, 6), (_preference, 6),
    (_multi, 14), (_follow_up, 6), (_contradiction, 4), (_disagreeing, 3), (_summary, 4), (_unknown, 36),
)  # fmt: skip
