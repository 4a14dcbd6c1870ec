"""A desktop that shows notifications: org.freedesktop.Notifications on a D-Bus of its own, which Chromium finds there as on any Linux."""

from __future__ import annotations

import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

DAEMON = shutil.which("dbus-daemon")
NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
PRIMARY = 4  # of RequestName: do not queue
needs_desktop = pytest.mark.skipif(DAEMON is None, reason="needs dbus-daemon")


@dataclass
class Desktop:
    """``shown``: every text that was put before the person, by its number; ``closed``: the numbers that were taken back."""

    address: str
    shown: list[tuple[int, str]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    _presses: queue.SimpleQueue[int] = field(default_factory=queue.SimpleQueue)

    def press(self, number: int) -> None:
        """The person clicks on a notification."""
        self._presses.put(number)

    def serve(self, bus: DBusConnection, until: threading.Event) -> None:
        while not until.is_set():
            while not self._presses.empty():
                here = DBusAddress(PATH, interface=NAME)
                bus.send(new_signal(here, "ActionInvoked", "us", (self._presses.get(), "default")))
            try:
                message = bus.receive(timeout=0.05)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                bus.send(self._answer(message))

    def _answer(self, message: Message) -> Message:
        match message.header.fields.get(HeaderFields.member):
            case "Notify":
                _, number, _, title, text, *_ = message.body
                number = number or 1 + max((one for one, _ in self.shown), default=0)
                self.shown.append((number, f"{title}\n{text}"))
                return new_method_return(message, "u", (number,))
            case "GetCapabilities":
                return new_method_return(message, "as", (["actions", "body", "persistence"],))
            case "GetServerInformation":
                return new_method_return(message, "ssss", ("a test", "Ownmind", "1", "1.2"))
            case "CloseNotification":
                self.closed.append(message.body[0])
        return new_method_return(message)


@contextmanager
def running() -> Iterator[Desktop]:
    """A desktop, until the block ends."""
    assert DAEMON is not None
    with subprocess.Popen(
        [DAEMON, "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as daemon:
        assert daemon.stdout is not None
        desktop, ends = Desktop(daemon.stdout.readline().strip()), threading.Event()
        with open_dbus_connection(bus=desktop.address) as bus:
            bus.send_and_get_reply(message_bus.RequestName(NAME, PRIMARY))
            serving = threading.Thread(target=desktop.serve, args=(bus, ends))
            serving.start()
            try:
                yield desktop
            finally:
                ends.set()
                serving.join(10)
        daemon.terminate()
