"""One setting is changed, and everything else in the file stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from ownmind.config import Config, Remote, read, write
from ownmind.errors import BadInput


def test_a_setting_of_a_table_and_one_of_none_each_find_their_place(tmp_path: Path) -> None:
    """A key without a table goes before the first one, or it would be that table's; comments stay."""
    path = tmp_path / "config.toml"
    path.write_text("# mine\nport = 0  # any\n")
    write(path, "remote.url", "https://api.example.org/v1")
    write(path, "remote.price_in", 0.5)
    write(path, "brain", "mine.gguf")
    write(path, "remote.use", True)
    write(path, "remote.use", False)
    assert read(path) == Config(port=0, brain="mine.gguf", remote=Remote(url="https://api.example.org/v1", price_in=0.5))
    assert path.read_text().startswith("# mine\nport = 0  # any\n")


@pytest.mark.parametrize(
    "text", ["[remote]\nurll = 'x'", "remote = 3", "[remote]\nprice_in = inf", "[remote]\nuse = 1", "[remote]\nmost_tokens = 0"]
)
def test_what_is_no_setting_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(BadInput):
        read(path)


def test_a_whole_number_is_a_price(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[remote]\nprice_in = 3\nprice_out = 15\n")
    assert read(path).remote.price_in == 3.0
