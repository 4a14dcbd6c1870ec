"""Which of the person's own objects a request means is decided by code over what was read."""

from __future__ import annotations

from ownmind.guard.declared import Declaration, Effect
from ownmind.guard.labels import Type, Value
from ownmind.guard.own import is_meant
from ownmind.guard.seen import Seen
from ownmind.messages import Integrity, Label

SYSTEM, OUTSIDE = Label(Integrity.SYSTEM), Label(Integrity.UNTRUSTED)
MAKE = Declaration("make", Effect.WRITES, kind="file", id="id")


def test_what_this_session_made_is_meant() -> None:
    """A file that was just made may be shared on; another id may not."""
    seen = [Seen(MAKE, {}, ({"id": (Value("26", SYSTEM, Type.OBJECT),)},))]
    assert is_meant(Value("26", OUTSIDE, Type.OBJECT), "file", "Make a file and share it", seen)
    assert not is_meant(Value("25", OUTSIDE, Type.OBJECT), "file", "Make a file and share it", seen)
