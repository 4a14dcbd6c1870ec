"""What changed because of the person is told with their words, taken back and had again. Real encrypted store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from commandline import ownmind, quiet_home
from ownmind import Companion
from ownmind.agent.grown import Change
from ownmind.errors import BadInput, NotFound
from ownmind.models.scripted import ScriptedModel


@pytest.fixture
def mind() -> Iterator[Companion]:
    with Companion.temporary(brain=ScriptedModel("Your dentist is Dr Ames.")) as mind:
        yield mind


def believed(mind: Companion) -> list[str]:
    return sorted(fact.text for fact in mind.facts())


def fact(mind: Companion, text: str) -> str:
    return next(one.id for one in mind.facts() if one.text == text)


def changes(mind: Companion, kind: str = "") -> tuple[Change, ...]:
    return mind.growth.all(kind).changes


def corrected(mind: Companion) -> Change:
    """A reply that was wrong, put right with a thumb, and remembered."""
    mind.remember("My dentist is Dr Ames.")
    reply = mind.say("Who is my dentist?").id
    mind.talk.rate(reply, False, "My dentist is Dr Brooks.")
    mind.talk.remember(reply)
    [one] = changes(mind, "correction")
    return one


def test_a_memory_put_right_is_told_with_the_words_that_did_it(mind: Companion) -> None:
    """What holds since, what that took the place of, and the person's own words, whole."""
    mind.remember("I live in Lyon.")
    mind.fix(fact(mind, "You live in Lyon"), "You live in Lille")
    [one] = changes(mind)
    assert (one.kind, one.now, one.before, one.state) == ("fix", ("You live in Lille",), ("You live in Lyon",), "stands")
    assert [each.told.quote for each in one.evidence] == ["You live in Lille"]
    assert one.at is not None and abs((datetime.now(UTC) - one.at).total_seconds()) < 60


def test_a_fix_is_taken_back_and_had_again(mind: Companion) -> None:
    """What it put right is believed as before, also the end that its words name; and then the correction again."""
    mind.remember("I live in Lyon until 2099.")
    before = believed(mind)
    [lyon] = mind.facts()
    mind.fix(lyon.id, "You live in Lille")
    after = believed(mind)
    [one] = changes(mind)
    undone = mind.growth.undo(one.id)
    assert (undone.state, undone.can_undo, undone.can_redo, undone.before) == ("undone", False, True, (lyon.text,))
    assert believed(mind) == before and mind.facts() == [lyon]
    assert changes(mind) == (undone,)
    with pytest.raises(BadInput, match="taken back"):
        mind.growth.undo(one.id)
    again = mind.growth.redo(one.id)
    assert again.state == "stands" and again.can_undo and believed(mind) == after != before


def test_a_fix_that_was_fixed_again_waits_for_the_later_one(mind: Companion) -> None:
    """Only what stands can be taken back, so that nothing is believed twice."""
    mind.remember("I live in Lyon.")
    mind.fix(fact(mind, "You live in Lyon"), "You live in Lille")
    mind.fix(fact(mind, "You live in Lille"), "You live in Nice")
    later, earlier = changes(mind, "fix")
    assert (earlier.state, earlier.can_undo) == ("over", False) and later.can_undo
    mind.growth.undo(later.id)
    assert believed(mind) == ["You live in Lille"]
    mind.growth.undo(earlier.id)
    assert believed(mind) == ["You live in Lyon"]


def test_a_corrected_reply_is_told_once_it_is_remembered(mind: Companion) -> None:
    """A thumb changes nothing, and neither does its word; remembered, it does, and taken back it does not any more."""
    mind.remember("My dentist is Dr Ames.")
    reply = mind.say("Who is my dentist?").id
    mind.talk.rate(reply, False, "My dentist is Dr Brooks.")
    assert not changes(mind, "correction")
    mind.talk.remember(reply)
    [one] = changes(mind, "correction")
    assert one.evidence[0].told.quote == "My dentist is Dr Brooks."
    assert one.evidence[1].item_id == reply and "Ames" in one.evidence[1].told.quote
    with_it = believed(mind)
    undone = mind.growth.undo(one.id)
    assert (undone.now, undone.before) == (("Your dentist is Dr Brooks",), ("Your dentist is Dr Ames",))
    assert undone.state == "undone" and undone.can_redo and not changes(mind, "correction") and mind.growth.get(one.id) == undone
    assert believed(mind) == ["Your dentist is Dr Ames"] and not mind.recall("Dr Brooks")[0].text.startswith("My dentist is Dr Brooks")
    assert not mind.talk.feedback()[0].is_remembered
    assert mind.growth.redo(one.id).state == "stands" and believed(mind) == with_it


