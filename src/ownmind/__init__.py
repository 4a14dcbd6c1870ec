"""Ownmind: a personal superintelligence that belongs to the person who runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .channels.python import Companion as Companion

__all__ = ["Companion", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Companion loads on first use, so that ``ownmind --help`` stays quick."""
    if name == "Companion":
        from .channels.python import Companion

        return Companion
    raise AttributeError(f"module 'ownmind' has no attribute {name!r}")
