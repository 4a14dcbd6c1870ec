"""The values that cross every wall.

Everything here is frozen and imports nothing of ours, so any room may hold any of it without depending on the room it
came from. Times are timezone-aware ``datetime``; ids are short strings a person can type (``i12`` an item, ``f7`` a fact).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path


class Integrity(StrEnum):
    """Who vouches for a text: the question the guard asks before anything acts on it. From the strongest to the weakest."""

    SYSTEM = "system"  # a field our own code or a trusted system wrote: an id it gave, the clock
    PERSON = "person"  # written or said by the person who owns this store
    ENDORSED = "endorsed"  # came from elsewhere, and the person vouched for this very value
    COMPANION = "companion"  # our own words: never evidence, never learnt from
    UNTRUSTED = "untrusted"  # anything else: documents, transcripts, pages, other people

    @property
    def is_vouched(self) -> bool:
        """Whether the person stands behind it, as its author or by their word."""
        return self in (Integrity.PERSON, Integrity.ENDORSED)


class Confidentiality(StrEnum):
    """How far a text may travel. From what may be seen by all to what leaves only where the person named it for."""

    PUBLIC = "public"
    PRIVATE = "private"
    SENSITIVE = "sensitive"  # health, money, other people's affairs
    SECRET = "secret"  # noqa: S105 -- a label, not a password


@dataclass(frozen=True, slots=True)
class Label:
    """What may be done with a text. Nothing is remembered without one. ``sources``: the refs (Source.ref) it was derived from,
    sorted; empty where the holder of the label names its source itself, as an item does."""

    integrity: Integrity
    confidentiality: Confidentiality = Confidentiality.PRIVATE
    sources: tuple[str, ...] = ()

    def joined(self, *others: Label) -> Label:
        """The label of what was made of this and of ``others``: the weakest integrity, the highest confidentiality, every source."""
        every = (self, *others)
        return Label(
            max((label.integrity for label in every), key=_WEAKER.__getitem__),
            max((label.confidentiality for label in every), key=_HIGHER.__getitem__),
            tuple(sorted({source for label in every for source in label.sources})),
        )


_WEAKER = {integrity: place for place, integrity in enumerate(Integrity)}
_HIGHER = {confidentiality: place for place, confidentiality in enumerate(Confidentiality)}
OURS = Label(Integrity.COMPANION)  # of our own words, as long as they rest on nothing
UNKNOWN = Label(Integrity.UNTRUSTED)  # of what came without one: nobody vouches for it


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from, in a form a person can follow back.

    ``ref`` is unique: ``note:3``, ``file:/home/ana/diary.md``, ``conversation:c4``, ``transcript:chat.jsonl``.
    """

    ref: str
    kind: str = "note"  # note, conversation, document, transcript, program
    title: str = ""
    media_type: str = "text/plain"


