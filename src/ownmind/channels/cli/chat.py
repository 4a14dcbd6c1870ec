"""``ownmind chat``: the same conversation as on the page, in any terminal, in a pipe, or one JSON object a line."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ...errors import BadInput, BrainNotReady
from ...messages import Done, Event, Failed, Heard, Reply, Words
from .approvals import ask
from .brainwait import await_brain, is_far
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, is_coloured, note, print_cost, print_json, print_learned, print_sources, print_surety
from .slash import Conversation, obey

if TYPE_CHECKING:
    pass


def chat(
    *,
    message: Annotated[
        str | None, Parameter(name=["--message", "-m"], help="Say this and leave; - reads it from stdin.", allow_leading_hyphen=True)
    ] = None,
    conversation: Annotated[str | None, Parameter(help="Go on with this conversation (its id).")] = None,
    wait: Annotated[bool, Parameter(help="Wait for the chat model; --no-wait answers from memory alone.")] = True,
    now: Annotated[str | None, Parameter(help="The moment to answer for, ISO 8601; for scripts.")] = None,
    everywhere: Everywhere = HERE,
) -> int:
    """Talk here in the terminal. In the conversation, /help lists what else you can do.

    With --json every event is a line: heard (your message is safe), words, and last done with text, sources, learned,
    timings, known, conversation and brain.

    Example: ownmind chat -m "What should I not cook for Ana?" --json
    """
    with opened(everywhere, make=True) as face:
        talk = Conversation(face, conversation, now=now, as_json=everywhere.json)
        if message is None and sys.stdin.isatty() and not talk.as_json:
            return _by_hand(talk, wait=wait)
        if wait:
            await_brain(face)
        return _by_lines(talk, wait=wait) if message is None else say(talk, _text(message), wait=wait)


def say(talk: Conversation, text: str, *, wait: bool) -> int:
    """One message and its reply, shown as it comes. The exit code: 3 when the brain failed in the middle."""
    if not text.strip():
        raise BadInput("there is nothing to say", hint='for example: ownmind chat -m "Good morning"')
    return asyncio.run(_exchange(talk, text, wait=wait))


async def _exchange(talk: Conversation, text: str, *, wait: bool) -> int:
    code = 0
    events = talk.face.stream(text, conversation=talk.id, now=talk.now, wait=wait)
    async with aclosing(events) as said:  # type: ignore[type-var]  # both faces write it as an async generator
        async for event in said:
            match event:
                case Heard(conversation=id):
                    talk.id = id
                case Done(reply=reply):
                    talk.last = reply
                case Failed():
                    code = BrainNotReady.exit_code
            (_show_json if talk.as_json else _show)(event)
    return code


def _show_json(event: Event) -> None:
    """One line an event. The last is the reply itself, flat: ``{"type": "done", "text": ..., "sources": [...], ...}``."""
    from .. import wire

    match event:
        case Done(reply=reply):
            encoded = wire.encode(reply)
            assert isinstance(encoded, dict)
            print_json({"type": "done", **encoded})
        case Failed(message=message, hint=hint):
            print_json({"type": "failed", "error": {"kind": "BrainNotReady", "message": message, "hint": hint, "exit_code": 3}})
        case _:
            print_json(wire.event(event))


def _show(event: Event) -> None:
    match event:
        case Words(text=text):
            print(clean(text), end="", flush=True)
        case Done(reply=reply):
            _show_end(reply)
        case Failed(message=message, hint=hint):
            print()
            note(f"ownmind: {message}" + (f"\nhint: {hint}" if hint else ""))


def _show_end(reply: Reply) -> None:
    """What stands under an answer: where it comes from, what was learnt, how long it took."""
    print()
    print_sources(reply.sources)
    print_surety(reply.holds)
    print_cost(reply.cost)
    print_learned(reply.learned)
    if is_coloured(sys.stdout):
        print(dim(f"  {reply.timings.total:.1f} s"))


def _by_lines(talk: Conversation, *, wait: bool) -> int:
    """Every line of stdin is a message: for pipes."""
    codes = [say(talk, line, wait=wait) for line in sys.stdin if line.strip()]
    return max(codes, default=0)


def _by_hand(talk: Conversation, *, wait: bool) -> int:
    """A person types. Ctrl-C stops the reply, not the program; Ctrl-D or /quit leaves."""
    if wait and is_far(talk.face):
        note("ownmind: the chat model is being fetched; until it is here, answers come from memory alone")
        wait = False
    elif wait:
        await_brain(talk.face)
    print(f"{bold('Ownmind')} remembers what you tell it, here on this machine. {dim('/help for more, /quit to leave')}")
    with _line_editing():
        while True:
            try:
                text = input("\n› " if _can_show("›") else "\n> ").strip()
            except EOFError:
                print()
                return 0
            except KeyboardInterrupt:
                print(dim("\n/quit or Ctrl-D leaves"))
                continue
            if text in ("/quit", "/exit", "/q"):
                return 0
            before = talk.last
            try:
                if text.startswith("/"):
                    obey(talk, text)
                elif text:
                    say(talk, text, wait=wait)
                    if talk.last is not None and talk.last is not before:
                        ask(talk.face, talk.last.actions)
            except KeyboardInterrupt:
                print(dim("\n(stopped; what was said is kept)"))
            except Exception as error:  # noqa: BLE001  # a wall: one message that went wrong does not end the conversation
                from .complaint import explained

                known = explained(error)
                note(f"ownmind: {known.message}" + (f"\nhint: {known.hint}" if known.hint else ""))


@contextmanager
def _line_editing() -> Iterator[None]:
    """Arrow keys and history. The history stays in this process: a file of it would be your words in plain text."""
    try:
        import readline
    except ImportError:  # Windows: the console edits lines itself
        yield
        return
    readline.set_auto_history(True)
    try:
        yield
    finally:
        readline.clear_history()


def _text(message: str) -> str:
    return sys.stdin.read() if message == "-" else message


def _can_show(character: str) -> bool:
    try:
        character.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
