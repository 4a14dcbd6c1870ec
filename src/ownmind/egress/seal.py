"""The seal: after it this process, and every process it starts, can open no socket but a Unix one.

On Linux the kernel holds it (seccomp(2), mode filter, on all threads at once): ``socket`` and ``socketpair`` give EAFNOSUPPORT for
every family but AF_UNIX: no IP, no netlink, no raw packets, no vsock. It cannot be taken off again. Ways around it are closed too:
io_uring opens sockets without those calls; another machine language (32 bit, x32) numbers them differently; ptrace and pidfd_getfd
would borrow the socket of a process that has one; a listening socket from before can be disconnected and
connected elsewhere when the kernel chose its port, so the server asks for its port by number, Landlock forbids TCP connect and bind
where the kernel has it (6.7 or later), and TCP fast open, which passes Landlock, is denied by its flag.

Elsewhere there is a tripwire: Python's audit hook refuses a connection that Python code asks for. It stops accidents, not C code and
not child processes, and ``Seal.words`` says so.

Not covered: another program of this person that has a network and does what it is asked over a Unix socket (a container daemon, the
desktop's session bus), or hands over an open socket on purpose. A socket opened before sealing stays open.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

AF_UNIX = 1


class Kind(StrEnum):
    KERNEL = "kernel"  # the system refuses
    TRIPWIRE = "tripwire"  # Python refuses what Python code asks for
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Seal:
    """How this process is sealed, and that in words."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Machine:
    """What the filter must know of a processor: its name in seccomp_data and its system call numbers (asm/unistd.h)."""

    audit: int  # linux/audit.h AUDIT_ARCH_*
    calls: Mapping[str, int]
    is_x86: bool = False


_ANYWHERE = {"pidfd_getfd": 438, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427}
_X86 = {"socket": 41, "socketpair": 53, "sendto": 44, "sendmsg": 46, "sendmmsg": 307, "ptrace": 101, "process_vm_writev": 311}
_ARM = {"socket": 198, "socketpair": 199, "sendto": 206, "sendmsg": 211, "sendmmsg": 269, "ptrace": 117, "process_vm_writev": 271}
MACHINES: Mapping[str, Machine] = MappingProxyType(
    {
        "x86_64": Machine(0xC000003E, {**_X86, **_ANYWHERE, "seccomp": 317}, is_x86=True),
        "aarch64": Machine(0xC00000B7, {**_ARM, **_ANYWHERE, "seccomp": 277}),
    }
)
_NR, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; each argument has 8 bytes, the low half first
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000  # SECCOMP_RET_*
_X32 = 0x40000000  # the bit that marks calls of the x32 language
_FAST_OPEN = 0x20000000  # MSG_FASTOPEN: a send that connects
_UNSEALED = Seal(Kind.NONE, "this process is not sealed: it is a program of your own that holds the memory")
_now = _UNSEALED  # of this process


def state() -> Seal:
    """How this process is sealed now."""
    return _now


def close() -> Seal:
    """Seals this process for good and says how. A second call changes nothing. Never call it in somebody else's process."""
    global _now
    if _now.kind is Kind.NONE:
        try:
            _now = _by_kernel()
        except OSError as error:
            sys.addaudithook(_tripwire)
            why = f"{error.strerror or error}"
            _now = Seal(Kind.TRIPWIRE, f"Python code here is refused every connection; C code and other programs are not ({why})")
    return _now


def tried() -> dict[str, bool]:
    """Whether each way out is open, by trying it. A UDP socket that is connected sends nothing (RFC 5737: the address is nobody's)."""
    return {
        "a socket of Python": _passes(_by_python),
        "a socket of the C library": _passes(_by_library),
        "io_uring": _passes(_by_ring),
        "a child process": _passes(_by_child),
    }


def program(machine: Machine) -> bytes:
    """The filter as the kernel reads it: struct sock_filter {code, if true skip, if false skip, value}, 8 bytes each."""
    steps: list[tuple[int, int, int, int]] = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, machine.audit), _give(_KILL), (_LOAD, 0, 0, _NR)]
    if machine.is_x86:
        steps += [(_AT_LEAST, 0, 1, _X32), _give(_ERRNO | errno.ENOSYS)]
    for name in ("socket", "socketpair"):  # the family is the first argument, an int: the kernel reads no more than 32 bits of it
        family = [(_LOAD, 0, 0, _ARGUMENTS), (_EQUAL, 0, 1, AF_UNIX), _give(_ALLOW), _give(_ERRNO | errno.EAFNOSUPPORT)]
        steps += [(_EQUAL, 0, len(family), machine.calls[name]), *family]
    for name, position in (("sendto", 3), ("sendmsg", 2), ("sendmmsg", 3)):
        flags = [(_LOAD, 0, 0, _ARGUMENTS + 8 * position), (_ANY_BIT, 0, 1, _FAST_OPEN), _give(_ERRNO | errno.EOPNOTSUPP), _give(_ALLOW)]
        steps += [(_EQUAL, 0, len(flags), machine.calls[name]), *flags]
    for name in ("io_uring_setup", "io_uring_enter", "io_uring_register"):
        steps += [(_EQUAL, 0, 1, machine.calls[name]), _give(_ERRNO | errno.ENOSYS)]
    for name in ("ptrace", "process_vm_writev", "pidfd_getfd"):
        steps += [(_EQUAL, 0, 1, machine.calls[name]), _give(_ERRNO | errno.EPERM)]
    return b"".join(struct.pack("=HBBI", *step) for step in (*steps, _give(_ALLOW)))


