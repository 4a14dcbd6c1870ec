"""What sort of goal the words say: a template of its own, or "" where they do not say it clearly enough.

Each row is a sign with its weight; the sort with the most wins when it is clearly ahead. The signs are what people do (run, save,
call) and with what (a race, euros, a sister); what a statement counts, how often and until when are signs too.
"""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_RELATIVES = (
    r"mum|mom|mother|mama|dad|father|papa|parents?|sister|brother|siblings?|daughters?|sons?|kids?|child(?:ren)?|wife|husband|partner|girlfriend"
    r"|boyfriend|fianc[eé]e?|gran?d?(?:mother|father|ma|pa|mum|mom|dad|daddy|parents?|kids?|children|son|daughter)|gran|granny|nan|nana|aunt(?:ie|y)?|uncle|cousins?"
    r"|nephews?|nieces?|friends?|best\s+friend|colleagues?|neighbou?rs?|in-laws|mother-in-law|father-in-law|godson|goddaughter|family|flatmates?"
    r"|roommates?|team|mates?|stepson|stepdaughter"
)
RELATIVE = rf"(?:(?:my|our)\s+(?:\w+\s+){{0,3}}?(?:{_RELATIVES})\b|(?:mum|mom|dad|grandma|grandpa|granny|gran|nan|mama|papa|auntie)\b(?:\s+and\s+(?:mum|mom|dad|grandma|grandpa)\b)?)"
_EVENT = (
    r"party|wedding|birthday|anniversary|interview|talk|speech|presentation|conference|trip|holidays?|vacation|journey"
    r"|reunion|dinner|barbecue|bbq|baby\s+shower|baptism|christening|ceremony|funeral|concert|recital|gig|exhibition|move|moving|launch\s+party"
    r"|festival|meeting|defen[cs]e|audition|visit|christmas|picnic|hen\s+do|stag\s+do|workshop|webinar|fair|open\s+day|expedition|honeymoon"
    r"|farewell|celebration|ball|show|competition|pitch|demo\s+day|retreat|hike\s+with|get-together|camp"
)
_EXAM = (
    r"exams?|finals?|midterms?|(?:theory|driving|aptitude|entrance|citizenship|language)\s+test|(?:driving|hunting|fishing|pilot['’]?s?|sailing)\s+licen[cs]e"
    r"|certificat(?:e|ion)|bar\s+exam|viva|a-levels?|gcses?|sats?|gmat|gre|toefl|ielts|dele|goethe|jlpt|boards|quiz|orals?"
)
_SKILL = (
    r"guitar|piano|violin|cello|drums?|flute|ukulele|saxophone|sax|trumpet|clarinet|bass|harp|singing|keyboard|accordion|banjo|spanish|french|german|italian"
    r"|portuguese|japanese|chinese|mandarin|korean|arabic|russian|dutch|swedish|norwegian|danish|finnish|polish|czech|turkish|greek|hebrew|hindi"
    r"|latin|english|welsh|irish|sign\s+language|vocabulary|grammar|chess|go\b(?=\s+openings)|juggl\w+|drawing|painting|watercolou?rs?|sketching"
    r"|calligraphy|photography|knitting|crochet|sewing|pottery|dancing|salsa|tango|ballet|coding|programming|python|javascript|rust|touch[\s-]typ\w+"
    r"|public\s+speak\w+|improvis\w+|magic\s+tricks|poker|backhand|forehand|serve|putting|swing|scales|chords|handstands?|splits|cartwheels?|backflips?|tennis|golf|squash|badminton"
    r"|climbing|bouldering|skateboarding|surfing|skiing|fencing|judo|karate|archery|cooking|baking|origami|woodworking|whittling|yo-yo|sql|excel"
)
_RACE = (
    r"(?:half[\s-]?)?marathons?|half[\s-]marathon|(?<![€$£\d.,])(?:5|10)\s?k\b(?!\s+(?:followers|subscribers|steps|words|views|euros?|dollars?|pounds?|€|for\b))|(?:sprint\s+|olympic\s+)?triathlon|ironman|duathlon|parkrun|park\s+run|ultra(?:marathon)?|spartan\s+race|fun\s+run|race"
    r"|hyrox|gran\s+fondo|century\s+ride|sportive|swimrun|aquathlon|tough\s+mudder"
)
_LIFT = r"squat|deadlift|bench(?:[\s-]?press)?|overhead[\s-]press|clean\s+and\s+jerk|snatch|press\s+\d+"
_REPS = r"(?:pull|push|chin|sit|press|muscle)[\s-]?ups?|burpees|lengths|laps|dips|squats|reps|muscle-ups"

