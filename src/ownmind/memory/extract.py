"""Facts a model proposes, few-shot, checked by code: what rules.py misses, learnt in the background, never on a reply's path.

The model fills a small schema held by a grammar. Code then trusts nothing: the quote must stand in the item word for word,
the object must be made of words the item says, the subject must be named there, and the sentence must not be a question, a
wish or a hypothetical. What fails is dropped. Standing instructions are never learnt here: only the rules, which see the
person's own imperative, may write those. The companion's words and documents' orders are never read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, ModelSettings
from pydantic_ai.direct import model_request
from pydantic_ai.messages import SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition

from ..messages import FactKind, Integrity, Item, Kind, Span
from .facts import Candidate
from .rules import YOU, is_plain_statement
from .rules.wording import said_of

_MOST = 6  # facts from one item: more is a model repeating itself
_LONGEST = 1200  # characters of an item the model is shown; longer ones are read in stretches

_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "facts": {
            "type": "array",
            "maxItems": _MOST,
            "items": {
                "type": "object",
                "properties": {name: {"type": "string", "maxLength": 160} for name in ("about", "is", "what", "quote")},
                "required": ["about", "is", "what", "quote"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["facts"],
    "additionalProperties": False,
}
_ORDER = (
    "List the lasting facts the message states about people and what is theirs: who, what they are, like, have, do or plan. "
    "Copy the quote word for word. No questions, guesses, wishes or passing moods. Nothing to keep: an empty list."
)
_EXAMPLES: list[tuple[str, str, list[tuple[str, str, str, str]]]] = [
    (
        "me",
        "We're off to Crete in June, and since the operation I can't lift anything heavy.",
        [
            ("you", "going to", "Crete in June", "We're off to Crete in June"),
            ("you", "cannot lift", "anything heavy", "since the operation I can't lift anything heavy"),
        ],
    ),
    ("me", "Ugh, so tired today. What should I cook? If I had a garden I would grow tomatoes.", []),
    (
        "me",
        "My boss Ida keeps bees and I sing in her choir.",
        [("Ida", "keeps", "bees", "My boss Ida keeps bees"), ("you", "sing in", "her choir", "I sing in her choir")],
    ),
    (
        "Lena",
        "My brother Paul finally quit smoking! He plays the cello in an orchestra now.",
        [
            ("Paul", "quit", "smoking", "Paul finally quit smoking"),
            ("Paul", "plays", "the cello in an orchestra", "He plays the cello in an orchestra"),
        ],
    ),
    (
        "me",
        "Our boiler is from 1998 and makes strange noises, I hope to replace it. My licence runs out in May.",
        [
            ("our boiler", "is from", "1998", "Our boiler is from 1998"),
            ("my licence", "runs out", "in May", "My licence runs out in May"),
        ],
    ),
]


async def extract(item: Item, model: Model) -> list[Candidate]:
    """The facts ``model`` finds in ``item`` that survive every check, in order; often none."""
    if item.kind is Kind.REPLY or item.label.integrity is Integrity.COMPANION or not item.text.strip():
        return []
    speaker = item.speaker.strip() or (YOU if item.label.integrity is Integrity.PERSON else "")
    found: list[Candidate] = []
    for start, end in _stretches(item.text):
        said = item.text[start:end]
        response = await model_request(model, _prompt(speaker, said), model_settings=_settings(), model_request_parameters=_parameters())
        found.extend(checked(_text(response), item, Span(start, end), speaker))
    return found


def checked(answer: str, item: Item, stretch: Span, speaker: str) -> list[Candidate]:
    """Those facts of the model's JSON ``answer`` that the item's own words bear out. Anything malformed gives none."""
    try:
        raw: object = json.loads(answer)
    except (ValueError, RecursionError):
        return []
    rows = raw.get("facts") if isinstance(raw, dict) else None
    found: dict[tuple[str, str, str], Candidate] = {}
    before = ""  # the object of the fact before this one, which an "it" is
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("about", "is", "what", "quote")):
            continue
        candidate = _checked(cast(dict[str, str], row), item, stretch, speaker, before)  # cast: the four keys were just seen to be text
        if candidate:
            before = candidate.object
            found.setdefault((candidate.subject.lower(), candidate.predicate.lower(), candidate.object.lower()), candidate)
    return list(found.values())[:_MOST]


def _checked(row: dict[str, str], item: Item, stretch: Span, speaker: str, before: str = "") -> Candidate | None:
    span = _find(row["quote"], item.text, stretch)
    if span is None or len(row["quote"].split()) < 2 or not is_plain_statement(item.text, span):
        return None
    quote = item.text[span.start : span.end]
    parts = _as_proposed(row, item.text[stretch.start : stretch.end], quote, speaker, before) or _as_told(quote, speaker)
    if parts is None:
        return None
    subject, predicate, object_ = parts
    return Candidate(
        subject=subject,
        predicate=predicate.lower(),
        object=object_,
        text=_sentence(subject, predicate, object_),
        quote=quote,
        span=span,
        kind=FactKind.NEED if _NEED.search(quote) else FactKind.PREFERENCE if _TASTE.match(predicate) else FactKind.FACT,
        stated=True,
        confidence=0.7,
    )


def _as_proposed(row: dict[str, str], said: str, quote: str, speaker: str, before: str) -> tuple[str, str, str] | None:
    """Subject, predicate and object as the model gave them, where the quote bears each of them out."""
    predicate, object_ = " ".join(row["is"].split()), " ".join(row["what"].split()).strip(" .!")
    subject = _subject(row["about"].strip(), said, speaker)
    if not subject or not predicate or not object_ or not _made_of(object_, quote):
        return None
    if subject != speaker and _is_first_persons(predicate, quote):
        return None
    pointing = _IT.fullmatch(object_) if before else None
    if not is_well_formed(predicate, pointing[1] if pointing else object_, quote) or is_passing(predicate, object_):
        return None
    return subject, predicate, f"{_INDEFINITE.sub('the ', before)} {pointing[1]}" if pointing else object_


def _is_first_persons(predicate: str, quote: str) -> bool:
    """Whether the quote says the predicate's verb of its speaker: of "I owe Farid 60 euros" Farid did not owe them."""
    verbs = [word[:3] for word in re.findall(r"\w+", predicate.lower()) if word not in _SMALL]
    return any(match[1].lower() in verbs for match in re.finditer(r"\b(?:I|[Ww]e) (?:\w+ly )?(\w{1,3})", quote))


