"""Pseudonyms: nothing the person's store names survives in a veiled text, and everything comes back in the reply."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.bench import stage
from ownmind.bench import veil as bench
from ownmind.guard.known import known
from ownmind.guard.pseudonyms import Dictionary, Known, Pseudonym, Restoring, Sort, Unveilable, restore, veil
from ownmind.messages import Entry, Integrity, Kind, Label, Source, Target
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store import pseudonyms
from ownmind.store.opening import open_store
from store_fixtures import paths_at

MINE = Label(Integrity.PERSON)
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
PEOPLE = (
    "Ana García López",
    "Jonas Okafor",
    "Łukasz Wójcik",
    "Анна Иванова",
    "Тимур Беляев",
    "Søren Ångström",
    "王小明",
    "欧阳娜娜",
    "김민수",
    "Οδυσσέας",
)
KNOWN = (
    *(Known(Sort.PERSON, name) for name in PEOPLE),
    Known(Sort.PERSON, "Will Hartmann"),
    Known(Sort.PLACE, "Coimbra"),
    Known(Sort.ADDRESS, "Rua das Flores 12, 3000-195 Coimbra"),
    Known(Sort.ORGANISATION, "Brauhaus Nordlicht GmbH"),
    Known(Sort.PHONE, "+351 912 345 678"),
    Known(Sort.ACCOUNT, "CA-1234-567"),
)
DICTIONARY = Dictionary(KNOWN)


def note(text: str) -> Entry:
    return Entry(text, Source(f"note:{text}"), MINE, Kind.NOTE, NOW)


def veiled(text: str, rows: tuple[Pseudonym, ...] = (), seed: int = 1) -> tuple[str, tuple[Pseudonym, ...]]:
    done = veil(text, DICTIONARY, rows, Random(seed))
    return done.text, (*rows, *done.new)


_PIECES = st.sampled_from(
    [
        *PEOPLE, "Ana", "García", "garcia", "ANA", "Annna", "Ana's", "Jonass", "Анну", "Анны", "анной", "小明", "Will", "will", "May",
        "Selma", "Kasper", "Selma's", "selma", "SELMA", "Лариса", "Coimbra", "Flores", "12", "Rua das Flores 12", "Birkenholt 47",
        "912 345 678", "+351912345678", "CA1234567", "4111 1111 1111 1111", "GB29 NWBK 6016 1331 9268 19", "a.b@firm.com",
        "tabea.lockhart85@quill.example", "555 123 4567", "https://x.com/u/ana?x=1", "sk-abcdef1234567890ABCDEF", " ", "\n", ", ", ".",
        "'", "’s", "-", "_", "@", "/", "1", "0", "é", "\u0301", "\u200b", "我", "和",
    ]
)  # fmt: skip
_TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=6)), max_size=14).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda joint: joint.join(parts))
)


@settings(max_examples=400, deadline=None)
@given(texts=st.lists(_TEXTS, min_size=1, max_size=3), seed=st.integers(0, 1000))
def test_every_text_comes_back_as_it_was(texts: list[str], seed: int) -> None:
    """restore(veil(t)) == t, also for the later texts of a session, whose words may be pseudonyms already."""
    rows: tuple[Pseudonym, ...] = ()
    for text in texts:
        hidden, rows = veiled(text, rows, seed)
        assert restore(hidden, rows) == text


@settings(max_examples=200, deadline=None)
@given(text=st.text(), seed=st.integers(0, 1000))
def test_any_text_at_all_comes_back(text: str, seed: int) -> None:
    """Also one of no language."""
    hidden, rows = veiled(text, seed=seed)
    assert restore(hidden, rows) == text


@settings(max_examples=200, deadline=None)
@given(text=_TEXTS, cuts=st.lists(st.integers(1, 9), min_size=1, max_size=20))
def test_a_reply_in_pieces_is_restored_as_if_whole(text: str, cuts: list[int]) -> None:
    """Wherever the stream is cut, the pieces joined are the reply restored at once."""
    hidden, rows = veiled(text)
    restoring, shown, at, turn = Restoring(rows), "", 0, 0
    while at < len(hidden):
        size = cuts[turn % len(cuts)]
        shown += restoring.feed(hidden[at : at + size])
        at, turn = at + size, turn + 1
    assert shown + restoring.end() == text


def _decomposed(name: str) -> str:
    return unicodedata.normalize("NFD", name)


def _broken(name: str) -> str:
    return name.replace(" ", "\n \t")


def _plain(text: str) -> list[str]:
    folded = "".join(char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) not in ("Mn", "Cf")).casefold()
    return re.findall(r"[^\W\d_]+", folded.replace("ł", "l").replace("ø", "o"))


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from([name for name in PEOPLE if name.isascii() or " " in name]),
    change=st.sampled_from([str, str.lower, str.upper, str.title, _decomposed, _broken]),
    before=st.text(alphabet="xyz .,\n(*_1-", max_size=5),
    after=st.text(alphabet=" .,\n)*_1-'", max_size=5),
)  # fmt: skip
def test_no_known_name_survives(name: str, change: object, before: str, after: str) -> None:
    """Whatever its case, accents and the blanks inside it; as words, for a name may stand inside an innocent longer word."""
    assert callable(change)
    text = f"{before} {change(name)}{after}"
    hidden, _ = veiled(text)
    assert not set(_plain(name)) & set(_plain(hidden))


def test_chinese_and_korean_names_are_found_inside_a_sentence() -> None:
    """No blanks stand around them."""
    hidden, rows = veiled("我和王小明去看欧阳娜娜。小明说好。김민수는 좋아요")
    assert not any(name in hidden for name in ("王小明", "小明", "欧阳娜娜", "娜娜", "김민수"))
    assert hidden.startswith("我和") and "는 좋아요" in hidden
    assert restore(hidden, rows) == "我和王小明去看欧阳娜娜。小明说好。김민수는 좋아요"


def test_a_pseudonym_takes_the_place_of_the_word_in_its_sentence() -> None:
    """Possessive, case and inflection stay, one name keeps one pseudonym, and a full name is its parts."""
    hidden, rows = veiled("Ana's sister called ANA. Видел Анну, говорил с Анной. Ana García came.")
    ana = next(row.pseudonym for row in rows if row.value == "Ana")
    anna = next(row.pseudonym for row in rows if row.value == "Анна")
    assert hidden.startswith(f"{ana}'s sister called {ana.upper()}. Видел {anna[:-1]}у, говорил с {anna[:-1]}ой. {ana} ")


def test_a_reply_may_inflect_and_break_names() -> None:
    """The model writes its own sentence: possessives, shouting, a line break inside the name, a Russian case not asked about."""
    _, rows = veiled("Ana García met Анна in Coimbra.")
    name = {row.value: row.pseudonym for row in rows}
    reply = f"{name['Ana']}\n{name['García'].upper()}’s friend spoke with {name['Анна'][:-1]}ой; {name['Ana']}'s train to {name['Coimbra']}"
    assert restore(reply, rows) == "Ana\nGARCÍA’s friend spoke with Анной; Ana's train to Coimbra"


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Will you come in May? I will.", True),
        ("It may rain. Rose petals and a rose.", True),
        ("I asked Will about it.", False),
        ("Will's car is red.", False),
        ("dear will, how are you", False),
    ],
)
def test_a_name_that_is_a_word_is_a_name_only_where_it_stands_like_one(text: str, stays: bool) -> None:
    """ "Will" is known; "will" is also a verb."""
    assert (veiled(text)[0] == text) is stays


@pytest.mark.parametrize(
    "text",
    ["4111 1111 1111 1111", "5500-0000-0000-0004", "GB29 NWBK 6016 1331 9268 19", "DE89370400440532013000", "529.982.247-25", "12345678Z",
     "943 476 5919", "44051401359", "11010519491231002X", "RSSMRA85T10A562S", "AB 12 34 56 C", "078-05-1120",
     "+49 151 23456789",
     "(415) 555-2671", "07700 123456", "anna@firma.de", "sk-proj-a1B2c3D4e5F6g7H8i9J0", "ghp_a1B2c3D4e5F6g7H8i9J0k1L2", "https://drive.example.org/file/d/1AbC"],
)  # fmt: skip
def test_numbers_with_a_check_digit_and_keys_need_not_be_known(text: str) -> None:
    """Cards, IBANs, national numbers, telephones, addresses, links and keys of strangers."""
    hidden, rows = veiled(f"Here: {text} ok")
    assert text not in hidden and hidden.startswith("Here: ") and hidden.endswith(" ok")
    assert [c for c in hidden if c in "()-."] == [c for c in f"Here: {text} ok" if c in "()-."] or "@" in text or "/" in text or "-" in text
    assert restore(hidden, rows) == f"Here: {text} ok"


@pytest.mark.parametrize(
    "text",
    ["In 2024 we paid 1 200 000 for 3.14159265 of it", "on 2026-11-22 10:30", "192.168.100.200", "order 48151623", "https://docs.python.org/3/library",
     "I love Paris and Zanzibar", "4111 1111 1111 1112"],
)  # fmt: skip
def test_what_is_nobodys_stays(text: str) -> None:
    """Dates, sums, public links, numbers whose check digit is wrong."""
    assert veiled(text)[0] == text


def test_a_known_number_is_found_however_it_is_grouped() -> None:
    """A telephone also without its country; the pseudonym keeps the grouping."""
    hidden, rows = veiled("912-345-678, +351912345678, ca1234567, CA 1234 567, Rua das Flores, 12, 3000-195")
    assert not re.search(r"912|345|1234|Flores|\b12\b|3000", hidden)
    assert re.match(r"\d{3}-\d{3}-\d{3}, \+\d{12}, [a-z]{2}\d{7}, [A-Z]{2} \d{4} \d{3}, Rua das \w+, \d+, \d{4}-\d{3}$", hidden)
    assert restore(hidden, rows).endswith("Rua das Flores, 12, 3000-195")


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{number:04}" for number in range(10_000)) + " 3000-195 CA1234567",
        "".join(map(chr, range(0x4E00, 0x9FA6))) + "王小明",
        "-----BEGIN A-----" * 2_000,
        "a" * 30_000 + "@",
        "1 " * 20_000,
        "Flores 1 " * 500,
    ],
    ids=["all numbers", "all of Chinese", "keys that never end", "no address", "ones", "houses"],
)
def test_a_text_made_to_be_hard_ends_too(text: str) -> None:
    """It is veiled and comes back, or it is refused; it never hangs."""
    try:
        hidden, rows = veiled(text)
    except Unveilable:
        return
    assert restore(hidden, rows) == text
    restoring = Restoring(rows)
    assert "".join([*(restoring.feed(hidden[at : at + 50]) for at in range(0, len(hidden), 50)), restoring.end()]) == text


def test_pseudonyms_do_not_tell_what_they_stand_for() -> None:
    """Another session, other pseudonyms: what one provider sees cannot be laid beside what another one sees."""
    assert len({veiled("Ana García, 王小明, a@b.de, +351912345678", seed=seed)[0] for seed in range(20)}) > 15


def test_the_store_knows_whom_to_veil() -> None:
    """Who speaks, whom facts name, where they live and work, their numbers: from an ordinary memory."""
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        for said in (
            "My sister Katarzyna lives in Gdynia.",
            "My phone number is +48 601 234 567.",
            "I work at Borealis.",
            "My name is Marek Nowak.",
        ):
            memory.remember([note(said)], now=NOW)
        memory.remember([Entry("hello", Source("transcript:c"), Label(Integrity.UNTRUSTED), Kind.TURN, NOW, "Dmitri")], now=NOW)
        with store.db.read() as cx:
            done = veil("Katarzyna from Gdynia, Dmitri, Marek, 601 234 567, Borealis", Dictionary(known(cx)), (), Random(1))
    assert len(done.replaced) == 6


def test_ordinary_words_of_a_fact_are_no_names() -> None:
    """Where somebody lives is a name, when they were born is none."""
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        memory.remember([note("I live in Porto."), note("I was born on 3 March 1990.")], now=NOW)
        with store.db.read() as cx:
            done = veil("A small town near the sea in March, not Porto", Dictionary(known(cx)), (), Random(1))
    assert [one.value for one in done.replaced] == ["Porto"]


def test_the_map_is_one_for_a_scope_and_survives_a_restart(tmp_path: Path) -> None:
    """One pseudonym for one value in one session; another session has its own."""
    with open_store(paths_at(tmp_path)) as store:
        hidden = veil("Ana called Jonas", DICTIONARY, (), Random(1))
        with store.db.write() as cx:
            pseudonyms.add(cx, "session:1", hidden.new)
    with open_store(paths_at(tmp_path)) as store, store.db.read() as cx:
        rows = pseudonyms.of(cx, "session:1")
        assert veil("Ana called Jonas", DICTIONARY, rows, Random(7)) == type(hidden)(hidden.text, hidden.replaced, ())
        assert restore(hidden.text, rows) == "Ana called Jonas"
        assert pseudonyms.of(cx, "session:2") == []


def test_a_forgotten_name_leaves_no_row() -> None:
    """What nothing holds any more goes from every scope; a name another item still holds stays; redacting does the same."""
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        _, both, _ = memory.remember([note("Ana plays the cello"), note("Jonas and Katya sail"), note("Jonas cooks")], now=NOW)
        rows = veil(
            "Ana, Jonas, Katya, anna@firma.de", Dictionary([Known(Sort.PERSON, n) for n in ("Ana", "Jonas", "Katya")]), (), Random(1)
        ).new
        with store.db.write() as cx:
            pseudonyms.add(cx, "a", rows)
            pseudonyms.add(cx, "b", rows)
        receipt = memory.forget(Target(topic="cello"))
        with store.db.read() as cx:
            assert {row.value for row in pseudonyms.of(cx, "a")} == {row.value for row in pseudonyms.of(cx, "b")} == {"Jonas", "Katya"}
        assert receipt.verified and receipt.removed["pseudonyms"] == 4
        memory.redact(both, "Katya")
        with store.db.read() as cx:
            assert {row.value for row in pseudonyms.of(cx, "a")} == {"Jonas"}


def test_no_exact_value_survives_the_marked_messages() -> None:
    """The bench's 197 messages in fourteen languages: no exact value left, all restored; with nothing known most are left."""
    measured = bench.run()
    figures, control = measured["figures"], measured["control"]
    assert isinstance(figures, dict) and isinstance(control, dict)
    assert figures["leaks_of_exact"] == 0 and figures["restored"] == measured["n"]
    assert figures["recall"] > 0.95 and figures["precision"] > 0.93
    assert control["leaks_of_exact"] > 100