_FOR_EVENT = r"(?:get\s+ready|prepare|prep|organi[sz]e|plan|host|throw|arrange|set\s+up|study|revise|cram|rehearse|pack|practi[sc]e|get\s+(?:the\s+)?\w+\s+ready|get\s+everything\s+ready|give|hold)"


def _rows(rows: str) -> Iterable[tuple[str, float, re.Pattern[str]]]:
    for line in rows.strip().splitlines():
        sort, weight, pattern = line.strip().split(None, 2)
        yield sort, float(weight), re.compile(pattern.replace("{S}", r"^\W*(?:\w+ly\s+|start\s+(?:to\s+)?|begin\s+(?:to\s+)?|be\s+able\s+to\s+|try\s+to\s+|manage\s+to\s+)?"), re.IGNORECASE)  # fmt: skip


_SIGNS = tuple(_rows(rf"""
saving 4 {{S}}(?:sav(?:e|ing)(?:\s+up)?|put(?:ting)?\s+(?:aside|away|by)|set(?:ting)?\s+aside|squirrel\s+away)\b(?!\s+(?:time|energy|electricity|water|lives?|the\s+(?:planet|world|file|document|bees)|our|my\s+marriage))
saving 5 \b(?:pay(?:ing)?\s+(?:off|back|down)|clear(?:ing)?|get(?:ting)?\s+rid\s+of|get(?:ting)?\s+out\s+of)\b.{{0,40}}\b(?:debts?|loans?|overdraft|credit\s+cards?|mortgage|credit)\b
saving 5 \b(?:lower|reduce|bring\s+down|shrink|cut)\b.{{0,30}}\b(?:debts?|loans?|overdraft|mortgage|credit\s+card)\b
saving 4 \b(?:emergency\s+fund|rainy[\s-]day\s+fund|nest\s+egg|savings|down\s+payment|deposit\s+for|in\s+the\s+bank|piggy\s+bank|retirement\s+pot|debt[\s-]free|out\s+of\s+debt)\b
saving 2 \b(?:put|set)\s+(?:aside|away)\b
reading 5 {{S}}(?:finish(?:ing)?\s+|keep\s+)?(?:read|reading|re-?read)\b(?!\s+(?:my|her|his|their)\s+(?:mind|messages|e?mails?)\b|\s+(?:music|sheet))
reading 3 \b(?:finish|get\s+through)\b.{{0,40}}\b(?:books?|novels?|trilogy|biography)\b
reading 2 \b(?:books|novels|pages\s+of)\b
training 5 \b(?:{_RACE})\b
training 4 \b(?:{_LIFT})\b
training 4 \b(?:{_REPS})\b
training 3 {{S}}(?:run|jog|cycle|bike|swim|row|hike|ride|walk|lift|climb|train)\b.{{0,60}}\b(?:km|kilomet\w+|miles?|metres|meters|m|without\s+stopping|in\s+one\s+go|non-?stop|lengths|laps|mont|mount|peak|summit)\b
training 3 \b(?:train(?:ing)?\s+for|couch\s+to|personal\s+best|\bpb\b|plank\s+for|hold\s+a\s+plank|run\s+faster|get\s+faster|get\s+stronger)\b
training 2 {{S}}(?:run|swim|cycle|row)\b(?=.{{0,20}}\d)
training 3 {{S}}(?:climb|summit|hike\s+up|conquer)\b(?!\s+(?:at|in\s+the\s+gym))
practice 5 {{S}}(?:learn(?:ing)?|practi[sc](?:e|ing)|master|improve\s+my|brush\s+up|get\s+(?:better|good)\s+at|become\s+(?:better|good|fluent)\s+(?:at|in)|become\s+an?\s+(?:better|good|great|decent)\s+(?!friend|father|mother|dad|mum|mom|parent|husband|wife|partner|son|daughter|brother|sister|uncle|aunt|person|human|neighbou?r|colleague|boss|listener)|teach\s+myself|pick\s+up|take\s+(?:up|lessons)|get\s+into|understand|memori[sz]e|get\s+the\s+hang\s+of)\b
practice 3 \b(?:learn|practi[sc]e|fluent|conversational|get\s+better\s+at|improve\s+my|lessons)\b
practice 3 \b(?:{_SKILL})\b
practice 3 {{S}}(?:play|speak|draw|paint|sketch|sing|dance|juggle|knit|sew|type)\b(?!\s+with\b)
practice -3 {{S}}paint\s+the\b
practice -2 \blearn\s+to\s+(?:say\s+no|relax|let\s+go|be)\b
event 4 {{S}}{_FOR_EVENT}\b.{{0,60}}\b(?:{_EVENT})\b
event 3 {{S}}(?:get\s+ready|prepare|prep|organi[sz]e|plan|host|throw|arrange|revise|cram|rehearse|pack)\b
event 2 (?<!by )(?<!before )(?<!until )(?<!my )(?<!his )(?<!her )\b(?:{_EVENT})\b
event 3 \bready\s+for\b
study 5 \b(?:pass|ace|sit|study(?:ing)?\s+for|revise\s+for|cram\s+for|prepare\s+(?:myself\s+)?for|prep\s+for|get\s+through|retake|resit)\b.{{0,40}}\b(?:{_EXAM})\b
study 4 {{S}}(?:revise|cram)\b
study 2.5 {{S}}study(?:ing)?\b(?!\s+abroad)
practice 2 {{S}}study(?:ing)?\s+(?:{_SKILL})\b
study 2 \b(?:{_EXAM})\b
study 3 \b(?:get|earn|obtain|make|do|gain)\b.{{0,30}}\b(?:licen[cs]e|certificate|certification|diploma|degree)\b
relationship 4 {{S}}(?:call|phone|ring|facetime|skype|text|message|(?:write|send)\s+(?:(?:a\s+|some\s+)?(?:letters?|postcards?|e?mails?|parcels?)\s+)?to|visit|see|meet(?:\s+up\s+with)?|catch\s+up|hang\s+out|check\s+in|keep\s+up|talk\s+to|listen(?:\s+more)?\s+to|take|invite|have\s+(?:lunch|dinner|coffee|breakfast)|go\s+(?:out\s+)?(?:for\s+\w+\s+)?with|play\s+with)\b(?=.{{0,30}}(?:{RELATIVE}|\bPERSON\b))
relationship 5 \b(?:(?:stay|keep|be|get\s+back|get)\s+in\s+(?:better\s+|closer\s+)?(?:touch|contact)|reconnect|be\s+there\s+(?:\w+\s+)?for|spend\s+(?:more\s+|some\s+|quality\s+|at\s+least\s+|\w+\s+){{0,3}}time\s+with|make\s+(?:more\s+)?time\s+for|date\s+nights?|look\s+after|patch\s+things\s+up|mend\s+things|make\s+up\s+with)\b
relationship 5 \b(?:(?:be|become|being)\s+an?\s+)?(?:better|closer|more\s+\w+|good|kinder|nicer|warmer|loving|present)\s+(?:\w+\s+)?(?:friend|father|mother|dad|mum|mom|parent|husband|wife|partner|son|daughter|brother|sister|uncle|aunt|grandson|granddaughter|neighbou?r|colleague|boss|listener)\b
relationship 4 \b(?:be|being|get)\s+(?:kinder|nicer|closer|more\s+patient|more\s+attentive|there)\s+(?:to|with|for)\b
relationship 3 \b(?:friendship|relationship)\b
relationship 5 {{S}}be\s+(?:less|more)\s+\w+\s+(?:with|to|towards?|around)\s+(?:{RELATIVE}|PERSON\b)
relationship 4 \b(?:dates?|coffee|lunch|dinner|breakfast|walks?|drinks?)\s+with\s+(?:{RELATIVE}|PERSON\b)
relationship 4 \bspend\b.{{0,40}}\bwith\s+(?:{RELATIVE}|PERSON\b)
relationship 2 {{S}}(?:see|visit|call|phone|ring|meet)\b
habit 4 {{S}}go\s+(?:vegan|vegetarian|sober|dry|plastic[\s-]free|offline|without|to\s+church)\b
habit 3 {{S}}(?:build|gain)\s+(?:up\s+)?(?:my\s+|more\s+)?(?:muscles?|strength|stamina|endurance|routine)\b
habit 5 {{S}}(?:stop|quit|give\s+up|cut\s+(?:out|down|back)|avoid|spend\s+less|no\b|never|don['’]?t|do\s+not|kick|break\s+(?:the|my)\s+habit|eat\s+(?:less|fewer|no)|drink\s+(?:less|no)|less\b|fewer\b)
habit 4 \b(?:meditat\w+|journal(?:l?ing)?|floss\w*|yoga|stretch(?:ing)?|vitamins?|gratitude|screen\s+time|phone\s+in\s+bed|bedtime|steps|take\s+the\s+stairs|breakfast|vegetables|fruit|water|sugar|smoking|coffee|alcohol|junk\s+food|snack\w*|nap|posture|skincare|sunscreen|make\s+my\s+bed|brush\s+my)\b
habit 4 {{S}}(?:go\s+to\s+(?:bed|sleep)|be\s+in\s+bed|get\s+(?:up|to\s+bed|out\s+of\s+bed|more\s+sleep|enough\s+sleep)|wake\s+up|sleep|drink|eat|walk|cook|exercise|work\s+out|take\s+(?:a\s+walk|the\s+stairs|the\s+dog)|go\s+(?:for\s+a\s+(?:walk|run|jog)|to\s+the\s+gym|running|jogging|swimming|outside|out\s+for))\b
project 4 {{S}}(?:finish|complete|finali[sz]e|hand\s+in|submit|publish|launch|release|build(?!\s+(?:up\b|muscle|strength|stamina|endurance|my\s+(?:strength|stamina)|a\s+(?:routine|habit)))|renovate|redecorate|refurbish|restore|declutter|clear\s+out|clean\s+out|sort\s+(?:out|through)|tidy\s+up|tidy|fix|repair|assemble|set\s+up|create|design|develop|code|program|translate|edit|record|film|shoot|move\b|sell|buy|find|apply|file|do\s+my\s+tax\w*|get\s+my\s+tax\w*|plant|paint\s+the|make|scan|digiti[sz]e|catalogue|organi[sz]e\s+(?:my|the|our|all)|wrap\s+up|insulate|landscape|start\s+(?:a|my)|open\s+(?:a|my)|found|write\s+(?:a|the|my|an|up|\d+|\w+\s+\w+s\b)|draft|compose|convert|install|ship|get\s+.{{0,40}}\b(?:done|finished|sorted|published|ready))\b
project 3 \b(?:thesis|dissertation|chapter|novel|website|web\s?site|app|portfolio|cv|resume|tax\s+returns?|taxes|report|manuscript|album|podcast|blog|kitchen|bathroom|cellar|garage|attic|loft|garden|shed|grant|paper|essay|prototype|online\s+shop|business|course\s+project|memoir|patent|application)\b
project 1 \b(?:done|finished|completed)\b
free 5 \b(?:drop|go|get|come|be)\s+(?:down\s+)?from\b.{{0,16}}(?<![a-z])(?:kg|kilos?|lbs?|stone)\b
free 4 \b(?:lose|gain|drop|shed|put\s+on|get\s+(?:down|up))\b.{{0,30}}\b(?:kg|kilos?|lbs?|pounds|stone|weight)\b
free 3 \b(?:weigh|blood\s+pressure|cholesterol|bmi|waist|body\s+fat)\b
"""))  # fmt: skip
_UNTIL_EVENT = re.compile(
    rf"\b(?:by|before|until|in\s+time\s+for)\s+(?:[\w'’]+\s+){{0,3}}(?:{_EVENT})\b", re.IGNORECASE
)  # a day, not what is wanted
_CLEAR, _AHEAD = 2.5, 0.5


