"""Keyword search in every script: what a person wrote is found by its own words, and leaves both indexes when it is forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources

import apsw
import pytest

from ownmind.bench import stage
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Label, Source
from ownmind.store import derived, migrations, scripts, search
from ownmind.store.opening import Store
from store_fixtures import number

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
FIFTY = json.loads(resources.files("ownmind.bench").joinpath("data/fifty_languages.json").read_text(encoding="utf-8"))


def remember(memory: Memory, *texts: str) -> list[str]:
    return memory.remember([Entry(text, Source("note:1"), Label(Integrity.PERSON), at=NOW) for text in texts], now=NOW)


@pytest.fixture
def words_alone() -> Iterator[tuple[Memory, Store]]:
    """A memory without an embedder: what is found is found by words."""
    with stage.memory(None, NOW) as found:
        yield found


def test_a_question_finds_its_note_by_words_in_58_languages(words_alone: tuple[Memory, Store]) -> None:
    """Each question shares a word with the note that answers it and with few others: that note comes first, whatever the script."""
    memory, _store = words_alone
    names = remember(memory, *(note for _, note, _ in FIFTY))
    wrong = [language for (language, _, question), name in zip(FIFTY, names, strict=True) if memory.recall(question, now=NOW)[0].id != name]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("我养了一只猫", "猫"),  # one character in the middle of a run
        ("昨日は京都で抹茶ラテを飲みました", "抹茶ラテ"),
        ("ร้านก๋วยเตี๋ยวอยู่หน้าวัด", "ก๋วยเตี๋ยว"),
        ("김치를 냉장고에 넣었다", "김치"),  # without its particle
        ("चाबी मेज़ पर है", "मेज़"),
        ("🌊🔑", "🔑"),
        ("👩🏽‍🚒👍🏽", "👍🏽"),
        ("My iPhone充电器 is at ห้องทำงาน", "充电器"),
        ("My iPhone充电器 is at ห้องทำงาน", "iphone"),
        ("קניתי לחם ב‏ABC store היום", "לחם"),  # mixed direction
        ("مشيتُ إلى Café Zoë ثم عدتُ", "zoe"),
        ("naïve façade Ångström", "angstrom"),
        ("\u202eevil\u202c right to left override", "override"),
        ("۱۲۳ و ١٢٣ and １２３", "١٢٣"),
        ("ᚠᚢᚦᚨᚱᚲ on the stone", "ᚠᚢᚦᚨᚱᚲ"),
        ("𓀀𓁐 hieroglyphs", "𓀀𓁐"),
    ],
)
def test_hostile_and_mixed_texts_are_found_by_their_words(words_alone: tuple[Memory, Store], text: str, asked: str) -> None:
    """Among two hundred English notes and some in the same script, the one that holds the word comes first."""
    memory, _store = words_alone
    remember(memory, *(f"note number {i} about the garden" for i in range(200)), "今天天气很好", "วันนี้อากาศดี", "आज मौसम अच्छा है", "😀😀")
    (name,) = remember(memory, text)
    assert memory.recall(asked, now=NOW)[0].id == name


def test_words_are_cut_as_the_scripts_need() -> None:
    """Pairs without blanks, single Chinese characters and emoji as well, whole words with their marks, and plain words as ever."""
    assert scripts.words("Don't panic") == ["don", "t", "panic"]
    assert scripts.words("猫が好き") == ["猫が", "が好", "好き", "猫", "好"]
    assert scripts.words("ที่นี่") == ["ที่นี่"]
    assert scripts.words("मेरी बहन") == ["मेरी", "बहन"]
    assert scripts.words("iPhone手机") == ["iphone", "手机", "手", "机"]
    assert scripts.words("👍🏽 ok") == ["👍🏽", "ok"]
    assert scripts.words("ア ア\x1fb") == ["ア", "ア", "b"]
    assert [scripts.is_apart(word) for word in ("cat", "кот", "قط", "猫", "मेरी", "🔑")] == [False] * 3 + [True] * 3


def test_who_writes_in_other_scripts_pays_nothing(words_alone: tuple[Memory, Store]) -> None:
    """No row in the second index for Latin, Greek, Cyrillic, Arabic, Hebrew, Ethiopic, Georgian or Armenian."""
    memory, store = words_alone
    plain = {"en", "es", "de", "pl", "tr", "vi", "el", "ru", "uk", "ar", "he", "fa", "ur", "am", "ka", "hy"}
    remember(memory, *(note for language, note, _ in FIFTY if language in plain))
    with store.db.read() as cx:
        assert number(cx, "SELECT count(*) FROM item_words") == 0


def test_what_is_forgotten_leaves_both_indexes(words_alone: tuple[Memory, Store]) -> None:
    """No row, no posting and no page knows the words; what another item says stays found."""
    memory, store = words_alone
    secret, kept = remember(memory, "我的保险箱密码写在日历背面", "我的日历挂在厨房")
    assert memory.recall("保险箱密码", now=NOW)[0].id == secret
    assert memory.forget(secret).verified
    assert [one.id for one in memory.recall("保险箱密码在日历哪里", now=NOW)] == [kept]
    with store.db.read() as cx:
        assert number(cx, "SELECT count(*) FROM item_words") == 1
        assert search.frequency(cx, "密码") == 0 and search.frequency(cx, "日历") == 1
        image = cx.serialize("main")
    assert "保险".encode() not in image and "密码".encode() not in image
    assert "日历".encode() in image, "control: the image shows what is still there"


def test_a_changed_text_is_found_by_its_new_words_alone(words_alone: tuple[Memory, Store]) -> None:
    """The second index follows a redaction."""
    memory, store = words_alone
    (name,) = remember(memory, "银行卡号码在蓝色信封里")
    with store.db.write() as cx:
        from ownmind.store import redactions

        redactions.rewrite(cx, int(name[1:]), "蓝色信封在书架上", b"k" * 16)
    with store.db.read() as cx:
        assert search.frequency(cx, "银行") == 0 and search.frequency(cx, "信封") == 1 == search.frequency(cx, "书架")


def test_a_store_from_before_the_second_index_gets_its_words() -> None:
    """The step fills the index from the items that are there."""
    cx = apsw.Connection(":memory:")
    for step in migrations.STEPS[:5]:
        step(cx)
    cx.execute("INSERT INTO sources(ref, kind, added_at) VALUES ('note:1', 'note', 0)")
    for text in ("我养了一只猫", "a cat"):
        cx.execute(
            """INSERT INTO items(kind, text, learned_at, source_id, integrity, confidentiality, content_key)
               VALUES ('note', ?, 0, 1, 'person', 'private', ?)""",
            (text, text.encode()),
        )
    migrations.STEPS[5](cx)
    assert search.frequency(cx, "只猫") == 1 and number(cx, "SELECT count(*) FROM item_words") == 1


def test_a_damaged_second_index_is_noticed_and_made_again(words_alone: tuple[Memory, Store]) -> None:
    """Rows of the index gone behind its back: said so, and after the repair the note is found again."""
    memory, store = words_alone
    (name,) = remember(memory, "我养了一只猫")
    with store.db.write() as cx:
        cx.execute("DELETE FROM item_words_fts_data WHERE id > 10")
    assert [fault.what for fault in derived.faults(store.db, deep=True)] == ["words"]
    derived.rebuild(store.db)
    assert derived.faults(store.db, deep=True) == [] and memory.recall("一只猫", now=NOW)[0].id == name
