"""The page's colours are chosen in pairs: their contrast is computed from the tokens, in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from ownmind.channels.web.pages import FOLDER

TOKENS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\);", (FOLDER / "tokens.css").read_text(encoding="utf-8")))
# What the stylesheet writes in which colour on which.
WORDS = [
    *(("ink", on) for on in ("paper", "raised", "said", "mark", "leaf-wash")),
    *(("soft", on) for on in ("paper", "raised", "said")),
    *(("leaf", on) for on in ("paper", "raised", "leaf-wash")),
    ("on-leaf", "leaf"), ("paper", "warn"), ("warn", "paper"), ("warn", "raised"), ("warn", "warn-wash"),
]  # fmt: skip
EDGES = [("edge", "paper"), ("edge", "raised"), ("leaf", "said")]  # what shows where a field or a control is


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: int) -> float:
    lights = sorted(luminance(TOKENS[name].split(", ")[theme]) for name in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_contrast_is_computed_as_the_standard_does() -> None:
    """Black on white is 21, a colour on itself 1."""
    assert round((luminance("#ffffff") + 0.05) / (luminance("#000000") + 0.05), 2) == 21
    assert contrast("ink", "ink", 0) == 1


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_word_stands_out_from_what_it_is_written_on(theme: int) -> None:
    """4.5 to 1 for words, 3 to 1 for the edges of what can be used."""
    assert {pair: contrast(*pair, theme) for pair in WORDS if contrast(*pair, theme) < 4.5} == {}
    assert {pair: contrast(*pair, theme) for pair in EDGES if contrast(*pair, theme) < 3} == {}


def test_no_colour_and_no_side_is_written_past_the_tokens() -> None:
    """A colour of its own would be in one theme alone; a left or right would not turn with the language."""
    style = re.sub(r"/\*.*?\*/", "", (FOLDER / "style.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-f]{6}\b", style)
    assert not re.findall(r"(?:margin|padding|border)-(?:left|right)|[{; ](?:left|right): |text-align: (?:left|right)", style)
