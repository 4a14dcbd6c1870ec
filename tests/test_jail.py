"""The jail for programs: what a program may not do, each beside the same attempt without a jail, which succeeds."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ownmind.errors import BadInput
from ownmind.tools import jail
from ownmind.tools.jail import Cell, NoJail

_REASON = jail.available()
_PYTHON = shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin") or ""


def tried(code: str, *words: str | int) -> list[str]:
    """The words that run a piece of Python."""
    return [_PYTHON, "-I", "-c", textwrap.dedent(code), *map(str, words)]


def free(program: list[str]) -> subprocess.CompletedProcess[bytes]:
    """The positive control: the same without a jail."""
    return subprocess.run(program, capture_output=True, timeout=30, check=False)


def _needs_a_jail() -> None:
    if _REASON is not None:
        pytest.skip(f"no jail here: {_REASON.message}")
    if not _PYTHON:
        pytest.skip("no Python among the system's programs, which is what a jailed one could run")


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    _needs_a_jail()
    folder = tmp_path / "given"
    folder.mkdir()
    return Cell(folder=folder, seconds=20)


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process of this person's that is nobody's business."""
    with subprocess.Popen(["sleep", "60"], env={"SECRET": "of the bystander"}) as other:
        yield other
        other.kill()


def test_a_program_runs_and_answers(cell: Cell) -> None:
    """It reads its stdin, writes its folder, and its exit code comes back."""
    ended = jail.run(["/bin/sh", "-c", f"cat; echo kept > {jail.FOLDER}/note; exit 3"], cell, given=b"hello")
    assert (ended.code, ended.stdout, ended.why) == (3, b"hello", "")
    assert cell.folder is not None and (cell.folder / "note").read_text() == "kept\n"


def test_it_cannot_read_what_it_was_not_given(cell: Cell, tmp_path: Path) -> None:
    """Neither by its path, nor by the way up, nor through a link in its own folder; nor the person's home, nor /etc/passwd."""
    secret = tmp_path / "diary"
    secret.write_text("dear diary")
    assert cell.folder is not None
    (cell.folder / "link").symlink_to(secret)
    for path in (str(secret), f"{jail.FOLDER}/../diary", f"{jail.FOLDER}/link", "/proc/1/root" + str(secret)):
        assert b"diary" not in jail.run(["cat", path], cell).stdout
    assert free(["cat", str(secret)]).stdout == b"dear diary"
    assert jail.run(["ls", str(Path.home())], cell).code != 0 and free(["ls", str(Path.home())]).returncode == 0
    assert jail.run(["cat", "/etc/passwd"], cell).code != 0 and free(["cat", "/etc/passwd"]).returncode == 0


def test_it_cannot_write_outside_its_folder(cell: Cell, tmp_path: Path) -> None:
    """Not the system, not the folder above; what it writes to /tmp nobody else sees."""
    for path in ("/usr/mine", "/mine", "/etc/mine", "/run/mine", str(tmp_path / "mine")):
        jail.run(["touch", path], cell)
        assert not Path(path).exists()
    with tempfile.TemporaryDirectory() as folder:
        mine = Path(folder) / "mine"
        code = "import pathlib, sys; path = pathlib.Path(sys.argv[1]); path.parent.mkdir(parents=True, exist_ok=True); path.write_text('x')"
        assert jail.run(tried(code, str(mine)), cell).code == 0 and not mine.exists()
        assert free(tried(code, str(mine))).returncode == 0 and mine.exists()


_CONNECT = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5).sendall(b'out')"
_DATAGRAM = "import socket, sys; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'out', ('127.0.0.1', int(sys.argv[1])))"
_ABSTRACT = "import socket, sys; socket.socket(socket.AF_UNIX).connect('\\0' + sys.argv[1])"


def test_it_has_no_network(cell: Cell) -> None:
    """TCP, UDP and abstract Unix sockets of this machine are not there for it."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.3)
        assert jail.run(tried(_CONNECT, tcp.getsockname()[1]), cell).code != 0
        assert free(tried(_CONNECT, tcp.getsockname()[1])).returncode == 0
        jail.run(tried(_DATAGRAM, udp.getsockname()[1]), cell)
        with pytest.raises(TimeoutError):
            udp.recv(10)
        free(tried(_DATAGRAM, udp.getsockname()[1]))
        assert udp.recv(10) == b"out"
    with socket.socket(socket.AF_UNIX) as abstract:
        name = f"ownmind-test-{os.getpid()}"
        abstract.bind("\0" + name)
        abstract.listen()
        assert jail.run(tried(_ABSTRACT, name), cell).code != 0
        assert free(tried(_ABSTRACT, name)).returncode == 0


_SEALED = """
    import subprocess, sys
    from pathlib import Path
    from ownmind.egress import seal
    from ownmind.tools import jail
    if seal.close().kind is not seal.Kind.KERNEL:
        print("not sealed")
        sys.exit()
    words = [sys.argv[1], "-I", "-c", sys.argv[2], sys.argv[3]]
    print(jail.available(), subprocess.run(words, capture_output=True).returncode, jail.run(words, jail.Cell()).code)
