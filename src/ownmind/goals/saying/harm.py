"""Goals that would harm the person or somebody else: a kind word instead of a plan.

By code from the words alone, so it is careful rather than complete: it knows plain ways of saying a thing, in English. A word of harm is
not enough ("kill my procrastination", "shoot a film"); the words must say whom or what it is done to, and "stop hurting myself" or
"a novel about a murder" are none. The bounds of eating and losing weight are those of public health advice (NHS: half a kilogram to one a
week; 800 kcal a day and less only under a doctor), with room to the side of letting be.
"""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from datetime import UTC, datetime

from .deadlines import days
from .quantities import NUMBER, lengths, number, quantities
from .unread import Unread

_LIFE = (
    "I am glad you said it, and I will not plan this with you. You do not have to carry it alone: please talk now to somebody you trust, "
    "or to a doctor or the crisis line where you live; if it is urgent, call the emergency number. If you like, we make one small plan for "
    "today: whom you call first, and what is good for you in the next hour."
)
_BODY = (
    "I will not plan this: it would hurt your body. A doctor or a dietitian can find a way that does not. If you tell me what you hope for "
    "by it, I gladly plan something gentle towards that. If eating, weight or sport press on you a lot, talking to somebody you trust helps."
)
_MEDICINE = (
    "I will not plan this: changing medicine without the doctor who gave it can be dangerous. I gladly plan the talk with your doctor or "
    "pharmacist, with what you want to ask."
)
_OTHERS = (
    "I will not plan this, because somebody would be harmed by it. If something was done to you, I gladly help with what protects "
    "you: whom to talk to, what to write down, where to get advice."
)
_LAW = "I will not plan this: it would harm others and it is against the law. If money or trouble is behind it, I gladly plan a way out with you."

_DRUGS = r"cocaine|coke|meth|heroin|crack|drugs|weed|mdma|ecstasy|lsd|ketamine|fentanyl|speed|amphetamines?|pills"
_SOMEBODY = (
    r"(?:(?:my|the|his|her|their|our|an?|some|that|this)\s+(?:\w+['’]?s?\s+){0,2}?(?:ex|boss|neighbou?rs?|wife|husband|girlfriend|boyfriend|partner|mother|father|mum|mom|dad"
    r"|sister|brother|colleagues?|teacher|landlord|friend|kids?|child|children|son|daughter|roommate|flatmate|stepfather|stepmother|cousin|uncle|aunt|guy|man|woman|girl|boy|dog|cat"
    r"|people|person|family|classmates?|coworkers?|co-workers?|manager|rival|competitor|driver|cop|policeman|president|minister|politician)\b(?:['’]s)?|him|her|them|someone|somebody|people|everyone|everybody)"
)
_THEM = rf"(?:{_SOMEBODY}|(?-i:[A-Z][a-z]{{2,}})(?:['’]s)?)"
_MEDS = r"(?:insulin|antidepressants?|blood\s+thinners?|heart|blood\s+pressure|epilepsy|lithium|antipsychotics?|psychiatric|seizure|thyroid|hiv|asthma)"


# What would be done, and what is said to it. Each must stand where a goal does, not behind "stop", "about" and the like.
def _rule(words: str, ways: str) -> tuple[str, re.Pattern[str]]:
    """What is said to a goal that says one of ``ways``, one a line."""
    return words, re.compile("|".join(line.strip() for line in ways.strip().splitlines()), re.IGNORECASE)


