"""Goals, steps and weeks in plain sentences, from their rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ...goals import slots
from ...goals.goal import Chip, Draft, Goal, How, Moved, Progress, State, Step, Week
from ...goals.slots import amount_shown
from ...memory.calendar import day_in_words
from ...people.person import Promise

_MOST_STEPS = 7
_MOST_LINES = 6


def drafted(draft: Draft, *, kind: str = "", heard: str = "") -> str:
    """The draft with what was understood, what must be said of it, and the next question. ``kind``: of goal, in words; ``heard``: the parts
    an answer has just filled; only those are said back until the draft is whole."""
    if draft.refused:
        return draft.refused
    assert draft.goal is not None, "a draft is a goal or refused"
    if heard and draft.question:
        return "\n".join([heard, *draft.remarks, question(draft)])
    lead = "That goal is here already" if draft.is_known else "The goal as I have it" if heard else "I understood this as a goal"
    lines = [f"{lead}: {draft.goal.title.strip()}{f' ({kind[:1].lower()}{kind[1:]})' if kind else ''}."]
    if said := understood(draft.goal):
        lines.append(said)
    lines += draft.remarks
    if draft.goal.state is State.DRAFT:
        lines.append(question(draft))
    return "\n".join(lines)


def question(draft: Draft) -> str:
    """The one thing to ask now, or whether to plan it."""
    if not draft.question:
        return "Is that right? Say yes and I will plan it, or say what should be different."
    choices = f" For example: {', '.join(draft.choices[:10])}." if draft.choices else ""
    return f"{draft.question}{choices}"


def understood(goal: Goal) -> str:
    """What was read from the person's words, in one sentence; "" when nothing but the goal itself was."""
    unit = goal.measure.unit if goal.measure else ""
    parts = [part(chip, unit) for chip in goal.chips if chip.how is not How.ASSUMED and chip.slot != "title" and chip.value]
    assumed = [part(chip, unit) for chip in goal.chips if chip.how is How.ASSUMED and chip.value]
    said = f"I read: {'; '.join(parts)}." if parts else ""
    usual = f"Unless you say otherwise: {'; '.join(assumed)}." if assumed and parts else ""
    return " ".join(part for part in (said, usual) if part)


def part(chip: Chip, unit: str = "") -> str:
    """One part as it is said: "by 12 April 2027". ``unit``: of what is counted."""
    value = chip.value
    match chip.slot:
        case "deadline":
            return f"by {day_in_words(date.fromisoformat(value))}"
        case "begins":
            return f"from {day_in_words(date.fromisoformat(value))}"
        case "a_week":
            return f"{value} times a week" if value != "1" else "once a week"
        case "every":
            return f"every {value} days"
        case "minutes":
            return f"{value} each time"
        case "target":
            return f"up to {_amount(value)}"
        case "baseline":
            return f"now {_amount(value)}"
        case "why":
            return f"because {value}"
        case "place":
            return f"at {value}"
        case "person":
            return f"for {value}"
        case "obstacles" | "windows":
            return value
        case "pace":
            return f"{value} minutes for each {unit.removesuffix('s') or 'one'}"
        case "rest":
            return f"{value} free {'day' if value == '1' else 'days'} between"
        case "amounts":
            return f"{value} amounts"
    return f"{slots.needed(chip.slot).label}: {value}"


def _amount(value: str) -> str:
    amount = slots.read("target", value)
    return amount_shown(amount.number, amount.unit) if isinstance(amount, slots.Amount) else value


def week(shown: Week, *, goal: str = "") -> str:
    """The week's steps with their places and what the checker proved; where it does not fit, what is missing and what would help."""
    placed = sorted((step for step in shown.steps if step.start is not None), key=_starts)
    own = [step for step in placed if not goal or step.goal == goal]
    lines = [f"- {at(_starts(step))}: {step.title} ({step.minutes} min)" for step in own[:_MOST_STEPS]]
    if len(own) > _MOST_STEPS:
        lines.append(f"- and {len(own) - _MOST_STEPS} more")
    if not shown.fits:
        why = [f"It does not fit: {shown.missing}."] if shown.missing else ["It does not fit into this week."]
        offers = [f"{number}. {', '.join(offer.words)}" for number, offer in enumerate(shown.offers, 1)]
        asks = ["Say which of these I should take."] if offers else []
        return "\n".join([*why, *offers, *asks, *lines, *shown.notes])
    if not lines:
        return "Nothing needs a place this week."
    proof = f"The checker found {len(shown.proof)} rules kept." if shown.proof else ""
    return "\n".join(part for part in ("This is the week:", *lines, *moved(shown.moved), *shown.notes, proof) if part)


def moved(changes: Sequence[Moved]) -> list[str]:
    """What has another place now, and why."""
    lines = []
    for change in changes[:_MOST_LINES]:
        to = f"to {at(change.now)}" if change.now else "out of the week"
        lines.append(f"{change.title} moved {to}: {change.why}.")
    return lines


def waiting(goal: Goal) -> str:
    """That nothing is planned because this goal is not confirmed."""
    return f"Nothing is planned yet: “{goal.title}” still waits for your word."


def steps(found: Sequence[Step], today: date) -> str:
    """What comes next, the soonest first."""
    if not found:
        return "Nothing is planned next."
    first = found[0]
    is_today = first.start is not None and first.start.date() <= today
    lines = [_step(step, today) for step in found[:_MOST_STEPS]]
    return ("Today:\n" if is_today else "Nothing is left for today. Next:\n") + "\n".join(f"- {line}" for line in lines)


def _step(step: Step, today: date) -> str:
    when = "no place yet" if step.start is None else f"{step.start:%H:%M}" if step.start.date() == today else at(step.start)
    return f"{when}: {step.title} ({step.minutes} min)"


def progress(goal: Goal, found: Progress) -> str:
    """How far it has come, and how that is known."""
    behind = ""
    if found.behind_by:
        unit = goal.measure.unit if goal.measure else ""
        behind = f" That is {amount_shown(abs(found.behind_by), unit)} {'behind' if found.behind_by > 0 else 'ahead of'} the plan."
    return f"{goal.title}: {found.words.rstrip('.')}.{behind}"


def promises(found: Sequence[Promise], whom: str) -> str:
    """What was promised, each with its sentence."""
    lines = [
        f"- {one.what.rstrip('.')}{f' ({one.due_words})' if one.due_words else ''}: “{one.sentence.strip()}”" for one in found[:_MOST_LINES]
    ]
    return f"{whom}:\n" + "\n".join(lines)


def at(moment: datetime) -> str:
    """ "Mon 23 Nov, 18:00"."""
    return f"{moment:%a} {moment.day} {moment:%b}, {moment:%H:%M}"


def _starts(step: Step) -> datetime:
    assert step.start is not None
    return step.start
