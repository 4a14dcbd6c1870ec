"""What commands there are, where each lives, and the help of them all.

One table serves the root help (printed without the parser: it would cost 0.4 s of CPU), the parser and the completion.
To add a command: a function in a file of this folder, and a line here.
"""

from __future__ import annotations

import difflib
import shutil
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import BadInput

if TYPE_CHECKING:
    from cyclopts import App


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, the file and function behind it, and its line in the help."""

    name: str
    where: str  # file of this folder and function in it, "chat:chat"
    summary: str
    group: str


COMMANDS = {
    command.name: command
    for command in (
        Command("chat", "chat:chat", "Talk here in the terminal", "Talk"),
        Command("skills", "skills:skills", "Show, install and run skills: summarise, translate, quiz ...", "Talk"),
        Command("remember", "memory:remember", "Remember one thing, word for word", "Memory"),
        Command("import", "bring:bring", "Read files, folders and chat transcripts into memory", "Memory"),
        Command("library", "library:library", "Show what was taken in, read it, see the connections", "Memory"),
        Command("recall", "memory:recall", "Find what was said, best first", "Memory"),
        Command("facts", "memory:facts", "List what was learnt, with the words it rests on", "Memory"),
        Command("memories", "memories:memories", "Look through what is known, and why it is", "Memory"),
        Command("growth", "growth:growth", "Show what changed because of you, and take it back", "Memory"),
        Command("timeline", "timeline:timeline", "Show what happened when, in order", "Memory"),
        Command("keep", "memory:keep", "Confirm a fact: nothing learnt later changes it", "Memory"),
        Command("fix", "memory:fix", "Correct a fact", "Memory"),
        Command("forget", "forgetting:forget", "Remove something everywhere, and prove it", "Memory"),
        Command("redact", "gentler:redact", "Cut words out of one thing, and keep the rest", "Memory"),
        Command("withhold", "gentler:withhold", "Keep something without using it", "Memory"),
        Command("label", "labelling:label", "Say how confidential something is", "Memory"),
        Command("brief", "brief:brief", "Show today: steps, promises, birthdays, who waits", "Goals and people"),
        Command("goals", "goals:goals", "Say what you want, plan it, see how far it has come", "Goals and people"),
        Command("people", "people:people", "Show who is who, what was promised, who waits", "Goals and people"),
        Command("review", "brief:review", "Look back on the week, and on to the next", "Goals and people"),
        Command("calendar", "calendar:calendar", "Show your calendars, and put a plan into one", "Goals and people"),
        Command("due", "brief:due", "Show what is to be said now, and why", "Goals and people"),
        Command("days", "brief:days", "Say how your days are shaped, and when it is quiet", "Goals and people"),
        Command("status", "house:status", "Show what is here and what is going on", "House"),
        Command("doctor", "house:doctor", "Check everything, and say what to do", "House"),
        Command("paths", "house:paths", "Print where everything is", "House"),
        Command("approvals", "approvals:approvals", "Decide what may be done, and take it back", "House"),
        Command("permissions", "leaving:permissions", "Show and change what may leave this machine", "House"),
        Command("offline", "leaving:offline", "Go offline now: nothing leaves, open connections end", "House"),
        Command("online", "leaving:online", "Let what you allowed leave again", "House"),
        Command("preview", "previewing:preview", "Show what a question would give away, before it does", "House"),
        Command("ledger", "leaving:ledger", "Show what left this machine, exactly", "House"),
        Command("brain", "brain:brain", "Show and choose who answers, here or on another machine", "House"),
        Command("search", "search:search", "Search the web through a server you choose", "House"),
        Command("mcp", "mcp:mcp", "Use tools of others, and serve your memory to your programs", "House"),
        Command("traces", "traces:traces", "Show where a turn's time went, and what the model saw", "House"),
        Command("models", "models:models", "Show, fetch, choose, add and check the models", "House"),
        Command("clients", "clients:clients", "Let other programs use your Ownmind, each with a key", "House"),
        Command("devices", "devices:devices", "Use your Ownmind from your phone, at home", "House"),
        Command("passphrase", "keys:passphrase", "Set, change or remove the passphrase", "House"),
        Command("recovery", "keys:recovery", "Make a recovery key to print and put away", "House"),
        Command("wipe", "ending:wipe", "Destroy the key and remove everything here", "Yours to take away"),
        Command("backup", "taking:backup", "Write an encrypted, verified backup", "Yours to take away"),
        Command("restore", "taking:restore", "Bring a backup back into a new home", "Yours to take away"),
        Command("export", "taking:export", "Write everything as Markdown and JSONL", "Yours to take away"),
        Command("bench", "bench:bench", "Measure speed, size and promises", "For the curious"),
        Command("openapi", "openapi:openapi", "Print every HTTP route as an OpenAPI document", "For the curious"),
        Command("completion", "completion:completion", "Print the completion script of a shell", "For the curious"),
    )
}

_OPTIONS = (
    ("--port N", "listen here; 0 picks a free port (default 7717)"),
    ("--host ADDRESS", "127.0.0.1, ::1 or localhost; nothing else is accepted"),
    ("--no-browser", "print the address only"),
)
_EVERYWHERE = (
    ("--home DIR", "where your memory is kept (or OWNMIND_HOME)"),
    ("--json", "one JSON object instead of words"),
    ("--debug", "show where an error came from"),
    ("--version", "print the version"),
    ("--help, -h", "after a command: the help of that command"),
)
_WITH_VALUE = ("--home",)  # options of every command that take a value, for arrange()
_FLAGS = ("--json", "--debug")


def quick_answer(argv: list[str]) -> str | None:
    """The answer to ``--help`` and ``--version`` before any command, else None."""
    before = argv[: _first_word(argv)]
    if argv == ["help"] or (len(before) == len(argv) and ("--help" in argv or "-h" in argv)):
        return root_help(shutil.get_terminal_size().columns)
    if argv[:1] == ["help"] and argv[1:2]:
        argv[:] = [argv[1], "--help"]  # `ownmind help chat` is `ownmind chat --help`
        return None
    if "--version" in before:
        from ... import __version__

        return f'{{"version": "{__version__}"}}' if "--json" in argv else f"ownmind {__version__}"
    return None


def root_help(width: int) -> str:
    """The help of ``ownmind`` itself, folded to ``width`` columns."""
    lines = ["Usage: ownmind [COMMAND] [OPTIONS]", ""]
    intro = "A companion that remembers, on your own machine. Without a command it starts, and opens its page in your browser."
    lines += [*textwrap.wrap(intro, max(20, width - 1)), ""]
    for group in dict.fromkeys(command.group for command in COMMANDS.values()):
        rows = [(c.name, c.summary) for c in COMMANDS.values() if c.group == group]
        lines += [f"{group}:", *_columns(rows, width), ""]
    lines += ["Options without a command:", *_columns(_OPTIONS, width), ""]
    lines += ["Options of every command:", *_columns(_EVERYWHERE, width), ""]
    lines += ["Example:", '  ownmind chat -m "What should I not cook for Ana?"']
    return "\n".join(lines)


def arrange(argv: list[str]) -> list[str]:
    """``argv`` with the options of every command moved behind the command, so ``ownmind --home X recall Y`` works.

    Raises BadInput for a command there is not, with the nearest one there is.
    """
    first = _first_word(argv)
    if first == len(argv):
        return argv
    name = argv[first]
    if name not in COMMANDS:
        close = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean `ownmind {close[0]}`?" if close else "`ownmind --help` lists the commands"
        raise BadInput(f"there is no command {name!r}", hint=hint)
    return [name, *argv[first + 1 :], *argv[:first]] if "--" not in argv else [name, *argv[:first], *argv[first + 1 :]]


def named(argv: list[str]) -> str | None:
    """The first word that names a command; None when the bare ``ownmind`` is meant."""
    first = _first_word(argv)
    return None if first == len(argv) else argv[first]


def dispatch(argv: list[str]) -> int:
    """Runs the command in ``argv`` and gives its exit code. Raises what the command raises, and cyclopts' own errors."""
    result = app()(argv, exit_on_error=False, print_error=False, result_action="return_value")
    return result if isinstance(result, int) else 0


