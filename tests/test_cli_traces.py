"""``ownmind traces``, as a person runs it."""

from __future__ import annotations

from pathlib import Path

from commandline import ownmind, quiet_home, told


def test_the_latest_turn_is_shown_in_parts(tmp_path: Path) -> None:
    """The turn of an earlier command is still there: its parts as bars, and the same as JSON; an unknown one is said."""
    home = quiet_home(tmp_path)
    assert ownmind(home, "chat", "--no-wait", "-m", "Where is the spare key?").returncode == 0
    listed = told(home, "traces")["turns"]
    assert isinstance(listed, list)
    shown = ownmind(home, "traces", "--last").stdout
    assert "recall" in shown
    assert "█" in shown
    parts = told(home, "traces", listed[0]["reply"])["parts"]
    assert isinstance(parts, list)
    assert parts[0]["name"] == "turn"
    assert parts[0]["share"] == 1.0
    assert "recall" in ownmind(home, "traces", "--days", "1").stdout
    assert "No model was asked." in ownmind(home, "traces", "--seen").stdout
    assert ownmind(home, "traces", "i999").returncode != 0
