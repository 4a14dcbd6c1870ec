"""Does memory hold the answer? A probability from who said what, and whether the words bear the question out. Pure; no model.

How near the best item is says little (AUROC .53 where a question's person was swapped for another): what Ben told of his race is
just as near to a question about Ana's. So every sentence is given owners, by how people speak of themselves and each other: "I"
is the speaker, "you" the one spoken to, a question is about the one who is asked. The question's words are then looked for in
what is the asked-about person's own and in what is somebody else's; the difference is the strongest sign there is. The others:
names in the question that stand nowhere near, words the best passage lacks, a question for the contents of a thing that was only
mentioned ("what did the workshop teach?"), the kind of answer (a "how many" needs a number). A small logistic model joins them.

Not covered: three or more people in one talk share "you"; details turned into their opposite ("hates" for "loves"), which take a reader;
languages other than English, where "I" and "you" are not seen and only coverage and nearness decide.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from ..messages import Item, Recalled
from ..store.search import stems
from .facets import Facet, facet
from .phrases.vocabulary import NUMBERS
from .question import Asks, read
from .whose import FIRST, MACHINES, YOU, Passage, Sentence, passages_of, people_of, speaker_of, stems_in
from .words import STOP, words

READ = 16  # items looked at, from the best


@dataclass(frozen=True, slots=True)
class Holding:
    """How probable it is that memory holds the answer, and what speaks ``against`` it, in words for the person, most telling first.

    ``about``: whom the question is about, as the items name them ("you" is the person), "" when nobody. ``nearest``: the item that
    bears the question out best; with ``elsewhere`` it does so of somebody else.
    """

    probability: float
    against: tuple[str, ...] = ()
    about: str = ""
    nearest: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Signals:
    """What the probability is made from, each in 0..1 but ``margin``, which is in -1..1."""

    own: float  # support in what is the asked-about person's own; anybody's when the question is about nobody
    margin: float  # the same less the best support in somebody else's; 0 when the question is about nobody or about several
    strange: float  # share of the question's names that stand nowhere near the best passage; half where another passage has them
    missing: float  # weight of the question's words that the best passage lacks
    untold: float  # 1 when the question asks what something consists of and nobody told that beside the thing
    lacking: float  # above 0 when a side of something is asked for that stands nowhere where the thing itself is told of the right person
    gathers: float  # 1 when an order or a summary is asked for: of a topic that is known there is always something to tell


def passages(found: Sequence[Recalled], around: Sequence[Item] = ()) -> list[Passage]:
    """What is judged of ``found``, read once for every question that is asked of it. ``around``: what was said just before and after those
    items, which gives short turns their meaning ("Three times a week")."""
    return passages_of(found[:READ], around)


def judge(question: str, found: Sequence[Recalled], now: datetime, *, around: Sequence[Item] = ()) -> Holding:
    """The probability that the answer is in ``found`` (best first); nothing found is 0."""
    return judged(question, passages(found, around), now)


def judged(question: str, passages: Sequence[Passage], now: datetime) -> Holding:
    """The same, of passages that were read before."""
    if not passages:
        return Holding(0.0, ("nothing in memory is near this",))
    asked = _read(question, now, passages)
    seen, best, other = _weigh(asked, passages)
    elsewhere = bool(asked.about) and seen.margin < _ELSEWHERE
    known = _TOLD_WHO if _is_told_who(question, passages) else 0.0
    return Holding(
        max(probability(seen), known), _against(asked, seen, best, other), asked.about, (other if elsewhere else best).item.id, elsewhere
    )


_WHO_IS = re.compile(r"\W*(?i:and |so )?(?i:who(?:['’]s| is| was)) ([A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?)\W*")


def _is_told_who(question: str, passages: Sequence[Passage]) -> bool:
    """Whether the question is only who somebody is, and that was told: "Lena is my daughter's friend", "my vet is called Lena"."""
    asked = _WHO_IS.fullmatch(question)
    if asked is None:
        return False
    name = re.escape(asked[1])
    said = re.compile(rf"\b{name}(?:, (?:my|our|his|her|the)\b| (?:is|was)\b)|\b(?:called|named|is|my \w+,?) {name}\b", re.IGNORECASE)
    return any(said.search(sentence.text) for passage in passages for sentence in passage.own)


def told_of_another(question: str, answer: str, passages: Sequence[Passage], now: datetime) -> bool:
    """Whether the words of ``answer`` that the question did not say are told only of somebody else than the question is about."""
    asked = _read(question, now, passages)
    own = frozenset(stems([word for word in words(answer) if word not in STOP])) - frozenset(stems(words(question)))
    if not asked.about or asked.joint or not own:
        return False
    theirs = others = 0.0
    for sentence in (sentence for passage in passages for sentence in [*passage.own, *passage.near]):
        if 2 * len(own & sentence.stems) >= len(own) and not sentence.text.rstrip().endswith("?"):
            theirs = max(theirs, sentence.owners.get(asked.about, 0.0))
            others = max([others, *(share for name, share in sentence.owners.items() if name != asked.about)])
    return theirs < _HARDLY < others


def signals(question: str, found: Sequence[Recalled], now: datetime, *, around: Sequence[Item] = ()) -> Signals:
    """What ``judge`` weighs; ``found`` must not be empty."""
    held = passages(found, around)
    return _weigh(_read(question, now, held), held)[0]


def probability(seen: Signals) -> float:
    """The logistic model."""
    return 1 / (1 + math.exp(-_BIAS - sum(weight * value for weight, value in zip(astuple(_WEIGHTS), astuple(seen), strict=True))))


# Set by hand from what each signal means, ordered by how much it can say; see dev/LOG.md.
_BIAS = -1.2
_WEIGHTS = Signals(own=3.0, margin=6.0, strange=-2.5, missing=-0.5, untold=-2.5, lacking=-3.6, gathers=1.5)
_TOLD_WHO = 0.85  # where all that is asked is who somebody is, and a sentence says it
_TELLS = 0.5  # share of the most of a thing's words from which a passage tells of it
_HARDLY = 0.3  # share of a sentence below which it is not somebody's own
_ALONE = 0.4  # of the best support, the margin where nobody else takes part: in a diary everything is the person's own and says little
_ELSEWHERE = -0.1  # margin from which the best support is somebody else's


# The question


@dataclass(frozen=True, slots=True)
class _Asked:
    about: str
    joint: bool  # of several together, or of what one says to another: whose each sentence is says nothing then
    terms: dict[str, float]  # stems of its words of substance, without its people and dates, with their weights
    names: dict[str, str]  # stems of names that are not its people's, and of what a "who" is about, with the word as it was written
    gathers: bool
    facet: Facet | None  # the side of the thing that is asked for
    said: frozenset[str]  # its words
    contents: frozenset[str]  # stems of the words that ask what something consists of
    sides: frozenset[str]  # stems of the words that name the side
    sorts: Sequence[tuple[str, str]]  # stems of neighbouring words, as a sort and its thing: ("flu", "shot")


_JOINT = re.compile(
    r"\b(?:both|each other|together|in common|share|say|said|says|think|thinks|thought|describes?|described|according|advice|advise[sd]?"
    r"|suggest(?:s|ed)?|recommend(?:s|ed)?|offer(?:s|ed)?|tell|tells|told|ask(?:s|ed)?|respond(?:s|ed)?|react(?:s|ed)?|encourage[sd]?"
    r"|congratulate[sd]?|opinion|\w+ and \w+)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)?|january|february|march|april|may|june|july|august|september|october|november|december"
)
# Words that say how much, or that something happened, not what: a passage need not repeat them.
_FAINT = frozenset(
    """get got make made thing things way kind type sort go goes going went gone come came many much long often time times day use used take
    took give gave want wanted feel felt think thought mean meant happen happened describe described find found start started begin
    recent recently current currently decide decided specific specifically particular during between while before after since back name
    named called call idea plan plans person people new first last next good main share shared mention mentioned talk told said""".split()  # noqa: SIM905
)
# What something consists of. That a workshop was mentioned does not mean that what it taught was.
_CONTENTS = frozenset(
    """advice agenda background clauses content contents criteria criticism details examples feedback findings guidelines impressions
    instructions lessons materials methods modules opinion points principles qualifications questions rationale
    reasoning recommendations remarks requirements rules sections skills structure suggestions syllabus techniques
    themes thoughts tips topics""".split()  # noqa: SIM905
)


def _read(question: str, now: datetime, passages: Sequence[Passage]) -> _Asked:
    """The question against the people of these passages."""
    said = words(question)
    named = sorted((at, name) for name in people_of(passages) if (at := _named_at(name, said)) is not None)
    about = named[0][1] if named else YOU if FIRST.search(question) and YOU in people_of(passages) else ""
    spoken_of = {said[at] for at, _ in named}
    content = [word for word in dict.fromkeys(said) if word not in STOP and word not in spoken_of and not _DATE.fullmatch(word)]
    stemmed = dict(zip(content, stems(content), strict=True))
    side = facet(question)
    return _Asked(
        about=about,
        joint=len(named) > 1 and _JOINT.search(question) is not None,
        terms={stem: _weight(word, stem, passages) for word, stem in stemmed.items()},
        names={
            stemmed[word]: written
            for word, written in (_capitalised(question) | (_objects(question) if side and side.somebody else {})).items()
            if word in stemmed
        },
        gathers=read(question, now).kind in (Asks.SUMMARY, Asks.FIRST, Asks.ORDER) or (bool(about) and not content),
        facet=side,
        said=frozenset(said),
        contents=frozenset(stemmed[word] for word in content if word in _CONTENTS),
        sides=frozenset(stemmed[word] for word in content if side and word in side.asked),
        sorts=_sorts(question),
    )


def _named_at(name: str, said: Sequence[str]) -> int | None:
    """Where ``said`` names this person: a word of the name, or a short form of it ("Mel" for "Melanie")."""
    known = [word for word in words(name) if len(word) > 2 and word not in STOP]
    return next(
        (at for at, word in enumerate(said) if len(word) > 2 and word not in STOP and any(part.startswith(word) for part in known)), None
    )


def _capitalised(question: str) -> dict[str, str]:
    """Names inside the question: capitalised words but the first, lower case, with how they are written."""
    found: dict[str, str] = {}
    for match in re.finditer(r"[^\W\d_][\w-]+", question):
        before = question[: match.start()].rstrip(" \"“'‘(")
        if match.group(0)[0].isupper() and before and before[-1] not in ".!?:" and match.group(0).lower() not in _TITLES:
            found |= dict.fromkeys(words(match.group(0)), match.group(0))
    return found


def _objects(question: str) -> dict[str, str]:
    """The things a "who" did something with, as they are written: whoever plays the trombone does not play the drums."""
    return {word: match[1] for match in _THE.finditer(question) for word in words(match[1])[-1:]}


_THE = re.compile(
    r"\bthe ([\w'’-]+)(?=\W*$|\W+(?:for|from|in|at|on|to|with|of|by|and|this|last|next|every|when|before|after)\b)", re.IGNORECASE
)
_TITLES = frozenset("dr mr mrs ms miss prof professor sir lady uncle aunt coach".split())  # noqa: SIM905


def _weight(word: str, stem: str, passages: Sequence[Passage]) -> float:
    """How much a word of the question says: one that is rare among what was found says more, a faint one little."""
    holding = sum(any(stem in sentence.stems for sentence in passage.own) for passage in passages)
    return math.log(1 + (len(passages) + 1) / (holding + 0.5)) * (0.4 if word in _FAINT else 1.0)


# Weighing


def _weigh(asked: _Asked, passages: Sequence[Passage]) -> tuple[Signals, Passage, Passage]:
    """The signals, the passage that bears the question out best, and the one that does so best of somebody else."""
    about = "" if asked.joint else asked.about
    support = _supports(asked, passages, about)
    own, best = max(zip(support, passages, strict=True), key=lambda pair: pair[0])
    rivals = [
        max(zip(_supports(asked, passages, name), passages, strict=True), key=lambda pair: pair[0])
        for name in people_of(passages)
        if name != about
    ]
    theirs, other = max(rivals, key=lambda pair: pair[0], default=(0.0, best)) if about else (0.0, best)
    there = stems_in([*best.own, *best.near])
    anywhere = stems_in(sentence for passage in passages for sentence in [*passage.own, *passage.near])
    strange = sum(name not in there for name in asked.names) + sum(name not in anywhere for name in asked.names)
    kinds = len(asked.names) or 1
    if not strange and _is_another_kind(asked, best.own, anywhere):
        strange = 2 * kinds
    missing = sum(weight for term, weight in asked.terms.items() if term not in there)
    seen = Signals(
        own=own,
        margin=own - theirs if about and rivals else _ALONE * own if about else 0.0,
        strange=strange / (2 * kinds),
        missing=missing / (sum(asked.terms.values()) or 1.0),
        untold=float(_is_untold(asked, passages)),
        lacking=_lacking(asked, passages, about),
        gathers=float(asked.gathers),
    )
    return seen, best, other


def _is_another_kind(asked: _Asked, sentences: Sequence[Sentence], anywhere: frozenset[str]) -> bool:
    """Whether every sentence that names a thing of the question with a word before it names another sort of it, and the sort that is asked
    for was not told ``anywhere``: a tetanus shot where the flu shot is asked for. A shot of no sort may be that one."""
    for sort, thing in asked.sorts:
        if sort not in anywhere and any(
            head == thing for sentence in sentences if thing in sentence.stems for _, head in _sorts(sentence.text)
        ):
            return True
    return False


def _sorts(text: str) -> list[tuple[str, str]]:
    """Stems of neighbouring words of substance behind an article or a number, the first of which says what sort the second is of:
    ("tetanu", "shot"). Behind anything else the first may be a verb."""
    said = words(text)
    pairs = [
        (one, other)
        for before, one, other in zip(said, said[1:], said[2:], strict=False)
        if (before in _BEFORE_A_THING or before in NUMBERS or before.isdigit()) and _is_of_substance(one) and _is_of_substance(other)
    ]
    stemmed = stems([word for pair in pairs for word in pair])
    return list(zip(stemmed[::2], stemmed[1::2], strict=True))


_BEFORE_A_THING = frozenset(
    "a an the my your our his her its their this that these those any some many much more few several last next first second".split()  # noqa: SIM905
)


# Words that say how a thing is counted or looked at, not which it is.
_OF_ANY = frozenset("average total different various comprehensive overall typical usual exact whole entire key same".split())  # noqa: SIM905


def _is_of_substance(word: str) -> bool:
    return (
        word not in STOP
        and word not in _FAINT
        and word not in _OF_ANY
        and word not in NUMBERS
        and not _DATE.fullmatch(word)
        and not word.isdigit()
    )


def _supports(asked: _Asked, passages: Sequence[Passage], name: str) -> list[float]:
    """How far each passage bears the question out in what is ``name``'s own (anybody's for ""), 0..1: half words, half nearness."""
    whole = sum(asked.terms.values()) or 1.0
    meaning = 0.5 if any(passage.cosine for passage in passages) else 0.0  # no embedder yet: words alone
    support = []
    for passage in passages:
        share = max((sentence.owners.get(name, 0.0) for sentence in passage.own), default=0.0) if name else 1.0
        support.append((1 - meaning) * _borne(asked, passage, name) / whole + meaning * max(passage.cosine, 0.0) * share)
    return support


def _lacking(asked: _Asked, passages: Sequence[Passage], name: str) -> float:
    """How much it says against the answer that none of the passages that tell of the thing has the side asked for, 0..1: a passage
    tells of the thing when it holds at least half of its words that any passage holds."""
    if asked.facet is None:
        return 0.0
    thing = {term: weight for term, weight in asked.terms.items() if term not in asked.sides}
    held = [_covered(thing, passage.own, name) for passage in passages]
    telling = (passage for passage, share in zip(passages, held, strict=True) if share >= _TELLS * max(held))
    return 0.0 if any(_has(asked.facet, asked, passage, name) for passage in telling) else asked.facet.telling


def _has(side: Facet, asked: _Asked, passage: Passage, name: str) -> bool:
    """Whether a sentence of the passage that is ``name``'s has what the side's answer must hold, beyond what the question says."""
    for sentence in [*passage.own, *passage.near]:
        if (name and sentence.owners.get(name, 0.0) < 0.5) or sentence.text.rstrip().endswith("?"):
            continue
        if any(not asked.said.issuperset(words(match.group(0))) for match in side.answer.finditer(sentence.text)):
            return True
        if side.somebody and speaker_of(passage.item) not in ("", YOU) and FIRST.search(sentence.text):
            return True  # "I bring the stove", says Ingrid
    return False


def _covered(terms: Mapping[str, float], sentences: Sequence[Sentence], name: str) -> float:
    """Weight of those of ``terms`` that stand in these sentences, each as far as it is ``name``'s (anybody's for "")."""
    got: dict[str, float] = {}
    for sentence in sentences:
        owned = sentence.owners.get(name, 0.0) if name else 1.0
        for term in terms.keys() & sentence.stems:
            got[term] = max(got.get(term, 0.0), owned)
    return sum(terms[term] * owned for term, owned in got.items())


def _borne(asked: _Asked, passage: Passage, name: str) -> float:
    """Weight of the question's words in the passage, each as far as it is ``name``'s; a neighbour's words count half."""
    got: dict[str, float] = {}
    for sentences, share in ((passage.own, 1.0), (passage.near, 0.5)):
        for sentence in sentences:
            owned = share * (sentence.owners.get(name, 0.0) if name else 1.0)
            for term in asked.terms.keys() & sentence.stems:
                got[term] = max(got.get(term, 0.0), owned)
    return sum(asked.terms[term] * owned for term, owned in got.items())