@dataclass(frozen=True, slots=True)
class Said:
    """What was read that tells the sort. ``person``: somebody is named; ``units``: what is counted."""

    person: bool = False
    has_money: bool = False
    units: frozenset[str] = frozenset()
    is_often: bool = False
    has_day: bool = False


def sort(text: str, said: Said, *, named: str = "") -> str:
    """The id of the template that ``text`` asks for. ``text`` holds what is wanted alone: no reason, no obstacle. ``named``: the same with
    PERSON for every word that may be a name."""
    text = _UNTIL_EVENT.sub(" ", text)
    points: Counter[str] = Counter()
    for name, weight, pattern in _SIGNS:
        if pattern.search(named or text if name == "relationship" else text):
            points[name] += weight  # type: ignore[assignment]  # a Counter of floats
    if said.has_money and not points["event"] and not points["project"]:
        points["saving"] += 2
    if (
        points["saving"]
        and not said.has_money
        and not re.search(r"debt|loan|mortgage|money|fund|saving", text, re.IGNORECASE)
        and not said.units
    ):
        points["saving"] -= 1
    if points["relationship"] and not said.person and not re.search(r"friend|famil|relationship|people|parent|kids", text, re.IGNORECASE):
        points["relationship"] -= 3
    if said.is_often:
        points["habit"] += 1 if said.has_day else 3  # what has no end is a habit
    if said.is_often and points["event"] and points["relationship"]:
        points["event"] -= 3
    if said.has_day and not said.is_often:
        points["project"] += 0.5  # type: ignore[assignment]
        points["event"] += 0.5 * bool(points["event"])  # type: ignore[assignment]
    (first, most), *others = points.most_common(3) or [("", 0)]
    if most < _CLEAR:  # nothing says it plainly: what is done again and again is a habit, what has a day a project
        return "habit" if said.is_often else (first if most >= 2 else "project") if said.has_day else ""
    if others and others[0][1] > most - _AHEAD:
        tied = {first, *(name for name, value in others if value > most - _AHEAD)}
        return next((name for name in _RATHER if name in tied), "")
    return first


# Of two as likely, the more particular one.
_RATHER = ("saving", "study", "reading", "relationship", "training", "event", "practice", "free", "project", "habit")
