"""Whether what was acknowledged is there after whatever ended the process: kills, power cuts, full disks, rotten bits, jumping clocks.

Real homes, the real road of every write. Each zero stands beside a control that must find something: the same power cuts with flushing
turned off, the same kills on a keeper that acknowledges before it writes, the same flipped bits in a file without encryption.
"""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

from .. import result
from . import faults
from .cuts import cut
from .kills import careless, killed

_SHOWN = 10


def run(*, seed: int = 11, quick: bool = False, **_: object) -> dict[str, object]:
    """Counts; ``faults`` is to be 0. Linux and macOS: a kill and a limit on files are asked of the system."""
    kills, cuts, calls = (6, 48, 40) if quick else (500, 2000, 250)
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name:
        folder = Path(name)
        for part in ("cuts", "unflushed", "beside", "kills", "faults"):
            (folder / part).mkdir()
        power = cut(folder / "cuts", cuts=cuts, calls=calls, seed=seed)
        unflushed = cut(folder / "unflushed", cuts=min(cuts, 200), calls=min(calls, 60), seed=seed, unflushed="database")
        beside = cut(folder / "beside", cuts=min(cuts, 200), calls=min(calls, 60), seed=seed, unflushed="beside")
        kill = killed(folder / "kills", kills=kills, seed=seed)
        lost_by_careless = careless(folder / "kills", kills=min(kills, 20), seed=seed)
        disk = faults.full_disk(folder / "faults", runs=2 if quick else 20, seed=seed)
        rot = faults.bit_rot(folder / "faults", flips=30 if quick else 400, seed=seed)
        clock = faults.clocks(folder / "faults", seed=seed)
        second = faults.second_process(folder / "faults", tries=3 if quick else 20)
    counts = {
        "kill: lost": kill.lost,
        "kill: corrupt": kill.corrupt,
        "kill: outside effects doubled": kill.doubled,
        "kill: outside effects nobody tells of": kill.untold,
        "power cut: lost": power.lost,
        "power cut: corrupt": power.corrupt,
        "full disk: lost": disk["lost"],
        "full disk: corrupt": disk["corrupt"],
        "full disk: another error than ours": disk["raised_something_else"],
        "bit rot: silently wrong": rot["silently_wrong"],
        "clock: out of order, missing or another time": clock["out_of_order"] + clock["missing"] + clock["another_time"],
        "clock: ids twice, ledger broken": clock["ids_twice"] + clock["ledger"],
        "second process: let in": second["let_in"] + second["unsound"],
    }
    control = {
        "power cuts without flushing: lost or corrupt": unflushed.lost + unflushed.corrupt,
        "power cuts without flushing the files beside: lost or corrupt": beside.lost + beside.corrupt,
        "of": unflushed.cuts,
        "kills of a careless keeper: lost": lost_by_careless,
        "bit rot in a plain file: silently wrong": rot["control_silently_wrong"],
    }
    figures: dict[str, object] = {
        "faults": sum(counts.values()),
        "must_be_zero": counts,
        "which": [*kill.said, *power.said][:_SHOWN],
        "kills": {key: value for key, value in dataclasses.asdict(kill).items() if key != "said"},
        "power_cuts": {key: value for key, value in dataclasses.asdict(power).items() if key != "said"},
        "full_disk": disk,
        "bit_rot": rot,
        "clock": clock,
        "second_process": second,
    }
    return result("crash", figures, n=kill.kills + power.cuts, seed=seed, control=control)
