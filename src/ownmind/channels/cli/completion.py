"""``ownmind completion``: the script a shell needs to complete commands, options and paths."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from .options import HERE, Everywhere
from .output import print_json


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(help="The shell to complete in.")],
    /,
    *,
    everywhere: Everywhere = HERE,
) -> int:
    """Print the completion script of a shell.

    bash: put `eval "$(ownmind completion bash)"` in ~/.bashrc. zsh: write it to _ownmind in a folder of $fpath.
    fish: write it to ~/.config/fish/completions/ownmind.fish.

    Example: ownmind completion bash
    """
    from .commands import app

    script = app().generate_completion(prog_name="ownmind", shell=shell)
    print_json({"shell": shell, "script": script}) if everywhere.json else print(script)
    return 0
