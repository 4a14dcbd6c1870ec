"""The weekly review: what the goals' own rows say of this week, each line with its source."""

from __future__ import annotations

import asyncio

from ...goals.telling.review import Review
from ..running import Job, Pieces


async def run(job: Job) -> Pieces:
    week = await asyncio.to_thread(job.hands.review)
    yield f"The week from {week.first:%A %d %B} to {week.last:%A %d %B}.\n"
    if week.words:
        yield f"\n{week.words}\n"
    for line in lines(week):
        yield f"{line}\n"
    for each in (*(line for goal in week.goals for line in goal.lines), *week.next_week):
        for ref in each.refs:
            job.hands.cite_id(ref.ref, each.text)
    open_ones = [goal.title for goal in week.goals if goal.missed]
    yield f"\nTo think about: what would have to be different for “{open_ones[0]}” to go well next week?\n" if open_ones else ""


def lines(week: Review) -> list[str]:
    said = []
    for goal in week.goals:
        said.append(f"\n{goal.title}: {goal.words}")
        said += [f"- {line.text}" for line in goal.lines]
    if week.reflections:
        said += ["\nWhat your own words came back to:", *(f"- {one.text}" for one in week.reflections)]
    if week.suggestions:
        said += ["\nWhat the rows suggest:", *(f"- {one.words}" for one in week.suggestions)]
    if week.next_week:
        said += ["\nNext week:", *(f"- {line.text}" for line in week.next_week)]
    return said
