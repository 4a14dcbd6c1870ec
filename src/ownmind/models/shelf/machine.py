"""What this machine has for models: memory, cores, disk and graphics processors, measured now.

Memory is what this process may really take: where the system bounds it (control groups of Linux, which containers and services live
in), the bound counts, less what is used under it that cannot be given back.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..llama.devices import Gpu, gpus
from ..llama.worker import physical_cores

_PROC, _GROUPS = Path("/proc"), Path("/sys/fs/cgroup")
_UNBOUNDED = 1 << 60  # control groups of version 1 write a number near 2^63 where there is no bound


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes. ``bound``: the limit comes from a control group, not from the machine."""

    total: int
    available: int
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """Bytes, and cores. ``unused_gpu`` names a graphics processor that is here and that the installed llama.cpp cannot use."""

    system: str
    cores: int
    memory: int
    available: int
    is_bound: bool
    folder: str  # where models lie
    disk_free: int
    gpus: tuple[Gpu, ...] = ()
    unused_gpu: str = ""


def measure(folder: Path, *, with_gpus: bool = True) -> Machine:
    """This machine now; ``folder`` is where models lie. Asking for graphics processors starts a child for a moment."""
    held, found = memory(), gpus() if with_gpus else ()
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        cores=max(1, min(physical_cores(), _core_quota() or physical_cores())),
        memory=held.total,
        available=held.available,
        is_bound=held.bound,
        folder=str(folder),
        disk_free=shutil.disk_usage(_nearest(folder)).free,
        gpus=found,
        unused_gpu="" if found else seen_gpu(),
    )


def memory() -> Memory:
    """The memory this process may take. (0, 0) where the system does not say."""
    if sys.platform == "linux":
        return linux_memory(_PROC, _GROUPS)
    if sys.platform == "win32":
        return _windows_memory()
    return _macos_memory()


def linux_memory(proc: Path, groups: Path) -> Memory:
    """The memory by ``/proc/meminfo``, bounded by every control group above this process (cgroups(7)), of version 2 or 1."""
    lines = dict(re.findall(r"^(\w+):\s+(\d+) kB", _text(proc / "meminfo"), re.MULTILINE))
    total, available = int(lines.get("MemTotal", 0)) << 10, int(lines.get("MemAvailable", 0)) << 10
    bounds = [bound for group in _groups(proc, groups) if (bound := _bound(group)) is not None]
    limit = min((limit for limit, _ in bounds), default=total)
    free = min((max(0, limit - used) for limit, used in bounds), default=available)
    return Memory(min(total, limit) or limit, min(available, free), limit < total)


def _groups(proc: Path, groups: Path) -> list[Path]:
    """The folders of this process's memory group and of all above it."""
    found: list[Path] = []
    for line in _text(proc / "self" / "cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, own = rest.partition(":")
        root = groups if number == "0" and not controllers else groups / "memory" if "memory" in controllers.split(",") else None
        if root is not None:
            inside = Path(own.lstrip("/"))
            found += [root / inside, *(root / above for above in inside.parents)]
    return found or [groups]  # a container may hide its own name and still show its group at the root


def _bound(group: Path) -> tuple[int, int] | None:
    """(limit, used and not to be given back) of one control group; None where it has no limit."""
    limit = _text(group / "memory.max").strip() or _text(group / "memory.limit_in_bytes").strip()
    if not limit.isdecimal() or int(limit) >= _UNBOUNDED:
        return None
    used = _text(group / "memory.current").strip() or _text(group / "memory.usage_in_bytes").strip()
    files = re.search(r"^(?:total_)?inactive_file (\d+)$", _text(group / "memory.stat"), re.MULTILINE)
    given_back = int(files[1]) if files is not None else 0
    return int(limit), max(0, (int(used) if used.isdecimal() else 0) - given_back)


def _core_quota() -> int:
    """Whole cores a control group leaves us; 0 where it says nothing."""
    if sys.platform != "linux":
        return 0
    quotas = [_text(group / "cpu.max").split() for group in _groups(_PROC, _GROUPS)]
    cores = [int(each[0]) // int(each[1]) for each in quotas if len(each) == 2 and each[0].isdecimal() and int(each[1] or 0) > 0]
    return max(1, min(cores)) if cores else 0


def _windows_memory() -> Memory:
    """GlobalMemoryStatusEx (sysinfoapi.h)."""

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_uint32), ("load", ctypes.c_uint32), ("total", ctypes.c_uint64), ("available", ctypes.c_uint64),
            *((name, ctypes.c_uint64) for name in ("page_total", "page_free", "virtual", "virtual_free", "extended")),
        )  # fmt: skip

    status = Status(length=ctypes.sizeof(Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # there on Windows only, where mypy does not run
    return Memory(int(status.total), int(status.available)) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else Memory(0, 0)


def _macos_memory() -> Memory:
    """Physical pages by sysconf(3); what is free or given back at once by vm_stat(1)."""
    with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        said = subprocess.run(["/usr/bin/vm_stat"], capture_output=True, text=True, timeout=5, check=True).stdout
        return Memory(total, min(total, _vm_stat(said)))
    return Memory(0, 0)


def _vm_stat(said: str) -> int:
    """Bytes a new process can have, by what vm_stat prints."""
    size = re.search(r"page size of (\d+) bytes", said)
    pages: Mapping[str, str] = dict(re.findall(r"^(Pages [\w ]+):\s+(\d+)\.", said, re.MULTILINE))
    free = sum(int(pages.get(f"Pages {kind}", 0)) for kind in ("free", "inactive", "speculative", "purgeable"))
    return free * (int(size[1]) if size is not None else 4096)


def seen_gpu() -> str:
    """A graphics processor the system names. Only NVIDIA's driver on Linux says so without a program of its own."""
    for card in sorted(_PROC.glob("driver/nvidia/gpus/*/information")):
        if (found := re.search(r"^Model:\s+(.+)$", _text(card), re.MULTILINE)) is not None:
            return found[1].strip()[:120]
    return ""


def _nearest(folder: Path) -> Path:
    """``folder``, or the nearest one above it that exists."""
    return next((each for each in (folder, *folder.parents) if each.exists()), Path.cwd())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
