"""A SKILL.md: its frontmatter and its body, as the Agent Skills specification has them (https://agentskills.io/specification).

The file comes from strangers. Its frontmatter is YAML, of which we take the plain part: mappings, lists and text. Nothing is
constructed: the parser's events are read, every scalar is its text ("1.0" stays "1.0", "no" stays "no"), and anchors, aliases, tags,
a second document, a key said twice, and more than a few levels or values are refused. So there is no bomb to go off and no object to make.

Every limit of the specification is checked. Where its text and its reference validator differ we take the narrower: a name is a-z, 0-9 and
hyphens (the validator lets letters of other scripts through, some of which look like these).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ..errors import BadInput

FILE = "SKILL.md"
LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_COMPATIBILITY = 64, 1024, 500  # characters, of the specification
LONGEST_FRONTMATTER, LONGEST_FILE = 16_384, 262_144  # characters, ours
RECOMMENDED_LINES = 500  # of a body, of the specification
_DEEPEST, _MOST_VALUES = 4, 256
_LONGEST_OTHER = 1024  # characters of a licence, a value of metadata, a tool
_FIELDS = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TOOL = re.compile(r"[^\s()]+(?:\([^()]*\))?")  # Read, Bash(git add:*)
# Characters that show nothing or turn what is shown: they could hide words from whoever approves.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")

Yaml: TypeAlias = "str | list[Yaml] | dict[str, Yaml]"


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill as its SKILL.md has it. ``body``: the instructions, Markdown."""

    name: str
    description: str
    body: str
    license: str = ""
    compatibility: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    allowed_tools: tuple[str, ...] = ()


