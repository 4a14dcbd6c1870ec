"""After the seal no socket but a Unix one can be opened: not here, not by C, not in a child, not by a listening socket from before."""

from __future__ import annotations

import json
import os
import struct
import sys
from pathlib import Path

import pytest

from commandline import ownmind, quiet_home, running, told
from ownmind.egress import seal
from store_fixtures import child

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's seal is Linux's")

REPORT = """
import errno, json, socket, sys, threading
from ownmind.egress import seal
before = seal.tried()
listening = socket.create_server(("127.0.0.1", 0))
ready, go, found = threading.Event(), threading.Event(), {}
def other():
    ready.set(); go.wait()
    found["thread"] = refused(lambda: socket.socket(socket.AF_INET))
def refused(act):
    try: act()
    except OSError as error: return errno.errorcode[error.errno]
    return ""
thread = threading.Thread(target=other); thread.start(); ready.wait()
kind = seal.close().kind
again = seal.close().kind
go.set(); thread.join()
families = {name: refused(lambda: socket.socket(getattr(socket, name), socket.SOCK_DGRAM))
            for name in ("AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG") if hasattr(socket, name)}
ours, theirs = socket.socketpair()
ours.send(b"x")
unix = theirs.recv(1) == b"x"
print(json.dumps({"before": before, "after": seal.tried(), "kinds": [kind, again], "families": families, "unix": unix, **found}))
"""


def report(code: str) -> dict[str, object]:
    said, _ = child(code).communicate(timeout=60)
    found = json.loads(said)
    assert isinstance(found, dict)
    return found


@linux
def test_nothing_but_a_unix_socket_opens_after_it() -> None:
    """Every way that stood open before is shut, in threads that ran already too; Unix sockets go on working."""
    found = report(REPORT)
    assert found["kinds"] == ["kernel", "kernel"]
    before, after, families = found["before"], found["after"], found["families"]
    assert isinstance(before, dict) and before["a socket of Python"] and before["a child process"], "the control: they were open"
    assert isinstance(after, dict) and not any(after.values())
    assert isinstance(families, dict) and set(families.values()) == {"EAFNOSUPPORT"}
    assert found["unix"] is True and found["thread"] == "EAFNOSUPPORT"


LISTENER = """
import json, socket, sys
from ownmind.egress import seal
from ownmind.channels.cli.running import _free
from ownmind.channels.web.server import bind
listening = bind("127.0.0.1", 0) if sys.argv[1] == "kernel's" else _free("127.0.0.1")
target = socket.create_server(("127.0.0.2", 0))  # somewhere else, as far as the listening socket's own address goes
if sys.argv[2] == "without Landlock": seal._landlocked = lambda libc: False
if sys.argv[2] != "open": seal.close()
def moved():
    listening.shutdown(socket.SHUT_RDWR)
    try:
        listening.bind(("0.0.0.0", 0))
        listening.connect(target.getsockname())
    except OSError: return False
    return True
print(json.dumps({"moved": moved()}))
"""


def moved(port: str, how: str) -> bool:
    return bool(json.loads(child(LISTENER, port, how).communicate(timeout=60)[0])["moved"])


@linux
def test_the_listening_socket_from_before_cannot_be_turned_outwards() -> None:
    """Disconnected, bound again and connected elsewhere: with a port of the kernel's choosing that works (the control); not with the
    port we listen at, nor under Landlock."""
    assert moved("kernel's", "open")
    assert not moved("ours", "without Landlock")
    if "Landlock" in str(report("import json; from ownmind.egress import seal; print(json.dumps({'words': seal.close().words}))")["words"]):
        assert not moved("kernel's", "sealed")


@linux
def test_a_sealed_process_still_serves_those_who_come() -> None:
    """The socket that listened before goes on accepting, which is all the page needs."""
    code = """
import socket, sys
from ownmind.egress import seal
listening = socket.create_server(("127.0.0.1", 0))
seal.close()
print(listening.getsockname()[1])
came, _ = listening.accept()
came.sendall(came.recv(5).upper())
"""
    import socket

    serving = child(code)
    assert serving.stdout is not None
    with socket.create_connection(("127.0.0.1", int(serving.stdout.readline())), timeout=10) as asking:
        asking.sendall(b"hello")
        assert asking.recv(5) == b"HELLO"
    assert serving.wait(10) == 0


