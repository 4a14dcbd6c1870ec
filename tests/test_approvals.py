"""A yes is for one call, as it was shown, for a while; and the card shows all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ownmind.guard.approvals import card, grant, is_for, visible
from ownmind.guard.declared import Declaration, Effect, Parameter, Role
from ownmind.guard.gate import Call, Granted, decide
from ownmind.guard.labels import Type, Value
from ownmind.guard.plan import planned
from ownmind.messages import Integrity, Label, Span

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OUTSIDE = Label(Integrity.UNTRUSTED, sources=("file:bill.txt",))
PAY = Declaration("pay", Effect.SPENDS, {
    "to": Parameter(Role.AUTHORITY, Type.IBAN), "amount": Parameter(Role.AUTHORITY, Type.NUMBER), "note": Parameter(Role.CONTENT),
}, says="Pay {amount} to {to}")  # fmt: skip


def call(to: str = "GB29NWBK60161331926819", amount: float = 98.7, note: str = "rent") -> Call:
    values = {"to": (Value(to, OUTSIDE, Type.IBAN),), "amount": (Value(amount, OUTSIDE, Type.NUMBER),), "note": (Value(note, OUTSIDE),)}
    return Call("pay", PAY, values)


@given(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20))
def test_a_yes_to_one_call_is_none_to_another(to: str, amount: float, note: str) -> None:
    """Whatever differs: an account, an amount, a word of the note."""
    capability = grant(call(), "0", NOW + timedelta(minutes=5))
    other = call(to, amount, note)
    assert is_for(capability, other, NOW) is (other == call())


def test_a_yes_ends() -> None:
    """At its minute, and moving the minute makes it worthless."""
    capability = grant(call(), "0", NOW + timedelta(minutes=5))
    assert is_for(capability, call(), NOW)
    assert not is_for(capability, call(), NOW + timedelta(minutes=5))
    longer = type(capability)(capability.digest, capability.step, capability.expires + timedelta(days=1))
    assert not is_for(longer, call(), NOW)
    assert not is_for(type(capability)(capability.digest, "1", capability.expires), call(), NOW)


def test_the_card_says_what_and_to_whom_and_where_from() -> None:
    """The very effect, its destination, each value with its origin, outside stretches marked, and what a yes could vouch for."""
    one = call()
    shown = card(one, decide(one, planned("Pay the bill", ["pay"], {"pay": PAY}), Granted()))
    assert shown.what == "Pay “98.7” to “GB29NWBK60161331926819”"
    assert shown.destination == ("GB29NWBK60161331926819",)
    account = next(value for value in shown.values if value.name == "to")
    assert "file:bill.txt" in account.origin and account.tainted == (Span(0, 22),)
    assert account.secrets and account.secrets[0].what == "an account number"
    assert {needed.normal for needed in shown.endorsable} == {"GB29NWBK60161331926819", "98.7"}


def test_nothing_on_a_card_is_hidden_or_turned_around() -> None:
    """A direction mark or a zero-width blank cannot make one account look like another."""
    assert visible("GB29\u202e123\u200b") == "GB29<U+202E>123<U+200B>"
    assert visible("two\nlines") == "two\nlines"