def app() -> App:
    """The parser of every command; each command's file is imported when that command is asked for."""
    from cyclopts import App

    from ... import __version__
    from .serve import serve

    root = App(name="ownmind", help="A companion that remembers, on your own machine.", version=__version__, help_format="plaintext")
    root.suppress_keyboard_interrupt = False  # main() is the wall, and a chat must see Ctrl-C itself
    root.default(serve)
    for command in COMMANDS.values():
        module, function = command.where.split(":")
        root.command(f"{__package__}.{module}:{function}", name=command.name)
    return root


def _first_word(argv: list[str]) -> int:
    """Index of the first word that is neither an option nor an option's value; ``len(argv)`` when there is none."""
    index = 0
    while index < len(argv) and argv[index].startswith("-"):
        if argv[index] not in _FLAGS and argv[index] not in _WITH_VALUE and argv[index].partition("=")[0] not in _WITH_VALUE:
            return len(argv)  # an option of the bare command: no command follows
        index += 2 if argv[index] in _WITH_VALUE else 1
    return min(index, len(argv))


def _columns(rows: tuple[tuple[str, str], ...] | list[tuple[str, str]], width: int) -> list[str]:
    lines = []
    for name, summary in rows:
        folded = textwrap.wrap(summary, max(20, width - 20)) or [""]
        lines.append(f"  {name:<16}{folded[0]}")
        lines += [" " * 18 + more for more in folded[1:]]
    return lines