def _as_told(quote: str, speaker: str) -> tuple[str, str, str] | None:
    """What a plain sentence in the first person says, by its own words, where the model took it apart wrongly."""
    match = _FIRST_PERSON.fullmatch(quote.strip(" .!"))
    if match is None or not speaker or not is_well_formed(match[1], match[2], quote) or is_passing(match[1], match[2]):
        return None
    if re.search(r"\b(?:it|them|this|that|these|those|him)\b", match[2]):
        return None  # nobody could tell later what it was
    return speaker, match[1], said_of(speaker, match[2])


_FIRST_PERSON = re.compile(
    r"(?:(?:and|but|so|since [\w ]+?),? )?(?:I|[Ww]e) (?:(?:just|also|finally) )*((?:(?:can['’]t|cannot|don['’]t|do not|never|always"
    r"|usually|often|have|had|am|are|was|were) )*[a-z]+(?: (?:to|in|at|for|on|with|from|off|up|out))?) (\w.+)"
)
_IT = re.compile(r"(?:it|them) (\w.*)", re.IGNORECASE)
_INDEFINITE = re.compile(r"^(?:an?|some) ", re.IGNORECASE)


def is_well_formed(predicate: str, object_: str, quote: str) -> bool:
    """Whether the three parts read as a sentence the quote bears out: a verb, then a thing or quality that stands in the quote in
    one piece. "felt" / "powerful it was" runs on into the next clause, "keeps" / "the" stops short."""
    words = re.findall(r"[\w'’]+", object_.lower())
    verb = re.findall(r"[\w'’]+", predicate.lower())
    if not words or not verb or len(verb) > 6 or len(words) > 14:
        return False
    if words[-1] in _DANGLING or words[0] in _POINTING or _RUNS_ON.search(object_) or verb[0] in _NO_VERB:
        return False
    if verb[-1] in words or (_WANTS.fullmatch(predicate) and len(words) == 1):
        return False
    said = [word for word in re.findall(r"\w+", quote.lower()) if word not in _SMALL]
    wanted = [word for word in re.findall(r"\w+", object_.lower()) if word not in _SMALL]
    return bool(wanted) and any(said[at : at + len(wanted)] == wanted for at in range(len(said)))


