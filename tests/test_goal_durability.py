"""A process killed in the middle of a check-in has written all of it or nothing."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from goal_life import GoalLife
from ownmind.goals.goal import StepState
from store_fixtures import child

CODE = """
import sys
from pathlib import Path
from goal_life import GoalLife
life = GoalLife(Path(sys.argv[1]))
print("ready", flush=True)
for step in life.goals.steps():
    if step.state == "open":
        checked = life.goals.check_in(step.id, f"done, {step.id} went well" if step.position % 3 else "no, did not do it")
        print(step.id, checked.step.state, flush=True)
"""


def test_a_kill_in_a_check_in_loses_nothing_or_all_of_it(tmp_path: Path) -> None:
    """Killed at random moments: what was acknowledged is there; a step that is done has its evidence, and evidence its step."""
    home = tmp_path / "mind"
    life = GoalLife(home)
    goal = life.habit(a_week="7")
    life.goals.plan(4)
    life.store.close()
    chance = random.Random(7)
    acknowledged: dict[str, str] = {}
    for _ in range(4):
        process = child(CODE, home)
        assert process.stdout is not None
        wanted = chance.randint(1, 3)
        for line in process.stdout:
            name, _, state = line.strip().partition(" ")
            acknowledged.update({name: state} if state else {})
            wanted -= bool(state)
            if wanted <= 0:
                break
        process.kill()
        rest = process.stdout.read()
        process.wait()
        acknowledged.update(dict(line.split() for line in rest.splitlines() if len(line.split()) == 2))
        life = GoalLife(home)
        life.now += timedelta(minutes=1)
        steps = {one.id: one for one in life.goals.steps(goal)}
        told = {one.step for one in life.goals.progress(goal).evidence if one.kind == "said"}
        for name, state in acknowledged.items():
            assert steps[name].state.value == state
            assert name in told
        done = {one.id for one in steps.values() if one.state is StepState.DONE}
        assert done <= told
        assert all(steps[name].note for name in done)
        life.goals.plan()
        life.store.close()
