"""How many tokens are read at most, and what goes to a graphics processor: decisions of pure functions over made-up machines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ownmind import config
from ownmind.errors import BadInput
from ownmind.models.llama.gguf import Metadata
from ownmind.models.llama.gpu import Device, layers
from ownmind.models.llama.window import LEAST, MOST, bytes_per_token, window_of

GB = 1 << 30
# The starter brain's numbers: 28 blocks, 2 heads of 128 for keys and values each.
STARTER = Metadata("qwen2", "starter", 1_543_714_304, 32768, 28, 2, 128, 128, 1536, "Q4_K_M", "", 1_117_320_736, cached=28 * 2 * 256)
LARGE = replace(STARTER, parameters=9_000_000_000, blocks=36, cached=36 * 8 * 256, bytes=6 * GB)


def test_the_window_follows_the_memory_there_is() -> None:
    """More memory, a longer window, in whole steps; never under what a talk needs, never over what is worth it."""
    windows = [window_of(STARTER, available=available * GB) for available in (1, 2, 4, 8, 16, 64)]
    assert windows == sorted(windows) and windows[0] == LEAST and windows[-1] == MOST
    assert all(window % 1024 == 0 for window in windows)
    assert bytes_per_token(STARTER) == 28 << 10


def test_the_window_is_never_longer_than_the_model_was_trained_for() -> None:
    """A model of 2,048 tokens reads 2,048, whatever the memory; one that does not say reads the least."""
    assert window_of(replace(STARTER, context=2048), available=64 * GB) == 2048
    assert window_of(replace(STARTER, context=0), available=64 * GB) == LEAST


def test_the_cache_takes_an_eighth_of_what_is_free_at_most() -> None:
    """Unless even the least is more than that."""
    for available in (6, 8, 12, 24):
        window = window_of(LARGE, available=available * GB)
        assert window == LEAST or window * bytes_per_token(LARGE) <= (available * GB - LARGE.bytes) / 8


def test_a_card_with_room_takes_every_layer() -> None:
    """The output layer counts as one more."""
    assert layers([Device("card", 24 * GB)], LARGE, 8192) == LARGE.blocks + 1
    assert layers([Device("one", 5 * GB), Device("other", 5 * GB)], LARGE, 8192) == LARGE.blocks + 1


def test_a_smaller_card_takes_what_fits_and_a_tiny_one_nothing() -> None:
    """A part leaves room for the display; too few layers are not worth the way between the memories."""
    part = layers([Device("card", 4 * GB)], LARGE, 8192)
    assert LARGE.blocks // 4 <= part < LARGE.blocks
    assert layers([Device("card", 1 * GB)], LARGE, 8192) == 0
    assert layers([Device("card", 100 << 20)], LARGE, 8192) == 0
    assert layers([], LARGE, 8192) == 0


def test_a_longer_context_leaves_fewer_layers_on_the_card() -> None:
    """Its cache goes with the layers."""
    assert layers([Device("card", 5 * GB)], LARGE, 32768) < layers([Device("card", 5 * GB)], LARGE, 4096)


def test_the_setting_says_auto_or_off() -> None:
    """Anything else is an error that says so."""
    assert config.parse({}).gpu == "auto" and config.parse({"gpu": "off"}).gpu == "off"
    with pytest.raises(BadInput, match="neither auto nor off"):
        config.parse({"gpu": "cuda:0"})
