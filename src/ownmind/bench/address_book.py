"""An address book as people really have them, made up: who there is, and what a phone, a mail account and two messengers know of them.

Written from what address books look like, before and apart from what tells people together (people/resolve.py), which nothing here
imports. Two styles: "home" (phone cards, private mail, a messenger that shows names as they were saved), on which the weights were set,
and "far" (other names and languages, cards of an office program, a messenger with handles), which was kept for measuring.

``made`` gives files as texts, and for every record in them whose it is.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from importlib import resources

_FROM = datetime(2025, 1, 6, 9, tzinfo=UTC)


@dataclass(slots=True)
class Human:
    """One of those who really exist. ``id`` is what all their records share."""

    id: str
    first: str
    last: str
    was: str  # the name before marrying; "" where it never changed
    nick: str
    emails: list[str]
    phone: str
    birthday: date
    work: str
    circle: int
    shared: str = ""  # an address others write from too


@dataclass(slots=True)
class Book:
    """``cards``, ``mailbox`` and ``talks``: file name to content. ``whose``: a record, as (kind, ...) names it, to its human."""

    cards: dict[str, str] = field(default_factory=dict)
    mailbox: bytes = b""
    talks: dict[str, str] = field(default_factory=dict)
    whose: dict[tuple[str, str, str], str] = field(default_factory=dict)
    humans: list[Human] = field(default_factory=list)
    me: str = ""


def made(seed: int, *, style: str = "home", humans: int = 120, letters: int = 900) -> Book:
    """A whole address book. Records: ("contact", file, uid), ("letter", name, email), ("talk", file, speaker)."""
    chance = random.Random(f"{style}{seed}")
    data = json.loads(resources.files(__package__).joinpath("data/address_book.json").read_text(encoding="utf-8"))
    book = Book(humans=_humans(chance, data[style], humans))
    book.me = f"me.{chance.randrange(100)}@{chance.choice(data[style]['mail'])}"
    saved = _cards(chance, book, style)
    _mail(chance, book, data, style, letters)
    _talks(chance, book, data, style, saved)
    return book


# Who there is


def _humans(chance: random.Random, names: dict[str, object], count: int) -> list[Human]:
    firsts, lasts = names["first"], names["last"]
    assert isinstance(firsts, dict)
    assert isinstance(lasts, list)
    found: list[Human] = []
    while len(found) < count:
        first = chance.choice(list(firsts))
        last = chance.choice(lasts)
        if found and chance.random() < 0.04:  # another one of the same name
            first, last = chance.choice([(one.first, one.last) for one in found])
        nick = chance.choice(firsts[first]) if firsts[first] and chance.random() < 0.5 else ""
        was = chance.choice(lasts) if chance.random() < 0.07 else ""
        born = date(1945, 1, 1) + timedelta(days=chance.randrange(60 * 365))
        circle = chance.randrange(max(count // 10, 1))
        one = Human(f"h{len(found)}", first, last, was, nick, [], _phone(chance), born, str(chance.choice(_list(names["work"]))), circle)
        one.emails = _addresses(chance, one, names, {email for other in found for email in other.emails})
        found.append(one)
    _households(chance, found, names)
    return found


def _households(chance: random.Random, found: list[Human], names: dict[str, object]) -> None:
    """Some pairs live together: one family name mostly, sometimes an address they share."""
    for first, second in zip(found[::9], found[1::9], strict=False):
        if chance.random() < 0.7:
            second.last, second.was = first.last, second.last if chance.random() < 0.3 else ""
        second.circle = first.circle
        if chance.random() < 0.5:
            box = f"{chance.choice(['family', 'familie', 'die.'])}{_ascii(first.last)}{chance.randrange(9)}"
            first.shared = second.shared = f"{box}@{chance.choice(_list(names['mail']))}"


def _addresses(chance: random.Random, one: Human, names: dict[str, object], taken: set[str]) -> list[str]:
    first, last, number = _ascii(one.first), _ascii(one.was or one.last), chance.randrange(10, 99)
    private = chance.choice(
        [
            f"{first}.{last}",
            f"{first[0]}{last}",
            f"{first}{last}{number}",
            f"{last}.{first}",
            f"{first}_{number}",
            f"{_ascii(one.nick or 'star')}{number}",
        ]
    )
    found = [f"{private}@{chance.choice(_list(names['mail']))}"]
    if chance.random() < 0.45:
        found.append(f"{chance.choice([f'{first}.{_ascii(one.last)}', f'{first[0]}.{_ascii(one.last)}', _ascii(one.last)])}@{one.work}")
    if chance.random() < 0.15:
        found.append(f"{chance.choice([f'{first}{number}', f'{first}.{_ascii(one.last)}'])}@{chance.choice(_list(names['mail']))}")
    return [email if email not in taken else email.replace("@", f"{chance.randrange(100, 999)}@") for email in dict.fromkeys(found)]


def _phone(chance: random.Random) -> str:
    return f"+43 {chance.choice(['660', '664', '676', '699'])} {chance.randrange(1_000_000, 9_999_999)}"


# What the phone and the mail account have saved


def _cards(chance: random.Random, book: Book, style: str) -> dict[str, str]:
    """Two exports. Gives what each human is saved as on the phone."""
    phone, account, saved = list[str](), list[str](), dict[str, str]()
    for one in book.humans:
        if chance.random() < 0.72:
            uid, name = f"ph-{one.id}-{chance.randrange(10**6)}", _saved_as(chance, one)
            saved[one.id] = name
            emails = [_slip(chance, email) for email in one.emails if chance.random() < 0.5]
            phone.append(_card(chance, one, uid, name, emails, style, phones=[one.phone] if chance.random() < 0.93 else []))
            book.whose["contact", "phone.vcf", uid] = one.id
            if chance.random() < 0.05:  # saved twice, as happens
                uid = f"ph-{one.id}-{chance.randrange(10**6)}"
                phone.append(_card(chance, one, uid, _saved_as(chance, one), one.emails[:1], style, phones=[_spaced(chance, one.phone)]))
                book.whose["contact", "phone.vcf", uid] = one.id
        if chance.random() < 0.5:
            uid = f"ac-{one.id}"
            emails = chance.sample(one.emails, chance.randint(1, len(one.emails)))
            phones = [_spaced(chance, one.phone)] if chance.random() < 0.3 else []
            account.append(_card(chance, one, uid, _formal(chance, one, style), emails, style, phones=phones))
            book.whose["contact", "account.vcf", uid] = one.id
    chance.shuffle(phone)
    chance.shuffle(account)
    book.cards = {"phone.vcf": "\r\n".join(phone), "account.vcf": "\r\n".join(account)}
    return saved


def _saved_as(chance: random.Random, one: Human) -> str:
    last = one.was if one.was and chance.random() < 0.5 else one.last
    kinds = [f"{one.first} {last}"] * 10 + [f"{one.nick or one.first} {last}"] * 4 + [f"{one.first} {last[0]}."] * 2
    kinds += [one.nick or one.first, f"{last} {one.first}", f"{one.first} {one.work.split('.')[0].title()}", f"Dr. {one.first} {last}"]
    return _slip(chance, chance.choice(kinds), 0.03)


def _formal(chance: random.Random, one: Human, style: str) -> str:
    kinds = [f"{one.first} {one.last}"] * 6 + [f"{one.last}, {one.first}"] * (4 if style == "far" else 1) + [f"{one.first[0]}. {one.last}"]
    kinds += [_plain(f"{one.first} {one.last}")] * 2
    return chance.choice(kinds)


def _card(chance: random.Random, one: Human, uid: str, name: str, emails: Sequence[str], style: str, *, phones: Sequence[str]) -> str:
    version = "2.1" if style == "far" and chance.random() < 0.4 else chance.choice(["3.0", "4.0"])
    lines = ["BEGIN:VCARD", f"VERSION:{version}", f"UID:{uid}"]
    if version == "2.1" and not name.isascii():
        quoted = "".join(f"={byte:02X}" for byte in name.encode())
        lines.append(f"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{quoted}")
    else:
        lines.append("FN:" + name.replace(",", "\\,"))
    lines += [f"EMAIL;TYPE=INTERNET:{email}" for email in emails]
    lines += [f"TEL;TYPE=CELL:{phone}" for phone in phones]
    if chance.random() < 0.3:
        lines.append(f"BDAY:{one.birthday.isoformat()}")
    if chance.random() < 0.25:
        lines.append(f"ORG:{one.work.split('.')[0].replace('-', ' ').title()}")
    if one.nick and chance.random() < 0.2:
        lines.append(f"NICKNAME:{one.nick}")
    return "\r\n".join([*lines, "END:VCARD", ""])


# Mail


def _mail(chance: random.Random, book: Book, data: dict[str, object], style: str, count: int) -> None:
    subjects, lines = _list(data["subjects"]), _list(data["lines"])
    pieces: list[bytes] = []
    writers = chance.choices(book.humans, weights=[1 / (place + 2) for place in range(len(book.humans))], k=max(count // 4, 1))
    at, number = _FROM, 0
    for writer in writers:
        near = [one for one in book.humans if one.circle == writer.circle and one is not writer]
        others = chance.sample(near, min(len(near), chance.choice([0, 0, 0, 1, 2])))
        subject, root, before = str(chance.choice(subjects)), "", ""
        for turn in range(chance.randint(1, 7)):
            at += timedelta(minutes=chance.randrange(10, 500))
            speaker = chance.choice([writer, *others]) if turn % 2 == 0 else None
            sender = ("Sam Own", book.me) if speaker is None else _from(chance, book, speaker)
            readers = [("Sam Own", book.me)] if speaker is not None else [_to(chance, book, writer)]
            readers += [_to(chance, book, one) for one in others if one is not speaker]
            number += 1
            ident = f"<{number}.{chance.randrange(10**9)}@mail.example>"
            body = " ".join(str(line) for line in chance.sample(lines, chance.randint(1, 3)))
            if speaker is not None and chance.random() < 0.3:
                body += _signature(chance, speaker)
            heads = {"Subject": subject if not before else f"Re: {subject}", "Message-ID": ident}
            if before:
                heads |= {"In-Reply-To": before, "References": f"{root} {before}"}
            pieces.append(_letter(at, sender, readers, heads, body))
            before, root = ident, root or ident
    pieces += _machines(chance, book, data)
    chance.shuffle(pieces)
    book.mailbox = b"".join(pieces)


def _from(chance: random.Random, book: Book, one: Human) -> tuple[str, str]:
    if one.shared and chance.random() < 0.25:
        name = chance.choice([f"{one.first} {one.last}", f"Familie {one.last}", one.nick or one.first])
        book.whose["letter", name, one.shared] = one.shared if name.startswith("Familie") else one.id
        return name, one.shared
    email = chance.choice([one.emails[0], *one.emails])
    stable = random.Random(f"{one.id}{email}")  # a mail program shows one name for years
    kinds = [f"{one.first} {one.last}"] * 6 + [
        f"{one.last}, {one.first}",
        one.nick or one.first,
        f"{one.nick or one.first} {one.last}",
        f"{one.first[0]}. {one.last}",
        "",
    ]
    name = stable.choice(kinds)
    if one.was and chance.random() < 0.4:
        name = f"{one.first} {one.was}"
    book.whose["letter", name, email] = one.id
    return name, email


def _to(chance: random.Random, book: Book, one: Human) -> tuple[str, str]:
    email = chance.choice(one.emails)
    name = chance.choice([f"{one.first} {one.last}", f"{one.first} {one.last}", "", _plain(f"{one.first} {one.last}"), email])
    book.whose["letter", name, email] = one.id
    return name, email


def _signature(chance: random.Random, one: Human) -> str:
    kinds = [
        f"{one.first} {one.last}\n{one.phone}",
        f"{one.first} {one.last}\n{one.work.split('.')[0].title()}\nTel. {_spaced(chance, one.phone)}",
    ]
    kinds += [f"{one.first}\n{one.emails[0]}", one.nick or one.first]
    return "\n\n-- \n" + chance.choice(kinds)


def _machines(chance: random.Random, book: Book, data: dict[str, object]) -> list[bytes]:
    """Role addresses, lists, and people who write through a list."""
    found = []
    for place, role in enumerate(_list(data["roles"])):
        host = f"shop{place}.example"
        for name in chance.sample([f"{str(role).title()} Team", "", host.split(".")[0].title()], 2):
            book.whose["letter", name, f"{role}@{host}"] = f"role {host}"
            heads = {"Subject": "Your order", "Message-ID": f"<{chance.randrange(10**12)}@{host}>", "Precedence": "bulk"}
            found.append(
                _letter(_FROM + timedelta(days=place), (name, f"{role}@{host}"), [("", book.me)], heads, "Thank you for your order.")
            )
    for place, name in enumerate(_list(data["lists"])):
        email = f"{name}@lists.example"
        for one in chance.sample(book.humans, min(5, len(book.humans))):
            shown = f"{one.first} {one.last} via {name}"
            book.whose["letter", shown, email] = f"list {name}"  # the address is the list's: whoever it says wrote through it
            heads = {
                "Subject": f"[{name}] Hello",
                "Message-ID": f"<{chance.randrange(10**12)}@lists.example>",
                "List-Id": f"<{name}.lists.example>",
            }
            found.append(_letter(_FROM + timedelta(days=20 + place), (shown, email), [("", email)], heads, "Hello all."))
        book.whose["letter", "", email] = f"list {name}"
    return found


def _letter(at: datetime, sender: tuple[str, str], readers: Sequence[tuple[str, str]], heads: dict[str, str], body: str) -> bytes:
    message = EmailMessage()
    message["From"] = _address(*sender)
    message["To"] = ", ".join(_address(*one) for one in readers)
    message["Date"] = format_datetime(at)
    for name, value in heads.items():
        message[name] = value
    message.set_content(body)
    return b"From - Mon Jan  6 09:00:00 2025\n" + message.as_bytes().replace(b"\nFrom ", b"\n>From ") + b"\n"


def _address(name: str, email: str) -> str:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{email}>' if name else email


# Talks


def _talks(chance: random.Random, book: Book, data: dict[str, object], style: str, saved: dict[str, str]) -> None:
    lines = [str(line) for line in _list(data["lines"])]
    talks: dict[str, list[dict[str, object]]] = {"messenger.jsonl": [], "team.jsonl": []}
    for one in book.humans:
        if chance.random() < 0.4:
            label = _label(chance, one, saved)
            talks["messenger.jsonl"] += _talk(chance, book, "messenger.jsonl", f"with {one.id}", [(one, label)], lines)
    for circle in range(0, max(one.circle for one in book.humans) + 1, 3):
        members = [one for one in book.humans if one.circle == circle and chance.random() < 0.6]
        labels = [(one, _handle(chance, one, style)) for one in members]
        talks["team.jsonl"] += _talk(chance, book, "team.jsonl", f"group {circle}", labels, lines)
    book.talks = {name: "\n".join(json.dumps(turn, ensure_ascii=False) for turn in turns) for name, turns in talks.items()}


def _label(chance: random.Random, one: Human, saved: dict[str, str]) -> str:
    """A messenger shows who is saved as they are saved, others by their number or by the name they gave themselves."""
    if one.id in saved and chance.random() < 0.75:
        return saved[one.id]
    return chance.choice([one.phone, f"~{one.nick or one.first}", f"{one.first} {one.last}"])


def _handle(chance: random.Random, one: Human, style: str) -> str:
    if style == "far":
        return chance.choice(
            [
                one.emails[-1],
                one.emails[0],
                f"{one.first} {one.last}",
                f"{one.last} {one.first}",
                f"{_ascii(one.first)[0]}{_ascii(one.last)}",
            ]
        )
    return chance.choice([f"{one.first} {one.last}"] * 3 + [f"{one.nick or one.first} {one.last}", one.emails[0], one.phone])


def _talk(
    chance: random.Random, book: Book, file: str, name: str, members: Sequence[tuple[Human, str]], lines: Sequence[str]
) -> Iterator[dict[str, object]]:
    at = _FROM + timedelta(days=chance.randrange(300))
    for number in range(len(members) * chance.randint(2, 6)):
        at += timedelta(minutes=chance.randrange(1, 900))
        one, label = chance.choice(members)
        mine = chance.random() < 0.4
        text = chance.choice(lines)
        if not mine and chance.random() < 0.06:
            text = chance.choice(
                [f"My mail is {one.emails[0]} by the way.", f"My new number: {one.phone}", f"You can reach me at {one.emails[-1]}"]
            )
        if not mine:
            book.whose["talk", file, label] = one.id if book.whose.get(("talk", file, label), one.id) == one.id else "several"
        yield {"id": number, "at": at.isoformat(), "speaker": "me" if mine else label, "text": text, "conversation": f"{file} {name}"}


# Slips of the hand


def _slip(chance: random.Random, text: str, often: float = 0.06) -> str:
    """``text`` with, now and then, one letter left out, doubled, or exchanged with its neighbour."""
    if chance.random() >= often or len(text) < 6:
        return text
    at = chance.randrange(1, (text.find("@") if "@" in text else len(text)) - 1)
    return chance.choice(
        [text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:], text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]]
    )


def _spaced(chance: random.Random, phone: str) -> str:
    digits = phone.replace(" ", "")
    return chance.choice(
        [
            digits,
            "0" + digits.removeprefix("+43"),
            f"0043{digits.removeprefix('+43')}",
            f"{digits[:3]} ({digits[3:6]}) {digits[6:9]}-{digits[9:]}",
        ]
    )


def _plain(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def _ascii(text: str) -> str:
    return "".join(letter for letter in _plain(text).lower() if letter.isascii() and letter.isalnum()) or "x"


def _list(value: object) -> list[str]:
    assert isinstance(value, list)
    return value
