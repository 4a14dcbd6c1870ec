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
    for path in sorted(folder.rglob("*.js")):
        if "vendor" in path.relative_to(folder).parts or path.name == "lang.js":
            continue
        code = path.read_text(encoding="utf-8")
        plain |= {_unquoted(found) for found in _PLAIN.findall(code)}
        plural |= {_unquoted(many) for _, many in _PLURAL.findall(code)}
    return Texts(frozenset(plain), frozenset(plural))


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
    """The share of texts that each language has; English, whose texts are the keys, is left out."""
    every = texts().every
    shares = {code: round(len(every & set(messages(code))) / len(every), 4) for code in codes() if code != "en"}
    return result("wording", {"texts": len(every), "said": shares, "least": min(shares.values())}, n=len(every), seed=None)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
