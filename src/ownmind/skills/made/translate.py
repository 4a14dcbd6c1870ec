"""Translate with care: sentence by sentence by the model, every sentence compared with its source by code, and said where it fails."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from ...memory.calendar import MONTHS, WEEKDAYS
from .. import checks
from ..hands import Shots, quoted
from ..material import Material, Piece, material, nothing, sentences
from ..running import Job, Pieces

Allergens = Mapping[str, Mapping[str, str]]
LANGUAGES = {"german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt", "dutch": "nl", "english": "en"}
_INTO = re.compile(rf"\b(?:in)?to\s+({'|'.join(LANGUAGES)})\b", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"‘'](.{3,}?)[”\"’'](?=\s|$|[.,;])", re.DOTALL)
_MOST = 14  # sentences of one run: each is a call
_NOT = {
    "de": r"\b(?:nicht|kein\w*|nie|niemals|niemand|nichts|ohne|weder|außer|verboten)\b",
    "fr": r"\b(?:ne|n['’]|pas|jamais|aucun\w*|sans|rien|personne|sauf|ni|interdit\w*)\b|n['’]",
    "es": r"\b(?:no|nunca|nadie|nada|sin|ningun\w*|ningún|jamás|excepto|ni|prohibid\w*)\b",
    "it": r"\b(?:non|mai|nessun\w*|niente|nulla|senza|tranne|né|vietat\w*)\b",
    "pt": r"\b(?:não|nunca|ninguém|nada|sem|nenhum\w*|exceto|nem|proibid\w*)\b",
    "nl": r"\b(?:niet|geen|nooit|niemand|niets|zonder|behalve|noch|verboden)\b",
}
_EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "de": (
        ("Please do not call me before 9 am.", "Bitte rufen Sie mich nicht vor 9 Uhr an."),
        ("My daughter Clara is allergic to peanuts and eggs.", "Meine Tochter Clara ist allergisch gegen Erdnüsse und Eier."),
        ("The rent is 850 euros a month, without heating.", "Die Miete beträgt 850 Euro im Monat, ohne Heizung."),
    ),
    "fr": (
        ("Please do not call me before 9 am.", "Merci de ne pas m'appeler avant 9 heures."),
        ("My daughter Clara is allergic to peanuts and eggs.", "Ma fille Clara est allergique aux arachides et aux œufs."),
        ("The rent is 850 euros a month, without heating.", "Le loyer est de 850 euros par mois, sans chauffage."),
    ),
    "es": (
        ("Please do not call me before 9 am.", "Por favor, no me llame antes de las 9."),
        ("My daughter Clara is allergic to peanuts and eggs.", "Mi hija Clara es alérgica a los cacahuetes y a los huevos."),
        ("The rent is 850 euros a month, without heating.", "El alquiler es de 850 euros al mes, sin calefacción."),
    ),
    "it": (
        ("Please do not call me before 9 am.", "Per favore, non chiamarmi prima delle 9."),
        ("My daughter Clara is allergic to peanuts and eggs.", "Mia figlia Clara è allergica alle arachidi e alle uova."),
        ("The rent is 850 euros a month, without heating.", "L'affitto è di 850 euro al mese, senza riscaldamento."),
    ),
}


async def run(job: Job) -> Pieces:
    match = _INTO.search(job.request)
    if match is None:
        job.hands.known = False
        yield f"Into which language? I can try {', '.join(name.title() for name in LANGUAGES)}."
        return
    language = LANGUAGES[match[1].lower()]
    held = await _material(job, match)
    if not held.pieces:
        yield nothing(job, "text")
        return
    shots = Shots(
        f"Translate into {match[1].title()}. Answer with the translation alone.", _EXAMPLES.get(language, ()), most=120, stops=("\n",)
    )
    # The allergens of Regulation (EU) 1169/2011, Annex II, and what people call them, and the days of the week; beginnings of words.
    allergens: Allergens = json.loads(job.bundle.text("assets/words.json"))
    failed = []
    for piece in held.pieces[:_MOST]:
        said = (await job.hands.ask(shots, quoted(piece.text))).strip().strip('"“”')
        if not said:
            job.hands.known = False
            yield "The brain is needed for this, and it is not ready."
            return
        yield f"{said}\n"
        if piece.item is not None:
            job.hands.cite(piece.item, piece.text)
        if why := wrong(piece.text, said, language, allergens):
            failed.append(f"- “{piece.text}” became “{said}”: {'; '.join(why)}.")
    if failed:
        yield "\nCheck these before you use it:\n" + "\n".join(failed) + "\n"
    if len(held.pieces) > _MOST:
        job.hands.warnings.append(f"Only the first {_MOST} sentences were translated.")
    job.hands.warnings.append("A machine's rough translation: have somebody read what matters.")


async def _material(job: Job, match: re.Match[str]) -> Material:
    if job.text:
        return Material(tuple(Piece(one) for one in sentences(job.text)))
    if quote := _QUOTED.search(job.request):
        return Material(tuple(Piece(one) for one in sentences(quote[1])))
    behind = job.request[match.end() :].strip(" :,-\n")
    if len(behind.split()) >= 3:
        return Material(tuple(Piece(one) for one in sentences(behind)))
    return await material(job, job.request[: match.start()])


def wrong(source: str, said: str, language: str, allergens: Allergens) -> list[str]:
    """What a translation lost, added or turned, in words; empty where nothing is found."""
    found = []
    clock = {str(int(hour) + 12) for hour in re.findall(r"\b(\d{1,2})(?::\d\d)?\s*p\.?m", source, re.IGNORECASE) if int(hour) < 12}
    given, kept = digits(source), digits(said)
    if (gone := given - kept) and not (len(gone) == 1 and clock & kept):
        found.append(f"{', '.join(sorted(gone))} is gone")
    if more := kept - given - clock - checks.numbers(source):
        found.append(f"{', '.join(sorted(more))} is new")
    low = said.lower()
    gone_names = [name for name in sorted(names(source)) if name not in low]
    if gone_names:
        found.append(f"the name {', '.join(one.title() for one in gone_names)} is gone")
    if clock and not (clock & kept or re.search(r"p\.?m\b|nachm|après|tarde|pomeriggio|middag|soir|abend|noche|sera|noite|avond", low)):
        found.append("morning or afternoon is not said")
    if language in _NOT and checks.negated(source) != bool(re.search(_NOT[language], low)):
        found.append("a “not” was lost" if checks.negated(source) else "a “not” was added")
    for english, others in allergens.items():
        if language in others and re.search(rf"\b(?:{english})", source, re.IGNORECASE) and not re.search(others[language], low):
            found.append(f"{english.partition('|')[0].rstrip('?')} is not there under its name")
    if low == source.lower() and len(source.split()) > 3:
        found.append("it was not translated")
    return found


def digits(text: str) -> set[str]:
    return checks.numbers(re.sub(r"[A-Za-zÀ-ÿ]", "", text))


_MONTHS = frozenset([*MONTHS, *WEEKDAYS, "english", "german", "french", "spanish", "italian", "dutch", "portuguese", "christmas", "easter"])


def names(source: str) -> set[str]:
    """Names that must stay as they are: capitals inside a sentence but for months, days and languages."""
    return {name for name in checks.names(source) if name not in _MONTHS and len(name) > 2}
