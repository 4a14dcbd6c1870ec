"""Which words of the page's code no language can say: English that stands in a component and is in no message file.

Looked at are the texts and spoken attributes of every ``html`` template, and every other literal that reads like words. It reads
JavaScript's tokens, not its grammar: a lone word in lower case outside a template is taken for a value, and goes unseen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

HOLE = "\0"  # stands for ${…} in what is left of a template
SPOKEN = {"alt", "aria-description", "aria-label", "aria-placeholder", "aria-roledescription", "label", "placeholder", "title"}
QUIET = {"code", "kbd", "pre", "samp"}  # commands and examples: the same in every language
_DATA = re.compile(
    r"""^(?:[\w$/.:#@\[\]=>*-]*|https?:\S+|(?:Alt|Shift|Control|Meta|Mod)\+\S*|
    (?:Arrow|Page)(?:Up|Down|Left|Right)|Enter|Escape|Home|End|Tab|Backspace|Delete|Shift|Alt|Control|Meta|Process|Event)$""",
    re.VERBOSE,
)
_WORDS = re.compile(
    r"[A-Za-z]{2,}[,;:.’]? +[A-Za-z]|^ ?[A-Z][a-z]+[ .!?…:]?$|^[, (]+[a-z]{2,}"  # two words, one that begins or goes on a sentence
    r"|[a-z]{2,}[.!?:]? $|[A-Za-z]{2,} \0|\0 [a-z]{3,}"  # or stands beside a value
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ADDRESS = re.compile(r"\S*[./]\S*\w")  # of an example: a site, a path
_MARKED = re.compile(r"(?<![\w.])(?:t|rich|key)\(\s*$|(?<![\w.])plural\((?:[^\n]*?),\s*(?:'(?:[^'\\\n]|\\.)*',\s*)?$")
_COMPARED = re.compile(r"(?:[=!]==|\bcase|\bin|querySelector(?:All)?\(|closest\(|matches\(|find\(|matchMedia\(|class=|Listener\()\s*$")
_REGEX = re.compile(r"/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[dgimsuvy]*")
_BEFORE_REGEX = re.compile(r"(?:^|[(,=:\[!&|?{};\n]|\breturn)\s*$")


@dataclass(frozen=True, slots=True)
class Literal:
    """A string or template, and the code on both sides of it; ``tag``: what a template is tagged with."""

    text: str
    before: str
    after: str
    tag: str
    line: int

    @property
    def is_data(self) -> bool:
        """Whether it is a key of an object, or compared or looked up rather than shown."""
        return bool(_COMPARED.search(self.before)) or (self.after.startswith(":") and self.before.rstrip()[-1:] in "{,")


def bare(code: str) -> list[tuple[int, str]]:
    """The line and the words of every text in a module that is shown and not marked."""
    found: list[tuple[int, str]] = []
    for literal in literals(code):
        if literal.tag in ("html", "svg"):
            found += [(literal.line, text) for text in _spoken(literal.text)]
        elif _WORDS.search(literal.text) and not (_DATA.match(literal.text) or _MARKED.search(literal.before) or literal.is_data):
            found.append((literal.line, literal.text.replace(HOLE, "{}")))
    return found


def literals(code: str) -> Iterator[Literal]:
    """Every string and template of the code; one inside a template's ``${…}`` comes on its own. Comments and imports are left out."""
    at = 0
    while at < len(code):
        at, found = _next(code, at)
        yield from found


def _next(code: str, at: int) -> tuple[int, list[Literal]]:
    """Where the code goes on behind what stands at a place, and the literals that were there."""
    mark = code[at]
    if code.startswith("//", at):
        return _until(code, "\n", at), []
    if code.startswith("/*", at):
        return _until(code, "*/", at), []
    if mark == "/" and _BEFORE_REGEX.search(code[max(0, at - 20) : at]) and (regex := _REGEX.match(code, at)):
        return regex.end(), []
    if mark in "'\"":
        return _string(code, at)
    if mark == "`":
        return _template(code, at)
    return at + 1, []


def _string(code: str, at: int) -> tuple[int, list[Literal]]:
    end = at + 1
    while end < len(code) and code[end] != code[at]:
        end += 2 if code[end] == "\\" else 1
    before = code[max(0, at - 400) : at]
    if re.search(r"(?:\bfrom|\bimport)\s*\(?$", before):
        return end + 1, []
    return end + 1, [Literal(code[at + 1 : end], before, code[end + 1 : end + 3], "", code.count("\n", 0, at) + 1)]


def _template(code: str, at: int) -> tuple[int, list[Literal]]:
    found: list[Literal] = []
    text, end = "", at + 1
    while end < len(code) and code[end] != "`":
        if code.startswith("${", end):
            text, end, depth = text + HOLE, end + 2, 1
            while depth:
                depth += {"{": 1, "}": -1}.get(code[end], 0)
                end, inner = _next(code, end)
                found += inner
        else:
            width = 2 if code[end] == "\\" else 1
            text, end = text + code[end : end + width], end + width
    tag = re.search(r"(\w*)$", code[max(0, at - 20) : at])
    whole = Literal(text, code[max(0, at - 400) : at], code[end + 1 : end + 3], tag[1] if tag else "", code.count("\n", 0, at) + 1)
    return end + 1, [whole, *found]


def _until(code: str, mark: str, at: int) -> int:
    end = code.find(mark, at)
    return len(code) if end < 0 else end + len(mark)


def _spoken(template: str) -> list[str]:
    reading = _Reading()
    reading.feed(template)
    reading.close()
    said = [" ".join(text.replace(HOLE, "{}").split()) for text in reading.found]
    return [text for text in said if _LETTERS.search(text.replace("Ownmind", "")) and not _ADDRESS.fullmatch(text)]


class _Reading(HTMLParser):
    """Collects what a template says: its texts, and the attributes that are read out or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._quiet += tag in QUIET
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in QUIET

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.found.append(data)
