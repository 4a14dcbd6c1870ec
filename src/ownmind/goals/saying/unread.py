"""A statement while it is read: misspelt words are put right, and what has been read is blanked, so that nothing is read twice.

Places in it are always given as places in the person's own words. Only words that the readers of goals look for are put right, and
only where the slip is a plain one (a letter too many, too few or two swapped, a wrong vowel); ordinary words that happen to lie
that near to one of them are left alone.
"""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from itertools import pairwise

from ...messages import Span

READ = "\x1f"  # stands where words were read; no pattern matches it

_LOOKED_FOR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays january
    february march april august september october november december minute minutes hour hours week weeks month months morning mornings
    evening evenings afternoon afternoons weekend weekends weekday weekdays tomorrow every before after until because although finish
    exercise practise practice learn finally already currently marathon running swimming guitar piano violin language spanish french
    german italian meditate meditation kilometres kilometers dollars pounds euros application birthday chapter thesis dissertation
    presentation exam organise organize prepare renovate improve through friend friends regularly money moment summer winter autumn
    spring christmas easter daily weekly monthly twice three seven eight between starting deadline hundred thousand grandmother
    grandfather brother sister mother father daughter colleague neighbour parents bathroom kitchen website portfolio healthy
    smoking procrastinating alcohol vegetables really reading writing competition tournament interview conference anniversary""".split()  # noqa: SIM905
)
# Words of their own that are one slip away from a word above.
_LEFT_ALONE = frozenset(
    """moth moths mouth mouths lean leans earn yearn our ours hours houses house fiend fiends prat weak weaks weeds seek week's even ever
    very evening's ad aft marsh match marches marathons exams exempt exits morning's mourning mournings moaning monkey monkeys honey
    french fench brothers sisters mothers fathers bother smother smoother farther rather lather another other others finished finishes
    finishing learned learnt learns learner leaner exercises exercised practised practiced practices practical spring's sprint string
    easter's eastern western augusts angst aprils marched starting's staring stating starving staying writing's riding waiting wring
    reading's heading leading treading wedding weddings readings writings twine twin's trice eighth seventh sevens eights threes there
    these tree trees minuet minuted minuter hour's hourly daily's dairy dally weakly wekly pond ponds pound founds sounds bounds rounds
    through's though thorough threw thought trough friend's friendly parent parents' patents pianos pianist guitars guitarist violins
    summers winters winner winners winger printer autumns monthly's mouthly portfolios websites kitchens bathrooms chapters theses
    interviews conferences already's ready reality realty really's rally relay betwixt hundreds thousands moments momentum movement
    colleagues college neighbours languages smocking soaking smoking's soking euro dollar exam's examine application's applications
    presentations swimming's shimming trimming running's ruining cunning prepared prepares prepaid improved improves organised organized
    beefier afters afterwards later latter alter aster safer before's befores bore until's unto unties daughters monday's mundane friday's
    fridays sundae sundaes sunder sundry saturdays thursdays spanish's vegetable competitions tournaments competition's deadline's
    deadlines headline headlines healthy's wealthy health healthily moment's daily weekly monthly""".split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = {"wnat": "want", "waht": "what", "evry": "every", "evey": "every", "lern": "learn", "befor": "before", "til": "until",
          "till": "until", "wek": "week", "weeek": "week", "tym": "time", "becuz": "because", "cuz": "because", "cos": "because",
          "coz": "because", "bcs": "because", "bc": "because", "tmrw": "tomorrow", "tmr": "tomorrow", "mins": "minutes", "hrs": "hours",
          "hr": "hour", "aftr": "after", "dayly": "daily", "munth": "month", "wich": "which", "teh": "the", "adn": "and", "rean": "read",
          "tehsis": "thesis", "halve": "half"}  # fmt: skip
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
             "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th", "thirteenth": "13th",
             "fourteenth": "14th", "fifteenth": "15th", "twentieth": "20th", "thirtieth": "30th"}  # fmt: skip
_OF_MONTH = re.compile(
    r"\s+of\s+(?:january|february|march|april|may|june|july|august|september|october|november|december)\b", re.IGNORECASE
)
_VOWELS = frozenset("aeiouy")


class Unread:
    """``text``: the statement with its slips put right. ``left``: the same with what was read blanked, as long as ``text``."""

    def __init__(self, statement: str) -> None:
        self.statement = statement
        pieces: list[str] = []
        self._at: list[int] = []  # of every character of text its place in the statement
        last = 0
        for match in _WORD.finditer(statement):
            right = _right(match, statement)
            if right is None:
                continue
            self._keep(pieces, statement[last : match.start()], last, match.start())
            self._keep(pieces, right, match.start(), match.end())
            last = match.end()
        self._keep(pieces, statement[last:], last, len(statement))
        self._at.append(len(statement))
        self.text = self.left = "".join(pieces)

    def _keep(self, pieces: list[str], piece: str, start: int, end: int) -> None:
        pieces.append(piece)
        self._at += [min(start + n, max(start, end - 1)) for n in range(len(piece))]

    def span(self, start: int, end: int) -> Span:
        """Where ``text[start:end]`` stands in the statement."""
        return Span(self._at[start], self._at[end - 1] + 1 if self._ends_in_step(end) else self._at[end])

    def _ends_in_step(self, end: int) -> bool:
        return end > 0 and self._at[end - 1] + 1 == self._at[end]

    def said(self, start: int, end: int) -> str:
        """``text[start:end]`` in the person's own words, without the blanks around it."""
        span = self.span(start, end)
        return self.statement[span.start : span.end]

    def take(self, start: int, end: int) -> None:
        """Blanks what was read."""
        self.left = self.left[:start] + READ * (end - start) + self.left[end:]

    def give_back(self, start: int, words: str) -> None:
        """Undoes a ``take``."""
        self.left = self.left[:start] + words + self.left[start + len(words) :]


