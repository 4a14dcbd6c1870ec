"""Mail: real-world letters into records, through the child process that parses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ownmind import senses
from ownmind.connectors.letters import Letters
from ownmind.errors import BadInput
from ownmind.messages import Media, Skipped, Source
from ownmind.records import Address, Letter
from ownmind.senses.mail import parted
from ownmind.senses.sandbox import Sandbox

SOURCE = Source("file:/in.mbox", "letters", "in.mbox", senses.MAILBOX)
HEAD = b"From: Tom <tom@a.example>\nTo: me@b.example\nDate: Mon, 2 Nov 2026 10:00:00 +0100\nMessage-ID: <%d@a>\n"


def read(path: Path, content: bytes, media_type: str = senses.MAILBOX) -> list[Letter | Skipped]:
    """What the connector gives for a file of this content."""
    path = path / "in.mbox"
    path.write_bytes(content)
    with Sandbox() as sandbox:
        return list(Letters(sandbox.perceive(Media(path, media_type, SOURCE)), SOURCE).fetch())


def test_a_letter_says_who_wrote_to_whom_and_what(tmp_path: Path) -> None:
    """Encoded names, several readers, the thread, and only what the sender wrote."""
    (one,) = read(
        tmp_path,
        b"From: =?utf-8?q?Ji=C5=99=C3=AD?= <Jiri@A.example>\r\n"
        b'To: "Novak, Ana" <ana@b.example>, tom@c.example\r\nCc: eva@d.example\r\n'
        b"Subject: Re: Photos\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\nMessage-ID: <3@a>\r\n"
        b"In-Reply-To: <2@a>\r\nReferences: <1@a> <2@a>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        b"I will send them.\r\n\r\n-- \r\nJiri\r\n+43 660 123 45 67\r\n\r\nOn Sun, Ana wrote:\r\n> Do you have them?\r\n",
        senses.LETTER,
    )
    assert isinstance(one, Letter)
    assert one.sender == Address("Jiří", "jiri@a.example")
    assert one.to == (Address("Novak, Ana", "ana@b.example"), Address("", "tom@c.example"))
    assert (one.text, one.signature) == ("I will send them.", "Jiri\n+43 660 123 45 67")
    assert (one.id, one.answers, one.thread, one.readers) == ("<3@a>", "<2@a>", "<1@a>", 3)
    assert one.at is not None
    assert one.at.isoformat() == "2026-11-02T10:00:00+01:00"


def test_a_mailbox_keeps_its_letters_apart(tmp_path: Path) -> None:
    """A line that begins with From inside a letter is no new letter; the last one may be cut off."""
    content = b"".join(b"From - Mon\n" + HEAD % n + b"\n>From here on it is easy.\nFrom the hill.\n\n" for n in range(3))
    found = read(tmp_path, content + b"From - Tue\nFrom: cut@a.exam")
    letters = [one for one in found if isinstance(one, Letter)]
    assert [one.id for one in letters[:3]] == ["<0@a>", "<1@a>", "<2@a>"]
    assert letters[0].text == "From here on it is easy.\nFrom the hill."


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Type: text/plain; charset=no-such\n\nGr\xc3\xbc\xc3\x9fe",
        b"Content-Type: text/plain; charset=us-ascii\n\nGr\xfc\xdfe",
        b"Content-Type: text/html; charset=utf-8\n\n<p>Gr&uuml;\xc3\x9fe<script>x</script>",
        b"Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain; charset=utf-8\n\nGr\xc3\xbc\xc3\x9fe",
    ],
)
def test_words_come_through_wrong_charsets_and_missing_ends(tmp_path: Path, body: bytes) -> None:
    """No charset of that name, bytes that are not in it, HTML alone, a multipart that never ends."""
    (one,) = read(tmp_path, HEAD % 1 + body, senses.LETTER)
    assert isinstance(one, Letter)
    assert one.text == "Grüße"


def test_hostile_heads_cost_only_their_own_letter(tmp_path: Path) -> None:
    """Endless heads, nested multiparts, half surrogates, zeros: each is read or said, and the good one is there."""
    hostile = [
        b"From: " + b"(" * 5000 + b"\n\nx",
        b"From: a@b\nTo: " + b"a@b.example, " * 20_000 + b"\n\nx",
        b"From: a@b\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 500,
        b"From: =?utf-8?b?7aCA?= <a@b>\nDate: Mon, 99 Foo 99999 99:99:99 +9999\n\n\x00\x00",
        b"\x00\x00\n\n",
        b"From: Tom <tom@sh\x9aop.example>\n\nx",
    ]
    found = read(tmp_path, b"".join(b"From -\n" + one + b"\n\n" for one in [*hostile, HEAD % 7 + b"\nfine"]))
    assert [one.text for one in found if isinstance(one, Letter)][-1] == "fine"
    assert all(one.sender.email.encode() for one in found if isinstance(one, Letter))
    assert all(len(one.to) <= 20 for one in found if isinstance(one, Letter))


def test_quotations_are_taken_off_in_the_ways_programs_mark_them() -> None:
    """Outlook's block, a German attribution, marked lines between answers; a sentence with "wrote" in it stays."""
    assert parted("Yes.\n\nFrom: Ana\nSent: Monday\nTo: Tom\n\nCome?")[0] == "Yes."
    assert parted("Ja.\n\nAm 2. Nov. 2026 schrieb Ana <a@b>:\n> Kommst du?")[0] == "Ja."
    assert parted("> Come?\nYes.\n> When?\nAt six.")[0] == "Yes.\nAt six."
    assert parted("On Monday I wrote a letter. It was long.")[0] == "On Monday I wrote a letter. It was long."


def test_letters_of_lists_and_machines_are_told(tmp_path: Path) -> None:
    """By their heads (RFC 2369, 2919, 3834) or an address that nobody reads."""
    found = read(
        tmp_path,
        b"From -\n" + HEAD % 1 + b"List-Id: <x.example>\n\na\n\nFrom -\nFrom: noreply@shop.example\n\nb\n\nFrom -\n" + HEAD % 2 + b"\nc\n",
    )
    assert [one.is_bulk for one in found if isinstance(one, Letter)] == [True, True, False]


def test_a_file_without_a_letter_says_so(tmp_path: Path) -> None:
    """Nothing is made up of a text."""
    with pytest.raises(BadInput):
        read(tmp_path, b"no letter here\n")
