"""Labels: what is made of several things may do only what all of them may."""

from __future__ import annotations

import dataclasses
import inspect
import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ownmind import Companion, messages
from ownmind.guard.labels import NEUTRAL, fields, is_at_least, join, of_item
from ownmind.messages import (
    Confidentiality,
    Integrity,
    Item,
    Kind,
    Label,
    Source,
)

labels = st.builds(
    Label, st.sampled_from(Integrity), st.sampled_from(Confidentiality), st.sets(st.sampled_from("abcd")).map(lambda s: tuple(sorted(s)))
)


@given(labels, labels, labels)
def test_the_order_of_joining_does_not_matter(a: Label, b: Label, c: Label) -> None:
    """Commutative, associative, idempotent, with a neutral label: however a value was put together, it carries the same label."""
    assert join(a, b) == join(b, a)
    assert join(join(a, b), c) == join(a, join(b, c)) == join(a, b, c)
    assert join(a, a) == join(a) == join(a, NEUTRAL) == a


@given(st.lists(labels, min_size=1))
def test_a_join_is_never_more_trusted_or_less_confidential_than_a_part(parts: list[Label]) -> None:
    """No derivation launders: the weakest integrity, the highest confidentiality and every source remain."""
    whole = join(*parts)
    order = list(Confidentiality)
    for part in parts:
        assert is_at_least(part, whole.integrity)
        assert order.index(whole.confidentiality) >= order.index(part.confidentiality)
        assert set(part.sources) <= set(whole.sources)


def test_outside_text_weighs_more_than_anything_beside_it() -> None:
    """One untrusted word makes the sentence untrusted; one secret word makes it secret."""
    mine, page = Label(Integrity.PERSON, Confidentiality.SECRET), Label(Integrity.UNTRUSTED, Confidentiality.PUBLIC, ("file:a.html",))
    assert join(mine, page) == Label(Integrity.UNTRUSTED, Confidentiality.SECRET, ("file:a.html",))


def test_only_the_person_vouches() -> None:
    """A value the person endorsed counts as vouched for; our own words and a system's fields do not."""
    assert {integrity for integrity in Integrity if integrity.is_vouched} == {Integrity.PERSON, Integrity.ENDORSED}


def test_a_remembered_text_names_its_source() -> None:
    """What recall gives can be followed back to where it came from."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    item = Item("i1", "text", Source("file:letter.pdf"), Label(Integrity.UNTRUSTED), Kind.PASSAGE, now, "", "", 0, now)
    assert of_item(item) == Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE, ("file:letter.pdf",))


def remembered(kind: Kind, label: Label, source: Source, speaker: str = "") -> Item:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Item("i1", "Pay the plumber today.", source, label, kind, now, speaker, "chat.jsonl", 0, now)


def test_every_field_of_a_message_from_outside_was_chosen_outside() -> None:
    """A person's own export is still other people's words: the sender's name, the title and the time are claims of the file."""
    told = fields(remembered(Kind.TURN, Label(Integrity.UNTRUSTED), Source("transcript:chat.jsonl", "transcript", "chat.jsonl"), "Mum"))
    for name in ("text", "speaker", "title", "source", "conversation", "at"):
        label = told[name].label
        assert label == Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE, ("transcript:chat.jsonl",)), name
    assert told["id"].label == Label(Integrity.SYSTEM)


def test_what_our_own_code_writes_beside_a_message_is_a_system_field() -> None:
    """When the person said it is the clock's word, what they said is theirs; what a reply says is weaker than its time."""
    told = fields(remembered(Kind.MESSAGE, Label(Integrity.PERSON, Confidentiality.SECRET), Source("conversation:c1", "conversation")))
    labels = {name: value.label.integrity for name, value in told.items() if value.label}
    assert (labels["text"], labels["at"], labels["id"]) == (Integrity.PERSON, Integrity.SYSTEM, Integrity.SYSTEM)
    assert "speaker" not in told  # nobody wrote one
    assert all(value.label and value.label.confidentiality is Confidentiality.SECRET for value in told.values())
    reply = fields(remembered(Kind.REPLY, Label(Integrity.UNTRUSTED), Source("conversation:c1", "conversation"), "Ownmind"))
    assert reply["text"].label is not None
    assert reply["text"].label.integrity is Integrity.UNTRUSTED
    assert reply["speaker"].label == Label(Integrity.SYSTEM)


