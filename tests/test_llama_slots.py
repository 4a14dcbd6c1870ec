"""Which evaluated prompts stay: the slots of the chat model, without the model."""

from __future__ import annotations

from ownmind.models.llama.slots import BEGINNING, KEPT, Place, Slots, common

SHARED = list(range(100))  # a fixed beginning
GATE = list(range(1000, 1100))


def evaluate(slots: Slots, tokens: list[int], key: str, *, generated: int = 10) -> Place:
    """One whole request: taken, evaluated, answered, given back."""
    place = slots.take(tokens, key, room=50)
    assert place is not None
    for slot in place.erase:
        slot.tokens, slot.generated = [], 0
    if place.copy_from is not None:
        place.slot.tokens, place.slot.generated = place.copy_from.tokens, place.copy_from.generated
        place.copy_from.is_busy = False
    place.slot.tokens, place.slot.generated = tokens, generated
    slots.give_back(place)
    return place


def test_a_conversation_comes_back_to_its_own_slot() -> None:
    """Others that begin alike run in between; its talk stays evaluated to the last token it said."""
    slots = Slots(4, 4096)
    first = evaluate(slots, [*SHARED, 7, 7, 7], "a")
    evaluate(slots, [*SHARED, 8, 8], "b")
    evaluate(slots, [*GATE, 9], "gate")
    again = slots.take([*SHARED, 7, 7, 7, *[5] * 10, 6], "a", room=50)
    assert again is not None and again.slot is first.slot and again.copy_from is None
    assert again.slot.evaluated([*SHARED, 7, 7, 7, *[5] * 10, 6]) == 113


def test_a_new_conversation_takes_over_an_evaluated_beginning() -> None:
    """It gets a slot of its own, and the state of the one that begins alike is copied into it."""
    slots = Slots(4, 4096)
    first = evaluate(slots, [*SHARED, *[7] * 200], "a")
    second = slots.take([*SHARED, 8], "b", room=50)
    assert second is not None and second.slot is not first.slot and second.copy_from is first.slot
    assert first.slot.is_busy, "nobody starts on it while it is copied"


def test_where_nothing_can_be_copied_the_beginning_is_built_on_itself() -> None:
    """Systems without descriptors as names: the first loses its tail, nobody evaluates the beginning again."""
    slots = Slots(4, 4096, can_copy=False)
    first = evaluate(slots, [*SHARED, 7], "a")
    second = slots.take([*SHARED, 8], "b", room=50)
    assert second is not None and second.slot is first.slot and second.copy_from is None


def test_the_last_of_a_beginning_is_given_away_last() -> None:
    """The gate was used longest ago; a talk of which another shares the beginning goes before it."""
    slots = Slots(3, 4096)
    gate = evaluate(slots, [*GATE, 1], "gate")
    oldest = evaluate(slots, [*SHARED, 2], "a")
    evaluate(slots, [*SHARED, 3], "b")
    place = evaluate(slots, list(range(5000, 5050)), "new")
    assert place.slot is oldest.slot and place.slot is not gate.slot


def test_the_cache_never_holds_more_than_its_cells() -> None:
    """However many conversations come, what all slots hold and what runs fits; what goes is named before it goes."""
    slots = Slots(8, 600)
    for number in range(50):
        tokens = [*SHARED, *[number] * 60]
        place = slots.take(tokens, str(number), room=50)
        assert place is not None
        for slot in place.erase:
            slot.tokens, slot.generated = [], 0
        if place.copy_from is not None:
            place.copy_from.is_busy = False
        place.slot.tokens, place.slot.generated = tokens, 50
        slots.give_back(place)
        assert sum(slot.size for slot in slots.slots) <= 600


def test_a_long_window_does_not_keep_every_talk() -> None:
    """What lies idle is bounded, whatever one request may read; one longer than that still fits."""
    slots = Slots(8, 32768)
    for number in range(8):
        place = slots.take([number] * 3000, str(number), room=50)
        assert place is not None
        for slot in place.erase:
            slot.tokens, slot.generated = [], 0
        place.slot.tokens, place.slot.generated = [number] * 3000, 10
        slots.give_back(place)
        assert sum(slot.size for slot in slots.slots) <= KEPT
    assert slots.take([9] * 30000, "long", room=500) is not None


def test_the_same_question_again_finds_its_slot_behind_a_long_reply() -> None:
    """What was said after it is dropped; the question stays evaluated."""
    slots = Slots(4, 4096)
    first = evaluate(slots, SHARED[:40], "a", generated=300)
    again = slots.take(SHARED[:40], "a", room=50)
    assert again is not None and again.slot is first.slot


def test_what_runs_bounds_what_may_begin() -> None:
    """Two long requests do not fit at once: the second waits, and a short one need not."""
    slots = Slots(4, 1000)
    long = slots.take(list(range(600)), "a", room=200)
    assert long is not None and slots.take(list(range(600)), "b", room=200) is None
    assert slots.take([1, 2, 3], "c", room=50) is not None
    slots.give_back(long)
    assert slots.take(list(range(600)), "b", room=200) is not None


def test_one_conversation_twice_at_once_has_two_slots() -> None:
    """A request never waits for a slot because another of the same talk is running."""
    slots = Slots(4, 4096)
    one, two = slots.take([*SHARED, 1], "a", room=50), slots.take([*SHARED, 2], "a", room=50)
    assert one is not None and two is not None and one.slot is not two.slot


def test_common_beginnings_are_counted_to_the_token() -> None:
    """Equal, shorter, different at once, empty."""
    assert [common([1, 2, 3], other) for other in ([1, 2, 3], [1, 2], [1, 2, 4], [2], [])] == [3, 2, 2, 0, 0]
    assert len(SHARED) >= BEGINNING