def _give(value: int) -> tuple[int, int, int, int]:
    return (_RETURN, 0, 0, value)


class _Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _by_kernel() -> Seal:
    """Raises OSError where the kernel cannot."""
    machine = MACHINES.get(platform.machine()) if sys.platform == "linux" and sys.maxsize > 2**32 else None
    if machine is None:
        raise OSError(errno.ENOSYS, f"no filter of the kernel for {platform.system()} {platform.machine()}")
    steps = program(machine)
    held = ctypes.create_string_buffer(steps, len(steps))
    asked = _Program(len(steps) // 8, ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0):  # PR_SET_NO_NEW_PRIVS: a filter may not fool a set-uid program
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    to_tcp = _landlocked(libc)
    if found := libc.syscall(machine.calls["seccomp"], 1, 1, ctypes.byref(asked)):  # SET_MODE_FILTER, FLAG_TSYNC: every thread
        code = ctypes.get_errno() if found < 0 else errno.EBUSY
        raise OSError(code, os.strerror(code))
    more = " and Landlock" if to_tcp else ""
    return Seal(Kind.KERNEL, f"the kernel refuses this process and its children every socket but a Unix one (seccomp{more})")


def _landlocked(libc: ctypes.CDLL) -> bool:
    """Forbids TCP connect and bind to this thread and what comes from it (landlock(7), version 4); False where there is none."""
    if libc.syscall(444, None, 0, 1) < 4:  # landlock_create_ruleset, asked for its version
        return False
    handled = struct.pack("=QQ", 0, 0b11)  # nothing of files; LANDLOCK_ACCESS_NET_BIND_TCP and _CONNECT_TCP
    rules = libc.syscall(444, handled, len(handled), 0)
    if rules < 0:
        return False
    try:
        return bool(libc.syscall(446, rules, 0) == 0)  # landlock_restrict_self
    finally:
        os.close(rules)


def _tripwire(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook (PEP 578). Loopback stays: event loops need it where there is no socketpair."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[-1]
        host = address[0] if isinstance(address, tuple) and address else None
    else:
        return
    if isinstance(host, bytes | str) and not _is_here(host if isinstance(host, str) else host.decode("ascii", "replace")):
        raise PermissionError(errno.EPERM, "this process is sealed: connections go through the broker")


def _is_here(host: str) -> bool:
    import ipaddress

    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _passes(way: Callable[[], None]) -> bool:
    """False when ``way`` was refused. Any other failure (no route) is a way that stood open."""
    try:
        way()
    except OSError as error:
        return error.errno not in (errno.EAFNOSUPPORT, errno.EPERM, errno.EACCES, errno.ENOSYS)
    return True


def _by_python() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reached:
        reached.connect(("192.0.2.1", 9))


def _by_library() -> None:
    if sys.platform == "win32":
        raise OSError(errno.ENOSYS, "not tried here")
    libc = ctypes.CDLL(None, use_errno=True)
    opened = libc.socket(socket.AF_INET, socket.SOCK_DGRAM, 0)
    if opened < 0:
        raise OSError(ctypes.get_errno(), "socket")
    os.close(opened)


def _by_ring() -> None:
    machine = MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        raise OSError(errno.ENOSYS, "there is none here")
    libc = ctypes.CDLL(None, use_errno=True)
    parameters = ctypes.create_string_buffer(120)  # struct io_uring_params, zeros
    opened = libc.syscall(machine.calls["io_uring_setup"], 1, parameters)
    if opened < 0:
        raise OSError(ctypes.get_errno(), "io_uring_setup")
    os.close(opened)


_CHILD = "import socket, sys\ntry: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nexcept OSError as e: sys.exit(e.errno % 256)"


def _by_child() -> None:
    import subprocess

    command = [sys.executable, "-I", "-S", "-c", _CHILD]
    with suppress(subprocess.TimeoutExpired):
        code = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False).returncode  # noqa: S603  # ourselves
        if code:
            raise OSError(code, "socket")
