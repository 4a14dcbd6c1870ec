"""Whether a reply follows verifiable instructions: the 25 kinds of IFEval (Zhou et al. 2023, arXiv:2311.07911), its strict reading.

The rules are those of the published checkers (google-research/instruction_following_eval, Apache-2.0), written anew. Two are nearer
than equal: sentences are split by their ends where theirs uses nltk, and a language is told by `memory.languages` where theirs uses
langdetect, so that languages of one script are not told apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ..errors import BadInput
from ..memory.languages import spoken
from ..models.llama.frames import Json

Given: TypeAlias = "Mapping[str, Json]"
FILE = "instruction_following_eval/data/input_data.jsonl"


@dataclass(frozen=True, slots=True)
class Prompt:
    key: int
    text: str
    instructions: tuple[tuple[str, Given], ...]  # kind, and what it asks for


def prompts(data: Path) -> list[Prompt]:
    """The prompts, in the data's order. Raises BadInput where ``data`` (the folder or the file) has none."""
    for file in (data, data / FILE, data / "input_data.jsonl", data / "ifeval" / FILE):
        if file.is_file():
            rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
            return [_prompt(row) for row in rows]
    raise BadInput(f"{data.name} has no {FILE}", hint="--data takes the folder of IFEval")


def _prompt(row: Mapping[str, object]) -> Prompt:
    kinds, given = row["instruction_id_list"], row["kwargs"]
    assert isinstance(kinds, list) and isinstance(given, list)
    asked = [{name: value for name, value in one.items() if value is not None} for one in given]
    return Prompt(int(str(row["key"])), str(row["prompt"]), tuple(zip(kinds, asked, strict=True)))


def followed(reply: str, prompt: Prompt) -> list[bool]:
    """For each instruction of the prompt, in order, whether the reply follows it. An empty reply follows none."""
    return [bool(reply.strip()) and CHECKS[kind](reply, given) for kind, given in prompt.instructions]


def _compare(count: int, given: Given, relation: str, wanted: str) -> bool:
    number = given[wanted]
    assert isinstance(number, int | float)
    return count < number if given[relation] == "less than" else count >= number


def _texts(value: Json) -> list[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]


def _number(value: Json) -> int:
    assert isinstance(value, int | float)
    return int(value)


def _has_keywords(reply: str, given: Given) -> bool:
    return all(re.search(re.escape(word), reply, re.IGNORECASE) for word in _texts(given["keywords"]))


def _keyword_frequency(reply: str, given: Given) -> bool:
    return _compare(len(re.findall(re.escape(str(given["keyword"])), reply, re.IGNORECASE)), given, "relation", "frequency")


def _lacks_words(reply: str, given: Given) -> bool:
    return not any(re.search(rf"\b{re.escape(word)}\b", reply, re.IGNORECASE) for word in _texts(given["forbidden_words"]))


def _letter_frequency(reply: str, given: Given) -> bool:
    return _compare(reply.lower().count(str(given["letter"]).lower()), given, "let_relation", "let_frequency")


def _in_language(reply: str, given: Given) -> bool:
    return _is_in(reply, str(given["language"]))


_SCRIPTS = {
    "hi": "DEVANAGARI", "mr": "DEVANAGARI", "ne": "DEVANAGARI", "kn": "KANNADA", "pa": "GURMUKHI", "gu": "GUJARATI", "bn": "BENGALI",
    "ta": "TAMIL", "te": "TELUGU", "ml": "MALAYALAM", "ru": "CYRILLIC", "bg": "CYRILLIC", "uk": "CYRILLIC", "ar": "ARABIC", "ur": "ARABIC",
    "fa": "ARABIC", "th": "THAI", "ko": "HANGUL", "ja": "JAPANESE", "zh": "CJK", "el": "GREEK", "he": "HEBREW",
}  # fmt: skip


def _is_in(text: str, code: str) -> bool:
    """By common words, or by its script; where nothing tells it counts as followed, as theirs does."""
    found = spoken(text)
    return not found or code in found or _SCRIPTS.get(code, code) in found


def _sentences(reply: str, given: Given) -> bool:
    found = [one for one in re.split(r"(?<=[.!?])[\"'”’)\]]*\s+|\n{2,}", reply.strip()) if re.search(r"\w", one)]
    return _compare(len(found), given, "relation", "num_sentences")


def _paragraphs(reply: str, given: Given) -> bool:
    parts = [part.strip() for part in re.split(r"\s?\*\*\*\s?", reply)]
    inner = parts[int(not parts[0]) : len(parts) - int(len(parts) > 1 and not parts[-1])]
    return all(inner) and len(inner) == _number(given["num_paragraphs"])


def _words(reply: str, given: Given) -> bool:
    return _compare(len(re.findall(r"\w+", reply)), given, "relation", "num_words")