_RULES = (
    _rule(
        _LIFE,
        r"""
        \b(?:kill(?:ing)?|hang(?:ing)?|drown(?:ing)?|shoot(?:ing)?|hurt(?:ing)?|harm(?:ing)?|cut(?:ting)?|burn(?:ing)?|punish(?:ing)?|injur(?:e|ing)) myself\b
        """,
    ),
    _rule(
        _LIFE,
        r"""
        \bend(?:ing)? my (?:own )?life\b(?! (?:as|in (?:debt|the|a|this))\b)
        \btak(?:e|ing) my (?:own )?life\b(?! (?:back|in|into|to|more|less|seriously)\b)
        \bcommit suicide\b
        ^\W*(?:do )?(?:suicide|die)\b(?! (?:my|prevention)\b)
        \bjump (?:off|in front of) (?:a|the) (?:bridge|train|roof|building)
        """,
    ),
    _rule(
        _LIFE,
        r"""
        \b(?:take|swallow) (?:all (?:of )?(?:my|the)|a whole \w+ of) (?:\w+ )?(?:pills|tablets|medication|meds)\b
        \boverdose\b(?! (?:on )?(?:love|fun|training|response))
        """,
    ),
    _rule(
        _BODY,
        r"""
        \bstarv(?:e|ing) (?:myself|me)\b
        \b(?:stop|quit) eating(?: (?:altogether|completely|entirely|anything|at all|food)| for [\w-]+ (?:days|weeks|months)|\s*$)
        \beat nothing (?:for|until|but)\b
        \bnot eat(?: anything)? for [\w-]+ (?:days|weeks)
        """,
    ),
    _rule(
        _BODY,
        r"""
        \b(?:make|making) myself (?:throw up|vomit|sick|puke)\b
        \b(?:throw up|vomit|purge) (?:after|every|my)\b
        \b(?:use|take) (?:\w+ )?laxatives\b
        \bwater fast for \w+ weeks\b
        """,
    ),
    _rule(
        _BODY,
        r"""
        \b(?:exercise|train|run|work out|gym|cycle|swim|sport)\b.*\b(?:until i (?:collapse|drop|faint|pass out|throw up)|(?:without|no) (?:any )?(?:rest|sleep|eating|food)(?! (?:between|stops?)))
        \bmarathon (?:every|each) (?:single )?day\b
        \b(?:sleep|get by on) (?:only )?(?:one|two|three|1|2|3) hours? (?:a|per|of sleep)
        """,
    ),
    _rule(
        _MEDICINE,
        rf"""
        \b(?:stop|quit|come off|get off|skip|double|triple) (?:taking |using )?(?:my )?{_MEDS}(?: (?:medication|medicine|meds|pills|tablets|drugs))?\b(?!.*\b(?:with|together with|asking) (?:\w+ )?(?:doctor|gp|psychiatrist))
        """,
    ),
    _rule(
        _MEDICINE,
        r"""
        \b(?:stop|quit|skip|change|double)\b.*\b(?:medication|medicine|meds|pills|dose)\b.*\bwithout (?:telling|asking|my doctor|a doctor)
        """,
    ),
    _rule(
        _OTHERS,
        rf"""
        \b(?:get|take|have|plan|seek|want) (?:my |some )?(?:revenge|vengeance)\b(?! on (?:the )?(?:ghost|boss level|level|monster|game))
        \bget back at {_THEM}
        \bget even with\b
        \b(?:make|see|watch) {_THEM}(?: \w+)? (?:suffer|pay|regret|cry|miserable|beg)\b
        \b(?:make )?{_THEM} (?:life|lives) (?:hell|miserable|a living hell)\b
        \bpay \w+ back for what\b
        """,
    ),
    _rule(
        _OTHERS,
        rf"""
        \b(?:ruin|destroy|wreck|sabotage) {_THEM}(?: \w+)? (?:life|marriage|career|reputation|wedding|relationship|business|car|job)\b
        \b(?:humiliate|bully|harass|intimidate|threaten|terrori[sz]e|torment|torture|doxx?) {_THEM}
        \bspread (?:lies|rumou?rs)\b
        \b(?:make|get) {_THEM} (?:fired|kill \w+)\b(?! up)
        """,
    ),
    _rule(
        _OTHERS,
        rf"""
        \b(?:stalk(?:ing)?|spy(?:ing)? on) {_THEM}
        \bfollow {_THEM}.*\b(?:home|every day|secretly|around|without)\b
        \btrack {_THEM}.*\b(?:phone|location|secretly|movements|car)\b
        \b(?:read|check|bug|tap|monitor|record|film|photograph|hack|watch)\b.*\bwithout (?:her|him|them|anyone|their|his)\s*(?:knowing|noticing|consent|knowledge)
        \bput a (?:tracker|gps)\b.*\bcar\b
        """,
    ),
    _rule(
        _OTHERS,
        rf"""
        \b(?:beat up|beat {_THEM} up|punch|stab|strangle|choke|slap|kick|whip|drown|lynch|assassinate|kidnap|abduct|rape|molest|assault|mutilate) {_THEM}
        \bbeat (?:up {_THEM}|{_THEM} (?:up|to death|with a \w+))
        \b(?:attack|drug|burn) {_SOMEBODY}
        \b(?:kill|murder|hurt|harm|injure|maim|poison|shoot) (?!the (?:dance|boss level|game))(?:{_THEM})(?! (?:at|in) (?:chess|cards|the game))(?!['’]?s? (?:party|wedding|portrait|photo|video|film|hair|favou?rite))
        \b(?:set fire to|burn down|blow up) (?!(?:the )?(?:balloons?|mattress|pool|photos?|my photos))(?:the|a|my|his|her|their|our) \w+
        \bbreak (?:his|her|their) (?:legs?|arms?|nose|neck|bones)\b
        """,
    ),
    _rule(
        _LAW,
        r"""
        \b(?:build|make|making|buy|get|assemble|construct|plant|detonate)\b[^.]{0,30}\b(?:(?:pipe|nail|petrol|car|dirty|letter) bombs?|bombs?(?!-)\b(?<!bath bombs)(?<!bath bomb)|explosives?|grenades?|ied|molotov\w*|nerve gas|ricin|silencers?)\b
        \b(?:untraceable|ghost|illegal) (?:guns?|pistols?|rifles?|firearms?|weapons?)\b
        \b(?:3d[\s-]?print|print|make|build) (?:a |an |my own )?(?:gun|pistol|rifle|firearm)\b
        """,
    ),
    _rule(
        _LAW,
        r"""
        \b(?:scam|defraud|swindle|con|rip off|phish) (?!in\b|artist)\w+
        \bforg(?:e|ing) (?:a|an|my|the|his|her|some|documents?|signatures?)\b(?! (?:knife|sword|path|friendship|bond|ring|new|better))
        \b(?:fake|counterfeit|forged) (?:concert |event )?(?:tickets?|documents?|ids?|passports?|accident|invoices?|money|doctor['’]?s?|prescriptions?|degree|reviews?|claims?|certificates?|visas?)
        \bcounterfeit \w+
        \blaunder (?:\d|money|cash|dirty|the money)
        \b(?:embezzle|extort|blackmail|bribe)\b
        \b(?:cheat|trick|deceive) (?:the |my )?(?:insurance|tax\w*|state|benefits|customers|old people|bank)
        \bevade tax\w*
        \bidentity theft\b
        \bpyramid scheme\b
        """,
    ),
    _rule(
        _LAW,
        rf"""
        \b(?:steal|(?-i:rob|mug)|shoplift|burgle) (?!less\b|time\b|the show|the scene|a (?:kiss|glance|moment|march)|base)(?:\w+)
        \bshoplift(?:ing)?\b
        \bbreak into (?!(?:a (?:run|jog|sweat|song|smile|dance)|(?:the )?(?:\w+ )?(?:industry|market|field|business|tech|film|music|publishing|acting|comedy|top)))(?:\w+)
        \bhack(?:ing)? into\b
        \bhack (?:my|his|her|their|the) (?:\w+['’]?s? )?(?:e-?mails?|phone|account|wifi|computer|bank|instagram|facebook|school)
        \bsteal {_THEM}
        """,
    ),
    _rule(
        _LAW,
        rf"""
        \b(?:sell|deal|smuggle|cook|produce|grow|traffic|push) (?:\w+ )?(?:{_DRUGS})\b(?! (?:bottles?|reading|training|skating))
        \bdriv(?:e|ing) (?:\w+ )?(?:drunk|while drunk|under the influence)\b
        """,
    ),
    _rule(
        _LAW,
        r"""
        \b(?:1[0-7]|[5-9]|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|underage|under-age|minor)[\s-](?:years?[\s-]old )?(?:girls?|boys?|child|children|kids?|minors?)?.{0,20}\b(?:to (?:meet me|sleep with|send|kiss|undress)|nudes?|naked|alone with me|sexy)\b
        \b(?:groom|seduce|molest)\b.{0,30}\b(?:girl|boy|child|kid|minor|student|teenager)\b
        """,
    ),
)