def test_a_note_a_program_brought_does_not_borrow_the_person_s_word() -> None:
    """The fields of a note are the person's only where its words are."""
    mine = fields(remembered(Kind.NOTE, Label(Integrity.PERSON), Source("note:1", "note", "Notes"), "Ben"))
    theirs = fields(remembered(Kind.NOTE, Label(Integrity.UNTRUSTED), Source("note:1", "note", "Notes"), "Ben"))
    assert mine["speaker"].label is not None
    assert theirs["speaker"].label is not None
    assert (mine["speaker"].label.integrity, theirs["speaker"].label.integrity) == (Integrity.PERSON, Integrity.UNTRUSTED)


@given(st.recursive(labels, lambda made: st.lists(made, min_size=1, max_size=4).map(lambda parts: join(*parts)), max_leaves=30), labels)
def test_no_derivation_however_deep_raises_trust_or_lowers_confidentiality(derived: Label, part: Label) -> None:
    """Whatever was derived from a value before, and whatever is derived from that, stays at least as careful as the value."""
    whole = join(derived, part)
    assert is_at_least(part, whole.integrity)
    assert is_at_least(derived, whole.integrity)
    assert {*part.sources, *derived.sources} == {*whole.sources}
    order = list(Confidentiality)
    assert order.index(whole.confidentiality) == max(order.index(part.confidentiality), order.index(derived.confidentiality))


WORDS = {"text", "quote", "words", "value"}  # names of fields that hold what somebody said
BARE = {
    messages.Words: "a piece of a reply, whose label comes with its end",
    messages.Part: "what a sense found, on its way to an entry with a label",
    messages.Endorsement: "a value the person vouched for, in its normal form",
    messages.Action: "the words are ours; each value in them is an argument with a label",
}


def test_whatever_holds_somebody_s_words_says_its_label() -> None:
    """Every value that crosses a wall with words in it carries a label, of its own or of the item inside it."""
    found = 0
    for kind in vars(messages).values():
        if not (isinstance(kind, type) and dataclasses.is_dataclass(kind)) or kind in BARE:
            continue
        names = {field.name for field in dataclasses.fields(kind)}
        if names & WORDS:
            found += 1
            assert "label" in names or isinstance(getattr(kind, "label", None), property), kind.__name__
    assert found >= 8  # Entry, Item, TimelineEvent, Fact, Cited, Argument, Reply, Tried


def test_what_a_companion_gives_is_labelled_or_made_of_what_is() -> None:
    """Every type a public call returns either has a label, holds values that do, or holds no words of anybody."""
    seen: set[type] = set()
    for name, call in inspect.getmembers(Companion, inspect.isfunction):
        if name.startswith("_"):
            continue
        given = re.findall(r"[A-Z]\w+", str(inspect.signature(call).return_annotation))
        seen |= {kind for word in given if isinstance(kind := vars(messages).get(word), type) and dataclasses.is_dataclass(kind)}
    assert {Item, messages.Recalled, messages.Fact, messages.TimelineEvent, messages.Reply, messages.Action} <= seen
    assert not [kind for kind in seen - BARE.keys() if holds_words(kind) and not is_labelled(kind)]


def holds_words(kind: type) -> bool:
    return any(field.name in WORDS or re.search(r"\b(?:Item|Fact|Recalled|Cited)\b", str(field.type)) for field in dataclasses.fields(kind))


def is_labelled(kind: type) -> bool:
    if kind in (Label, Integrity, Confidentiality):
        return True
    hints = {field.name: str(field.type) for field in dataclasses.fields(kind)}
    if "label" in hints or isinstance(getattr(kind, "label", None), property):
        return True
    inner = {vars(messages).get(word) for text in hints.values() for word in re.findall(r"[A-Z]\w+", text)}
    return any(isinstance(one, type) and dataclasses.is_dataclass(one) and one is not kind and is_labelled(one) for one in inner)
