"""An address is meant by its owner's name only when the person wrote there themselves."""

from __future__ import annotations

from ownmind.guard.correspondents import is_correspondent
from ownmind.guard.declared import Declaration, Effect
from ownmind.guard.labels import Type, Value
from ownmind.guard.seen import Seen
from ownmind.messages import Integrity, Label

SYSTEM, OUTSIDE = Label(Integrity.SYSTEM), Label(Integrity.UNTRUSTED)
SENT = Declaration("sent", Effect.READS, kind="email", id="id", wrote_to="to")
BOOK = Declaration("contacts", Effect.READS, kind="contact", id="email", called="name", whole=True)
REQUEST = "Plan lunch with Sarah Baker and invite her"


def sent(*addresses: str, label: Label = SYSTEM) -> Seen:
    return Seen(SENT, {}, tuple({"id": (Value(str(n), SYSTEM, Type.OBJECT),), "to": (Value(one, label, Type.EMAIL),)}
                                for n, one in enumerate(addresses)))  # fmt: skip


def meant(address: str, *seen: Seen, request: str = REQUEST) -> bool:
    return is_correspondent(Value(address, OUTSIDE, Type.EMAIL), request, seen)


def test_whom_the_person_wrote_to_is_meant_by_their_name() -> None:
    """First and last name, as they stand in the address."""
    assert meant("sarah.baker@home.example", sent("sarah.baker@home.example", "bob.hill@work.example"))
    assert meant("Sarah_Baker@home.example", sent("sarah_baker@home.example"))
    assert not meant("bob.hill@work.example", sent("sarah.baker@home.example", "bob.hill@work.example"))
    assert not meant("sarah.baker@home.example", sent("sarah.baker@home.example"), request="Plan lunch with Sarah, the baker")
    assert not meant("sarah@home.example", sent("sarah@home.example"))


def test_a_stranger_of_that_name_is_not() -> None:
    """They wrote, or stand in an address book that fills itself; the person never wrote to them."""
    stranger = Seen(
        BOOK, {}, ({"name": (Value("Sarah Baker", OUTSIDE),), "email": (Value("sarah.baker@evil.example", OUTSIDE, Type.EMAIL),)},)
    )
    assert not meant("sarah.baker@evil.example", stranger)
    assert not meant("sarah.baker@evil.example", stranger, sent("sarah.baker@home.example"))
    assert meant("sarah.baker@home.example", stranger, sent("sarah.baker@home.example"))
    assert not meant("sarah.baker@evil.example", sent("sarah.baker@evil.example", label=OUTSIDE))


def test_two_of_that_name_are_asked_about() -> None:
    """And so is one of them, when the person wrote to both."""
    both = sent("sarah.baker@home.example", "sarah-baker@work.example")
    assert not meant("sarah.baker@home.example", both) and not meant("sarah-baker@work.example", both)
    assert not meant("sarah.baker@home.example")  # nothing was read