# Before the words of harm: these turn them round, or only speak of them.
_TURNED = re.compile(
    r"\b(?:stop(?!\s+(?:eating|taking))|never|avoid|prevent|(?:not|don['’]t|no\s+longer|without)(?!\s+want\s+to\s+(?:live|be))|quit(?!\s+(?:eating|taking))|give\s+up|instead\s+of|less|resist|overcome|get\s+over"
    r"|urge\s+to|thoughts\s+of|(?:help|support|protect|train|volunteer)\b.{0,40}\b(?:people|those|anyone|somebody|friends|victims|who|helpline|against|from)"
    r"|(?:novel|book|story|stories|film|movie|play|song|poem|essay|thesis|paper|article|podcast|documentary|report|game|script|series|chapter|talk)\b.{0,60}"
    r"|(?:about|against|from|character|role|video\s+game|in\s+(?:minecraft|the\s+game|my\s+game)))\b[^.;]*$",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"\b(?:in|on|of)\s+(?:my|the|a|this)\s+(?:video\s+|computer\s+|board\s+)?game|\blevel\b|\bfor\s+the\s+(?:school\s+)?play\b|\bat\s+(?:chess|tennis|cards|golf|poker|darts)\b", re.IGNORECASE)  # fmt: skip
_NOT_ALIVE = re.compile(
    r"\b(?:don['’]t|do\s+not|no\s+longer)\s+want\s+to\s+(?:be\s+(?:alive|here\s+any\s*more)|live(?!\s+(?:in|with|at|like|here|there|so|alone))|exist|wake\s+up\s+(?:any\s*more|again))"
    r"|\b(?:want|wish|going|plan|like)\s+to\s+(?:die(?!\s+(?:my|of\s+laughter|hard))|be\s+dead|disappear\s+forever)|\b(?:hurt|cut|harm)\s+myself\s+(?:less\s+visibly|secretly|where|better|deeper)",
    re.IGNORECASE,
)
_KCAL = re.compile(rf"(?P<n>{NUMBER})\s*(?:k?cal(?:orie)?s?|kcals)\b", re.IGNORECASE)
_INTAKE = re.compile(
    r"\b(?:eat|live\s+on|survive\s+on|only|under|less\s+than|below|stay\s+at|limit|restrict|intake|no\s+more\s+than|diet)\b", re.IGNORECASE
)
_SPENT = re.compile(r"\b(?:burn|deficit|fewer|surplus|snack|per\s+meal|a\s+meal|breakfast|lunch|dinner|cut)\b", re.IGNORECASE)
_WEIGH = re.compile(rf"\b(?:weigh|get\s+(?:down\s+)?to|down\s+to|reach|slim\s+(?:down\s+)?to|be)\s+(?:only\s+|just\s+)?(?P<n>{NUMBER})\s*(?P<unit>kg|kgs|kilos?|kilograms?|lbs?|pounds)\b", re.IGNORECASE)  # fmt: skip
_LIFTED = re.compile(r"\b(?:press|squat|deadlift|lift|bench|dumbbells?|kettlebells?|dog|cat|suitcase|luggage|rucksack|backpack|bag|curl|baby|puppy|my\s+(?:son|daughter))\b", re.IGNORECASE)  # fmt: skip
_LOSE = re.compile(r"\b(?:lose|drop|shed|cut)\b", re.IGNORECASE)
_SPORT = re.compile(r"\b(?:exercise|train|work\s+out|gym|run|jog|cardio|swim|cycle|sport|lift)\b", re.IGNORECASE)
_A_DAY = re.compile(r"\s*(?:a|per|each|every)\s+(?:single\s+)?day|\s*daily", re.IGNORECASE)
_KILOGRAMS = {"kg": 1.0, "lbs": 0.4536, "pounds": 0.4536, "stone": 6.35}
_NO_DAY = datetime(2001, 1, 1, tzinfo=UTC)  # what "in two weeks" is counted from where nobody says when it was said