@pytest.mark.parametrize("machine", sorted(seal.MACHINES))
def test_the_filter_decides_as_it_says_on_every_processor(machine: str) -> None:
    """The program is run here by hand, instruction by instruction, over the calls that matter; a foreign language ends the process."""
    here = seal.MACHINES[machine]
    steps = list(struct.iter_unpack("=HBBI", seal.program(here)))
    allow, kill = 0x7FFF0000, 0x80000000

    def decided(call: int, *arguments: int, audit: int = here.audit) -> int:
        given = struct.pack("=iIQ6Q", call, audit, 0, *arguments, *[0] * (6 - len(arguments)))
        held, at = 0, 0
        while True:
            code, yes, no, value = steps[at]
            at += 1
            match code:
                case 0x20:
                    held = struct.unpack_from("=I", given, value)[0]
                case 0x06:
                    return int(value)
                case 0x15 | 0x35 | 0x45:
                    holds = held == value if code == 0x15 else held >= value if code == 0x35 else bool(held & value)
                    at += yes if holds else no
                case _:
                    raise AssertionError(code)

    calls = here.calls
    assert decided(calls["socket"], 1) == allow and decided(calls["socketpair"], 1) == allow
    for family in (2, 10, 16, 17, 38, 40, 0xFFFFFFFF):
        assert decided(calls["socket"], family) == 0x50000 | 97
    assert decided(calls["socket"], 1 << 32 | 2) == 0x50000 | 97, "only 32 bits count, as for the kernel"
    assert decided(calls["sendto"], 3, 0, 0, 0) == allow and decided(calls["sendto"], 3, 0, 0, 0x20000000) != allow
    assert decided(calls["sendmsg"], 3, 0, 0x20004000) != allow and decided(calls["sendmmsg"], 3, 0, 0, 0x20000000) != allow
    for name in ("io_uring_setup", "io_uring_enter", "io_uring_register", "ptrace", "process_vm_writev", "pidfd_getfd"):
        assert decided(calls[name]) & 0x7FFF0000 == 0x50000
    assert decided(0) == allow and decided(calls["socket"], 2, audit=0x40000003) == kill
    if here.is_x86:
        assert decided(0x40000000 | calls["socket"], 1) != allow


def test_where_the_kernel_cannot_python_is_refused() -> None:
    """The tripwire: a connection elsewhere raises, loopback does not, and its words do not call it a wall."""
    code = """
import json, platform, socket
from ownmind.egress import seal
platform.machine = lambda: "vax"
sealed = seal.close()
def refused(act):
    try: act()
    except PermissionError: return True
    except OSError: return False
    return False
def to(host):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reached: reached.connect((host, 9))
found = {"out": refused(lambda: to("192.0.2.1")), "here": refused(lambda: to("127.0.0.1"))}
found["name"] = refused(lambda: socket.getaddrinfo("example.org", 80))
print(json.dumps({"kind": sealed.kind, "words": sealed.words, **found}))
"""
    found = report(code)
    assert found["kind"] == "tripwire" and "C code" in str(found["words"])
    assert (found["out"], found["name"], found["here"]) == (True, True, False)


@linux
def test_doctor_tries_the_seal_of_a_command_and_of_the_server(tmp_path: Path) -> None:
    """In a command of its own, and asked of the process that runs; in both it is on, by trying."""
    home = quiet_home(tmp_path)
    assert ownmind(home, "remember", "Ana is allergic to peanuts").returncode == 0

    def check() -> dict[str, str]:
        return next(one for one in told(home, "doctor")["checks"] if one["name"] == "seal")  # type: ignore[attr-defined,no-any-return]

    for found in (check(),):
        assert found["verdict"] == "ok" and "a child process is refused" in found["detail"]
    with running(home) as (server, _):
        found = check()
        assert found["verdict"] == "ok" and "io_uring is refused" in found["detail"]
        status = Path(f"/proc/{server.pid}/status").read_text()
        assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status


def test_a_program_of_the_persons_own_is_not_sealed(tmp_path: Path) -> None:
    """A Companion in somebody's process takes nothing from that process, and doctor says so there."""
    code = """
import json, socket
from ownmind import Companion
from ownmind.channels.doctor import check_house
from ownmind.config import Config
with Companion.temporary(config=Config(fetch=False, learn=False)) as mind:
    check = next(one for one in check_house(mind.house) if one.name == "seal")
socket.socket(socket.AF_INET).close()
print(json.dumps({"verdict": check.verdict, "detail": check.detail}))
"""
    found = report(code)
    assert found["verdict"] == "warn" and "not sealed" in str(found["detail"])


@linux
def test_the_launcher_ends_with_the_command_however_it_ends(tmp_path: Path) -> None:
    """Killed with SIGKILL, the server leaves no process behind."""
    import signal
    import time

    home = quiet_home(tmp_path)
    with running(home) as (server, _):
        left = [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]
        assert left, "the launcher is a child"
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        until = time.monotonic() + 10
        while time.monotonic() < until and any(Path(f"/proc/{pid}").exists() for pid in left):
            time.sleep(0.05)
        assert not any(Path(f"/proc/{pid}").exists() for pid in left)
