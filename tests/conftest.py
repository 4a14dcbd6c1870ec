"""What every test shares: homes of their own, no keychain, no network but loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from axe import axe
from browser import window

__all__ = ["axe", "window"]  # fixtures of the page's tests

os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"  # the machine's own keychain is not ours to fill
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.pop("OWNMIND_PASSPHRASE", None)

settings.register_profile("shared", deadline=None)  # how long an example takes is the machine's affair, and another one's beside us
settings.load_profile("shared")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests begin first."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home no other test and no person uses. The cache stays the person's own: real models are fetched once."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("OWNMIND_HOME", str(home / "mind"))
    yield home / "mind"
