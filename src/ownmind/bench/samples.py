"""Good inputs of each sort, small enough that most changes touch something that matters."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence

SAYINGS = (
    "I live in Porto and I work at the harbour museum since March 2024.",
    "My sister Ana is allergic to peanuts; she moved to Lyon on 3 May 2023 at half past four.",
    "Remind me: the dentist is next Tuesday at 9:30, not the week after next.",
    "When did Ben and I last talk about the boat, before or after Easter 2025?",
    "How many books did I read between last summer and the first week of October?",
    "No, that is wrong: the code of the shed is 4711, not 4712. My IBAN is DE89 3704 0044 0532 0130 00.",
    "What did the person whom I met two days before my birthday say about the price of 1.200,50 €?",
    "明天下午三点和小王在北京见面。 أنا أعيش في القاهرة منذ ٢٠١٩. Я живу в Риге.",
    "Please send a mail to tom@example.org saying “see you at https://example.org/a?b=c” and pay card 4111 1111 1111 1111.",
    "Yesterday I bought a red bicycle for 300 euros, then we had dinner for 2 hours until midnight.",
)
TOML = b'host = "127.0.0.1"\nport = 7717\nbrain = "qwen"\nthreads = 2\nname = "Ana"\nlearn = true\nkeep_sent = 90\n'
MARKDOWN = "# Diary\n\nFirst paragraph, *with* words.\n\nSecond\n------\n\n- a list\n- of two\n\n```\ncode\n```\n\n> Ünïcode.\n".encode()
HTML = b"""<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>A page</title><style>b{color:red}</style></head><body>
<h1>Head</h1><p>Some <b>bold</b> words &amp; an entity &#233; <a href="http://x.example/">link</a>.</p><table><tr><td>1<td>2</table>
<ul><li>one<li>two</ul><script>ignored()</script><pre>  kept </pre><div hidden>unseen</div></body></html>"""
_FOREIGN = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "shift_jis", "koi8-r", "gb18030", "ascii")


def transcript() -> bytes:
    """Turns as JSON Lines."""
    same = {"at": "2026-03-04T18:20:00+01:00", "speaker": "Ana", "conversation": "c"}
    return b"".join(json.dumps({"id": f"t{n}", "text": text, **same}).encode() + b"\n" for n, text in enumerate(SAYINGS[:4]))


CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
X-WR-TIMEZONE:Europe/Berlin\r
BEGIN:VTIMEZONE\r
TZID:Our office\r
BEGIN:STANDARD\r
DTSTART:16010101T000000\r
TZOFFSETFROM:+0130\r
TZOFFSETTO:+0130\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:1@example.org\r
DTSTAMP:20260101T000000Z\r
DTSTART;TZID=Our office:20261124T083000\r
DURATION:PT1H30M\r
RRULE:FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20271231T000000Z\r
EXDATE;TZID=Our office:20261201T083000\r
RDATE;TZID=Our office:20261202T083000\r
SUMMARY:Choir\\, with Tom\r
LOCATION:Main Street 4\r
ATTENDEE;CN="Novak, Ana";PARTSTAT=ACCEPTED:mailto:ana@example.org\r
DESCRIPTION:Bring the notes\\nand fold\r
 ed lines\r
BEGIN:VALARM\r
TRIGGER:-PT15M\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:1@example.org\r
RECURRENCE-ID;TZID=Our office:20261126T083000\r
DTSTART;TZID="W. Europe Standard Time":20261127T180000\r
DTEND;TZID=Europe/Berlin:20261127T190000\r
STATUS:CANCELLED\r
SEQUENCE:2\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2@example.org\r
DTSTART;VALUE=DATE:20261224\r
RRULE:FREQ=YEARLY;COUNT=3\r
TRANSP:TRANSPARENT\r
END:VEVENT\r
END:VCALENDAR\r
"""
CONTACTS = (
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Novak\r\nN:Novak;Ana;;Dr.;\r\nNICKNAME:Anna,Annie\r\nEMAIL;TYPE=HOME:ana@example.org\r\n"
    b"TEL;TYPE=CELL:+43 660 1234567\r\nBDAY:1987-03-14\r\nORG:Museum;Archive\r\nitem1.X-ABRELATEDNAMES:Tom\r\nNOTE:Met in\r\n  Lyon\r\n"
    b"END:VCARD\r\n",
    b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Nov=C3=A1k;Jo=\r\n=C5=BEko\r\n"
    b"TEL;CELL:0660 12\r\nEND:VCARD\r\n",
    b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Eva\r\nBDAY:--0229\r\nRELATED;TYPE=sibling;VALUE=text:Jo\r\nUID:urn:uuid:1\r\nEND:VCARD\r\n",
)
LETTERS = (
    b'From: =?utf-8?q?Ji=C5=99=C3=AD?= <jiri@example.org>\r\nTo: "Novak, Ana" <ana@example.org>\r\nSubject: Re: Photos\r\n'
    b"Date: Mon, 2 Nov 2026 10:00:00 +0100\r\nMessage-ID: <3@a>\r\nIn-Reply-To: <2@a>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\nI will send them=\r\n tomorrow.\r\n> quoted\r\n-- \r\nJiri\r\n--b\r\n"
    b"Content-Type: text/html\r\n\r\n<p>I will <b>send</b> them</p>\r\n--b--\r\n",
    b"From ana@example.org Mon Nov  2 10:00:00 2026\nFrom: ana@example.org\nTo: tom@example.org\nSubject: Hi\n\nHello.\n>From here on\n\n"
    b"From tom@example.org Mon Nov  2 11:00:00 2026\nFrom: tom@example.org\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n",
)