def parse(text: str, folder: str = "") -> Skill:
    """The skill ``text`` describes. ``folder``: the name of the folder it lies in, "" where it lies in none. Raises BadInput in words."""
    if len(text) > LONGEST_FILE:
        raise _wrong(f"is longer than {LONGEST_FILE:,} characters", "move long material into references/")
    front, body = _split(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    fields = _mapping(front)
    if unknown := [name for name in fields if name not in _FIELDS]:
        known = f"it knows {', '.join(_FIELDS)}; put others under metadata"
        raise _wrong(f"has a field the specification does not know: {_shown(unknown[0])}", known)
    for name in ("name", "description"):
        if name not in fields:
            raise _wrong(f"has no {name}", "both name and description are needed")
    texts = {name: _text(value, name) for name, value in fields.items() if name not in ("metadata", "allowed-tools")}
    _check_name(texts["name"], folder)
    _check_length(texts["description"], "description", LONGEST_DESCRIPTION)
    if "compatibility" in texts:
        _check_length(texts["compatibility"], "compatibility", LONGEST_COMPATIBILITY)
    if len(texts.get("license", "")) > _LONGEST_OTHER:
        raise _wrong(f"has a license longer than {_LONGEST_OTHER} characters", "name the file that holds it")
    if found := _HIDDEN.search(body):
        raise _hidden("body", found[0])
    return Skill(
        texts["name"], texts["description"], body.strip(), texts.get("license", ""), texts.get("compatibility", ""),
        _metadata(fields.get("metadata", {})), _tools(fields.get("allowed-tools", "")),
    )  # fmt: skip


def _split(text: str) -> tuple[str, str]:
    """(frontmatter, body): between a first line "---" and the next such line, and after it."""
    first, _, rest = text.partition("\n")
    if first.rstrip() != "---":
        raise _wrong("does not begin with a line ---", "frontmatter stands between two lines ---")
    end = re.search(r"^---[ \t]*(?:\n|\Z)", rest, re.MULTILINE)
    if end is None:
        raise _wrong("has no end of its frontmatter", "a second line --- closes it")
    if end.start() > LONGEST_FRONTMATTER:
        raise _wrong(f"has a frontmatter longer than {LONGEST_FRONTMATTER:,} characters", "shorten it")
    return rest[: end.start()], rest[end.end() :]


# YAML, the plain part


def _mapping(front: str) -> dict[str, Yaml]:
    import yaml

    if found := _HIDDEN.search(front):
        raise _hidden("frontmatter", found[0])
    try:
        reader = _Reader(yaml.parse(front, Loader=yaml.SafeLoader))
        value = reader.document()
    except (yaml.YAMLError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" (line {line + 2})"
        raise _wrong(f"has a frontmatter that is not YAML{where}", "quote values that hold a colon") from error
    if not isinstance(value, dict):
        raise _wrong("has a frontmatter that is no mapping", "write lines like `name: my-skill`")
    return value


class _Reader:
    """Reads a parser's events into text, lists and mappings, and refuses whatever is more than that."""

    def __init__(self, events: Iterator[object]) -> None:
        self._events = events
        self._left = _MOST_VALUES

    def document(self) -> Yaml:
        """The one document. Raises BadInput for two, for none, and for what is not plain."""
        import yaml

        value: Yaml | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if value is not None:
                    raise _wrong("has more than one document in its frontmatter", "only one mapping is read")
                value = self._value(next(self._events), 0)
        if value is None:
            raise _wrong("has an empty frontmatter", "name and description are needed")
        return value

    def _value(self, event: object, depth: int) -> Yaml:
        import yaml

        self._left -= 1
        if self._left < 0 or depth > _DEEPEST:
            raise _wrong("has a frontmatter with too much in it", f"at most {_MOST_VALUES} values, {_DEEPEST} levels deep")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _wrong("uses anchors or aliases in its frontmatter", "write the values out")
        if getattr(event, "tag", None) is not None:
            raise _wrong("uses a YAML tag in its frontmatter", "only text, lists and mappings are read")
        match event:
            case yaml.ScalarEvent():
                return str(event.value)
            case yaml.SequenceStartEvent():
                return [self._value(one, depth + 1) for one in self._until(yaml.SequenceEndEvent)]
            case yaml.MappingStartEvent():
                held: dict[str, Yaml] = {}
                for one in self._until(yaml.MappingEndEvent):
                    key = self._value(one, depth + 1)
                    if not isinstance(key, str) or key in held:
                        raise _wrong(f"says {_shown(str(key))} twice in its frontmatter", "each key once, and keys are text")
                    held[key] = self._value(next(self._events), depth + 1)
                return held
        raise _wrong("has a frontmatter that cannot be read", "only text, lists and mappings are read")

    def _until(self, end: type) -> Iterator[object]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event


# Fields


def _text(value: Yaml, name: str) -> str:
    if not isinstance(value, str):
        raise _wrong(f"has a {name} that is not text", f"write `{name}: words`")
    return unicodedata.normalize("NFC", value.strip())


def _check_name(name: str, folder: str) -> None:
    if not 1 <= len(name) <= LONGEST_NAME:
        raise _wrong(f"has a name of {len(name)} characters", f"1 to {LONGEST_NAME} are allowed")
    if not _NAME.fullmatch(name):
        raise _wrong(f"has the name {_shown(name)}", "a to z, 0 to 9 and single hyphens between them, in lower case")
    if folder and unicodedata.normalize("NFC", folder) != name:
        raise _wrong(f"is called {name} and lies in a folder called {_shown(folder)}", "the two must be the same")


def _check_length(text: str, name: str, most: int) -> None:
    if not 1 <= len(text) <= most:
        raise _wrong(f"has a {name} of {len(text):,} characters", f"1 to {most:,} are allowed")


def _metadata(value: Yaml) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _wrong("has metadata that is no mapping", "metadata maps text to text")
    for key, one in value.items():
        if not isinstance(one, str) or len(one) > _LONGEST_OTHER or len(key) > _LONGEST_OTHER:
            raise _wrong(f"has a value of metadata ({_shown(key)}) that is not text, or too long", "metadata maps text to text")
    return {key: str(one) for key, one in value.items()}


def _tools(value: Yaml) -> tuple[str, ...]:
    """Names of tools, from a list or a text with blanks between; blanks in brackets belong to a tool ("Bash(git add:*)")."""
    if isinstance(value, dict) or (isinstance(value, list) and any(not isinstance(one, str) for one in value)):
        raise _wrong("has allowed-tools that are neither text nor a list of texts", "write `allowed-tools: recall save_file`")
    written = [str(one).strip() for one in value] if isinstance(value, list) else _TOOL.findall(value)
    if any(len(one) > _LONGEST_OTHER for one in written):
        raise _wrong("has a tool with too long a name among allowed-tools", "shorten it")
    return tuple(dict.fromkeys(one for one in written if one))


def _shown(text: str) -> str:
    short = _HIDDEN.sub("�", " ".join(text.split()))[:60]
    return f"“{short}”"


def _hidden(where: str, found: str) -> BadInput:
    return _wrong(
        f"has a character in its {where} that nobody can see (U+{ord(found):04X})", "take it out: hidden words cannot be approved"
    )


def _wrong(what: str, hint: str) -> BadInput:
    return BadInput(f"this {FILE} {what}", hint=hint)