"""


def test_it_has_no_network_either_where_this_process_is_sealed(cell: Cell) -> None:
    """A sealed process may not set a network up; the jail is built all the same, and this machine's abstract sockets are not in it."""
    with socket.socket(socket.AF_UNIX) as abstract:
        name = f"ownmind-sealed-{os.getpid()}"
        abstract.bind("\0" + name)
        abstract.listen()
        words = [sys.executable, "-c", textwrap.dedent(_SEALED), _PYTHON, _ABSTRACT, name]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    if done.stdout.strip() == "not sealed":
        pytest.skip("this kernel has no seal")
    assert done.stdout.split() == ["None", "0", "1"], (done.stdout, done.stderr)


def test_the_brokers_socket_is_its_only_way_out(cell: Cell) -> None:
    """Given, it can be talked to; not given, it is not there."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as broker:
        path = Path(folder) / "b"
        broker.bind(str(path))
        broker.listen()
        heard: list[bytes] = []

        def answer() -> None:
            connection, _ = broker.accept()
            with connection:
                heard.append(connection.recv(100))
                connection.sendall(b"answer")

        threading.Thread(target=answer, daemon=True).start()
        talk = "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/run/broker.sock'); s.sendall(b'asked'); print(s.recv(10))"
        assert jail.run(tried(talk), cell).code != 0 and not heard
        ended = jail.run(tried(talk), Cell(folder=cell.folder, broker=path))
        assert ended.stdout.strip() == b"b'answer'" and heard == [b"asked"]


def test_it_sees_and_signals_nobody_else(cell: Cell, bystander: subprocess.Popen[bytes]) -> None:
    """Other processes are not in its /proc; their environment and memory are out of reach; a signal does not arrive."""
    spy = "import os, sys; print(open(f'/proc/{sys.argv[1]}/environ').read())"
    assert b"bystander" not in jail.run(tried(spy, bystander.pid), cell).stdout
    assert b"of the bystander" in free(tried(spy, bystander.pid)).stdout
    listed = jail.run(tried("import os; print(len([n for n in os.listdir('/proc') if n.isdigit()]))"), cell)
    assert int(listed.stdout) < 6 < len([entry for entry in Path("/proc").iterdir() if entry.name.isdigit()])
    kill = "import os, sys; os.kill(int(sys.argv[1]), 9)"
    jail.run(tried(kill, bystander.pid), cell)
    jail.run(["/bin/sh", "-c", "kill -9 -1"], cell)
    assert bystander.poll() is None
    free(tried(kill, bystander.pid))
    assert bystander.wait(10) == -signal.SIGKILL


def test_it_cannot_trace_another_process(cell: Cell, bystander: subprocess.Popen[bytes]) -> None:
    """ptrace(PTRACE_ATTACH): no such process."""
    attach = """
        import ctypes, os, sys
        libc = ctypes.CDLL(None, use_errno=True)
        print(libc.ptrace(16, int(sys.argv[1]), None, None), ctypes.get_errno())
    """
    assert jail.run(tried(attach, bystander.pid), cell).stdout.split() == [b"-1", b"3"]
    control = free(tried(attach, bystander.pid)).stdout.split()
    if control[0] == b"-1":
        pytest.skip("the jailed attempt failed; unjailed it fails here too (kernel.yama.ptrace_scope)")
    assert control[0] == b"0"


def test_it_is_told_nothing_of_this_process(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment, no open files, no user name, no host name."""
    monkeypatch.setenv("OWNMIND_PASSPHRASE", "hush")
    leaked, _ = os.pipe()
    os.set_inheritable(leaked, True)
    assert b"hush" in free(["env"]).stdout
    said = jail.run(["/bin/sh", "-c", "env; hostname; ls /proc/self/fd | wc -l"], cell).stdout.decode()
    assert "hush" not in said and socket.gethostname() not in said.split()
    assert int(said.split()[-1]) <= 4  # stdin, stdout, stderr and the listing itself
    os.close(leaked)


def test_it_cannot_build_a_jail_of_its_own(cell: Cell) -> None:
    """A user namespace would give it more of the kernel to attack."""
    assert jail.run(["unshare", "-Ur", "true"], cell).code != 0
    assert free(["unshare", "-Ur", "true"]).returncode == 0


def test_memory_and_files_have_a_limit(cell: Cell) -> None:
    """One process cannot take more addresses, nor write a longer file, than its cell allows."""
    small = Cell(folder=cell.folder, memory=256 << 20, file=1 << 20)
    swell = "b = bytearray(512 << 20); print(len(b))"
    assert b"MemoryError" in jail.run(tried(swell), small).stderr and free(tried(swell)).returncode == 0
    write = "open('big', 'wb').write(b'x' * (2 << 20))"
    jail.run(tried(write), small)
    assert cell.folder is not None and (cell.folder / "big").stat().st_size <= 1 << 20
    with tempfile.TemporaryDirectory() as folder:
        assert subprocess.run(tried(write), cwd=folder, check=False).returncode == 0 and (Path(folder) / "big").stat().st_size == 2 << 20


