"""From the probability that memory holds an answer to saying it, or not.

``memory.holds`` gives the probability by code. Between ``UNLIKELY`` and ``SURE`` the model is asked as well, in one short question of
its own (`models.small.gate`), and its verdict is added in log-odds. The reply is checked too: a name or number in it that neither notes nor
question hold was invented, and a "when" answered without a time is no answer.
"""

from __future__ import annotations

import math
import re

from ..memory.words import STOP

UNLIKELY, SURE = 0.46, 0.81  # probabilities between which the gate is asked; outside, its second would change nothing
LIKELY = 0.70  # from here an answer is given; the trade-off is in dev/LOG.md
CLEAR = 0.81  # and from here without "I think"
# Log-odds the gate's verdict adds: how much oftener it falls where memory holds the answer (126 questions of both sets and of lives,
# dev/LOG.md). A small model minds little of whom a thing was told, so code looks whose words it found: with the true answers of 790
# questions those were somebody else's in 46 of 100 unanswerable ones and in 2 of 100 others.
_FOUND, _ANOTHERS, _LACKS = 1.0, -2.9, -0.6


def weighed(probability: float, found: str, *, anothers: bool = False) -> float:
    """The probability that memory holds the answer, after the gate gave ``found`` (its first words of the answer; "" for none).
    ``anothers``: those words are told of somebody else only."""
    odds = min(max(probability, 1e-4), 1 - 1e-4)
    verdict = _LACKS if not found else _ANOTHERS if anothers else _FOUND
    return 1 / (1 + math.exp(-math.log(odds / (1 - odds)) - verdict))


def hedged(sentence: str) -> str:
    """A sentence worded as something believed: "I think you parked it there."."""
    first = re.match(r"(?:You|Your|It|He|She|They|The|A|An|In|On|At|There|His|Her|Their|This|That|Yes|No)\b", sentence)
    return f"I think {sentence[:1].lower() if first else sentence[:1]}{sentence[1:]}"


_DOES_NOT_KNOW = re.compile(
    r"\bI (?:don['’]t|do not) (?:yet )?(?:know|have|recall|remember)\b|\b(?:isn['’]t|not|never) (?:been )?(?:mentioned|in "
    r"(?:the|my) notes|specified)\b|\bhaven['’]t told\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d|\b(?:today|tomorrow|yesterday|tonight|morning|afternoon|evening|night|noon|midnight|week|weekend|month|year|day"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|fall|winter"
    r"|christmas|easter|ago|soon|always|never|when|before|after|since|until|midday)\w*"
    r"|\b(?:at|by|from|till|past|around) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:zero|none|no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred"
    r"|thousand|once|twice|half|both|several|a|an)\b",
    re.IGNORECASE,
)


_FEW = 4  # words: "Hackney Central, by the gate"
# A place, as a sentence names one: behind a word of place, or by its name.
_PLACED = re.compile(
    r"\b(?:at|in|into|from|near|inside|under|behind|around|outside|to|by|with|on|over|above|below|along|through|next to|beside|between)\b"
    r"|\b(?:online|home|abroad|upstairs|downstairs|here|there)\b|(?<=\w )[A-Z]"
)
_DECLINES = re.compile(
    r"^\W*(?:I['’]m |I am )?(?:very |so )?sorry,? but I (?:can['’]?t|cannot|am (?:not|un)able)|\bI (?:can['’]t|cannot) assist",
    re.IGNORECASE,
)


def declines(reply: str) -> bool:
    """Whether the reply turns the person away ("I'm sorry, but I can't assist with that"), as a coder's model does with plain news."""
    return bool(_DECLINES.search(reply[:200]))


def admits(reply: str) -> bool:
    """Whether the reply itself says that it does not know."""
    return bool(_DOES_NOT_KNOW.search(reply[:200]))


def is_borne_out(question: str, reply: str, known: str) -> bool:
    """Whether a reply about the person rests on what is ``known`` (notes, computed lines, rules): no invented name or number, and
    an answer of the kind that was asked for."""
    allowed = _folded(f"{known} {question}")
    if any(_folded(number) not in allowed for number in re.findall(r"\d[\d.,:]*\d|\d", reply)):
        return False
    if any(not _is_known(name, allowed) for name in _names(reply)):
        return False
    asked = question.strip().lower()
    if re.match(r"(?:and |so |but )*(?:when|what (?:time|day|date|year))\b", asked):
        return bool(_TIME.search(reply))
    if amount := re.match(r"(?:and |so |but )*how (much|many|old|long|far)\b", asked):
        numbers = {match.group(0).lower() for match in _NUMBER.finditer(reply)}
        return bool(numbers - {"a", "an"} if amount[1] == "many" else numbers)
    if re.match(r"(?:and |so |but )*where\b", asked) and not _PLACED.search(reply) and len(_words(reply)) > _FEW:
        return False
    if re.match(r"(?:and |so |but )*(?:where|who|whose|which|what)\b", asked):
        return any(
            _starts(word) in {_starts(other) for other in _words(known)} and not word.isdigit() for word in _new_words(reply, question)
        ) or (not re.match(r"(?:and |so |but )*(?:where|who)", asked) and any(word.isdigit() for word in _new_words(reply, question)))
    return True


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _starts(word: str) -> str:
    """Enough of a word to meet its other forms: "insures", "insurance"."""
    return word[:5]


def _names(reply: str) -> list[str]:
    """Capitalised words inside sentences: names, as English writes them."""
    found = []
    for match in re.finditer(r"[^\W\d_][\w'’-]+", reply):
        before = reply[: match.start()].rstrip(" \"“'‘(")
        if match.group(0)[0].isupper() and before and before[-1] not in ".!?:\n…" and match.group(0).lower() not in STOP:
            found.append(match.group(0))
    return found


_ALWAYS_KNOWN = frozenset(
    [
        "i",
        "i'm",
        "i'll",
        "i've",
        "ownmind",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "english",
        "ok",
        "mr",
        "mrs",
        "ms",
        "dr",
    ]
)


def _is_known(name: str, allowed: str) -> bool:
    plain = re.sub(r"['’]s$", "", name.lower())
    return plain in _ALWAYS_KNOWN or all(part in allowed for part in re.split(r"['’-]", plain) if len(part) > 1)


def _new_words(reply: str, question: str) -> list[str]:
    """Words of substance in the reply that the question did not already say, in whatever form."""
    asked = {_starts(word) for word in _words(question)}
    return [word for word in _words(reply) if _starts(word) not in asked and word not in STOP]


def _folded(text: str) -> str:
    return re.sub(r"(?<=\d)[,.](?=\d{3}\b)", "", text.lower())
