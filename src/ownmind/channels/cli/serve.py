"""Bare ``ownmind``: starts everything, prints the address, opens the page. Ctrl-C or SIGTERM stops it cleanly."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from .options import HERE, Everywhere


def serve(
    *,
    port: Annotated[int | None, Parameter(help="Listen here; 0 picks a free port.")] = None,
    host: Annotated[str | None, Parameter(help="127.0.0.1, ::1 or localhost; nothing else is accepted.")] = None,
    browser: Annotated[bool, Parameter(help="Open the page in your browser; --no-browser prints the address only.")] = True,
    everywhere: Everywhere = HERE,
) -> int:
    """Start, print the address, and open the page.

    Example: ownmind --port 0 --no-browser
    """
    from .running import run

    return run(port=port, host=host, browser=browser, everywhere=everywhere)