def test_time_and_output_have_a_limit(cell: Cell) -> None:
    """An endless one is ended, and so is one that never stops talking."""
    assert jail.run(["sleep", "30"], Cell(folder=cell.folder, seconds=1)).why == "time"
    loud = jail.run(["cat", "/dev/zero"], Cell(folder=cell.folder, output=10_000))
    assert loud.why == "output" and len(loud.stdout) == 10_000


_BOMB = """
    import os, sys, time
    made = 0
    try:
        for _ in range(200):
            if os.fork() == 0:
                time.sleep(5)
                os._exit(0)
            made += 1
    except OSError:
        pass
    print(made, flush=True)
    os.killpg(0, 9) if sys.argv[1:] else None
"""


def test_a_fork_bomb_stays_small() -> None:
    """Not more processes than the cell allows; without a jail all 200 are born. As root, who is exempt, it is tried as nobody."""
    _needs_a_jail()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        words = jail.command(tried(_BOMB), Cell(folder=Path(folder), processes=40, seconds=20))
        if not any(word.startswith("--nproc") for word in words):
            pytest.skip("this kernel counts processes of all the person's programs together (before 5.14)")
        other = 65534 if os.geteuid() == 0 else None
        jailed = subprocess.run(words, capture_output=True, timeout=60, user=other, group=other, cwd="/", check=False)
        if not jailed.stdout:
            pytest.skip(f"nobody may not build a jail here: {jailed.stderr[:200]!r}")
        assert int(jailed.stdout) < 40
        control = subprocess.run(
            tried(_BOMB, "end"), capture_output=True, timeout=60, user=other, group=other, cwd="/", start_new_session=True, check=False
        )
        assert int(control.stdout) == 200


_HEART = """
    import os, sys, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            print(os.getpid(), flush=True)
            while True:
                open('beats', 'a').write('.')
                time.sleep(0.02)
        os._exit(0)
    time.sleep(60)
"""


_HOST = """
    import sys, time
    from pathlib import Path
    from ownmind.tools import jail
    started = jail.start(sys.argv[2:], jail.Cell(folder=Path(sys.argv[1])))
    time.sleep(60)
"""


def _beats(folder: Path) -> int:
    beats = folder / "beats"
    return beats.stat().st_size if beats.exists() else 0


def _until_beating(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while _beats(folder) < 3:
        assert time.monotonic() < deadline, "it never began"
        time.sleep(0.02)


def _goes_on(folder: Path) -> bool:
    before = _beats(folder)
    time.sleep(0.3)
    return _beats(folder) > before


def _until_silent(folder: Path) -> None:
    """The kernel tells bubblewrap, and the end of bubblewrap's first process ends the rest: moments later on a busy machine."""
    deadline = time.monotonic() + 20
    while _goes_on(folder):
        assert time.monotonic() < deadline, "it lives on"


def test_stopping_ends_the_whole_tree(cell: Cell) -> None:
    """Also a grandchild in a session of its own; without a jail that one lives on."""
    assert cell.folder is not None
    with jail.start(tried(_HEART), cell):
        _until_beating(cell.folder)
        assert _goes_on(cell.folder)
    _until_silent(cell.folder)
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(tried(_HEART), cwd=folder, stdout=subprocess.PIPE) as control:
        assert control.stdout is not None
        orphan = int(control.stdout.readline())
        _until_beating(Path(folder))
        control.kill()
        assert _goes_on(Path(folder))
        os.kill(orphan, signal.SIGKILL)


def test_it_does_not_outlive_ownmind(cell: Cell) -> None:
    """kill -9 of the process that started it ends it too."""
    assert cell.folder is not None
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(_HOST), str(cell.folder), *tried(_HEART)]) as mother:
        _until_beating(cell.folder)
        mother.kill()
    _until_silent(cell.folder)


def test_without_a_jail_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says why and what to do, and never runs a program unjailed by itself."""
    monkeypatch.setattr(jail, "_TRUSTED", "/nowhere")
    reason = jail.available()
    assert reason is not None and reason.message and reason.hint
    with pytest.raises(NoJail):
        jail.run(["touch", str(tmp_path / "ran")], Cell(folder=tmp_path))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("folder", ["/", "~", "/proc", "/nowhere/at/all"])
def test_a_folder_that_would_open_the_jail_is_refused(folder: str) -> None:
    """The person's home is no cell, nor is anything above it."""
    path = Path(folder).expanduser()
    with pytest.raises(BadInput):
        jail.command(["true"], Cell(folder=path))
    with pytest.raises(BadInput), contextlib.suppress(NoJail):
        jail.command(["true"], Cell(reads=(path,)))