def is_passing(predicate: str, object_: str) -> bool:
    """Whether it is a mood of the moment, thanks or small talk: true when it was said, and nothing to keep."""
    return bool(_POLITE.match(predicate) or (_BEING.fullmatch(predicate) and _MOOD.fullmatch(object_)) or _MOOD.fullmatch(predicate))


_DANGLING = frozenset(
    """it he she they we i you was is were are be been am has have had do does did will would can could the a an and or but to of in on
    at for with from that this which who my your his her their our not very so because as if than when while about""".split()  # noqa: SIM905  # reads better
)
_POINTING = frozenset("it he she they we you i this that these those there here what how when why who which and or but because".split())  # noqa: SIM905
_NO_VERB = frozenset("it he she they we i you the a an this that and or but my your his her their our so very".split())  # noqa: SIM905
_RUNS_ON = re.compile(
    r"[,;:.!?–—]\s*(?:it|he|she|they|we|i|you|this|that|there)\b|\b(?:he|she|they|we|I)\s+\w"
    r"|\b(?:it|you)\s+(?:was|is|are|had|has|have|will|would|can|could|made|felt|gave|feels?|makes?)\b",
    re.IGNORECASE,
)
_WANTS = re.compile(r"(?:\w+ )?(?:want|wish|hope|plan|need|like|try|trie|mean)\w* to", re.IGNORECASE)  # before one word: to do what?
_POLITE = re.compile(
    r"(?:is |are |am |was |were |be )?(?:so |really |very |just )?(?:feel\w*|felt|thank\w*|hop(?:e|es|ing)|wish\w*|congratulat\w*"
    r"|appreciat\w*|wonder\w*|guess\w*"
    r"|agree\w*|think\w*|thought|know|knows|mean|means|look\w* forward|can['’]?t wait|cannot wait|glad|excited|sorry|happy|grateful"
    r"|thankful|proud|hear\w*"
    r"|sound\w*|seem\w*|say|says|said|tell|tells|told|ask|asks|asked|chat\w*|talk\w*|see|sees|bet|bets|cheer\w*|reminds?)\b",
    re.IGNORECASE,
)
_BEING = re.compile(
    r"(?:is|are|am|was|were|be|been|being|got|gets?|getting|became|has been|have been)(?: \w+ly| so| very| really)?", re.IGNORECASE
)
_MOOD = re.compile(
    r"(?:so |very |really |a bit |quite |too |super |pretty |feeling )*(?:tired|exhausted|happy|sad|excited|proud|glad|sorry|busy|hungry"
    r"|thirsty|bored|angry|ready|fine"
    r"|ok|okay|good|great|well|sure|nervous|worried|thankful|grateful|amazed|inspired|powerful|ill|sick|better|stressed|upset|annoyed"
    r"|relaxed|calm|lucky|thrilled"
    r"|delighted|overwhelmed|surprised|shocked|curious|confident|afraid|scared|lonely|down|free|here|there|back|home|late|off|done|in|out"
    r"|up|on (?:my|the) way)"
    r"(?: (?:today|now|tonight|right now|at the moment|this (?:morning|week)|about (?:it|that)|for (?:you|that)|to (?:hear|see) .*|you"
    r" .*))*",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"\b(allerg\w+|vegetarian|vegan|pescatarian|intoleran\w+|coeliac|celiac|halal|kosher|(?:can['’]?t|cannot|don['’]t|do not"
    r"|doesn['’]t) (?:eat|have dairy|drink))\b",
    re.I,
)
_TASTE = re.compile(r"(?:really )?(?:likes?|loves?|enjoys?|prefers?|hates?|dislikes?|adores?)\b", re.IGNORECASE)
_SMALL = frozenset(
    "a an the of to in on at for and or is are was were be my your his her their our i you he she it they we as with from".split()  # noqa: SIM905  # reads better
)


def _made_of(object_: str, quote: str) -> bool:
    """Whether every word of substance of the object is in the quote: a model that adds a word has guessed it."""
    said = set(re.findall(r"\w+", quote.lower()))
    return all(word in said for word in re.findall(r"\w+", object_.lower()) if word not in _SMALL)


def _find(quote: str, text: str, stretch: Span) -> Span | None:
    """Where the quote stands in this stretch of the text, blanks and case aside; None when it does not. A model repeats the "I" that
    "I sold my violin and bought a banjo" leaves out the second time: the rest must then stand behind such an "and"."""
    words = quote.strip(" .!").split()
    if not words:
        return None
    match = _piece(words).search(text, stretch.start, stretch.end)
    if match is None and len(words) > 2 and words[0].lower() in _LEFT_OUT:
        match = _piece(words[1:], r"(?<=\band )|(?<=\bbut )|(?<=\bthen )|(?<=, )").search(text, stretch.start, stretch.end)
    return Span(match.start(), match.end()) if match else None


