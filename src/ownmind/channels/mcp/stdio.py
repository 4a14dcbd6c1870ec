"""Standard input and output for a program that starts its servers itself: messages go to ``/mcp`` of a running Ownmind, over its socket.

Nothing but the protocol is on standard output. The socket is the person's own (0600), so a client may be named there without its key.
"""

from __future__ import annotations

from pathlib import Path

import anyio
import httpx2
import mcp_types as types
from mcp.client.streamable_http import streamable_http_client
from mcp.server.stdio import stdio_server
from mcp.shared._stream_protocols import ReadStream, WriteStream
from mcp.shared.message import SessionMessage

Streams = tuple[ReadStream[SessionMessage | Exception], WriteStream[SessionMessage]]


async def bridge(socket: Path, headers: dict[str, str]) -> None:
    """Carries messages both ways until standard input ends."""
    transport = httpx2.AsyncHTTPTransport(uds=str(socket))
    async with (
        httpx2.AsyncClient(transport=transport, headers=headers, timeout=httpx2.Timeout(30.0, read=None), trust_env=False) as http,
        stdio_server() as (asked, answers),
        streamable_http_client("http://ownmind/mcp", http_client=http) as (heard, sent),
        anyio.create_task_group() as both,
    ):

        async def outwards() -> None:
            async for message in heard:
                if isinstance(message, SessionMessage):
                    await answers.send(message)

        both.start_soon(outwards)
        async for message in asked:
            if isinstance(message, SessionMessage):
                await sent.send(message)
            else:  # what is no message is answered as the protocol says, and the next one is read
                wrong = types.ErrorData(code=types.PARSE_ERROR, message="that is no message")
                await answers.send(SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=None, error=wrong)))
        both.cancel_scope.cancel()
