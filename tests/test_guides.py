"""The guides of goals, people and the briefing: every command printed in them runs, top to bottom, in a home of its own."""

from __future__ import annotations

import re
import shlex
import signal
from pathlib import Path

import pytest

from commandline import quiet_home
from ownmind.channels.cli import run

DOCS = Path(__file__).parent.parent / "docs"
CARDS = """BEGIN:VCARD
VERSION:4.0
UID:1
FN:Ana Novak
EMAIL:ana@example.org
BDAY:--0501
END:VCARD
BEGIN:VCARD
VERSION:4.0
UID:2
FN:Tom Baker
EMAIL:tom@example.org
END:VCARD
"""
MAIL = """From ana@example.org Fri May  1 10:00:00 2026
From: Ana Novak <ana@example.org>
To: Me <me@example.org>
Date: Fri, 1 May 2026 10:00:00 +0200
Message-ID: <1@example.org>
Subject: Photos

I will send you the photos by Friday. Could you bring the tent?
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VEVENT
UID:standup
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260105T100000
DTEND;TZID=Europe/Berlin:20260105T103000
RRULE:FREQ=WEEKLY;BYDAY=MO,WE
SUMMARY:Standup
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("page", ["goals.md", "people.md", "briefing.md"])
def test_every_command_of_a_guide_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader who begins at the top and types everything gets through. A plan that does not fit this week is an answer, too."""
    home = quiet_home(tmp_path)
    for name, text in (("contacts.vcf", CARDS), ("letters.mbox", MAIL), ("work.ics", CALENDAR)):
        (tmp_path / name).write_text(text.replace("\n", "\n" if name.endswith("mbox") else "\r\n"), newline="")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OWNMIND_HOME", str(home))
    monkeypatch.setenv("OWNMIND_CACHE", str(tmp_path / "cache"))
    before = signal.getsignal(signal.SIGTERM)
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line]
    assert len(lines) > 5
    if page == "briefing.md":
        assert run(["remember", "A home to look into."]) == 0
    for line in lines:
        program, *words = shlex.split(line)
        fine = (0, 1) if words[:2] == ["goals", "plan"] else (0,)
        assert program == "ownmind" and run(words) in fine, (line, capsys.readouterr())
    signal.signal(signal.SIGTERM, before)
