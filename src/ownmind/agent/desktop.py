"""A notification of the desktop that says that something waits, and no more: it may be read over a shoulder or on a locked screen.

It is shown by the system's own program. On Linux that is a child of the sealed process: it has no network, and reaches the desktop over
the session bus, which is a Unix socket. Where there is no such program, or no desktop, nothing is shown and the receipt does not name
this channel.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from ..goals.nudging.nudge import NudgeKind

_SECONDS = 10.0
_SAYS = {
    NudgeKind.CATCH_UP: "Some things went by while this machine slept.",
    NudgeKind.BRIEFING: "Your briefing is ready.",
    NudgeKind.REVIEW: "Your week is ready to look back on.",
    NudgeKind.CHECK_IN: "A check-in waits for you.",
    NudgeKind.PROMISE: "A promise is due today.",
    NudgeKind.STEP: "It is time for your next step.",
    NudgeKind.BIRTHDAY: "Somebody has their birthday today.",
    NudgeKind.MISS: "Your plan has changed.",
    NudgeKind.WAITING: "Somebody is waiting for an answer.",
    NudgeKind.RECONNECT: "Somebody may like to hear from you.",
}


def show(kind: NudgeKind) -> bool:
    """Whether a notification of this kind was handed to the desktop. Blocks until its program has ended."""
    command = _command(_SAYS[kind])
    if not command:
        return False
    try:
        ended = subprocess.run(  # noqa: S603  # a program of the system, with words of ours
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def _command(says: str) -> list[str]:
    """The program with its words; empty where there is none."""
    if sys.platform == "darwin":  # untested there
        return _first("osascript", "-e", f'display notification "{says}" with title "Ownmind"')
    if sys.platform == "win32":  # untested there
        return _first("powershell", "-NoProfile", "-NonInteractive", "-Command", _TOAST.replace("SAYS", says))
    return _first("notify-send", "--app-name=Ownmind", "Ownmind", says) or _first(
        "gdbus", "call", "--session", "--dest=org.freedesktop.Notifications", "--object-path=/org/freedesktop/Notifications",
        "--method=org.freedesktop.Notifications.Notify", "Ownmind", "0", "", "Ownmind", says, "[]", "{}", "-1",
    )  # fmt: skip


def _first(program: str, *words: str) -> list[str]:
    found = shutil.which(program)
    return [found, *words] if found else []


_TOAST = (
    "[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType=WindowsRuntime];"
    "$x=[Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent(0);"
    "[void]$x.GetElementsByTagName('text')[0].AppendChild($x.CreateTextNode('SAYS'));"
    "[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier('Ownmind').Show("
    "[Windows.UI.Notifications.ToastNotification]::new($x))"
)