def _first_word(reply: str, given: Given) -> bool:
    """So many paragraphs with an empty line between, and the one named begins with a word."""
    parts, nth = re.split(r"\n\n", reply), _number(given["nth_paragraph"])
    if len([part for part in parts if part.strip()]) != _number(given["num_paragraphs"]) or nth > len(parts) or not parts[nth - 1].strip():
        return False
    first = parts[nth - 1].split()[0].lstrip("'\"")
    return re.split(r"[.,?!'\"]", first)[0].lower() == str(given["first_word"]).lower()


def _placeholders(reply: str, given: Given) -> bool:
    return len(re.findall(r"\[.*?\]", reply)) >= _number(given["num_placeholders"])


def _postscript(reply: str, given: Given) -> bool:
    marker = str(given["postscript_marker"]).lower()
    pattern = {"p.p.s": r"\s*p\.\s?p\.\s?s.*$", "p.s.": r"\s*p\.\s?s\..*$"}.get(marker, rf"\s*{re.escape(marker)}.*$")
    return bool(re.search(pattern, reply.lower(), re.MULTILINE))


def _bullets(reply: str, given: Given) -> bool:
    stars, dashes = re.findall(r"^\s*\*[^*].*$", reply, re.MULTILINE), re.findall(r"^\s*-.*$", reply, re.MULTILINE)
    return len(stars) + len(dashes) == _number(given["num_bullets"])


def _constrained(reply: str, given: Given) -> bool:
    return any(f"My answer is {word}." in reply for word in ("yes", "no", "maybe"))


def _highlights(reply: str, given: Given) -> bool:
    single = [one for one in re.findall(r"\*[^\n*]*\*", reply) if one.strip("*").strip()]
    double = [one for one in re.findall(r"\*\*[^\n*]*\*\*", reply) if one.removeprefix("**").removesuffix("**").strip()]
    return len(single) + len(double) >= _number(given["num_highlights"])


def _sections(reply: str, given: Given) -> bool:
    mark = re.escape(str(given["section_spliter"]).strip())
    return len(re.split(rf"\s?{mark}\s?\d+\s?", reply)) - 1 >= _number(given["num_sections"])


def _json(reply: str, given: Given) -> bool:
    bare = re.sub(r"^```(?:json|JSON|Json)?|```$", "", reply.strip()).strip()
    try:
        json.loads(bare)
    except (ValueError, RecursionError):
        return False
    return True


def _title(reply: str, given: Given) -> bool:
    return any(one.strip("<>").strip() for one in re.findall(r"<<[^\n]+>>", reply))


def _two(reply: str, given: Given) -> bool:
    parts = [part.strip() for part in reply.split("******")]
    inner = parts[int(not parts[0]) : len(parts) - int(len(parts) > 1 and not parts[-1])]
    return len(inner) == 2 and all(inner) and inner[0] != inner[1]


def _repeats(reply: str, given: Given) -> bool:
    return reply.strip().lower().startswith(str(given["prompt_to_repeat"]).strip().lower())


def _ends(reply: str, given: Given) -> bool:
    return reply.strip().strip('"').lower().endswith(str(given["end_phrase"]).strip().lower())


def _capitals(reply: str, given: Given) -> bool:
    words = [word for word in re.findall(r"[^\W_][\w'’-]*", reply) if word.isupper()]
    return _compare(len(words), given, "capital_relation", "capital_frequency")


def _in_capitals(reply: str, given: Given) -> bool:
    return reply.isupper() and _is_in(reply.lower(), "en")


def _in_lower_case(reply: str, given: Given) -> bool:
    return reply.islower() and _is_in(reply, "en")


def _no_comma(reply: str, given: Given) -> bool:
    return "," not in reply


def _quoted(reply: str, given: Given) -> bool:
    bare = reply.strip()
    return len(bare) > 1 and bare[0] == bare[-1] == '"'


CHECKS: Mapping[str, Callable[[str, Given], bool]] = {
    "keywords:existence": _has_keywords,
    "keywords:frequency": _keyword_frequency,
    "keywords:forbidden_words": _lacks_words,
    "keywords:letter_frequency": _letter_frequency,
    "language:response_language": _in_language,
    "length_constraints:number_sentences": _sentences,
    "length_constraints:number_paragraphs": _paragraphs,
    "length_constraints:number_words": _words,
    "length_constraints:nth_paragraph_first_word": _first_word,
    "detectable_content:number_placeholders": _placeholders,
    "detectable_content:postscript": _postscript,
    "detectable_format:number_bullet_lists": _bullets,
    "detectable_format:constrained_response": _constrained,
    "detectable_format:number_highlighted_sections": _highlights,
    "detectable_format:multiple_sections": _sections,
    "detectable_format:json_format": _json,
    "detectable_format:title": _title,
    "combination:two_responses": _two,
    "combination:repeat_prompt": _repeats,
    "startend:end_checker": _ends,
    "change_case:capital_word_frequency": _capitals,
    "change_case:english_capital": _in_capitals,
    "change_case:english_lowercase": _in_lower_case,
    "punctuation:no_comma": _no_comma,
    "startend:quotation": _quoted,
}


def share(of: Sequence[bool]) -> float:
    return round(sum(of) / len(of), 3) if of else 0.0
