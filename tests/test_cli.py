"""The command line as a person and a script meet it: the real command in a child process."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from commandline import ANSI, command, environment, ownmind, quiet_home, running, told
from ownmind.channels.cli.commands import COMMANDS, app, root_help


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return quiet_home(tmp_path)


def test_help_imports_nothing_heavy(home: Path) -> None:
    """`ownmind --help` costs little because it does not even load the parser."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "ownmind", "--help"], capture_output=True, text=True, env=environment(home), check=True
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert not imported & {"cyclopts", "rich", "httpx", "numpy", "pydantic", "pydantic_ai", "starlette", "apsw"}
    assert "ownmind" in imported


def test_help_names_every_command_and_fits_a_narrow_terminal() -> None:
    """No command is hidden, and nothing runs over the edge."""
    for width in (60, 100):
        shown = root_help(width)
        assert all(re.search(rf"^  {name}\b", shown, re.MULTILINE) for name in COMMANDS)
        assert max(map(len, shown.splitlines())) <= width


def test_every_command_has_help_with_an_example() -> None:
    """Each command's help says what it does, and shows one line that can be typed."""
    parser = app()
    for name in COMMANDS:
        text = parser[name].help
        assert text.strip().splitlines()[0].endswith("."), name
        assert re.search(rf"^ *Example: ownmind {name}\b", text, re.MULTILINE), name


def test_every_command_takes_home_json_and_debug(home: Path) -> None:
    """The options of every command are on every command."""
    parser = app()
    for name in COMMANDS:
        known = {option for argument in parser[name].assemble_argument_collection() for option in argument.names}
        assert {"--home", "--json", "--debug"} <= known, name


def test_an_unknown_command_suggests_the_nearest(home: Path) -> None:
    """A typo is answered with what was probably meant."""
    done = ownmind(home, "recal", "nuts")
    assert done.returncode == 2
    assert "did you mean `ownmind recall`?" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "words", [["recall"], ["recall", "x", "--bogus"], ["recall", "x", "-k", "many"], ["--port", "here"], ["--host", "0.0.0.0"]]
)
def test_wrong_arguments_are_the_person_s_to_change(home: Path, words: list[str]) -> None:
    """A wrong argument is exit code 2 with a hint, never a traceback."""
    done = ownmind(home, *words)
    assert done.returncode == 2
    assert done.stderr.startswith("ownmind: ") and "hint: " in done.stderr
    assert "Traceback" not in done.stderr


def test_errors_with_json_are_an_object(home: Path) -> None:
    """A script reads an error as it reads a result: one object on stdout."""
    found = told(home, "keep", "f999", code=2)
    assert found["error"]["exit_code"] == 2  # type: ignore[index]
    assert {"kind", "message", "hint"} <= set(found["error"])  # type: ignore[call-overload]


def test_a_mistyped_home_is_not_an_empty_memory(tmp_path: Path) -> None:
    """Reading from a home that is not there fails, and makes nothing."""
    done = ownmind(tmp_path / "nowhere", "recall", "nuts")
    assert done.returncode == 2 and "there is no memory at" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_an_unknown_setting_is_named_with_the_known_ones(home: Path) -> None:
    """A typo in config.toml is an error that lists what there is."""
    (home / "config.toml").write_text("prot = 7717\n")
    done = ownmind(home, "remember", "anything")
    assert done.returncode == 2
    assert "'prot'" in done.stderr and "did you mean 'port'?" in done.stderr and "open_browser" in done.stderr


def test_what_a_terminal_obeys_is_never_printed(home: Path) -> None:
    """Escape sequences in remembered text do not reach the terminal; the text itself stays whole."""
    nasty = "Ana \x1b[31mred\x1b[0m \x1b]0;title\x07 \u202etxt.exe peanuts"
    ownmind(home, "remember", "-", said=nasty)
    shown = ownmind(home, "recall", "peanuts").stdout
    assert "peanuts" in shown and not set("\x1b\x07\u202e") & set(shown)
    found = told(home, "recall", "peanuts")["found"]
    assert isinstance(found, list) and found[0]["item"]["text"] == nasty


def test_piped_output_has_no_colour(home: Path) -> None:
    """Nobody looks at a pipe: no ANSI in it."""
    ownmind(home, "remember", "Ana is allergic to peanuts")
    for words in (["recall", "peanuts"], ["recall", "--help"], ["facts"]):
        done = ownmind(home, *words)
        assert ANSI not in done.stdout + done.stderr, words


