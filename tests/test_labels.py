"""Labels: what is made of several things may do only what all of them may."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ownmind.guard.labels import NEUTRAL, is_at_least, join, of_item
from ownmind.messages import Confidentiality, Integrity, Item, Kind, Label, Source

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
