"""What an allergy or a diet leaves out: groups of ingredients by their words, and whether a text goes against a need. Pure.

Built to leave out too much rather than too little: a word that could be in a group is in it. It knows plain English foods, not brands and
not traces; what it does not know it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..messages import Fact, FactKind

GROUPS: dict[str, str] = {
    "peanut": "peanut satay groundnut",
    "nut": "nut almond walnut hazelnut cashew pecan pistachio macadamia praline marzipan nougat pesto peanut satay groundnut",
    "milk": "milk butter cheese cream yoghurt yogurt feta mozzarella parmesan ricotta mascarpone custard ghee whey paneer halloumi "
    "béchamel pesto",
    "egg": "egg omelette frittata mayonnaise meringue custard carbonara",
    "gluten": "wheat bread pasta noodle flour couscous bulgur barley rye spelt semolina breadcrumb pancake pizza tortilla seitan beer "
    "cake pie "
    "soy-sauce dumpling lasagne spaghetti pita",
    "fish": "fish salmon tuna cod trout anchovy mackerel sardine herring",
    "shellfish": "shrimp prawn crab lobster mussel clam oyster scallop squid shellfish seafood",
    "soy": "soy soya tofu edamame tempeh miso soy-sauce",
    "sesame": "sesame tahini hummus",
    "celery": "celery celeriac stock",
    "mustard": "mustard",
    "pork": "pork bacon ham sausage chorizo salami prosciutto lard",
    "meat": "meat chicken beef pork lamb turkey duck veal bacon ham sausage chorizo mince salami prosciutto lard stock-chicken gelatine "
    "steak",
    "honey": "honey",
    "alcohol": "wine beer rum brandy alcohol liqueur",
    "tomato": "tomato passata ketchup",
    "mushroom": "mushroom",
    "onion": "onion shallot leek",
    "garlic": "garlic",
    "spicy": "chilli chili jalapeño harissa",
    "coriander": "coriander cilantro",
}
_CALLED: dict[str, tuple[str, ...]] = {
    "peanut": ("peanut", "groundnut"), "nut": ("nut", "tree nut", "almond", "walnut", "hazelnut", "cashew", "pistachio"),
    "milk": ("milk", "dairy", "lactose", "cheese", "butter"), "egg": ("egg",), "gluten": ("gluten", "wheat", "coeliac", "celiac"),
    "fish": ("fish",), "shellfish": ("shellfish", "shrimp", "prawn", "seafood", "crustacean"),
    "soy": ("soy", "soya"), "sesame": ("sesame",),
    "celery": ("celery",), "mustard": ("mustard",), "pork": ("pork", "halal", "kosher"), "meat": ("meat",), "honey": ("honey",),
    "alcohol": ("alcohol", "teetotal", "halal", "wine"), "tomato": ("tomato",), "mushroom": ("mushroom",), "onion": ("onion",),
    "garlic": ("garlic",), "spicy": ("spicy", "chilli", "chili"), "coriander": ("coriander", "cilantro"),
}  # fmt: skip
_DIETS: dict[str, tuple[str, ...]] = {
    "vegetarian": ("meat", "fish", "shellfish"), "vegan": ("meat", "fish", "shellfish", "milk", "egg", "honey"),
    "pescatarian": ("meat",), "pescetarian": ("meat",), "halal": ("pork", "alcohol"), "kosher": ("pork", "shellfish"),
    "coeliac": ("gluten",), "celiac": ("gluten",), "lactose": ("milk",),
}  # fmt: skip
_OF_FOOD = re.compile(
    r"\b(?:allerg\w*|intoleran\w*|vegetarian|vegan|pesc[ae]tarian|halal|kosher|c[oe]+liac|lactose|teetotal|diet\w*|(?:can(?:not|['’]t)|"
    r"do(?:es)?"
    r"(?: not|n['’]t)|never|no longer|must not|avoids?)\s+(?:eat|drink|have|like|tolerate|touch)\w*|eats? no|without)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A need, whose it is, and the words of ingredients it leaves out. ``left_out`` is empty where code does not understand it."""

    says: str
    whose: str
    left_out: frozenset[str]
    item_id: str


