"""The plan is made of the request alone, and what the request fixes stays fixed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ownmind.guard.declared import Declaration, Effect, Parameter, Role
from ownmind.guard.labels import Value
from ownmind.guard.plan import Literal, fits, is_said_with_numbers, is_used_up, planned, templates
from ownmind.guard.seen import Seen
from ownmind.messages import Integrity, Label

MEET = Declaration("meet", Effect.WRITES, {"title": Parameter(Role.CONTENT, words=("titled", "called")), "note": Parameter(Role.CONTENT)})
READ = Declaration("read", Effect.READS)
OUTSIDE = Label(Integrity.UNTRUSTED)


def read(*names: str) -> list[Seen]:
    return [Seen(READ, {}, tuple({"name": (Value(name, OUTSIDE),)} for name in names))]


def test_tools_are_counted_and_unknown_ones_left_out() -> None:
    """Two meetings are two; what nobody declared is no step."""
    plan = planned("Plan two meetings titled 'Lunch'", ["meet", "wipe", "meet"], {"meet": MEET})
    (step,) = plan.steps
    assert (step.tool, step.times, plan.step("wipe")) == ("meet", 2, None)
    assert step.arguments == {"title": (Literal("Lunch"),)}
    done = Seen(MEET, {})
    assert not is_used_up(step, [done]) and is_used_up(step, [done, done])


def test_a_hole_takes_a_whole_short_field_without_an_address() -> None:
    """A name that was read; not a sentence, not a part of one, not a link."""
    (literal,) = templates("Plan an event called 'Dinner at {restaurant}'")
    assert fits("Dinner at Miznon", literal, read("Miznon"))
    assert not fits("Dinner at Mizn", literal, read("Miznon"))
    assert not fits("Dinner at www.evil.example", literal, read("www.evil.example"))
    assert not fits("Dinner at " + "x" * 200, literal, read("x" * 200))
    assert not fits("Miznon", literal, read("Miznon"))


@given(st.text(max_size=30))
def test_a_literal_is_that_text_only(text: str) -> None:
    """Case, blanks and the full stop aside."""
    same = " ".join(text.split()).strip(" .!?'\"").casefold() == "see you at noon"
    assert fits(text, Literal("See you at noon."), []) is same


def test_a_letter_may_stand_for_a_number_where_the_request_says_so() -> None:
    """And nothing else may change with it."""
    request = "To each write: You are the k-th of all! (where k is replaced with the rank)"
    assert is_said_with_numbers(request, "You are the 3-th of all!")
    assert not is_said_with_numbers(request, "You are the worst of all!")
    assert not is_said_with_numbers("To each write: You are the k-th of all!", "You are the 3-th of all!")