PROGRAM = "program"  # the kind of source that a program with a key is


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters ``[start, end)`` in a text."""

    start: int
    end: int


class Kind(StrEnum):
    """What an item is."""

    MESSAGE = "message"  # the person's words in a conversation with the companion
    REPLY = "reply"  # the companion's words
    NOTE = "note"  # remembered on request, or through the Python API
    TURN = "turn"  # one turn of an imported transcript
    PASSAGE = "passage"  # a stretch of a document


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be remembered, before it has an id."""

    text: str
    source: Source
    label: Label
    kind: Kind = Kind.NOTE
    at: datetime | None = None  # when it was said or written; None when nobody knows
    speaker: str = ""
    conversation: str = ""  # neighbours in one conversation or document share this
    external_id: str = ""  # the id the source itself gave it: the key that makes a second import add nothing
    span: Span | None = None  # where in the source's own text it stands
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something remembered, whole, as it was said. ``position`` orders the items of one conversation."""

    id: str
    text: str
    source: Source
    label: Label
    kind: Kind
    at: datetime | None
    speaker: str
    conversation: str
    position: int
    learned_at: datetime
    span: Span | None = None
    page: int | None = None

    @property
    def may_teach(self) -> bool:
        """Whether facts and promises may be made of it: not of what a program sent that does not speak for the person."""
        return self.source.kind != PROGRAM or self.label.integrity.is_vouched


@dataclass(frozen=True, slots=True)
class Limits:
    """How an answer is to be made and where it is to end, as a program may ask. Without them: as the companion does for the person."""

    most_tokens: int | None = None  # about
    stops: tuple[str, ...] = ()  # the answer ends before the first of these words
    temperature: float | None = None  # of the model of this machine, where it speaks


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Voice:
    """How a message comes: by default from the person, who is there. Through a program it has that program's label and source, and
    nobody is there whom anything could be asked."""

    label: Label = Label(Integrity.PERSON)
    source: Source | None = None  # None: the conversation itself
    is_present: bool = True
    key: str = ""  # the place of the message in its talk: sent again, it is kept once
    earlier: tuple[tuple[str, str], ...] = ()  # what was said and answered before, where only the program knows it
    limits: Limits = UNLIMITED


HERE = Voice()


@dataclass(frozen=True, slots=True)
class Recalled:
    """An item recall found, with its fused score (higher is better) and each signal's share of it."""

    item: Item
    score: float
    signals: dict[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def text(self) -> str:
        return self.item.text

    @property
    def source(self) -> str:
        return self.item.source.ref

    @property
    def at(self) -> datetime | None:
        return self.item.at

    @property
    def speaker(self) -> str:
        return self.item.speaker


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happened or will, with the words that say so. ``[start, end)`` is half-open; ``precision`` is the grain of the
    words (minute, hour, day, week, month, season, year, decade), or "said" where none name a time and it stands when it was said."""

    start: datetime
    end: datetime
    precision: str
    item_id: str
    text: str  # the sentence
    span: Span  # of the sentence in the item
    source: str  # Source.ref
    speaker: str
    said_at: datetime | None
    fact_id: str | None = None  # a fact that says so, where no item's words name the time
    label: Label = UNKNOWN  # of those words


class FactKind(StrEnum):
    FACT = "fact"
    PREFERENCE = "preference"  # likes and dislikes
    INSTRUCTION = "instruction"  # "always answer in French"
    NEED = "need"  # allergies, diets, boundaries: shown to the model as MUST


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing believed, with the exact words it rests on.

    Two times: ``valid_from``/``valid_to`` say when it was true, ``learned_at`` when it was learnt. ``text`` is a plain
    sentence in the third person ("Ana is allergic to peanuts") or about the person ("You are vegetarian").
    ``quote`` is ``item.text[span.start:span.end]``, checked by code when it was stored.
    """

    id: str
    text: str
    subject: str
    predicate: str
    object: str
    kind: FactKind
    stated: bool  # False: inferred
    confidence: float
    item_id: str
    quote: str
    span: Span
    source: str  # the item's Source.ref
    label: Label
    learned_at: datetime
    valid_from: datetime | None = None
    valid_to: datetime | None = None  # None: still true as far as we know
    superseded_by: str | None = None
    kept: bool = False  # the person confirmed or corrected it: nothing learnt later may change it
    wrong: bool = False  # corrected: it never held, and is kept only for the record


@dataclass(frozen=True, slots=True)
class Media:
    """Bytes with where they came from: what a connector yields and a sense perceives."""

    path: Path
    media_type: str
    source: Source
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text a sense found, with its span in the whole extracted text and the page it is on."""

    text: str
    span: Span
    page: int | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A source attached under an answer: the item, and the words of it that support the answer."""

    item_id: str
    text: str
    source: str  # Source.ref
    title: str
    at: datetime | None
    speaker: str
    quote: str
    page: int | None = None
    label: Label = UNKNOWN  # of the item


class ActionState(StrEnum):
    """How far an action in the world has come. A row is written before it begins, so a crash cannot hide one."""

    WAITING = "waiting"  # the person is asked
    ALLOWED = "allowed"  # by the person, once, until it expires
    RUNNING = "running"  # begun
    DONE = "done"
    FAILED = "failed"  # the tool says that nothing happened
    UNKNOWN = "unknown"  # the process ended in between: it may have happened or not, and is never repeated by itself
    DENIED = "denied"
    EXPIRED = "expired"  # nobody answered in time
    UNDONE = "undone"


ASK_REMOTE = "ask_remote"  # the tool of a question that waits to be asked of a remote model


@dataclass(frozen=True, slots=True)
class Argument:
    """One value an action would use, as a person is shown it. ``tainted``: the stretches of it that came from outside."""

    name: str
    value: str
    type: str
    label: Label
    tainted: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A value the person vouched for: this value, as this type, for this kind of effect, and nothing wider."""

    type: str
    value: str  # in its normal form
    effect: str
    id: str = ""  # e3
    at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something to be done in the world, or done: what the approval card, the activity log and undo are made of."""

    id: str  # a7
    tool: str
    effect: str
    words: str  # the exact effect in a sentence
    arguments: tuple[Argument, ...]
    state: ActionState
    asked_at: datetime
    destination: str = ""  # where it would go; "" when it stays on this machine
    reasons: tuple[str, ...] = ()  # why the person is asked
    conversation: str = ""
    step: str = ""  # of the plan it belongs to; "" when nothing the person wrote asks for it
    expires_at: datetime | None = None
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""  # what came of it, in words
    can_undo: bool = False
    needed: tuple[Endorsement, ...] = ()  # the values to vouch for, after which the like of it would not be asked about


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the person thought of a reply, which is shown as it was. ``word``: their correction, "" for none."""

    reply_id: str
    reply: str
    is_good: bool
    word_id: str = ""  # of the item that holds the correction
    word: str = ""
    is_remembered: bool = False  # the correction is a statement of theirs by now
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds. ``ours`` is everything that was not the model; ``first`` is until the first word was out."""

    recall: float = 0.0
    prompt: float = 0.0
    generation: float = 0.0
    ours: float = 0.0
    first: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What asking a model elsewhere cost. ``is_counted``: by the provider's own count of tokens; else it is the worst it could."""

    amount: float | None  # None: no price is known
    currency: str
    is_counted: bool
    sent: int | None  # tokens, where they were counted
    came: int | None
    provider: str
    model: str
    calls: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The companion's whole answer to one message."""

    id: str  # of the stored reply item
    text: str
    sources: tuple[Cited, ...]
    learned: tuple[Fact, ...]
    timings: Timings
    conversation: str
    known: bool  # False: memory did not hold the answer, and the text says so
    brain: str  # id of the model that spoke; "" when none did
    holds: float | None = None  # probability that memory holds the answer; None when the message asked nothing of memory
    actions: tuple[Action, ...] = ()  # what it did in the world, or asks leave to do
    label: Label = UNKNOWN  # joined of everything it rests on: our words about a page are no more trusted than the page
    goals: tuple[str, ...] = ()  # ids (g3) of the goals it is about
    cost: Cost | None = None  # where a model elsewhere was asked
    is_cut: bool = False  # there was more to say than tokens to say it in
    stopped_at: str = ""  # the words of `Limits.stops` it ended before
    set_aside: int = 0  # earlier turns of this talk that gave way since the reply before: kept, but not shown to the model any more


# What a turn streams, in this order: Heard, then Words as they come, then Done (or Failed).


@dataclass(frozen=True, slots=True)
class Heard:
    """The person's message is durable: it was written and read back."""

    item_id: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Words:
    """The next piece of the reply's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    reply: Reply


@dataclass(frozen=True, slots=True)
class Failed:
    """The turn ended without an answer. The message itself is kept; ``hint`` says what to do next."""

    message: str
    hint: str = ""


Event = Heard | Words | Done | Failed


@dataclass(frozen=True, slots=True)
class Target:
    """What to forget (or withhold, or keep only for a while). An item must meet everything that is given: ``person="Ana"`` with
    ``during="March 2023"`` is what Ana said, or what was said about her, in that month."""

    what: str = ""  # an id (i12, f7), a source, a conversation, else words that all stand in it
    person: str = ""  # said by them, or about them
    part: str = ""  # of a person: "by" or "about" alone
    source: str = ""  # its ref, its title, or a file's path
    conversation: str = ""  # its id or its title
    during: str = ""  # "March 2023", "last week", "2023-03-01..2023-03-31" (both days included)
    topic: str = ""  # words that all stand in it


@dataclass(frozen=True, slots=True)
class Cut:
    """What is less than forgetting a fact: its words cut out of the one item it rests on (``redact(item, words)``), and what goes
    with them. Offered where something worth keeping is left."""

    item: str
    words: str
    rest: str  # the item's text afterwards
    facts: tuple[Fact, ...]  # that go, the fact itself among them
    replies: tuple[Item, ...]  # that say any of it, and go too

    @property
    def label(self) -> Label:
        """The item's: every fact that goes was read off it."""
        return self.facts[0].label


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What a forget would remove (dry run), by id and by count."""

    items: tuple[Item, ...]  # the first few hundred of them
    facts: tuple[Fact, ...]  # likewise
    counts: dict[str, int]  # rows by place: items, facts, vectors, index, blobs, replies
    ids: tuple[str, ...] = ()  # of every item; empty: those of ``items`` are all
    near: tuple[Recalled, ...] = ()  # may say the same in other words, the likeliest first; not removed unless chosen
    first: int = 0  # so many of ``near`` are shown at once, the others on request
    people: tuple[str, ...] = ()  # who the target's person is, by every way of calling them
    cut: Cut | None = None  # where the target is one fact, and less would do

    @property
    def named(self) -> tuple[str, ...]:
        """The ids of everything it would remove: a promise to remove just that can be made of them."""
        return (*(self.ids or tuple(item.id for item in self.items)), *(fact.id for fact in self.facts))

    @property
    def seal(self) -> str:
        """The same promise in one short word, for a plan of a hundred thousand items."""
        return blake2b(" ".join(sorted(self.named)).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was forgotten, from where, and whether a scan afterwards found any trace of it. A receipt that is read again later
    names nothing: ``items`` and ``facts`` are empty, the numbers stay."""

    items: tuple[str, ...]
    facts: tuple[str, ...]
    removed: dict[str, int]
    verified: bool
    at: datetime
    id: str = ""  # r3
    mode: str = "forgotten"  # or expired, redacted, restored (by bringing back a backup)
    ended: bool = True  # False: stopped half way; what it named is not used, and the next start goes on
    lifted_at: datetime | None = None  # from then on the same may be remembered again


@dataclass(frozen=True, slots=True)
class Trace:
    """A place where something that should be gone still stands."""

    place: str  # pages, items, facts, index, meaning
    count: int
    ids: tuple[str, ...] = ()  # of the items that say it


@dataclass(frozen=True, slots=True)
class Checked:
    """What a search of the whole store found. ``looked`` says how much was searched, by place."""

    traces: tuple[Trace, ...]
    looked: dict[str, int]

    @property
    def is_gone(self) -> bool:
        """Nothing says it any more. What is only close in meaning is for the person to judge."""
        return all(trace.place == "meaning" for trace in self.traces)


class Trust(StrEnum):
    """What the person says of a source of words from outside."""

    DEFAULT = "default"  # it may be quoted; nothing of it goes to anybody unseen
    TRUSTED = "trusted"  # its words may go to a receiver the person names without being shown first
    UNUSED = "unused"  # kept, and left out of recall, facts and answers


@dataclass(frozen=True, slots=True)
class Origin:
    """A site, a file or a transcript that remembered words came from, and what the person says of it. ``source``: a Source.ref, or its
    beginning up to a "/": ``page:https://example.org`` stands for every page there."""

    source: str
    title: str
    items: int
    trust: Trust
    at: datetime | None  # when something of it came last; None when nothing of it is here


@dataclass(frozen=True, slots=True)
class Permission:
    """What the person allowed to leave: to one destination, for one purpose, until they revoke it or it runs out."""

    id: str  # p3
    destination: str  # host, or host:port where it is not 443; * is any public one
    purpose: str
    given_at: datetime
    until: datetime | None = None
    uses_left: int | None = None  # None: any number
    spend_cap: float | None = None
    spent: float = 0.0
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that left this machine, by the ledger. ``bytes_out`` is the size of its exact content, before TLS."""

    id: int
    at: datetime
    destination: str
    purpose: str
    consent: str
    bytes_out: int
    item_ids: tuple[str, ...]
    outcome: str  # done, failed, cut; unknown: nobody lived to say
    detail: str  # of a failure
    wire_out: int | None  # every byte on the network socket, TLS included; None while unknown
    bytes_in: int | None
    is_kept: bool  # whether the exact content can still be shown


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task is. ``total`` is 0 while unknown; ``unit`` names what is counted ("items", "bytes")."""

    task: str
    done: int
    total: int
    unit: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something an import could not read, and why, in words for the person."""

    where: str  # "report.pdf", "chat.jsonl line 17"
    reason: str
    hint: str = ""  # what to do, where there is something


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``refs``: the first thousand sources it read to their end, or knew."""

    sources: int
    items: int
    already_known: int
    skipped: tuple[Skipped, ...]
    seconds: float
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """Outside text asked for an action, and was not obeyed."""

    at: datetime
    source: str  # Source.ref
    title: str
    words: str  # what it asked for, as it stands there
    action: str = ""  # the tool it was after, when that is known

    @property
    def label(self) -> Label:
        return Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE, (self.source,))
