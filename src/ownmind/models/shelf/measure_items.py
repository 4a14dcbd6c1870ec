"""The items of the two-minute check: short tasks of a companion, each with a check by code. Made for this, found in no benchmark.

They say whether a model is worth choosing on this machine, not how it compares with the world: six of a kind leave wide margins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Right = Callable[[str], bool]

NOTES = "from notes"
UNKNOWN = "knows when it does not know"
TOOLS = "tools"
INSTRUCTIONS = "instructions"
LANGUAGES = "languages"
KINDS = (INSTRUCTIONS, NOTES, UNKNOWN, TOOLS, LANGUAGES)  # the shortest first, for a machine that is slow


@dataclass(frozen=True, slots=True)
class Item:
    """``ask`` is what the model is told; ``right`` judges its reply. A tool item names the tool to be called, "" for none, and what its
    arguments must hold."""

    kind: str
    ask: str
    right: Right = lambda said: False
    tool: str = ""
    holds: Mapping[str, str] = field(default_factory=dict)


def says(*words: str) -> Right:
    """Any of these words, whatever their case."""
    found = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words), re.IGNORECASE)
    return lambda said: found.search(said) is not None


def all_of(*checks: Right) -> Right:
    return lambda said: all(check(said) for check in checks)


_DOES_NOT_KNOW = re.compile(
    r"(do(es)?n['’]?t|do(es)? not|did(n['’]?t| not)) (know|say|mention|have|tell)|not (sure|known|mentioned|in (my|the|your) notes)|"
    r"no (idea|information|note|record|mention)|unknown|unsure|can(no|['’])t (say|tell|find|answer)",
    re.IGNORECASE,
)  # fmt: skip


def does_not_know(said: str) -> bool:
    return _DOES_NOT_KNOW.search(said) is not None


def is_json(said: str) -> bool:
    """Whether the reply is one JSON object whose "city" is Rome, alone or in a code block."""
    bare = re.sub(r"^```(?:json)?\s*|\s*```$", "", said.strip())
    try:
        value = json.loads(bare)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and str(value.get("city", "")).casefold() in ("rome", "roma")


_HOUSE = (
    "- The boiler was serviced on 3 March by Hansen.\n- The spare key is with Mrs Adeyemi at number 14.\n- Bins go out on Tuesday.\n"
    "- Ivo's piano lesson moved to 17:15."
)
_TRIP = (
    "- The ferry to Brač leaves at 08:40 from pier 5.\n- Lena gets seasick.\n- The flat in Bol costs 540 euros for six nights.\n"
    "- You lent the blue tent to Marek."
)


def noted(notes: str, message: str) -> str:
    return f"[notes]\n{notes}\n[message]\n{message}"


EXAMPLES = (
    (noted("- Your dentist is Dr Okafor.\n- The car is due for inspection in May.", "Who is my dentist?"), "Your dentist is Dr Okafor."),
    (noted("- Your dentist is Dr Okafor.\n- The car is due for inspection in May.", "What is my shoe size?"), "I don't know that yet."),
    (noted("- Rosa prefers tea.\n- The meeting with Pål is on Thursday.", "When do I meet Pål?"), "You meet Pål on Thursday."),
    (noted("- Rosa prefers tea.\n- The meeting with Pål is on Thursday.", "How old is Rosa?"), "I don't know that yet."),
)  # what every task from notes begins with: questions, and how they are answered

ITEMS: tuple[Item, ...] = (
    Item(NOTES, noted(_HOUSE, "Who serviced the boiler?"), says("Hansen")),
    Item(NOTES, noted(_HOUSE, "Where is the spare key?"), says("Adeyemi", "14")),
    Item(NOTES, noted(_HOUSE, "When is Ivo's piano lesson now?"), says("17:15", "5:15", "quarter past five")),
    Item(NOTES, noted(_TRIP, "From which pier does the ferry leave?"), all_of(says("5", "five"), lambda said: "540" not in said)),
    Item(NOTES, noted(_TRIP, "Who has my blue tent?"), says("Marek")),
    Item(NOTES, noted(_TRIP, "What does the flat in Bol cost?"), says("540")),
    Item(UNKNOWN, noted(_HOUSE, "What did the boiler service cost?"), does_not_know),
    Item(UNKNOWN, noted(_HOUSE, "What is Ivo's teacher called?"), does_not_know),
    Item(UNKNOWN, noted(_HOUSE, "What is the password of the alarm?"), does_not_know),
    Item(UNKNOWN, noted(_TRIP, "When does the ferry back leave?"), does_not_know),
    Item(UNKNOWN, noted(_TRIP, "How old is Lena?"), does_not_know),
    Item(UNKNOWN, noted(_TRIP, "Who owns the flat in Bol?"), does_not_know),
    Item(TOOLS, "Wake me at 6:20 tomorrow.", tool="set_alarm", holds={"time": r"0?6[:.]20"}),
    Item(TOOLS, "Put oat milk on the shopping list.", tool="add_to_list", holds={"thing": "oat"}),
    Item(TOOLS, "Will it rain in Bergen this weekend?", tool="weather", holds={"place": "Bergen"}),
    Item(TOOLS, "Tell Marek by message that I am running late.", tool="send_message", holds={"to": "Marek"}),
    Item(TOOLS, "What did the plumber say about the tap? Look it up in my notes.", tool="search_notes", holds={"words": "plumber|tap"}),
    Item(TOOLS, "You were right about that film, thanks!", tool=""),
    Item(
        INSTRUCTIONS,
        "Answer with one word only: what colour is a ripe lemon?",
        lambda s: s.strip(" .!\n").casefold() == "yellow",
    ),
    Item(
        INSTRUCTIONS,
        "Write only the numbers from 1 to 5, separated by commas.",
        lambda s: re.sub(r"[\s.]", "", s) == "1,2,3,4,5",
    ),
    Item(INSTRUCTIONS, "Greet a neighbour in one short sentence, in capital letters only.", lambda s: s.strip() != "" and s == s.upper()),
    Item(
        INSTRUCTIONS,
        "Name exactly three fruits, one a line.",
        lambda s: len([x for x in s.splitlines() if x.strip()]) == 3,
    ),
    Item(INSTRUCTIONS, "Say in one sentence what a kettle is for. End with the word OVER.", lambda s: s.strip(" .!\n").endswith("OVER")),
    Item(INSTRUCTIONS, 'Reply with JSON only, an object with the key "city": the capital of Italy.', is_json),
    Item(
        LANGUAGES,
        "Antworte mit einem Satz: Welcher Tag kommt nach Montag?",
        all_of(says("Dienstag"), says("ist", "kommt", "folgt")),
    ),
    Item(LANGUAGES, "Responde en español en una frase: ¿de qué color es la nieve?", says("blanca", "blanco")),
    Item(LANGUAGES, "Réponds en français en une phrase : combien de jours a une semaine ?", all_of(says("sept", "7"), says("jours"))),
    Item(LANGUAGES, "Rispondi in italiano con una frase: che animale miagola?", says("gatto", "gatta", "gatti")),
    Item(LANGUAGES, "Odpowiedz po polsku jednym zdaniem: co robi piekarz?", says("chleb", "piecze", "wypieka", "pieczywo")),
    Item(LANGUAGES, "请用中文回答一句话：一年有几个月？", lambda said: "十二" in said or "12" in said),
)
