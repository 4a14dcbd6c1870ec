"""What somebody teaches is learnt whole, and not taken for where they are from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ownmind.memory.rules import candidates
from ownmind.messages import Integrity, Item, Kind, Label, Source

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "learnt"),
    [
        ("I teach German and history at a school in Freiburg.", ["You are a teacher of German and history", "You work at a school"]),
        ("I am not German, I teach German.", ["You are a teacher of German"]),
        ("I teach maths at a secondary school.", ["You are a maths teacher", "You work at a secondary school"]),
        ("I teach maths and live in Leeds.", ["You are a maths teacher", "You live in Leeds"]),
        ("I teach my son to swim.", []),
    ],
)
def test_a_teacher_is_one_of_what_they_teach(text: str, learnt: list[str]) -> None:
    item = Item("i1", text, Source("note:1"), Label(Integrity.PERSON), Kind.MESSAGE, NOW, "", "c", 0, NOW)
    assert [found.text for found in candidates(item)] == learnt