def _is_untold(asked: _Asked, passages: Sequence[Passage]) -> bool:
    """Whether the question asks what something consists of, and no person's words have that beside the thing."""
    if not asked.contents:
        return False
    thing = {term: weight for term, weight in asked.terms.items() if term not in asked.contents}
    for passage in passages:
        held = stems_in(passage.own)
        if speaker_of(passage.item).lower() in MACHINES or not asked.contents & held:
            continue
        if 2 * sum(weight for term, weight in thing.items() if term in held) >= sum(thing.values()):
            return False
    return True


def _against(asked: _Asked, seen: Signals, best: Passage, other: Passage) -> tuple[str, ...]:
    """What speaks against the nearest item as the answer, most telling first."""
    reasons = []
    teller = speaker_of(other.item) or other.item.source.title or other.item.source.ref
    if asked.about and seen.margin < _ELSEWHERE:
        reasons.append(f"{teller} told of it, not {asked.about}")
    there = stems_in([*best.own, *best.near])
    if strange := [written for stem, written in asked.names.items() if stem not in there]:
        reasons.append(f"{' and '.join(f'“{name}”' for name in dict.fromkeys(strange))} stands nowhere beside it")
    if seen.untold:
        reasons.append("what it consists of was not told")
    if seen.lacking:
        reasons.append("what you ask for stands nowhere beside it")
    return tuple(reasons)
