"""How much of the page each of its languages says: every text in the code, counted against ``static/lang/<code>.json``.

A text is what stands in ``t('…')``, ``rich('…')``, ``key('…')`` or ``plural(n, 'one', 'many')`` of ``static/lang.js``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from ..channels.web.pages import FOLDER
from . import result
from .bare import bare

Said = str | dict[str, str]
_QUOTED = r"'((?:[^'\\\n]|\\.)*)'"
_PLAIN = re.compile(rf"(?<![\w.])(?:t|rich|key)\(\s*{_QUOTED}")
_PLURAL = re.compile(rf"(?<![\w.])plural\((?:[^\n]*?),\s*{_QUOTED},\s*{_QUOTED}")
_LANGUAGES = re.compile(r"(\w\w): '[^']+'")


@dataclass(frozen=True, slots=True)
class Texts:
    """Every text of the page in English: plain ones and those with a number, which are keyed by their form for many."""

    plain: frozenset[str]
    plural: frozenset[str]

    @property
    def every(self) -> frozenset[str]:
        return self.plain | self.plural


def texts(folder: Path = FOLDER) -> Texts:
    """The texts in the page's code."""
    plain: set[str] = set()
    plural: set[str] = set()
    for path in scripts(folder):
        code = path.read_text(encoding="utf-8")
        plain |= {_unquoted(found) for found in _PLAIN.findall(code)}
        plural |= {_unquoted(many) for _, many in _PLURAL.findall(code)}
    return Texts(frozenset(plain), frozenset(plural))


def scripts(folder: Path = FOLDER) -> list[Path]:
    """The page's own modules, but for ``lang.js``, whose examples are not said to anybody."""
    return [path for path in sorted(folder.rglob("*.js")) if "vendor" not in path.relative_to(folder).parts and path.name != "lang.js"]


def unmarked(folder: Path = FOLDER) -> dict[str, list[tuple[int, str]]]:
    """What the page says in English alone, by module: line and words."""
    found = {path.relative_to(folder).as_posix(): bare(path.read_text(encoding="utf-8")) for path in scripts(folder)}
    return {name: texts for name, texts in found.items() if texts}


def codes(folder: Path = FOLDER) -> list[str]:
    """The codes of the languages that ``lang.js`` offers, English first."""
    code = (folder / "lang.js").read_text(encoding="utf-8")
    listed = code[code.index("export const LANGUAGES") : code.index("const RIGHT_TO_LEFT")]
    return _LANGUAGES.findall(listed)


def messages(code: str, folder: Path = FOLDER) -> dict[str, Said]:
    """What a language says, by the English text."""
    said: dict[str, Said] = json.loads((folder / "lang" / f"{code}.json").read_text(encoding="utf-8"))
    return said


def run(**options: object) -> dict[str, object]:
    """The share of texts that each language has (English, whose texts are the keys, is left out), and how many can be said in none."""
    every = texts().every
    shares = {code: round(len(every & set(messages(code))) / len(every), 4) for code in codes() if code != "en"}
    bare_texts = sum(len(found) for found in unmarked().values())
    return result(
        "wording", {"texts": len(every), "said": shares, "least": min(shares.values()), "unmarked": bare_texts}, n=len(every), seed=None
    )


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
