"""What this machine has is measured, and a bound set from outside counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ggufs import written
from ownmind.models.llama import devices
from ownmind.models.shelf import machine


def proc(tmp_path: Path, cgroup: str) -> Path:
    """A /proc of a machine with 16 GB, 12 of them available."""
    written(tmp_path / "proc/meminfo", b"MemTotal:       16777216 kB\nMemFree: 1 kB\nMemAvailable:   12582912 kB\n")
    written(tmp_path / "proc/self/cgroup", cgroup.encode())
    return tmp_path / "proc"


def test_this_machine_has_what_the_system_says() -> None:
    """Total above available above nothing, at least one core, a disk."""
    found = machine.measure(Path.home() / "nowhere" / "yet")
    assert found.memory >= found.available > 0 and found.cores >= 1 and found.disk_free > 0 and found.system


def test_without_a_bound_memory_is_the_machines(tmp_path: Path) -> None:
    found = machine.linux_memory(proc(tmp_path, "0::/\n"), tmp_path / "cgroup")
    assert found == machine.Memory(16 << 30, 12 << 30, False)


def test_a_bound_of_any_group_above_counts(tmp_path: Path) -> None:
    """Version 2: this process is in /a/b, /a may use 4 GB, of which 1 is used and half of that can be given back."""
    groups = tmp_path / "cgroup"
    written(groups / "a/b/memory.max", b"max\n")
    written(groups / "a/memory.max", str(4 << 30).encode())
    written(groups / "a/memory.current", str(1 << 30).encode())
    written(groups / "a/memory.stat", f"anon 5\ninactive_file {1 << 29}\n".encode())
    found = machine.linux_memory(proc(tmp_path, "0::/a/b\n"), groups)
    assert found == machine.Memory(4 << 30, (4 << 30) - (1 << 29), True)


def test_version_1_counts_too(tmp_path: Path) -> None:
    groups = tmp_path / "cgroup"
    written(groups / "memory/docker/x/memory.limit_in_bytes", str(2 << 30).encode())
    written(groups / "memory/docker/x/memory.usage_in_bytes", str(1 << 30).encode())
    written(groups / "memory/memory.limit_in_bytes", b"9223372036854771712")
    found = machine.linux_memory(proc(tmp_path, "9:memory:/docker/x\n1:name=systemd:/\n"), groups)
    assert found == machine.Memory(2 << 30, 1 << 30, True)


def test_a_container_that_hides_its_name_still_has_its_bound(tmp_path: Path) -> None:
    written(tmp_path / "cgroup/memory.max", str(1 << 30).encode())
    assert machine.linux_memory(proc(tmp_path, ""), tmp_path / "cgroup").total == 1 << 30


def test_graphics_processors_are_asked_for_in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that drives them is never imported here, and a child that fails is none."""
    import sys

    assert all(gpu.name and gpu.memory >= gpu.free >= 0 for gpu in devices.gpus())
    assert "xllamacpp" not in sys.modules
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert devices.gpus() == ()
