"""Code of skills: what it cannot do, each beside the same lines in plain Python, which can; and this process stays alive."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ownmind.errors import NotFound
from ownmind.tools import jail
from ownmind.tools.code import CodeFailed, Data, Limits, Ran, run

pytest.importorskip("pydantic_monty", reason="pydantic-monty is not installed (the extra `skills`)")

SMALL = Limits(seconds=1, memory=32 << 20, calls=20, depth=100, output=10_000)


def echo(*arguments: Data, **named: Data) -> Data:
    return list(arguments) or named


def is_data(value: object) -> bool:
    """Text, numbers and their lists; what monty makes text of (a function, a range) is harmless."""
    if type(value) in (list, tuple):
        assert isinstance(value, list | tuple)
        return all(map(is_data, value))
    return type(value) in (type(None), bool, int, float, str, bytes)


def is_alive() -> bool:
    return run("1 + 1").value == 2


# Lines that reach for this machine, and end by printing HELD when they got it.
REACHES = {
    "a file": "print('HELD' if open('/etc/hostname').read() else '')",
    "a file by pathlib": "from pathlib import Path\nprint('HELD' if Path('/etc/hostname').read_text() else '')",
    "a folder": "import os\nprint('HELD' if os.listdir('/') else '')",
    "a written file": "open('/tmp/ownmind-escaped', 'w').write('x')\nprint('HELD')",
    "the environment": "import os\nprint('HELD' if os.environ['SECRET'] else '')",
    "one name of it": "import os\nprint('HELD' if os.getenv('SECRET') else '')",
    "a socket": "import socket\nsocket.socket()\nprint('HELD')",
    "a web page": "import urllib.request\nprint('HELD')",
    "a program": "import subprocess\nsubprocess.run(['true'])\nprint('HELD')",
    "a shell": "import os\nprint('HELD' if os.system('true') == 0 else '')",
    "C": "import ctypes\nctypes.CDLL(None)\nprint('HELD')",
    "memory by pickle": "import pickle\nprint('HELD')",
    "the modules": "import sys\nprint('HELD' if sys.modules else '')",
    "the frame above": "import sys\nprint('HELD' if sys._getframe() else '')",
    "the import machinery": "print('HELD' if __import__('os') else '')",
    "importlib": "import importlib\nprint('HELD' if importlib.import_module('os').getpid() else '')",
    "builtins": "import builtins\nprint('HELD' if builtins.open else '')",
    "every class": "print('HELD' if ().__class__.__bases__[0].__subclasses__() else '')",
    "every class by getattr": "print('HELD' if getattr(getattr((), '__class__'), '__mro__') else '')",
    "globals by format": "def f(): pass\nprint('HELD' if '{0.__globals__}'.format(f) else '')",
    "globals of a function": "def f(): pass\nprint('HELD' if f.__globals__ is not None else '')",
    "code of a function": "def f(): pass\nprint('HELD' if f.__code__ else '')",
    "a traceback's frame": "try:\n    1 / 0\nexcept Exception as e:\n    print('HELD' if e.__traceback__.tb_frame else '')",
    "a generator's frame": "g = (x for x in [1])\nprint('HELD' if g.gi_frame else '')",
    "all names": "print('HELD' if globals() else '')",
    "compiled code": "exec(compile('import os', '', 'exec'))\nimport os\nprint('HELD' if os.getpid() else '')",
    "a thread": "import threading\nthreading.Thread(target=print).start()\nprint('HELD')",
    "a fork": "import os\npid = os.fork()\nif pid == 0:\n    os._exit(0)\nprint('HELD')",
    "the end of the process": "import os\nprint('HELD', flush=True)\nos._exit(0)",
    "names in other letters": "import os as 𝓸𝓼\nprint('HELD' if 𝓸𝓼.getpid() else '')",
    "dunder in other letters": "print('HELD' if ().__ｃｌａｓｓ__.__bases__ else '')",
    "a debugger": "import pdb\nprint('HELD')",
}


@pytest.mark.parametrize("what", REACHES)
def test_it_cannot_reach(what: str) -> None:
    """It fails, or gets nothing; the same lines in Python hold it; this process goes on."""
    control = subprocess.run(
        [sys.executable, "-c", REACHES[what]], capture_output=True, text=True, timeout=30, check=False, env={**os.environ, "SECRET": "x"}
    )
    assert "HELD" in control.stdout, control.stderr
    Path("/tmp/ownmind-escaped").unlink(missing_ok=True)
    try:
        said = run(REACHES[what], limits=SMALL).printed
    except CodeFailed:
        said = ""
    assert "HELD" not in said or what == "the end of the process"
    assert not Path("/tmp/ownmind-escaped").exists()
    assert is_alive()


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("while True: pass", "time"),
        ("try:\n    while True: pass\nexcept BaseException: pass\n'survived'", "time"),
        ("'x' * (1 << 30)", "memory"),
        ("a = []\nwhile True: a.append('x' * 100000)", ""),
        ("b = 'x'\nwhile True: b = b + b", "memory"),
        ("[0] * (1 << 30)", "memory"),
        ("10 ** (10 ** 9)", ""),
        ("def f(): return f()\nf()", "recursion"),
        ("print('x' * 100000)", "memory"),
        ("while True: print('x' * 1000)", "memory"),
        ("'x' * 20000", "more than may cross"),
        ("x = 0\nfor _ in range(60): x = [x]\nx", "nested"),
        ("2 ** 5000", "number"),
        ("for _ in range(1000): echo(1)", "suspension limit"),
        ("import time\ntime.sleep(100)", ""),
        ("raise ValueError('boom' * 100000)", "boom"),
        ("this is no Python", ""),
        ("nowhere", "nowhere"),
    ],
)  # fmt: skip
def test_it_cannot_run_away(code: str, why: str) -> None:
    """Time, memory, depth, calls, print and results are limited; the words of a failure are short; this process goes on."""
    with pytest.raises(CodeFailed) as raised:
        run(code, functions={"echo": echo}, limits=SMALL)
    assert why in str(raised.value).lower() and len(str(raised.value)) <= 500
    assert is_alive()


NO_DATA = ["lambda: 1", "open", "print", "echo", "object()", "type", "ValueError('x')", "{1: 2}", "{1, 2}", "range(3)"]


@pytest.mark.parametrize("given", NO_DATA)
def test_only_data_crosses(given: str) -> None:
    """No function, class, exception or object comes out, neither as a result nor as an argument of a function."""
    got: list[object] = []

    def take(value: Data) -> Data:
        got.append(value)
        return None

    for code in (given, f"take({given})", f"take(value={given})", f"take([{given}])"):
        try:
            value = run(code, functions={"take": take, "echo": echo}, limits=SMALL).value
        except CodeFailed:
            continue
        assert is_data(value), code
    assert all(map(is_data, got))


def test_it_uses_what_it_is_given() -> None:
    """Functions by name, values, printing, and the last expression as the result."""
    code = "total = 0\nfor n in numbers:\n    total += double(n)\nprint('sum', total)\n{'total': total, 'who': who}"

    def double(n: Data) -> Data:
        assert isinstance(n, int)
        return 2 * n

    done = run(code, functions={"double": double}, values={"numbers": [1, 2, 3], "who": "Ana"})
    assert done == Ran({"total": 12, "who": "Ana"}, "sum 12\n")


def test_a_function_is_a_name_and_nothing_more() -> None:
    """Its globals, its code, what it is bound to, and functions not given are out of reach."""
    for code in ("echo.__globals__", "echo.__code__", "echo.__self__", "echo.__call__", "getattr(echo, '__globals__')", "run('1')", "os"):
        with pytest.raises(CodeFailed):
            run(code, functions={"echo": echo}, limits=SMALL)


def test_what_goes_wrong_on_our_side_stays_there() -> None:
    """An exception of a function carries no words, no type and no object into the code, save our own, which are written for it."""

    def broken() -> Data:
        raise OSError(2, "secret", "/home/ana/diary.md")

    def missing() -> Data:
        raise NotFound("there is no item i7")

    caught = "try:\n    {}()\nexcept BaseException as e:\n    x = (str(e), type(e).__name__, len(e.args))\nx"
    assert run(caught.format("broken"), functions={"broken": broken}).value == ("the function failed", "RuntimeError", 1)
    assert run(caught.format("missing"), functions={"missing": missing}).value == ("there is no item i7", "RuntimeError", 1)
    with pytest.raises(CodeFailed) as raised:
        run("broken()", functions={"broken": broken})
    assert "secret" not in str(raised.value) and raised.value.__cause__ is None


def test_nothing_stays_from_one_run_to_the_next() -> None:
    """Names of the first are not there for the second."""
    run("kept = 1")
    with pytest.raises(CodeFailed):
        run("kept")


def _worker(children: Callable[[], list[int]], look: Callable[[int], str]) -> str:
    seen: list[str] = []

    def peek() -> Data:
        seen.extend(look(pid) for pid in children())
        return None

    run("peek()", functions={"peek": peek})
    return "\n".join(seen)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the worker in /proc")
def test_the_worker_itself_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process has no environment of ours, and where there is a jail it sees no file of ours: a hole leads into an empty room."""
    monkeypatch.setenv("OWNMIND_PASSPHRASE", "hush")

    def workers() -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and b"monty" in _read(entry / "cmdline").split(b"\0")[0] and b"hush" not in _read(entry / "cmdline"):
                found.append(int(entry.name))
        return found

    environment = _worker(workers, lambda pid: _read(Path(f"/proc/{pid}/environ")).decode())
    assert "PATH=" in environment or jail.available() is not None
    assert "hush" not in environment
    if jail.available() is None:
        home = str(Path(__file__).parent)
        assert "False" in _worker(workers, lambda pid: str(Path(f"/proc/{pid}/root{home}").exists())).split()
        assert Path(f"/proc/self/root{home}").exists()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_it_runs_beside_an_event_loop() -> None:
    """In a thread, as a tool does; others go on."""

    async def three() -> list[Ran]:
        return await asyncio.gather(*(asyncio.to_thread(run, f"{n} * 2") for n in range(3)))

    assert [one.value for one in asyncio.run(three())] == [0, 2, 4]
