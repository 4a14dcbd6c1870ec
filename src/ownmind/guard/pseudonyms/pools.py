"""Names that stand in for names: ordinary enough to read on, rare enough not to be meant, and no word of a common language.

When a pool is used up, names are made of syllables. E-mail addresses end in ``.example`` (RFC 2606), telephone numbers come from
the ranges kept for fiction (NANP 555-01xx, Ofcom, ARCEP, ACMA) or, elsewhere, from the unassigned country code 999; countries of
IBANs and issuers of cards are ones nobody was given (ISO 3166 QM to QZ, ISO/IEC 7812 issuers 99).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from random import Random

from .checksums import digits_of, iban, luhn
from .spelling import fold

_NAMES: Mapping[tuple[str, str], str] = {
    # (kind, ending): "a" and "c" (anything else), Cyrillic ones "а" and "к"; so that a pseudonym takes the endings its name takes.
    ("given", "a"): "Selma Linnea Ottilia Ramona Tabea Philippa Rosalba Mirella Leokadia Zita Thekla Drusilla Petronella Aurelia Evita",
    ("given", "c"): "Kasper Thorben Ludovic Ansgar Fergus Anselm Quentin Wendel Osvald Leander Gideon Tibor Hagen Cedric Isidor Ruben",
    ("family", "a"): "Zapolska Ruzicka Malinova Serrabona Kowalenka Toriba Bandera Ostrowska",
    ("family", "c"): "Keldermans Ostergren Winterthal Brandvold Halvorsen Thorburn Lockhart Penhallow Drummond Ashcombe Lindqvist",
    ("place", "a"): "Veldara Tornova Mirandela Castelora Alvera Rovena",
    ("place", "c"): "Tarnby Ostholm Wexmoor Brenfeld Kirkholt Havelock Northam Ellworth Grunstadt Valmont Estrel Monfort",
    ("organisation", "a"): "Novaxia Lumera Cortessa Vantia",
    ("organisation", "c"): "Quillmark Brightwell Northlake Corvane Stellwerk Halden Tessonic Pinemoor",
    ("street", "a"): "Alameira Rosendra Tilivia",
    ("street", "c"): "Birkenholt Quarrywood Ashgrove Millbrook Thornfield Larkmoor Eichental Clairval",
    ("given", "а"): "Лариса Тамара Марфа Фаина Глафира Серафима Раиса Евдокия Пелагея Прасковья Аглая Мелания",
    ("given", "к"): "Тихон Прохор Савелий Фёдор Архип Емельян Климент Харитон Макар Антип Лаврентий Игнат",
    ("family", "а"): "Огнёва Тарханова Вершинина Полозова Крутикова Селезнёва",
    ("family", "к"): "Огнев Тарханов Вершинин Полозов Крутиков Селезнев Дроздецкий",
    ("place", "а"): "Заречанка Ольховка Белогорка",
    ("place", "к"): "Верхнегорск Сосновец Приозёрск Каменград",
    ("organisation", "к"): "Северлайн Технобор Росвектор",
    ("street", "к"): "Заозёрный Тополецкий",
    ("street", "а"): "Берёзницкая Ключевецкая",
}  # fmt: skip
_UNSPACED: Mapping[str, tuple[str, str]] = {  # characters for beginnings, and for the rest; no two pseudonyms of a session share one
    "han": ("欧司诸慕上夏尉宇端皇东闻澹公", "阳马葛容官侯迟文木甫方人台孙岚曦钧雁翎霁骁澜苒韬琰滢煜瑾璟淼昀恬逸珩翊晗崧筠楠榕桐栩"),
    "kana": ("アイウエオカキクケコサシスセソ", "タチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ"),
    "hangul": ("남궁선우황보제갈독고", "슬찬결솔봄빛샘강별누리마루한벼리"),
    "thai": ("กขคงจชซดตถทธนบปผพฟภมยรลวศสหอ", "กขคงจชซดตถทธนบปผพฟภมยรลวศสหอ"),
}
_BLOCKS = {"han": (0x4E00, 0x9FA5), "kana": (0x30A2, 0x30F4), "hangul": (0xAC00, 0xD7A3), "thai": (0x0E01, 0x0E2E)}
_LATIN = ("b br d dr f g gr h k kl l m n p pr r s st t tr v w z", "a e i o u", "l m n r s t v nd rk lm st")
_CYRILLIC = ("б бр в г д др з к кл л м н п пр р с ст т тр", "а е и о у", "в д з л м н р с т ст нд")
_HOSTS = ("quill", "northmail", "postbox", "letterbox", "webmail", "inbox", "mailroom")
_LETTERS, _DIGITS = "abcdefghijkmnpqrstuvwxyz", "0123456789"


def ending(word: str) -> str:
    """Which endings a name takes: "a", "c", or for Cyrillic "а", "к"."""
    last = fold(word)[-1:]
    if "\u0400" <= last <= "\u052f":
        return "а" if last in "ая" else "к"
    return "a" if last == "a" else "c"


def words(kind: str, of: str, random: Random) -> Iterator[str]:
    """Names of this kind that end as ``of`` does, without an end. The same vowel at the end, so that inflections carry over."""
    end = ending(of)
    pool = _NAMES.get((kind, end)) or _NAMES[("family" if kind in ("family", "word") else "given", end)]
    tail = _tail(of) if end in ("a", "а") else ""
    names = [name for name in pool.split() if fold(name).endswith(tail)]
    yield from random.sample(names, len(names))
    onsets, vowels, codas = (sounds.split() for sounds in (_CYRILLIC if end in "ак" else _LATIN))
    while True:
        body = random.choice(onsets) + random.choice(vowels) + random.choice(codas) + random.choice(vowels) + random.choice(codas)
        yield (body + tail).capitalize()


def _tail(word: str) -> str:
    """The vowels a name ends in that decide how it is inflected: Анна, Мария, Садовая."""
    folded = fold(word)
    return folded[-2:] if folded.endswith(("ая", "ия")) else folded[-1]


def unspaced(of: str, random: Random) -> Iterator[str]:
    """Names in the script of ``of`` that writes no blanks, at least two characters, all different; without an end."""
    script = _script(of)
    size = max(2, min(len(of), 4))
    first, rest = _UNSPACED[script]
    for _ in range(200):
        name = random.choice(first) + "".join(random.sample(rest, size - 1))
        if len(set(name)) == size:
            yield name
    low, high = _BLOCKS[script]
    while True:
        yield "".join(map(chr, random.sample(range(low, high + 1), size)))


def typed_otherwise(word: str) -> Iterator[str]:
    """``word`` as somebody might mistype it: stands for a mistyped name, so that each spelling comes back as it was."""
    for place in range(1, len(word)):
        yield word[:place] + word[place] + word[place:]
    for place in range(1, len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    for place in range(1, len(word)):
        for vowel in "aeiouаеиоу":
            if word[place] in "aeiouаеиоу":
                yield word[:place] + vowel + word[place + 1 :]


def email(random: Random) -> Iterator[str]:
    while True:
        given, family = next(words("given", random.choice("ac"), random)), next(words("family", "c", random))
        yield f"{given}.{family}{random.randrange(10, 100)}@{random.choice(_HOSTS)}.example".lower()


def url(random: Random) -> Iterator[str]:
    while True:
        yield f"https://{random.choice(_HOSTS)}.example/p/{''.join(random.choices(_LETTERS + _DIGITS, k=10))}"


def key(random: Random) -> Iterator[str]:
    while True:
        yield "key" + "".join(random.choices(_LETTERS + _DIGITS, k=29))


def number(kind: str, of: str, random: Random) -> Iterator[str]:
    """Digits and letters as many and in the same places as in ``of``, which has no separators; without an end."""
    for tried in count():
        match kind:
            case "phone" if tried < 200:  # then the ranges of fiction are used up
                yield _phone(of, random)
            case "card":
                stem = "99" + "".join(random.choices(_DIGITS, k=len(of) - 3))
                yield next(stem + digit for digit in _DIGITS if luhn(stem + digit))
            case "iban":
                country, body = "Q" + random.choice("MNOPQRSTUVWXYZ"), _shape(of[4:], random)
                yield next(code for check in range(2, 99) if iban(code := f"{country}{check:02}{body}"))
            case _:
                yield _shape(of, random)


def fill(layout: str, code: str) -> str:
    """``layout`` with its letters and digits replaced by those of ``code``, in the same case."""
    chars = iter(code)
    filled = (next(chars) if char.isalnum() else char for char in layout)
    return "".join(new.lower() if old.islower() else new for old, new in zip(layout, filled, strict=True))


def _phone(digits: str, random: Random) -> str:
    n = len(digits)
    tail = "".join(random.choices(_DIGITS, k=n))
    for begins, size, fiction in _FICTION:
        if digits.startswith(begins) and n == size:
            return (fiction + tail)[:n]
    if n == 10 and digits[0] in "23456789":
        return str(random.randrange(2, 10)) + tail[:2] + "55501" + tail[2:4]
    if n == 11 and digits[0] == "1":
        return "1" + str(random.randrange(2, 10)) + tail[:2] + "55501" + tail[2:4]
    return (("0555" if digits[0] == "0" else "999" if n > 10 else "555") + tail)[:n]


# How a number begins, how long it is, and a range of that country kept for films and books.
_FICTION = (
    ("44", 12, "447700900"), ("07", 11, "07700900"), ("020", 11, "02079460"), ("33", 11, "3363998"), ("06", 10, "063998"),
    ("01", 10, "019900"),
    ("61", 11, "6149157"), ("04", 10, "049157"), ("46", 11, "467017406"), ("070", 10, "07017406"),
)  # fmt: skip


def _shape(of: str, random: Random) -> str:
    return "".join(random.choice(_DIGITS) if char.isdigit() else random.choice(_LETTERS).upper() for char in digits_of(of))


def _script(text: str) -> str:
    first = text[:1]
    if "\u3040" <= first <= "\u30ff":
        return "kana"
    if "\uac00" <= first <= "\ud7af":
        return "hangul"
    return "thai" if "\u0e00" <= first <= "\u17ff" else "han"
