"""What the person may set: one TOML file, one frozen value. The defaults work offline.

An unknown key is an error that lists the known ones: a typo that is silently ignored is a setting that never works.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .errors import BadInput


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting, with its default. The comment beside each is its help text."""

    host: str = "127.0.0.1"  # loopback only: anything else is refused
    port: int = 7717  # 0 picks a free one
    brain: str = "qwen2.5-coder-1.5b-instruct-q4_k_m"  # chat model: an id from the catalogue, or a path to a GGUF file
    embedder: str = "all-minilm-l6-v2-int8"  # an id from the catalogue
    threads: int = 0  # for the models; 0 means physical cores less one, at least 1
    name: str = ""  # what the companion calls you
    learn: bool = True  # learn facts in the background while idle
    fetch: bool = True  # fetch the starter models on the first start
    keep_sent: int = 90  # days the exact content of what left this machine is kept, to show it; 0 keeps none
    files: str = ""  # folder for files you ask it to save; empty means Ownmind in your home folder
    open_browser: bool = True  # open the page when `ownmind` starts


def read(path: Path) -> Config:
    """The settings in ``path``; the defaults when there is no such file. Raises BadInput for what it cannot accept."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot read {path}: {error}", hint="fix the file's permissions or its encoding (UTF-8)") from error
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and a number of five thousand digits
        raise BadInput(f"{path} is not TOML: {error}", hint="see docs/config.md for an example") from error
    return parse(values, where=str(path))


def parse(values: dict[str, object], *, where: str = "config") -> Config:
    """A Config from plain values; unknown keys and wrong types raise BadInput naming the known ones."""
    known = {field.name: field for field in dataclasses.fields(Config)}
    for key, value in values.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise BadInput(f"{where}: unknown key {key!r}", hint=f"{hint}known keys: {', '.join(known)}")
        expected = type(known[key].default)
        if type(value) is not expected:
            raise BadInput(
                f"{where}: {key} must be {expected.__name__}, not {type(value).__name__}",
                hint=f"example: {key} = {_toml(known[key].default)}",
            )
    config = Config(**values)  # type: ignore[arg-type]  # every key and type was checked above
    if config.host not in ("127.0.0.1", "::1", "localhost"):
        raise BadInput(
            f"{where}: host {config.host!r} is not this machine", hint="Ownmind listens on loopback only: 127.0.0.1, ::1 or localhost"
        )
    if not 0 <= config.port <= 65535:
        raise BadInput(f"{where}: port {config.port} is not between 0 and 65535", hint="leave it out for 7717, or 0 for any free port")
    return config


def write(path: Path, key: str, value: str) -> None:
    """Sets one key in the file at ``path``; everything else in it, comments too, stays. Whole or not at all. Raises BadInput."""
    read(path)  # a file that is wrong already is not made worse
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"  # a JSON string is a TOML string
    lines = [line if re.match(rf"\s*{re.escape(key)}\s*=", old) else old for old in text.splitlines()]
    if line not in lines:
        lines.append(line)
    made = "\n".join(lines) + "\n"
    parse(tomllib.loads(made), where=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(made, encoding="utf-8")
    fresh.replace(path)


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
