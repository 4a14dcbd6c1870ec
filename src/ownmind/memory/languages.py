"""Which language a text may be in, told by its script and its commonest words; microseconds, no model.

Only good enough to say that a question and an item cannot be compared by words. So it gives every language that fits, none where
nothing tells (a name, a number, two words), and close relatives together: whoever asks learns of a difference only where there is
one. The words are ours, some twenty of each language's commonest; those that two languages share count for both.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import islice

_READ = 160  # characters
_LETTERS = 24  # letters beyond ASCII that say which script it is
_ENOUGH = 2  # common words of one language

_COMMON: dict[str, frozenset[str]] = {
    language: frozenset(said.split())
    for language, said in {
        "en": "the a an of to in is are was were be been have has had do does did i my me you your he she it its they we our and or but "
        "with for on at from by that this these who what which when where how why not can will would there about",
        "de": "der die das den dem des ein eine einen einem einer und oder ist sind war waren hat haben hatte ich mir mich mein meine wir "
        "uns unser unsere sie er es nicht mit von zu zum zur auf für im am bei wo wer was wann wie welche wenn nach aus wird",
        "fr": "le la les un une des du de d l et ou est sont était a ont j je me mon ma mes nous notre il elle ils on ne pas avec pour sur "
        "dans en au aux qui que quel quelle où quand comment ce cette chez par qu",
        "es": "el la los las un una unos de del y o es son era fue está ha han he yo mi mis me nos nuestro nuestra él ella no con para por "
        "en al que qué quién cuál dónde cuándo cómo se su sus lo cada cuando",
        "pt": "o a os as um uma de do da dos das e ou é são era foi está tem têm eu meu minha me nos nosso nossa ele ela não com para por "
        "em no na nos ao que quem qual onde quando como se seu sua",
        "it": "il lo la i gli le un una uno di del della dei e o è sono era ha hanno ho io mio mia mi ci nostro nostra lui lei non con per "
        "in nel nella al alla che chi quale dove quando come si suo sua ogni",
        "nl": "de het een en of is zijn was waren heeft hebben had ik mij mijn me wij we ons onze hij zij ze niet met van te naar op voor "
        "in bij wie wat waar wanneer hoe welke er om dat die aan",
        "sv": "en ett och eller är var har hade jag mig min mitt mina vi oss vår vårt han hon de inte med av till på för i hos vem vad "
        "när hur vilken vilket det den som att om",
        "da": "en et og eller er var har havde jeg mig meg min mit mitt mine vi os oss vores vår han hun de ikke med af av til på for hos "
        "i hvem hvad hva hvor hvornår når hvordan hvilken det den som at å om",
        "fi": "ja tai on ovat oli olivat minä minun minut me meidän hän hänen he ei en se sen joka kun missä milloin mikä miten kuka että "
        "ole olen olemme kanssa jossa mitä",
        "pl": "i lub jest są był była było mam ma mój moja moje mnie mi my nasz nasza on ona nie z ze do na w we dla po od kto co gdzie "
        "kiedy jak który która że się jego jej przez",
        "cs": "a nebo je jsou byl byla bylo mám má můj moje mě mi my náš naše on ona ne z ze do na v ve pro po od kdo co kde kdy jak který "
        "která že se jeho její si k u jsem",
        "hu": "a az egy és vagy van vannak volt voltak én engem mi nem ki hol mikor hogyan melyik hogy ez ezt azt meg is már csak lesz ha "
        "mert be el",
        "ro": "un o și sau este sunt era au am eu meu mea mi ne noi nostru el ea nu cu pentru pe în la din de cine ce unde când cum care "
        "să se că lui",
        "tr": "bir ve veya bu şu o da de ile için var yok ben benim bana biz bizim onun ne kim nerede zaman nasıl hangi mi mı çok her daha "
        "değil olan kadar sonra",
        "id": "yang di ke dari dan atau adalah ini itu saya aku kami kita dia mereka tidak dengan untuk pada ada siapa apa mana kapan "
        "bagaimana akan sudah oleh karena",
        "vi": "là và của có không tôi chúng ta anh chị ở với cho trong này đó ai gì nào đâu khi được một những các đã sẽ bị",
    }.items()
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")  # letters
_ACCENTED = frozenset(_COMMON) - {"en"}
_BY_WORD: dict[str, tuple[str, ...]] = {
    word: tuple(language for language, common in _COMMON.items() if word in common) for word in frozenset[str]().union(*_COMMON.values())
}


def spoken(text: str) -> frozenset[str]:
    """The languages ``text`` may be in: codes of ISO 639-1 for Latin letters, else the script's name ("CYRILLIC"); none where nothing
    tells. Of unknown words with accents every code but English's: English has neither."""
    read = text[:_READ].lower()
    if not read.isascii() and (script := _script(read)):
        return frozenset((script,))
    found = Counter(language for word in set(_WORD.findall(read)) for language in _BY_WORD.get(word, ()))
    most = max(found.values(), default=0)
    if most >= _ENOUGH or (most and _is_accented(read) and not found["en"]):
        return frozenset(language for language, count in found.items() if count == most)
    return _ACCENTED if not found["en"] and _is_accented(read, 2) else frozenset()


def differs(asked: frozenset[str], text: str) -> bool:
    """Whether ``text`` is in another language than a question whose languages are ``asked``; not where nothing tells."""
    own = spoken(text) if asked else frozenset[str]()
    return bool(own) and asked.isdisjoint(own)


def common(asked: frozenset[str]) -> frozenset[str]:
    """The commonest words of these languages; none of those that are told by their script."""
    return frozenset[str]().union(*(_COMMON.get(language, ()) for language in asked))


def strange(asked: frozenset[str]) -> frozenset[str]:
    """Common words without any of which a text of ASCII does not ``differ``: it would have to hold more of another language's than of
    each of these, so a word at least that is none of one of them."""
    return frozenset(_BY_WORD) - max((_COMMON.get(language, frozenset[str]()) for language in sorted(asked)), key=len, default=frozenset())


def _is_accented(text: str, letters: int = 1) -> bool:
    """Whether ``text`` has so many letters with a mark, or others that English has not."""
    return not text.isascii() and sum(c > "\x7f" and c.isalpha() for c in text) >= letters


def _script(text: str) -> str:
    """The script of most of the letters, where that is not Latin; Japanese and Korean by what is only theirs."""
    other = Counter(
        unicodedata.name(letter, "").split(" ")[0] for letter in islice((c for c in text if c > "\x7f" and c.isalpha()), _LETTERS)
    )
    latin = other.pop("LATIN", 0) + sum(c.isascii() and c.isalpha() for c in text)
    if sum(other.values()) * 3 < latin:  # a sentence of three Chinese characters says what five Latin words say
        return ""
    if other.keys() & {"HIRAGANA", "KATAKANA"}:
        return "JAPANESE"
    return other.most_common(1)[0][0] if other else ""