def test_a_confirmation_is_told_when_it_was_given_and_taken_back(mind: Companion) -> None:
    """It says so also after it was taken back, until it is given again."""
    mind.remember("I like figs.")
    mind.keep(fact(mind, "You like figs"))
    [one] = changes(mind, "confirmed")
    assert one.now == ("You like figs",) and one.evidence[0].told.quote == "I like figs" and one.can_undo
    undone = mind.growth.undo(one.id)
    assert (undone.state, undone.can_redo) == ("undone", True) and not mind.facts()[0].kept
    assert changes(mind, "confirmed") == (undone,)
    assert mind.growth.redo(one.id).state == "stands" and mind.facts()[0].kept


def test_newer_words_are_told_with_what_they_took_the_place_of(mind: Companion) -> None:
    """Undone, the older ones stand whatever was said later; what a stranger's text says is no change because of the person."""
    mind.remember("I live in Lyon.", at=datetime(2026, 1, 1, tzinfo=UTC))
    mind.remember("I live in Porto.", at=datetime(2026, 5, 1, tzinfo=UTC))
    [one] = changes(mind, "updated")
    assert (one.now, one.before) == (("You live in Porto",), ("You live in Lyon",)) and one.evidence[0].told.quote == "I live in Porto"
    undone = mind.growth.undo(one.id)
    assert undone.state == "undone" and believed(mind) == ["You live in Lyon"]
    assert [each.kind for each in changes(mind)] == ["confirmed"]
    mind.growth.redo(one.id)
    assert believed(mind) == ["You live in Porto"]


def test_how_the_person_wants_to_be_treated_is_a_change(mind: Companion) -> None:
    """A need holds for every answer; it is taken back by forgetting its words, and nothing else is offered."""
    mind.remember("I'm vegetarian.")
    [one] = changes(mind)
    assert (one.kind, one.now, one.can_undo) == ("wish", ("You are vegetarian",), False)
    assert one.fact is not None and one.fact.text == "You are vegetarian"
    with pytest.raises(BadInput, match="taken back"):
        mind.growth.undo(one.id)


def test_what_may_leave_for_good_is_told_and_revoked(mind: Companion) -> None:
    """What is allowed once or for an hour changes nothing for good."""
    mind._house.allow("example.org", "reading a page", once=True)
    given = mind._house.allow("example.com", "reading a page")
    [one] = changes(mind)
    assert (one.kind, one.now, one.detail) == ("permission", ("example.com",), "reading a page")
    assert mind.growth.undo(one.id).state == "undone"
    assert [each.id for each in mind.permissions()] != [given.id]
    with pytest.raises(BadInput, match="again"):
        mind.growth.redo(one.id)


def test_a_skill_that_was_switched_off_is_told_and_switched_on(mind: Companion) -> None:
    """It is no change any more then, and the answer says what became of it."""
    name = mind.skills.all()[0].name
    mind.skills.enable(name, on=False)
    [one] = changes(mind)
    assert (one.kind, one.now, one.detail) == ("skill", (name,), "off") and one.at is not None
    undone = mind.growth.undo(one.id)
    assert undone.state == "undone" and undone.can_redo and mind.skills.get(name).is_on and not changes(mind)
    assert mind.growth.redo(one.id).state == "stands" and not mind.skills.get(name).is_on


def test_a_model_is_told_since_its_first_reply(mind: Companion) -> None:
    mind.say("Hello.")
    mind.say("Hello again.")
    [one] = changes(mind, "brain")
    assert one.now == ("scripted",) and one.count == 2 and not one.can_undo


def test_pages_go_on_across_kinds(mind: Companion) -> None:
    """Every change once, the latest first, whatever kind it is and however small the page."""
    for n in range(4):
        mind.remember(f"I like number{n}.")
        mind.keep(fact(mind, f"You like number{n}"))
        mind.remember(f"I live in City{n}.")
        mind._house.allow(f"host{n}.example", "reading a page")
    whole = [one.id for one in changes(mind)]
    assert len(whole) == len(set(whole)) == 4 + 3 + 4
    for size in (1, 3, 4):
        seen, cursor = [], ""
        while True:
            page = mind.growth.all(cursor=cursor, limit=size)
            seen += [one.id for one in page.changes]
            if not (cursor := page.next):
                break
        assert seen == whole
    assert [one.at for one in changes(mind)] == sorted((one.at for one in changes(mind)), reverse=True)  # type: ignore[type-var]
    for bad in ("yesterday", "1.0 nothing 3"):
        with pytest.raises(BadInput):
            mind.growth.all(cursor=bad)
    with pytest.raises(BadInput):
        mind.growth.all("moods")
    for gone in ("fix:i999999", "people:same:l1.2", "people:same:x", "skill:none", "mood:1", "confirmed:f999999"):
        with pytest.raises(NotFound):
            mind.growth.get(gone)


