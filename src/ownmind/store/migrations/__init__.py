"""The schema, as numbered steps that are only ever added to.

Each step runs in one transaction with the number it leads to (``PRAGMA user_version``), so a process killed half way leaves
the database at the step before. A step that has been released is never changed: write the next one.
"""

from __future__ import annotations

from collections.abc import Callable

import apsw

from ...errors import StoreDamaged
from ..database import Database
from .aims import step_020_aims
from .appointments import step_016_appointments
from .clients import step_021_clients
from .costs import step_023_calls
from .deliveries import step_017_deliveries
from .goals import step_014_goals
from .growth import step_026_growth
from .memory import step_001_first, step_002_memory, step_003_receipts, step_004_slots, step_005_counts, step_006_scripts
from .people import step_015_people
from .promises import step_018_promises, step_019_briefings
from .skills import step_022_skills
from .talk import step_025_talk
from .traces import step_024_traces
from .world import (
    step_007_actions,
    step_008_pseudonyms,
    step_009_egress,
    step_010_relations,
    step_011_trust,
    step_012_plans,
    step_013_labels,
)

STEPS: tuple[Callable[[apsw.Connection], None], ...] = (
    step_001_first,
    step_002_memory,
    step_003_receipts,
    step_004_slots,
    step_005_counts,
    step_006_scripts,
    step_007_actions,
    step_008_pseudonyms,
    step_009_egress,
    step_010_relations,
    step_011_trust,
    step_012_plans,
    step_013_labels,
    step_014_goals,
    step_015_people,
    step_016_appointments,
    step_017_deliveries,
    step_018_promises,
    step_019_briefings,
    step_020_aims,
    step_021_clients,
    step_022_skills,
    step_023_calls,
    step_024_traces,
    step_025_talk,
    step_026_growth,
)


def migrate(database: Database, steps: tuple[Callable[[apsw.Connection], None], ...] = STEPS) -> int:
    """Brings the schema up to date and gives its version. Raises StoreDamaged when a newer Ownmind wrote this database."""
    with database.read() as cx:
        at = version(cx)
    if at > len(steps):
        raise StoreDamaged(
            f"this store was written by a newer Ownmind (schema {at}, this one knows {len(steps)})",
            hint="install that version or a later one",
        )
    for number, step in enumerate(steps[at:], start=at + 1):
        with database.write() as cx:
            step(cx)
            cx.pragma("user_version", number)
    return len(steps)


def version(cx: apsw.Connection) -> int:
    """The number of the last step this database has been through; 0 for a new one."""
    return int(str(cx.pragma("user_version")))