def test_a_closed_pipe_is_quiet(home: Path) -> None:
    """`ownmind ... | head` ends without a word when head has seen enough."""
    ownmind(home, "remember", "-", said="Ana likes pears. " + "Indeed. " * 30_000)
    with subprocess.Popen(command(home, "recall", "pears"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(home)) as child:
        assert child.stdout is not None and child.stderr is not None
        child.stdout.read(10)
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 141


def test_paths_makes_nothing(tmp_path: Path) -> None:
    """Asking where things are leaves no trace."""
    found = told(tmp_path / "nowhere", "paths")
    assert found["home"] == str(tmp_path / "nowhere") and {"database", "models", "socket", "log"} <= set(found)
    assert not (tmp_path / "nowhere").exists()


def test_options_of_every_command_may_stand_before_it(home: Path) -> None:
    """`ownmind --json --home X paths` is `ownmind paths --json --home X`."""
    done = subprocess.run(
        [sys.executable, "-m", "ownmind", "--json", f"--home={home}", "paths"],
        capture_output=True,
        text=True,
        env=environment(home),
        check=True,
    )
    assert json.loads(done.stdout)["home"] == str(home)


def test_version_is_said(home: Path) -> None:
    """Both for people and for scripts."""
    import ownmind as package

    assert ownmind(home, "--version").stdout.strip() == f"ownmind {package.__version__}"
    assert told(home, "--version") == {"version": package.__version__}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(home: Path, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM close the store, give the home back and leave with 0."""
    with running(home) as (child, address):
        with urllib.request.urlopen(address.partition("#")[0]) as answer:
            assert answer.status == 200
        assert (home / "ownmind.sock").exists()
        child.send_signal(number)
        assert child.wait(20) == 0
        assert child.stderr is not None and "Traceback" not in child.stderr.read()
    assert not (home / "ownmind.sock").exists()
    assert not (home / "mind.db-wal").exists()


def test_a_port_asked_for_must_be_free(home: Path) -> None:
    """--port names the port: another program there is an error."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = ownmind(home, "--no-browser", "--port", str(other.getsockname()[1]))
    assert done.returncode == 2
    assert "taken" in done.stderr and "hint: " in done.stderr


def test_a_taken_port_of_the_settings_gives_way_and_says_so(home: Path) -> None:
    """Nobody asked for that very port: a free one is taken, and said plainly."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        (home / "config.toml").write_text((home / "config.toml").read_text().replace("port = 0", f"port = {taken}"))
        with running(home) as (child, address):
            assert f":{taken}/" not in address
            child.terminate()
            child.wait(20)
            assert child.stderr is not None and f"port {taken} is taken" in child.stderr.read()


def test_a_second_ownmind_gives_the_first_one_s_page(home: Path) -> None:
    """Two on one home: the second opens the page of the first, with an address that works."""
    with running(home) as (_, first):
        second = ownmind(home, "--no-browser", "--json")
        assert second.returncode == 0
        address = json.loads(second.stdout)["address"]
        assert address.partition("#")[0] == first.partition("#")[0]
        assert address.partition("#")[2] not in ("", first.partition("#")[2])


def test_a_killed_ownmind_leaves_a_home_that_opens(home: Path) -> None:
    """kill -9 leaves a socket behind; the next command is not fooled by it, and what was acknowledged is there."""
    with running(home) as (child, _):
        assert ownmind(home, "remember", "Ana is allergic to peanuts").returncode == 0
        child.kill()
        child.wait(20)
    assert (home / "ownmind.sock").exists()
    assert "peanuts" in ownmind(home, "recall", "peanuts").stdout


def test_a_home_held_by_a_process_that_does_not_serve(home: Path) -> None:
    """The second says who has it and what to do."""
    ownmind(home, "remember", "Ana is allergic to peanuts")
    holding = (
        "import sys; from pathlib import Path; from ownmind.store.lock import HomeLock;"
        "held = HomeLock.take(Path(sys.argv[1])); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(home / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        done = ownmind(home, "recall", "peanuts")
        other.communicate("\n")
    assert done.returncode == 2
    assert str(other.pid) in done.stderr and "hint: " in done.stderr


def test_the_passphrase_reaches_no_child_and_no_output(home: Path) -> None:
    """A wrong one is refused without showing either; the right one opens."""
    right, wrong = "correct horse battery", "wrong horse"
    assert ownmind(home, "remember", "Ana is allergic to peanuts", OWNMIND_PASSPHRASE=right).returncode == 0
    refused = ownmind(home, "recall", "peanuts", OWNMIND_PASSPHRASE=wrong)
    assert refused.returncode == 2 and wrong not in refused.stderr
    missing = ownmind(home, "recall", "peanuts")
    assert missing.returncode == 2 and "OWNMIND_PASSPHRASE" in missing.stderr
    with running(home, OWNMIND_PASSPHRASE=right) as (child, _):
        for pid in _children(child.pid):
            assert right.encode() not in Path(f"/proc/{pid}/environ").read_bytes()
    assert "peanuts" in ownmind(home, "recall", "peanuts", OWNMIND_PASSPHRASE=right).stdout


def test_a_damaged_store_is_named_and_nothing_is_changed(home: Path) -> None:
    """A page that is not what was written is exit code 4, with what to do."""
    ownmind(home, "remember", "Ana likes pears")
    database = home / "mind.db"
    content = bytearray(database.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 2000] ^= 0xFF
    database.write_bytes(content)
    done = ownmind(home, "recall", "pears")
    assert done.returncode == 4
    assert "damaged" in done.stderr and "ownmind doctor" in done.stderr
    assert database.read_bytes() == content


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in found.read_text().split()] if found.exists() else []