def test_a_link_somebody_else_made_up_is_given_no_name() -> None:
    """A hostile reply with a link made of stand-ins: its words come back with the real names, the link tells its maker none."""
    known = Dictionary([Known(Sort.PERSON, "Ana García"), Known(Sort.PLACE, "Coimbra")])
    veiled = veil("When does Ana arrive in Coimbra?", known, (), Random(1))
    name, place = (row.pseudonym for row in veiled.new)
    reply = f"{name} is in [{place}](https://evil.example/{name}/{place}) or www.evil.example/{name}. See https://evil.example/?who={name}"
    back = restore(reply, veiled.new)
    assert back.startswith("Ana is in [Coimbra](https://evil.example/") and back.count("Ana") == 1 and back.count("Coimbra") == 1
    restoring = Restoring(veiled.new)
    assert "".join(map(restoring.feed, reply)) + restoring.end() == back


def test_a_family_name_behind_a_known_first_name_goes_with_it() -> None:
    """Only Ana is known. Her family name is veiled where it stands behind hers, and in the rest of that text."""
    text = "What may Ana Brandt eat? The Brandts are coming, and Brandt is vegan. Ana Monday? Ana said no."
    veiled = veil(text, Dictionary([Known(Sort.PERSON, "Ana")]), (), Random(3))
    assert "Ana" not in veiled.text and "Brandt" not in veiled.text
    assert "Monday" in veiled.text
    assert restore(veiled.text, veiled.new) == text