def rules(needs: Iterable[Fact]) -> list[Rule]:
    """What the needs leave out of food; those that are not about food are passed over."""
    found = []
    for fact in needs:
        text = f"{fact.text} {fact.object}"
        if fact.kind not in (FactKind.NEED, FactKind.INSTRUCTION) or not _OF_FOOD.search(text):
            continue
        groups = {group for diet, left in _DIETS.items() if re.search(rf"\b{diet}", text, re.IGNORECASE) for group in left}
        groups |= {
            group for group, words in _CALLED.items() if any(re.search(rf"\b{word}(?:s|es)?\b", text, re.IGNORECASE) for word in words)
        }
        words = {word for group in groups for word in GROUPS[group].split()} | _named(fact.object)
        found.append(Rule(fact.text, fact.subject, frozenset(words) if groups or words else frozenset(), fact.item_id))
    return found


def breaks(ingredients: Sequence[str], rule: Rule) -> str:
    """The first ingredient a rule leaves out; "" where none is. An ingredient is a phrase: "peanut butter", "vegetable stock"."""
    for one in ingredients:
        low = one.lower().replace("-", " ")
        for word in rule.left_out:
            plain = word.replace("-", " ")
            if re.search(rf"\b{re.escape(plain)}(?:s|es)?\b", low) and not _is_other(plain, low):
                return one
    return ""


def clashes(text: str, needs: Iterable[Fact], what: str) -> list[str]:
    """How a text about ``what`` goes against the needs, in sentences."""
    if re.search(r"\b(?:free of|free from|without|no)\b|-free\b", text, re.IGNORECASE):
        return []
    return [f"{what} goes against what you told: {rule.says}" for rule in rules(needs) if breaks(re.split(r"[,.;]", text), rule)]


# "Coconut milk" is no milk, "peanut butter" no butter, "butternut squash" no nut: words that make another thing of the one behind them.
_OTHER = {
    "milk": ("coconut", "oat", "almond", "soy", "rice"), "butter": ("peanut", "almond", "cocoa"), "cream": ("coconut",),
    "nut": ("butter", "coco"), "flour": ("rice", "chickpea", "corn"), "noodle": ("rice", "glass"), "bread": ("gluten free",),
    "pasta": ("gluten free",), "tortilla": ("corn",), "stock": ("gluten free",),
}  # fmt: skip


def _is_other(word: str, ingredient: str) -> bool:
    return any(re.search(rf"\b{other}[\s-]*{word}", ingredient) for other in _OTHER.get(word, ()))


def _named(thing: str) -> set[str]:
    """Words of a need's object that may be ingredients themselves: "kiwi", "strawberries"."""
    plain = re.findall(r"[a-zà-ÿ]{4,}", thing.lower())
    return {re.sub(r"(?:ies)$", "y", word).rstrip("s") for word in plain if word not in _NO_FOOD}


_NO_FOOD = frozenset(
    [
        "allergic",
        "allergy",
        "allergies",
        "allergen",
        "intolerant",
        "intolerance",
        "vegetarian",
        "vegan",
        "pescatarian",
        "diet",
        "diets",
        "strict",
        "strictly",
        "anything",
        "everything",
        "food",
        "foods",
        "free",
        "kind",
        "kinds",
        "products",
        "product",
        "eating",
        "drinking",
        "very",
        "severely",
        "mildly",
        "badly",
        "since",
        "that",
        "with",
        "from",
        "also",
        "lactose",
        "gluten",
        "halal",
        "kosher",
        "coeliac",
        "celiac",
        "disease",
        "teetotal",
        "dairy",
        "seafood",
        "tree",
        "does",
        "cannot",
    ]
)
