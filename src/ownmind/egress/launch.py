"""How a process that cannot open a network starts one that can.

A child inherits the seal. So before it seals itself, the command line starts the *launcher*: this file alone, in an interpreter of its
own with an environment that holds no secret. It knows three words: start a broker on the socket that comes along, start a porter on it
(for paired devices), and open our own page in the person's browser (which would have no network either, were it our child). It ends
with us.

Where no launcher was prepared (a program of the person's own, macOS, Windows) they are started directly.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

# What the broker may know of our environment: never a passphrase, a key or a token.
PASSED = ("PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
# What a browser needs besides.
_DESKTOP = ("HOME", "USER", "LOGNAME", "LANG", "DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "BROWSER")
_BROKER, _PORTER, _BROWSE = b"broker", b"porter", b"browse "
_MODULES = {_BROKER: "ownmind.egress.broker", _PORTER: "ownmind.egress.porter"}
_ORDERS = 3  # the launcher's one descriptor
_launcher: socket.socket | None = None  # of this process


def prepare() -> None:
    """Starts the launcher, once; does nothing where no seal will be. A millisecond: it is not waited for."""
    global _launcher
    if sys.platform != "linux" or _launcher is not None:
        return
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        nothing = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", __file__],
            {name: value for name, value in os.environ.items() if name in (*PASSED, *_DESKTOP) or name.startswith(("XDG_", "LC_"))},
            file_actions=[(os.POSIX_SPAWN_DUP2, theirs.fileno(), _ORDERS), *nothing],  # in this order: theirs may be 0, 1 or 2
        )
    _launcher = ours


def start_broker(control: socket.socket) -> subprocess.Popen[bytes] | None:
    """Starts a broker that listens on ``control`` (its end of the pair). Gives it where it is our own child."""
    return _begun(_BROKER, control)


def start_porter(control: socket.socket) -> subprocess.Popen[bytes] | None:
    """Starts a porter whose orders come on ``control``, likewise."""
    return _begun(_PORTER, control)


def _begun(which: bytes, control: socket.socket) -> subprocess.Popen[bytes] | None:
    if _launcher is not None:
        socket.send_fds(_launcher, [which], [control.fileno()])
        return None
    return _started(which, control, os.environ)


def browse(address: str) -> None:
    """Opens our page in the person's browser. Only an address on loopback: nothing else is ever opened."""
    if _launcher is not None:
        _launcher.send(_BROWSE + address.encode())
        return
    _browse(address)


def is_private() -> None:
    """Lets no other process of this person read or trace this one (prctl(2), PR_SET_DUMPABLE); root still may."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)


def _launch_until_left() -> None:
    os.setsid()  # Ctrl-C in the terminal is for the core to answer
    is_private()
    orders = socket.socket(fileno=_ORDERS)
    orders.set_inheritable(False)
    children: list[subprocess.Popen[bytes]] = []
    while True:
        said, found, _, _ = socket.recv_fds(orders, 4096, 1)
        if not said:
            return
        children = [child for child in children if child.poll() is None]
        if said in _MODULES and found:
            with socket.socket(fileno=found[0]) as control:
                children.append(_started(said, control, os.environ))
        elif said.startswith(_BROWSE) and not os.fork():
            _browse(said.removeprefix(_BROWSE).decode("ascii", "replace"))
            os._exit(0)


def _browse(address: str) -> None:
    import webbrowser

    if address.startswith(("http://127.0.0.1:", "http://[::1]:", "http://localhost:")):
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open(address)


def _started(which: bytes, control: socket.socket, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    import subprocess

    given: dict[str, object] = {}
    if sys.platform == "win32":
        command = [sys.executable, "-P", "-m", _MODULES[which]]
    else:
        command = [sys.executable, "-P", "-m", _MODULES[which], str(control.fileno())]
        given = {"pass_fds": (control.fileno(),), "start_new_session": True}
    child: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603  # our own interpreter and module
        command,
        stdin=subprocess.PIPE if sys.platform == "win32" else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: value for name in PASSED if (value := environment.get(name)) is not None},
        **given,
    )
    if sys.platform == "win32":  # untested there
        assert child.stdin is not None
        child.stdin.write(control.share(child.pid))
        child.stdin.close()
    return child


if __name__ == "__main__":
    _launch_until_left()
