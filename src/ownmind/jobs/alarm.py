"""An alarm by the clock on the wall: it rings at a moment, not after so many seconds.

asyncio counts seconds in which the machine was awake, so a timer of ten hours set in the evening rings at noon when the lid was shut all
night. Linux has an alarm of its own (timerfd_create(2), CLOCK_REALTIME): it rings at its moment, on waking when that went by, and at once
when the clock is set. Elsewhere the clock is looked at once a minute while something is awaited.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import sys
import time
from collections.abc import AsyncIterator

_REALTIME, _ABSOLUTE, _CANCEL_ON_SET = 0, 1, 2  # CLOCK_REALTIME, TFD_TIMER_ABSTIME, TFD_TIMER_CANCEL_ON_SET
_MINUTE = 60.0


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_longlong), ("nanoseconds", ctypes.c_long))


class _Itimerspec(ctypes.Structure):
    _fields_ = (("interval", _Timespec), ("value", _Timespec))


@contextlib.asynccontextmanager
async def ringing(event: asyncio.Event, moment: float) -> AsyncIterator[None]:
    """Sets ``event`` at ``moment`` (Unix seconds), or when the clock is set to another time, as long as the block lasts."""
    descriptor = _timer(moment)
    if descriptor is None:
        watch = asyncio.create_task(_watch(event, moment), name="alarm")
        try:
            yield
        finally:
            watch.cancel()
            await asyncio.wait([watch])
        return
    loop = asyncio.get_running_loop()
    try:
        loop.add_reader(descriptor, event.set)
        yield
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def _timer(moment: float) -> int | None:
    """A descriptor that can be read from ``moment`` on; None where there is none."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor: int = libc.timerfd_create(_REALTIME, os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0:
        return None
    seconds = max(moment, 1.0)
    value = _Itimerspec(_Timespec(0, 0), _Timespec(int(seconds), int(seconds % 1 * 1e9)))
    if libc.timerfd_settime(descriptor, _ABSOLUTE | _CANCEL_ON_SET, ctypes.byref(value), None) < 0:
        os.close(descriptor)
        return None
    return descriptor


async def _watch(event: asyncio.Event, moment: float) -> None:
    while (left := moment - time.time()) > 0:  # noqa: ASYNC110  # nothing tells that the clock moved
        await asyncio.sleep(min(left, _MINUTE))
    event.set()
