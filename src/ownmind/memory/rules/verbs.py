"""The verbs rules know, by every form they come in, and the words that may stand between a subject and its verb."""

from __future__ import annotations

NEGATIONS = frozenset("not never dont doesnt cant cannot isnt arent aint havent hasnt wont".split())  # noqa: SIM905  # reads better
BE = frozenset("am is are was were be".split())  # noqa: SIM905
ADVERBS = frozenset(
    """really absolutely just now also currently still actually recently finally mostly usually only officially originally happily totally
    quite already definitely truly simply generally mainly always lately presently always both severely very deathly honestly personally
    secretly sadly mildly highly strictly completely proudly newly so all nowadays today eventually""".split()  # noqa: SIM905
)
_FORM_TABLE = {
    "live": "live lives living lived", "work": "work works working worked", "love": "love loves loving", "like": "like likes",
    "enjoy": "enjoy enjoys", "adore": "adore adores", "prefer": "prefer prefers", "hate": "hate hates", "dislike": "dislike dislikes",
    "detest": "detest detests", "stand": "stand", "eat": "eat eats eating", "drink": "drink drinks drinking", "tolerate": "tolerate",
    "play": "play plays playing played", "speak": "speak speaks speaking", "drive": "drive drives driving", "own": "own owns",
    "teach": "teach teaches teaching taught", "study": "study studies studying studied", "learn": "learn learns learning",
    "come": "come comes", "grow": "grew", "move": "move moves moved moving", "start": "start starts started starting",
    "join": "join joins joined joining",
    "quit": "quit quitted", "leave": "leave leaves left leaving", "turn": "turn turns turned turning",
    "smoke": "smoke smokes smoking", "vape": "vape vapes vaping", "die": "die died", "pass": "pass passed", "take": "take takes taking",
    "train": "training", "save": "saving", "want": "want wants", "get": "get gets got getting", "adopt": "adopt adopted",
    "retire": "retired", "marry": "married", "break": "broke", "switch": "switched", "drop": "dropped", "change": "changed",
    "lose": "lost", "sell": "sold", "buy": "bought", "give": "give gave given", "collect": "collect collects", "ride": "ride rides",
    "sing": "sing sings", "become": "become became", "celebrate": "celebrate", "keep": "keep keeps",
}  # fmt: skip
FORMS = {form: verb for verb, forms in _FORM_TABLE.items() for form in forms.split()}
PARTICIPLES = frozenset(
    """lived worked played studied taught moved started joined quit left turned got adopted retired lost sold bought grew became
    married died passed gave given""".split()  # noqa: SIM905
)