def _piece(words: list[str], behind: str = "") -> re.Pattern[str]:
    return re.compile(f"(?:{behind})" + r"\s+".join(map(re.escape, words)), re.IGNORECASE)


_LEFT_OUT = frozenset(("i", "we", "he", "she", "they"))


def _subject(about: str, said: str, speaker: str) -> str:
    """The subject as we name it: the speaker for "me" and "you", what is theirs for "my boiler", a name only if the text says it, ""
    for nobody we can tell."""
    if about.lower() in ("you", "i", "me", "we", "the speaker", "speaker", "user", "my", speaker.lower()):
        return speaker if re.search(r"\b(i|me|my|we|us|our|i['’]\w+|we['’]\w+)\b", said, re.IGNORECASE) else ""
    if theirs := _THEIRS.fullmatch(about):
        if not speaker or not re.search(rf"\b(?:my|our) {re.escape(theirs[1])}\b", said, re.IGNORECASE):
            return ""
        return f"your {theirs[1].lower()}" if speaker == YOU else f"{speaker}'s {theirs[1].lower()}"
    if not about[:1].isupper() or len(about.split()) > 3:
        return ""
    if speaker and re.search(rf"\b(?:i['’]m|i am|my name is|my name['’]s|call me) {re.escape(about)}\b", said, re.IGNORECASE):
        return ""  # the speaker's own name: nobody else, and their own words say it better than what is made of it
    return about if re.search(rf"\b{re.escape(about)}\b", said) else ""


_THEIRS = re.compile(r"(?:my|our|your) ([\w’'-]+(?: [\w’'-]+){0,2})", re.IGNORECASE)


def _sentence(subject: str, predicate: str, object_: str) -> str:
    """A plain sentence of the three: ``You live in Lyon``, ``Paul plays the cello``."""
    verb = predicate
    if re.match(r"\w+ing\b", verb):
        verb = f"{'are' if subject == YOU else 'is'} {verb}"
    elif subject == YOU:
        first, _, rest = verb.partition(" ")
        verb = {"is": "are", "has": "have", "was": "were", "does": "do", "am": "are"}.get(first.lower(), first) + (
            f" {rest}" if rest else ""
        )
    return f"{'You' if subject == YOU else subject[:1].upper() + subject[1:]} {verb} {object_}"


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """The text in pieces the model can read at once, cut at line or sentence ends where there are any. At most eight pieces."""
    start = 0
    for _ in range(8):
        if start >= len(text):
            return
        end = min(len(text), start + _LONGEST)
        if end < len(text):
            cut = max(text.rfind("\n", start, end), text.rfind(". ", start, end) + 1)
            end = cut if cut > start else end
        yield start, end
        start = end


def _prompt(speaker: str, said: str) -> list[ModelMessage]:
    messages: list[ModelMessage] = []
    for number, (who, message, facts) in enumerate(_EXAMPLES):
        asked = [SystemPromptPart(_ORDER)] if number == 0 else []
        answer = json.dumps(
            {"facts": [dict(zip(("about", "is", "what", "quote"), fact, strict=True)) for fact in facts]}, separators=(",", ":")
        )
        messages.append(ModelRequest([*asked, UserPromptPart(f"[{who}]\n{message}")]))
        messages.append(ModelResponse([TextPart(answer)]))
    who = "me" if speaker in (YOU, "") else speaker
    messages.append(ModelRequest([UserPromptPart(f"[{who}]\n{said}")]))
    return messages


def _settings() -> ModelSettings:
    """Greedy, in the extraction's own slot so that a conversation's prompt stays warm, and behind every turn."""
    settings = {"temperature": 0.0, "max_tokens": 400, "slot": 3, "background": True}
    return cast(
        ModelSettings, settings
    )  # cast: the last two are the embedded brain's own (models/llama/embedded.EmbeddedSettings); others ignore them


def _parameters() -> ModelRequestParameters:
    return ModelRequestParameters(
        output_mode="native",
        output_object=OutputObjectDefinition(name="facts", json_schema=_SCHEMA),
        allow_text_output=True,
    )


def _text(response: ModelResponse) -> str:
    return "".join(part.content for part in response.parts if isinstance(part, TextPart))
