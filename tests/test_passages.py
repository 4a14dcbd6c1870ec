"""Passages: exact stretches of a document, of a size that is found well."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from documents import prose
from ownmind.memory.passages import ENOUGH, LEFTOVER, LONGEST, MOST, split
from ownmind.messages import Part, Span


def parts(*texts: str) -> list[Part]:
    found, start = [], 0
    for page, text in enumerate(texts, start=1):
        found.append(Part(text, Span(start, start + len(text)), page=page, heading=f"h{page}"))
        start += len(text)
    return found


TEXTS = st.lists(st.text(st.sampled_from("ab Éß。! ?.\n\n\t\"')1-*") | st.characters(exclude_categories=["Cs"]), max_size=3000), max_size=4)


@given(TEXTS)
def test_passages_rejoin_to_the_text_they_were_cut_from(texts: list[str]) -> None:
    """Every span is exact, passages are in order and apart, never cross a part, and nothing but white space lies between them."""
    whole = "".join(texts)
    at = 0
    pages = parts(*texts)
    for passage in split(pages):
        assert whole[passage.span.start : passage.span.end] == passage.text
        assert passage.text.strip() == passage.text != ""
        assert whole[at : passage.span.start].strip() == ""
        at = passage.span.end
        assert passage.page is not None
        page = pages[passage.page - 1]
        assert page.span.start <= passage.span.start < passage.span.end <= page.span.end
        assert passage.heading == page.heading
    assert whole[at:].strip() == ""


@given(TEXTS)
def test_no_passage_is_longer_than_the_embedder_and_a_reader_can_take(texts: list[str]) -> None:
    """Whatever the text, also without a space in it, a passage stays under its limits of words and characters."""
    for passage in split(parts(*texts)):
        assert len(passage.text.split()) <= MOST + LEFTOVER
        assert len(passage.text) <= 2 * LONGEST


def test_prose_becomes_passages_of_whole_sentences() -> None:
    """Ordinary paragraphs give passages between the least and the most, each ending where a sentence ends."""
    passages = list(split(parts(prose(5000))))
    counts = [len(passage.text.split()) for passage in passages]
    assert all(passage.text.endswith("again.") for passage in passages)
    assert all(ENOUGH <= count <= MOST + LEFTOVER for count in counts)


def test_a_sentence_ends_neither_at_an_abbreviation_before_a_small_letter_nor_inside_a_number() -> None:
    """A long run of sentences is cut between them: after the full stop, after a closing quote, and in Chinese without a space."""
    sentence = 'It cost approx. 3.50 pounds, i.e. too much, he said. "No!" She agreed. '
    for passage in split(parts(sentence * 40)):
        assert passage.text.startswith(("It cost", '"No!"', "She agreed"))
    chinese = "我们今天去了市场。" * 400
    assert all(passage.text.endswith("。") for passage in split(parts(chinese)))


def test_a_short_document_is_one_passage() -> None:
    """Two lines stay together, whole."""
    (passage,) = split(parts("  Ana's allergy: peanuts.\n\nBen likes tea.\n"))
    assert passage.text == "Ana's allergy: peanuts.\n\nBen likes tea."
    assert passage.span == Span(2, 2 + len(passage.text))
