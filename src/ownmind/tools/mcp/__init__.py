"""MCP servers: programs and addresses of others that offer tools. None of it is trusted, and none of it is there until it was allowed.

A program runs in a jail (`program`) without a network; an address is asked through the door (`address`), by consent, with a row in the
ledger for each message. What either may say is bounded before anybody parses it (`talk`). A server may not ask anything of us
(sampling, roots, elicitation): it hears that there is no such method.

None of its tools exists for the companion until the person allowed it, as an action like any other, with what the server says of the
tool as words from outside. Allowed is exactly that definition (`definition`), of a program with exactly these files (`pinned`): whoever
changes a word is asked about again, and until then it is not there. A tool may be used for what the request says: every text decides
something, every call is a send, unless the person said of this tool that it only reads. What comes back is untrusted, with the
source ``mcp:NAME``.

`offered` keeps what is allowed and asks for what is not.
"""

from __future__ import annotations

from .definition import Tool, declared, difference, given, tool
from .talk import Broken, Talk, listed, told

__all__ = ["Broken", "Talk", "Tool", "declared", "difference", "given", "listed", "told", "tool"]