def docx(said: str = "Words &amp; more.") -> list[bytes]:
    """A Word file with a heading, a table, a deletion and a footnote; the second not compressed, so that changes reach the XML."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    title = "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>Title</w:t></w:r></w:p>"
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    words = f"<w:p><w:r><w:t>{said}</w:t><w:tab/><w:br/></w:r><w:del><w:r><w:delText>x</w:delText></w:r></w:del></w:p>"
    style = "<w:style w:type='paragraph' w:styleId='Heading1'><w:name w:val='heading 1'/></w:style>"
    note = "<w:footnote w:id='2'><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>"
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": f"<?xml version='1.0'?><w:document {space}><w:body>{title}{words}{table}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {space}>{style}</w:styles>",
        "word/footnotes.xml": f"<w:footnotes {space}>{note}</w:footnotes>",
    }
    made = []
    for packing in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", packing) as packed:
            for name, text in members.items():
                packed.writestr(zipfile.ZipInfo(name), text, packing)  # without the time of day: the same bytes each time
        made.append(held.getvalue())
    return made


def pdf(said: str = "Hello from a page") -> bytes:
    """Two pages of text and an outline, the first page with ``said`` (ASCII, without brackets)."""
    streams = [
        b"BT /F1 24 Tf 72 700 Td (%s) Tj ET" % said.encode("ascii"),
        b"BT /F1 12 Tf 72 700 Td [(Sec) -20 (ond)] TJ T* (page, with words) ' ET",
    ]
    objects = [b"<< /Type /Catalog /Pages 2 0 R /Outlines 8 0 R >>", b"<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>"]
    for number, stream in enumerate(streams):
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 7 0 R >> >> >>"
        objects += [page % (4 + 2 * number), b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)]
    objects += [b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", b"<< /Type /Outlines /First 9 0 R /Last 9 0 R /Count 1 >>"]
    return pdf_of([*objects, b"<< /Title (A chapter) /Parent 8 0 R /Dest [3 0 R /Fit] >>"])


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """A PDF file of these objects, numbered from 1, the first its catalogue, with a right table of places (ISO 32000-1, 7.5)."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, held in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))


def encodings() -> list[bytes]:
    """One text in many encodings."""
    text = "Größe, façade, naïve – “quoted”. Ёлка. 日本語のテキスト。 " * 4
    return [MARKDOWN, *(text.encode(name, "ignore") for name in _FOREIGN)]