def test_forgotten_words_are_in_no_change(mind: Companion) -> None:
    """With the words goes what a change says of them: as what holds, as what was before, as what it rests on."""
    mind.remember("I live in Lyon.")
    mind.fix(fact(mind, "You live in Lyon"), "You live in Lille")
    mind.remember("I like quinces.")
    mind.keep(fact(mind, "You like quinces"))
    mind.remember("I'm vegetarian.")
    corrected(mind)
    assert len(changes(mind)) >= 4
    for words in ("Lyon", "quinces", "vegetarian", "Brooks"):
        mind.forget(mind.plan_forget(words))
        told = json.dumps([[one.now, one.before, [each.told.quote for each in one.evidence]] for one in changes(mind)])
        assert words not in told, words
    mind.forget(mind.plan_forget("Lille"))
    assert not changes(mind, "fix")


def test_a_week_counts_rows(mind: Companion) -> None:
    """Replies and their thumbs, corrections, what was not known, and what was learnt, confirmed and put right; other weeks are empty."""
    corrected(mind)
    mind.say("Hello.")
    mind.talk.rate(mind.say("Hello again.").id, True)
    mind.remember("I live in Lyon.")
    mind.keep(fact(mind, "You live in Lyon"))
    mind.fix(fact(mind, "You live in Lyon"), "You live in Lille")
    *others, week = mind.growth.weeks(3)
    assert (week.replies, week.good, week.bad, week.corrections, week.remembered) == (3, 1, 1, 1, 1)
    assert (week.confirmed, week.put_right) == (1, 1) and week.learnt >= 3
    assert all((one.replies, one.learnt, one.good, one.put_right) == (0, 0, 0, 0) for one in others)
    assert [one.start.weekday() for one in (*others, week)] == [0, 0, 0] and week.start <= date.today() < week.start + timedelta(days=8)
    mind.talk.undo(mind.talk.feedback()[0].reply_id)
    assert mind.growth.weeks(1)[0].bad == 0


def test_the_command_shows_takes_back_and_counts(tmp_path: Path) -> None:
    """In words and as JSON; each change can be named by its id."""
    home = quiet_home(tmp_path)
    ownmind(home, "remember", "I live in Lyon.")
    ownmind(home, "fix", "f1", "You live in Lille")
    shown = ownmind(home, "growth").stdout
    assert "You put a memory right: You live in Lille (before: You live in Lyon)" in shown and "weights are never changed" in shown
    [one] = json.loads(ownmind(home, "growth", "--json").stdout)["changes"]
    assert "taken back" in ownmind(home, "growth", "undo", one["id"]).stdout
    assert "Lyon" in ownmind(home, "facts").stdout
    assert json.loads(ownmind(home, "growth", "redo", one["id"], "--json").stdout)["state"] == "stands"
    assert json.loads(ownmind(home, "growth", "weeks", "--json").stdout)[-1]["put_right"] == 1
    assert "1 put right by hand" in ownmind(home, "growth", "weeks").stdout
    failed = ownmind(home, "growth", "undo")
    assert failed.returncode and "which" in failed.stderr


def test_who_is_who_by_hand_is_told_and_taken_back(mind: Companion, tmp_path: Path) -> None:
    """Two that were made one, and two told apart: taken back, the sources alone say who is who again; forgotten, nobody is named."""
    cards = ("Ana Ruiz", "Anna Ruiz-Gil")
    text = "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nN:{name};;;;\nUID:{n}\nEND:VCARD\n" for n, name in enumerate(cards))
    (tmp_path / "contacts.vcf").write_text(text)
    mind.import_paths([tmp_path / "contacts.vcf"])
    one, other = sorted(mind.people.all(), key=lambda each: each.name)
    mind.people.merge(one.id, other.id)
    [change] = changes(mind)
    assert (change.kind, change.detail, set(change.now)) == ("people", "same", set(cards)) and len(mind.people.all()) == 1
    undone = mind.growth.undo(change.id)
    assert undone.state == "undone" and undone.can_redo and len(mind.people.all()) == 2 and not changes(mind)
    mind.growth.redo(change.id)
    assert len(mind.people.all()) == 1 and [each.id for each in changes(mind)] == [change.id]
    mind.forget(mind.plan_forget("Anna"))
    assert not changes(mind)
