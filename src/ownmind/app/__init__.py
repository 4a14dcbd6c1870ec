"""The house, put together from Config."""

from .house import House
from .opening import open_house

__all__ = ["House", "open_house"]
