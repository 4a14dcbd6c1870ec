"""The core's end of the broker: starts it, hands it one socket an exchange, and can end all of them at once."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakSet

from ..errors import DoorClosed, NetworkEnded
from . import frames, launch
from .frames import Opening, Wire

_TRIES = 3
_STARTS_WITHIN = 60.0  # seconds; it takes a third of one, and more on a busy machine


class Broker:
    """One broker process, started with the first exchange and again after a death. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._pid = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._open: WeakSet[Wire] = WeakSet()
        self._is_shut = False

    def open(self, asked: Opening, content: bytes = b"") -> Wire:
        """An exchange under way: ``content`` is on its way to the broker. Raises NetworkEnded when there is no broker to be had, and
        DoorClosed when the person has gone offline meanwhile; then nothing was told to anybody."""
        for _ in range(_TRIES):
            wire = self._handed_over()
            if wire is not None and wire.next(seconds=_STARTS_WITHIN) == {"ready": frames.VERSION}:
                break
            if wire is not None:
                wire.close()  # it was just ending
        else:
            raise NetworkEnded("the network process does not answer", hint="try again; `ownmind doctor` looks for the cause")
        with contextlib.suppress(OSError):  # it died: the reader of the answer hears it
            wire.say(asked.frame())
            for at in range(0, len(content), frames.PIECE):
                wire.say(content[at : at + frames.PIECE])
            wire.say({"whole": len(content)})
        return wire

    def _handed_over(self) -> Wire | None:
        """A fresh exchange with a broker that lives, as far as one can know; None when it could not be reached."""
        ours, theirs = socket.socketpair()
        try:
            with self._lock:
                if self._is_shut:
                    raise DoorClosed("Ownmind is offline: nothing leaves", hint="`ownmind online` opens the door again")
                frames.hand_over(self._running(), theirs, self._pid)
                wire = Wire(ours)
                self._open.add(wire)
                return wire
        except OSError:
            ours.close()
            return None
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()

    @property
    def is_shut(self) -> bool:
        return self._is_shut

    def shut(self) -> None:
        """Ends every exchange and the process, now; nothing opens until ``unshut``."""
        with self._lock:
            self._is_shut = True
            self._end()

    def unshut(self) -> None:
        with self._lock:
            self._is_shut = False

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Ends the process after the block, when no exchange is under way then: for work that comes once in a while."""
        try:
            yield
        finally:
            with self._lock:
                if not any(wire.is_open for wire in self._open):
                    self._end()

    def close(self) -> None:
        """Ends every exchange and the process. A later exchange starts a new one."""
        with self._lock:
            self._end()

    def _running(self) -> socket.socket:
        if self._control is not None and _is_dead(self._control):
            self._end()
        if self._control is None:
            ours, theirs = socket.socketpair()
            with theirs:
                self._child = launch.start_broker(theirs)
            self._pid = self._child.pid if self._child is not None else 0
            self._control = ours
        return self._control

    def _end(self) -> None:
        for wire in tuple(self._open):
            wire.break_off()
        self._open.clear()
        if self._control is not None:
            self._control.close()  # which ends the broker
            self._control = None
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None


def _is_dead(control: socket.socket) -> bool:
    """A broker never says anything on the control socket: what can be read there is its end."""
    control.setblocking(False)
    try:
        return not control.recv(1)
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        control.setblocking(True)
