"""The agent library comes with whoever needs it first, on any thread; two at once must not find it half there."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import ownmind

ROOT = Path(ownmind.__file__).parent
_AT_ONCE = """
import ownmind.app.house
import sys, threading
from importlib import import_module
failed = []
def bring(module):
    try:
        import_module(module)
    except BaseException as error:
        failed.append(f"{module}: {error}")
threads = [threading.Thread(target=bring, args=(module,)) for module in sys.argv[1:]]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
sys.exit("; ".join(failed) or None)
"""


def imports(nodes: Sequence[ast.stmt]) -> Iterator[str]:
    """The modules these statements import from elsewhere when they run, in order."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            for inner in ("body", "orelse", "finalbody"):
                yield from imports(getattr(node, inner, []))


def test_the_package_comes_before_its_parts() -> None:
    """Whoever asks for a part of it first holds that part while it waits for the whole, which somebody else may be bringing and which
    needs that part: Python then gives one of them a module that is half there (docs.python.org/3/library/importlib.html)."""
    firsts = {}
    for path in ROOT.rglob("*.py"):
        found = (name for name in imports(ast.parse(path.read_text("utf-8")).body) if name.startswith("pydantic_ai"))
        firsts[str(path.relative_to(ROOT))] = next(found, "")
    assert sum(name == "pydantic_ai" for name in firsts.values()) > 20
    assert {path: name for path, name in firsts.items() if name.startswith("pydantic_ai.")} == {}


def test_a_turn_a_brain_and_a_room_can_bring_it_at_once() -> None:
    """A message that is sent, a room that is opened and the brain that wakes, in the first second of a process."""
    modules = ("ownmind.agent.turn", "ownmind.agent.remote.providers", "ownmind.models.llama.embedded", "ownmind.agent.warm")
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", _AT_ONCE, *modules], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
