"""One setting is changed, and everything else in the file stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from ownmind.config import Config, Provider, Route, read, write, write_tables
from ownmind.errors import BadInput


def test_a_setting_and_tables_each_find_their_place(tmp_path: Path) -> None:
    """A key goes before the first table, or it would be that table's; all tables of a name are set at once; comments and the rest stay."""
    path = tmp_path / "config.toml"
    path.write_text('# mine\nport = 0  # any\n\n[[mcp]]\nname = "cal"\ncommand = ["calendar"]  # its program\n')
    lenders = (Provider("far", url="https://api.example.org/v1", model="m", price_in=0.5), Provider("anthropic", kind="anthropic"))
    write_tables(path, provider=lenders, route=(Route("write", "far"), Route("code", "anthropic", "long", "big")))
    write(path, "brain", "mine.gguf")
    write(path, "monthly_cap", 5.0)
    held = read(path)
    assert (held.port, held.brain, held.monthly_cap, held.provider) == (0, "mine.gguf", 5.0, lenders)
    assert held.route == (Route("write", "far"), Route("code", "anthropic", "long", "big")) and held.mcp[0].name == "cal"
    write_tables(path, provider=lenders[:1], route=())
    assert read(path).provider == lenders[:1] and read(path).route == () and read(path).mcp == held.mcp
    text = path.read_text()
    assert text.startswith("# mine\nport = 0  # any\n") and "# its program" in text


def test_the_one_provider_of_earlier_versions_is_still_read(tmp_path: Path) -> None:
    """And written as one of several once it is changed."""
    path = tmp_path / "config.toml"
    path.write_text('[remote]\nuse = true\nurl = "https://api.example.org/v1"\nmodel = "m"\nprice_in = 3\n')
    held = read(path)
    assert held.provider == (Provider("remote", url="https://api.example.org/v1", model="m", price_in=3.0),)
    assert held.route == (Route(to="remote"),)
    write_tables(path, provider=held.provider, route=held.route)
    assert "[remote]" not in path.read_text() and read(path) == held
    path.write_text("[remote]\nuse = false\n")
    assert read(path) == Config()


@pytest.mark.parametrize(
    "text",
    [
        "[remote]\nurll = 'x'",
        "provider = 3",
        "[[provider]]\nname = 'A b'",
        "[[provider]]\nname = 'local'",
        "[[provider]]\nname = 'a'\nprice_in = inf",
        "[[provider]]\nname = 'a'\n[[provider]]\nname = 'a'",
        "[[provider]]\nname = 'a'\nmost_tokens = -1",
        "[[route]]\ntask = 3",
        "[[route]]\ntassk = 'write'",
    ],
)
def test_what_is_no_setting_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(BadInput):
        read(path)


def test_a_whole_number_is_a_price(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[[provider]]\nname = 'a'\nprice_in = 3\ncap = 15\n")
    assert (read(path).provider[0].price_in, read(path).provider[0].cap) == (3.0, 15.0)