def _right(match: re.Match[str], statement: str) -> str | None:
    """The word as it should be; None where it is right, or nobody can tell."""
    word = match.group().lower()
    if word in _ORDINALS and _OF_MONTH.match(statement, match.end()):
        return _ORDINALS[word]
    if word in _SHORT and not match.group().isupper():
        return _SHORT[word]
    if len(word) < 5 or word in _LOOKED_FOR or word in _LEFT_ALONE or (match.group()[0].isupper() and match.start() > 0):
        return None
    near = [one for one in _LOOKED_FOR if one[0] == word[0] and abs(len(one) - len(word)) <= 2 and _is_a_slip(word, one)]
    return near[0] if len(near) == 1 else None


def _is_a_slip(word: str, wanted: str) -> bool:
    """Whether one plain slip, or in a long word two, lies between them."""
    return _one_slip(word, wanted) or (
        len(wanted) >= 8 and any(_one_slip(word[:n] + letter + word[n:], wanted) for n in range(1, len(word) + 1) for letter in wanted[n:n + 2])
    )  # fmt: skip


def _one_slip(word: str, wanted: str) -> bool:
    if len(word) == len(wanted):
        differ = [n for n, (a, b) in enumerate(zip(word, wanted, strict=True)) if a != b]
        if len(differ) == 1:
            n = differ[0]
            return len(word) >= 6 and word[n] in _VOWELS and wanted[n] in _VOWELS
        return (
            len(differ) == 2
            and differ[1] == differ[0] + 1
            and word[differ[0]] == wanted[differ[1]]
            and word[differ[1]] == wanted[differ[0]]
        )
    longer, shorter = (word, wanted) if len(word) > len(wanted) else (wanted, word)
    return len(longer) - len(shorter) == 1 and any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))


def clauses(text: str) -> list[tuple[int, int]]:
    """The stretches of ``text`` between what parts one clause from the next."""
    cuts = [0, *(match.end() for match in _PARTS.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if b > a]


_PARTS = re.compile(r"[;:!?()]\s*|,\s+|\.(?=\s|$)\s*|\s+(?:but|and|while)\s+(?=(?:i|i['’]m|i['’]ve|it|it['’]s|my|want|would|right now|currently)\b)", re.IGNORECASE)  # fmt: skip
