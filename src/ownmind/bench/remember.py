"""Whether "remembered" is ever said without a row: scripted requests to remember, then kill -9, then a look at what is there.

A child process holds the conversation, with the starter brain or a scripted model, and prints each reply as it is done. The
parent kills it without warning after the last one, opens the home and looks for every text whose confirmation it has seen.
The control takes one held row away and counts again: the check must miss just that one.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..agent.turn import Parts, turn
from ..config import Config
from ..errors import OwnmindError
from ..memory.memory import Memory
from ..messages import Done, Failed, Heard, Kind
from ..models.brain import Brain
from ..models.scripted import ScriptedModel
from ..paths import Paths, find
from ..store.opening import open_store
from . import result

SEED = 7
_NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
_FORMS = (
    "Remember that {}", "Please remember: {}", "Don't forget that {}", "Note: {}", "Keep in mind that {}", "{}",
)  # fmt: skip
_THINGS = (
    "the spare key number {} hangs behind the {}", "my locker {} has the {} in it", "the {1} costs {0} euros at the market",
    "my {1} was repaired on street number {0}", "the code {} opens the {}", "Ana lent me {} euros for the {}",
)  # fmt: skip
_WORDS = "kettle bicycle tent camera guitar heater ladder kayak drill lantern piano sofa printer blender rucksack".split()  # noqa: SIM905


def requests(n: int, seed: int) -> list[tuple[str, str]]:
    """``n`` messages, each with the words that must be found again. Five of six ask outright, the others just say it."""
    chance = random.Random(seed)
    made = []
    for number in range(n):
        thing = chance.choice(_THINGS).format(1000 + number, chance.choice(_WORDS))
        form = _FORMS[number % len(_FORMS)]
        made.append((form.format(thing), thing))
    return made


def run(*, n: int = 200, seed: int = SEED, brain: str = "starter", **_: object) -> dict[str, object]:
    """Counts: confirmations, and those without a row. ``brain``: "starter", a catalogue id or a path; empty, a scripted model that
    always claims to have remembered."""
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        home = Path(folder) / "home"
        confirmed, done = _converse(home, n, seed, brain)
        with open_store(Paths(home, find().cache)) as store:
            memory = Memory(store, None, lambda: _NOW)
            held = {item.id: item.text for item in memory.items(kinds=[Kind.MESSAGE], limit=10 * n)}
            said = requests(n, seed)
            lost = [number for number, name in done.items() if said[number][0] != held.get(name)]
            held_less = {name: text for name, text in held.items() if name != next(iter(done.values()), "")}
            control = sum(said[number][0] != held_less.get(name) for number, name in done.items()) - len(lost)
    figures: dict[str, object] = {
        "turns": len(done),
        "confirmed": len(confirmed),
        "confirmed_without_a_row": len([number for number in confirmed if number in lost]),
        "lost_after_kill": len(lost),
        "rows": len(held),
    }
    return result("remember", figures, n=n, seed=seed, control=control, brain=brain or "scripted")


def _converse(home: Path, n: int, seed: int, brain: str) -> tuple[set[int], dict[int, str]]:
    """The numbers of the turns that were confirmed, and the item of every turn that was done; the child is killed at the end."""
    command = [sys.executable, "-c", "from ownmind.bench.remember import talk; talk()", str(home), str(n), str(seed), brain]
    confirmed: set[int] = set()
    done: dict[int, str] = {}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))  # noqa: S603  # ourselves
    assert child.stdout is not None
    try:
        for line in child.stdout:
            said = json.loads(line)
            done[said["number"]] = said["item"]
            if said["confirmed"]:
                confirmed.add(said["number"])
            if len(done) == n:
                break
    finally:
        child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        child.wait()
    if len(done) < n:
        raise OwnmindError(f"the conversation ended after {len(done)} of {n} turns")
    return confirmed, done


def talk() -> None:
    """The child: holds the conversation and prints one line a turn. Ends only by being killed."""
    home, n, seed, brain = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    asyncio.run(_talk(home, requests(n, seed), brain))


async def _talk(home: Path, texts: list[tuple[str, str]], name: str) -> None:
    where = Paths(home, find().cache)
    store = open_store(where)
    memory = Memory(store, None, lambda: _NOW)
    brain = (
        Brain.of(ScriptedModel("I'll remember that.")) if not name else Brain(Config() if name == "starter" else Config(brain=name), where)
    )
    if name:
        await brain.start()
        if not await brain.ready():
            raise OwnmindError(brain.note)
    parts = Parts(memory, brain, store.conversations, store.settings)
    for number, (text, _) in enumerate(texts):
        heard = ""
        async for event in turn(text, parts=parts, conversation="remember", now=_NOW + timedelta(minutes=number)):
            if isinstance(event, Heard):
                heard = event.item_id
            if isinstance(event, Done | Failed):
                said = event.reply.text if isinstance(event, Done) else ""
                confirmed = any(word in said.lower() for word in ("remember", "keep", "kept", "noted", "stored", "saved"))
                sys.stdout.write(json.dumps({"number": number, "item": heard, "confirmed": confirmed}) + "\n")
                sys.stdout.flush()
    await asyncio.sleep(3600)
