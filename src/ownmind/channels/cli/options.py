"""The options every command has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

_GROUP = "Options of every command"


@Parameter(name="*")
@dataclass(frozen=True)
class Everywhere:
    """Where the home is and how to answer."""

    home: Annotated[Path | None, Parameter(help="Where your memory is kept (or OWNMIND_HOME).", group=_GROUP)] = None
    json: Annotated[bool, Parameter(help="One JSON object instead of words.", group=_GROUP, negative="")] = False
    debug: Annotated[bool, Parameter(help="Show where an error came from.", group=_GROUP, negative="")] = False


HERE = Everywhere()  # the default: a call in a signature would be made once anyway