LEAST_KCAL = 1000.0  # a day
LEAST_WEIGHT = 45.0  # kg, of a grown person
MOST_LOST = 1.5  # kg a week
_MUCH = 4.0  # kg, below which the time does not matter
MOST_SPORT = 300  # minutes a day


def refuses(statement: str, said_at: datetime | None = None) -> str:
    """What is said instead of a plan; "" for every goal that may be planned. ``said_at``: when it was said, for "by Easter"."""
    text = " ".join(statement[:2000].split())
    if _NOT_ALIVE.search(text):
        return _LIFE
    for words, pattern in _RULES:
        match = pattern.search(text)
        if match and not _TURNED.search(text, 0, match.start()) and not (words is _OTHERS and _AFTERWARDS.search(text)):
            return words
    return _BODY if _starves(text) or _weighs_too_little(text) or _loses_too_fast(text, said_at or _NO_DAY) or _overdoes(text) else ""


def _starves(text: str) -> bool:
    match = _KCAL.search(text)
    value = number(match["n"]) if match else None
    return value is not None and value < LEAST_KCAL and bool(_INTAKE.search(text)) and not _SPENT.search(text)


def _weighs_too_little(text: str) -> bool:
    match = _WEIGH.search(text)
    value = number(match["n"]) if match else None
    if match is None or value is None or _LIFTED.search(text):
        return False
    unit = "kg" if match["unit"].lower().startswith("k") else "lbs"
    return value * _KILOGRAMS[unit] < LEAST_WEIGHT


def _loses_too_fast(text: str, said_at: datetime) -> bool:
    match = _LOSE.search(text)
    if match is None:
        return False
    weights = [one for one in quantities(Unread(text)) if one.unit in _KILOGRAMS and 0 < one.start - match.end() < 40]
    until = [one.day for one in days(Unread(text), said_at, is_event=False) if one.slot == "deadline" and one.day is not None]
    if not weights or not until:
        return False
    is_from = re.search(r"\bfrom\s*$", text[: weights[0].start]) is not None  # "from 88 kg to 80 kg"
    if is_from and len(weights) < 2:
        return False
    lost = weights[0].number - weights[1].number if is_from else weights[0].number
    kilograms, weeks = lost * _KILOGRAMS[weights[0].unit], max(1, (until[0] - said_at.date()).days) / 7
    return kilograms > _MUCH and kilograms / weeks > MOST_LOST


def _overdoes(text: str) -> bool:
    if not _SPORT.search(text):
        return False
    return any(value >= MOST_SPORT and _A_DAY.match(text, match.end()) for value, match in lengths(text))
