"""What a person says they want, read by code: which kind of goal it is, its name in their own words, and every part with where it stands.

Pure. English; of another language nothing is read but its name, and that is said. A part is given only where the words say it: what is
unclear stays empty and is asked. What was read is blanked, in the order reasons, obstacles, stages, days, hours, numbers, people and places, so
that a number of a reason never becomes a target.
"""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from ...memory.languages import spoken
from .. import slots
from ..goal import Chip, How, Milestone, Obstacle
from ..preferences import Preferences
from .deadlines import Day, days
from .measures import Measured, measured
from .occasions import occasions
from .quantities import lengths, often, quantities
from .sorts import RELATIVE, Said, sort
from .unread import READ, Unread

LONGEST = 2000  # characters of a statement that are read
_TITLE = 100


@dataclass(frozen=True, slots=True)
class Stated:
    """A goal as it was said. ``template``: the id of one of `templates.all`, "" when the words do not say which. ``remarks``: sentences
    the person must be told, such as that a day has passed. ``other``: the words of a second goal said in the same breath."""

    title: str
    template: str = ""
    chips: tuple[Chip, ...] = ()
    remarks: tuple[str, ...] = ()
    other: str = ""


def read(
    statement: str,
    said_at: datetime,
    zone: tzinfo,
    *,
    item_id: str = "",
    names: Collection[str] = (),
    preferences: Preferences | None = None,
) -> Stated:
    """The goal that ``statement`` says. Days are counted from ``said_at`` in ``zone``; ``names`` are people known by name, as written;
    ``item_id`` is where the statement is remembered, for the chips; ``preferences`` say when "after work" is."""
    statement = statement[:LONGEST]
    known = spoken(statement)
    if known and "en" not in known:
        return Stated(_title(statement), remarks=(_FOREIGN,))
    reading = _Reading(Unread(statement), said_at.astimezone(zone), item_id, tuple(names), preferences or Preferences())
    return reading.stated()


_FOREIGN = "I read goals in English only so far; I have kept your words as its name, and ask for the rest."


# What stands before the goal itself

_LEAD = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|well|hi|hey|hello|please|honestly|actually|right|and|also|this\s+year|next\s+year|new\s+goal|goal|resolution)\b[\s,:!-]*)*"
    r"(?:(?:(?:i|we)(?:['’]d|\s+would|\s+really|\s+just|\s+also|\s+finally|\s+now|['’]ve|\s+have|\s+do)*\s+(?:really\s+|also\s+|just\s+|finally\s+|so\s+)*"
    r"(?:want(?:ed)?|wanna|gotta|like|love|need|hope|wish|plan|intend|aim|mean|got|try|decided|promised\s+myself|must|should|ought|will|have|prefer|resolve)\s*(?:to\s+|that\s+i\s+)?(?:try\s+(?:and|to)\s+|start\s+(?:to\s+)?(?=\w+ing\b))?)"
    r"|(?:i['’]m|i\s+am|we['’]re)\s+(?:\w+ly\s+)?(?:determined|going|trying|planning|aiming|hoping|looking|keen|eager|hoping|set|resolved)\s+to\s+"
    r"|(?:my|our|the|a)\s+(?:\w+\s+)?(?:goal|aim|plan|resolution|dream|wish|target|ambition|intention)\s*(?:\w+\s+){0,3}?(?:is|would\s+be|:)\s*(?:to\s+|that\s+i\s+)?"
    r"|(?:can|could|would|will)\s+you\s+(?:please\s+)?help\s+me\s+(?:to\s+)?|(?:please\s+)?help\s+me\s+(?:to\s+|with\s+)?|i\s+could\s+use\s+help\s+(?:to\s+|with\s+)?"
    r"|it\s+is\s+time\s+to\s+|it['’]s\s+time\s+to\s+|time\s+to\s+|let['’]?s\s+|add\s+(?:a\s+|the\s+)?goal\s*:?\s*(?:to\s+)?|set\s+(?:a\s+|the\s+)?goal\s*:?\s*(?:to\s+)?|new\s+goal\s*:?\s*)"
    r"(?:(?:really|finally|also|just|actually)\s+)*",
    re.IGNORECASE,
)
_NOT = re.compile(r"^\W*(?:no\b|stop|quit|give\s+up|avoid|never|don['’]t|cut\b|limit|reduce|less\b|fewer\b|go\s+to\s+(?:bed|sleep)|be\s+in\s+bed|get\s+up|wake\s+up|sleep)", re.IGNORECASE)  # fmt: skip

_WHY = re.compile(
    r"[\s,;(-]*(?P<word>\bbecause\b|\bso\s+that\b|\bin\s+order\s+to\b|\bso\s+(?=(?:i|we|he|she|they|my)\b\s*(?:can|could|will|am|don|['’]))"
    r"|\bsince\s+(?=(?:i|my|we|he|she|it|they|our|the)\b(?!\s+\d))|(?<!as\s)\bas\s+(?=(?:i(?!\s+(?:can|could)\b)|my\s+\w+|we|he|she|it|they|our\s+\w+|the\s+\w+)\s+(?:\w+['’]?\w*\s*)))"
    r"\s*(?P<what>.+?)\s*(?=[.;!]\s|[.;!)]*\s*$|,\s+(?:and\s+)?(?:i\s+(?:want|would|will|can|have)|i['’]d|starting|by\s|if\s|when\s)\b)",
    re.IGNORECASE | re.DOTALL,
)
_FOR = re.compile(r"\bfor\s+(?P<what>my\s+(?:\w+\s+)?(?:health|back|heart|sanity|mental\s+health|peace\s+of\s+mind|knees?|wellbeing|well-being|confidence))\b", re.IGNORECASE)  # fmt: skip

_THEN = r"(?:,?\s+(?:then\s+)?(?:i['’]ll|i\s+will|i\s+can|i\s+could|i['’]d|i\s+would|we['’]ll|we\s+will|i|we)\s+(?:just\s+|simply\s+)?|,?\s+then\s+(?:i['’]ll\s+|i\s+)?|,\s+)"
_IF = re.compile(
    rf"(?:^|[\s,;(.])(?P<all>(?:if|when(?:ever)?|in\s+case(?:\s+of)?|should)\s+(?P<when>\w+\s+\S.*?){_THEN}(?P<then>\S.*?))\s*(?=[.;!)]\s|[.;!)]*\s*$|,\s+(?:and\s+)?(?:if|when)\s)",
    re.IGNORECASE | re.DOTALL,
)
_IF_AFTER = re.compile(
    r"(?:^|[.;,]\s+)(?P<all>(?:i['’]ll|i\s+will|i\s+can)\s+(?P<then>[^.;,]+?)\s+(?:if|whenever|when)\s+(?P<when>[^.;,]+?))\s*(?=[.;,!]|\s*$)",
    re.IGNORECASE,
)

_VERBS = (
    r"learn|save|read|run|lose|stop|quit|finish|call|write|build|practi[sc]e|visit|pay\s+off|renovate|start|train|cook|meditate|swim|cycle|drink|eat|go\s+to"
    r"|spend|plan|organi[sz]e|get|be|see|walk|join|apply|buy|sell|declutter|sort|play|study|prepare|clean|make|launch"
)
_OTHER = re.compile(
    rf"(?:[.;]\s*|,?\s+)(?:(?:and|plus|then)\s+)?(?:(?:i|we)\s+also\s+(?:want|need|hope|plan|would\s+like)\s+to|also|(?:and\s+)(?:i|we)(?:['’]d\s+like|\s+would\s+like|\s+want|\s+need)\s+to"
    rf"|(?:another|my\s+other|a\s+second)\s+(?:goal|one)\s+is\s+to|on\s+top\s+of\s+that\s+(?:i\s+want\s+to)?)\s+(?P<other>(?:to\s+)?(?:{_VERBS})\b.+)$",
    re.IGNORECASE | re.DOTALL,
)
_AND = re.compile(rf",?\s+and\s+(?P<other>(?:to\s+)?(?:{_VERBS})\b.+)$", re.IGNORECASE | re.DOTALL)

_LISTED = re.compile(
    r"(?::|(?:^|(?<=[:;,.]\s))first(?:ly)?,?(?=\s)|\bstages?\b:?|\bmilestones?\b:?)\s*(?P<list>.+)$", re.IGNORECASE | re.DOTALL
)
_SAID_OF_SELF = re.compile(r"(?:i|we)\b(?:['’]|\s+(?:have|am|are|already|now)\b)|(?:have|am|already)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;.](?=\s)\s*(?:and\s+)?(?:then\s+|finally\s+|after\s+that\s+|next\s+|lastly\s+|second(?:ly)?\s+)?|\s+(?:and\s+)?then\s+|\s+and\s+finally\s+)\s*", re.IGNORECASE)  # fmt: skip

_NAME = r"(?-i:[A-ZÀ-ÖØ-Þ][\w'-]+(?:\s+(?!I\b)[A-ZÀ-ÖØ-Þ][\w'-]+)?)"
_NO_NAMES = frozenset(
    """i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
    december easter christmas english french german spanish italian portuguese japanese chinese mandarin korean arabic russian dutch swedish
    polish turkish greek hebrew latin hindi excel python java sql instagram facebook tiktok netflix youtube whatsapp twitter reddit linkedin google
    mont mount peak lake everest god lent ramadan gym mr mrs dr uni ok tv war europe america berlin london paris rome lisbon the a my our""".split()  # noqa: SIM905
)
_WHO = re.compile(
    rf"(?:\b(?:to|with|for|from|of|by|call|phone|ring|text|message|visit|see|meet|ask|invite|help|thank|surprise|take|about|support|and)\s+)(?:more\s+)?"
    rf"(?P<who>(?:(?P<kin>{RELATIVE})(?:,)?(?:\s+(?P<kinname>{_NAME}))?)|(?P<name>{_NAME}))(?P<own>['’]s)?(?!\w)",
    re.IGNORECASE,
)
_WHOSE = re.compile(rf"\b(?P<who>(?P<kin>{RELATIVE})|(?P<name>{_NAME}))['’]s\b", re.IGNORECASE)
_OF_SOMEBODY = frozenset(("relationship", "event", "project"))

_PLACE = re.compile(
    r"\b(?:at|in)\s+(?P<place>(?:the|our|my|a)\s+(?P<noun>(?:(?!(?:on|at|in|to|for|with|by|of|and|or|but|so|because|every|each|once|twice|three|when|if|until|from|after|before|as|then|instead|i|is|are|while|during)\b)[\w'-]+(?:\s+|(?=\W|$))){1,4}))",
    re.IGNORECASE,
)
_NO_PLACE = re.compile(
    r"\b(?:end|start|beginning|middle|moment|weekends?|same|latest|earliest|age|minute|time|mornings?|evenings?|afternoons?|nights?|rest|weeks?|months?|years?|row|bank|summer|winter"
    r"|spring|autumn|fall|future|long|short|most|least|go|day|days|hours?|first|last|final|world|market|exam|test|wedding|party|race|interview|conference|rain|sun|cold|dark|way|lead)\b",
    re.IGNORECASE,
)
_IN_PLACES = frozenset(
    """gym pool park garden office library forest woods studio club church hall centre center café cafe house flat basement garage shed
    mountains countryside dojo lido school university workshop theatre lounge bedroom""".split()  # noqa: SIM905
)

_TOWARDS = frozenset(("reading", "project", "training"))
_EACH_TIME = re.compile(
    r"^(?:(?!\b\d).)*\b\d[\d.,]*\s+(?:[^\W\d][\w'’-]*\s+){1,6}?(?:daily\b|(?:every|each|a|per)\s+(?:day|morning|evening|night|lunch|noon)\b)(?:(?!\b\d).)*$",
    re.IGNORECASE | re.DOTALL,
)  # the one number of a statement, and it is of each day


class _Reading:
    """One statement while it is read."""

    def __init__(self, unread: Unread, at: datetime, item_id: str, names: tuple[str, ...], preferences: Preferences) -> None:
        self.unread, self.at, self.item_id, self.names, self.preferences = unread, at, item_id, names, preferences
        self.chips: list[Chip] = []
        self.remarks: list[str] = []
        self.other = ""
        self.last_stage: date | None = None

    def stated(self) -> Stated:
        lead = _LEAD.match(self.unread.left)
        begin = lead.end() if lead else 0
        if begin:
            self.unread.take(0, begin)
        self._reasons()
        self._obstacles()
        self._others()
        end = self._end_of_wanted(begin)
        self._stages()
        wanted = self._wanted()
        is_event = sort(wanted, Said(person=True), named=self._named_people(wanted)) == "event"
        self._days(is_event)
        is_plain = bool(_NOT.match(wanted))
        minutes, part = self._rhythm(is_plain=is_plain)
        self._hours(minutes, part, is_plain=is_plain)
        chips = {chip.slot for chip in self.chips}
        said = Said(bool(_WHO.search(self.unread.text)), any(one.is_money for one in quantities(self.unread)),
                    frozenset(one.unit for one in quantities(self.unread) if one.unit), bool({"a_week", "every"} & chips), "deadline" in chips)  # fmt: skip
        template = sort(wanted, said, named=self._named_people(wanted))
        if template in _TOWARDS and "deadline" not in chips and _EACH_TIME.search(self.unread.text):
            template = "habit"  # "20 pages every evening" is what is done each time: there is no end to reach
        else:
            self._numbers(measured(self.unread, template, begin))
        if template == "relationship":
            self._apart_by()
        self._people(template)
        self._places()
        self._second_sort(template)
        return Stated(self._named(begin, end), template, tuple(self.chips), tuple(self.remarks), self.other)

    def _chip(self, slot: str, value: str, start: int, end: int) -> None:
        """Keeps a part, once, in its one written form; what that form cannot hold is left out."""
        if any(chip.slot == slot for chip in self.chips):
            return
        span = self.unread.span(start, end)
        self.chips.append(Chip(slot, value, How.SAID, self.item_id, span))

    # In their order

    def _reasons(self) -> None:
        for pattern in (_WHY, _FOR):
            if match := pattern.search(self.unread.left):
                words = self.unread.said(*match.span("what")).strip(" ,.;")
                if words and READ not in match["what"]:
                    self._chip("why", words[: slots.LONGEST], *match.span("what"))
                    self.unread.take(*match.span())

    def _obstacles(self) -> None:
        found: list[tuple[Obstacle, int, int]] = []
        for pattern in (_IF, _IF_AFTER):
            while (match := pattern.search(self.unread.left)) and READ not in match["all"] and len(found) < 8:
                when, then = (self.unread.said(*match.span(name)).strip(" ,.;") for name in ("when", "then"))
                found.append((Obstacle(_one_line(when), _one_line(then)), *match.span("all")))
                self.unread.take(*match.span("all"))
        if found:
            value = slots.shown("obstacles", tuple(one for one, _, _ in found))
            self._chip("obstacles", value, min(start for _, start, _ in found), max(end for _, _, end in found))

    def _others(self) -> None:
        """A second goal: said to be one ("and I also want to"), or of quite another sort."""
        if match := _OTHER.search(self.unread.left):
            if match.start() > 8:
                self._apart(match)
            return
        match = _AND.search(self.unread.left)
        if match is None:
            return
        first, second = sort(self.unread.left[: match.start()].strip(READ), Said(person=True)), sort(match["other"], Said(person=True))
        if first and second and first != second and {first, second} != {"project", "event"} and "free" not in (first, second):
            self._apart(match)

    def _apart(self, match: re.Match[str]) -> None:
        self.other = self.unread.said(*match.span("other")).strip(" .;,")
        self.unread.take(match.start(), len(self.unread.left))

    def _stages(self) -> None:
        match = _LISTED.search(self.unread.left)
        if match is None:
            return
        start, stages = match.start("list"), []
        for piece_start, piece_end in _pieces(match["list"], start):
            title, due = self._stage(piece_start, piece_end)
            if re.match(r"[^\W\d]", title) and not _SAID_OF_SELF.match(title):
                stages.append(Milestone(title, due))
        if len(stages) < 2 or (not any(one.due for one in stages) and not match.group().lower().lstrip().startswith(("first", ":"))):
            return
        self._chip("milestones", slots.shown("milestones", tuple(stages)), start, match.end("list"))
        self.last_stage = stages[-1].due
        self.unread.take(*match.span())

    def _stage(self, start: int, end: int) -> tuple[str, date | None]:
        piece = Unread(self.unread.said(start, end))
        named = [one for one in days(piece, self.at, is_event=False) if one.day is not None]
        title = re.sub(r"[\s,]*\b(?:by|on|until|in|before)?\s*(?:the\s+)?$", "", piece.left.split(READ)[0]).strip(" .,;:")
        title = re.sub(
            r"^(?:(?:first(?:ly)?|then|finally|and|next|lastly)\s+)?(?:i\s+(?:will\s+|want\s+to\s+)?(?=\w))?",
            "",
            title,
            flags=re.IGNORECASE,
        )
        return title[:80], named[0].day if named else None

    def _days(self, is_event: bool) -> None:
        found = days(self.unread, self.at, is_event=is_event)
        for slot in ("begins", "deadline"):
            of_it = [one for one in found if one.slot == slot]
            if of_it:
                best: Day = max(of_it, key=lambda one: (one.weight, -one.start))
                if best.day is not None:
                    self._chip(slot, slots.shown(slot, best.day), best.start, best.end)
                if best.remark:
                    self.remarks.append(best.remark)
        if self.last_stage is not None and not any(one.slot == "deadline" for one in found):
            place = next(chip.span for chip in self.chips if chip.slot == "milestones")
            self.chips.append(Chip("deadline", str(self.last_stage), How.SAID, self.item_id, place))

    def _rhythm(self, *, is_plain: bool) -> tuple[int, str]:
        """How often and how long; gives the minutes, and the part of the day that was counted."""
        self._travel()
        for match in list(_EVERY_OTHER.finditer(self.unread.left)):
            self._chip("every", "30" if match["month"] else "14", *match.span())
            self.unread.take(*match.span("which"))
            if match["month"]:
                self.unread.take(*match.span("month"))
        found = often(_SAVED_EACH.sub(lambda match: READ * len(match.group()), self.unread.left))
        if found is not None:
            self._chip(found.slot, str(found.value), found.start, found.end)
            self.unread.take(found.start, found.end)
        minutes = 0 if is_plain else self._minutes()
        return minutes, found.part if found else ""

    def _travel(self) -> None:
        for value, match in lengths(self.unread.left):
            if re.match(
                r"\s+(?:away|there|drive|by\s+(?:car|bike|bus|train|tram)|from\s+(?:here|home|my))\b",
                self.unread.left[match.end() :],
                re.IGNORECASE,
            ):
                self._chip("travel", slots.shown("travel", value), *match.span())
                self.unread.take(*match.span())

    def _minutes(self) -> int:
        for value, match in lengths(self.unread.left):
            before, after = self.unread.left[max(0, match.start() - 24) : match.start()], self.unread.left[match.end() : match.end() + 24]
            is_noun = "-" in match.group() and re.match(
                r"\s+(?!session|run|walk|practice|workout|sitting|slot|block)\w", after
            )  # "a 20-minute talk"
            if is_noun or _FAST.search(before) or _BEST.search(before) or _IN_ALL.match(after) or not 1 <= value <= 8 * 60:
                self.unread.take(*match.span())
                continue
            self._chip("minutes", slots.shown("minutes", value), *match.span())
            self.unread.take(*match.span())
            return value
        return 0

    def _hours(self, minutes: int, part: str, *, is_plain: bool) -> None:
        found = occasions(self.unread, self.preferences, minutes, part)
        if not found.windows:
            return
        start, end = (found.start, found.end) if found.end else (0, len(self.unread.text))
        a_week = found.a_week
        for n, chip in enumerate(self.chips):
            days_named = frozenset[int]().union(*(one.weekdays for one in found.windows))
            if chip.slot == "a_week" and chip.value == "7" and len(days_named) < 7:
                self.chips[n] = replace(chip, value=str(len(days_named)))
        if a_week and not any(chip.slot in ("a_week", "every") for chip in self.chips):
            self._chip("a_week", str(a_week), start, end)
        if not is_plain:  # "no screens after 9 pm": the hour is what is wanted, not when to do it
            self._chip("windows", slots.shown("windows", found.windows), start, end)

    def _numbers(self, found: Measured) -> None:
        for slot, value, start, end in found.parts:
            self._chip(slot, value, start, end)

    def _apart_by(self) -> None:
        """ "Every Sunday" as the days from one time to the next, which is what being in touch is planned by."""
        for chip in self.chips:
            if chip.slot == "a_week" and not any(one.slot == "every" for one in self.chips):
                self.chips.append(replace(chip, slot="every", value=str(max(1, round(7 / int(chip.value))))))
                return

    def _people(self, template: str) -> None:
        if template not in _OF_SOMEBODY:
            return
        for pattern in (_WHO, _WHOSE):
            for match in pattern.finditer(self.unread.left):
                kin, name = match["kin"], match.groupdict().get("kinname") or match["name"]
                if (name or "").lower().split("'")[0] in _NO_NAMES or (name and not _is_name(name, self.names, template, match)):
                    name = None
                if not (kin or name):
                    continue
                start, end = match.span("who")
                words = name or self.unread.said(*match.span("kin"))
                self._chip("person", re.sub(r"['’]s$", "", words), start, end)
                return

    def _places(self) -> None:
        for match in _PLACE.finditer(self.unread.left):
            noun, start = match["noun"].strip().lower(), match.start("place")
            if _NO_PLACE.search(noun) or (match.group()[:2].lower() == "in" and noun.split()[-1] not in _IN_PLACES):
                continue
            end = start + len(match["place"].rstrip())
            self._chip("place", self.unread.said(start, end), start, end)
            return

    def _second_sort(self, template: str) -> None:
        if self.other:
            self.remarks.append(f"I took that as two goals; “{self.other}” comes after this one.")

    # Names

    def _wanted(self) -> str:
        """The words of what is wanted alone."""
        return " ".join(self.unread.left.replace(READ, " ").split())

    def _named_people(self, text: str) -> str:
        """``text`` with PERSON for what may be a name."""
        for name in self.names:
            text = re.sub(rf"\b{re.escape(name)}\b", "PERSON", text)
        return re.sub(r"(?<=\s)(?-i:[A-Z][a-z]+)\b", _as_person, text)

    def _end_of_wanted(self, begin: int) -> int:
        """Where the first thing said ends: what was blanked, or a sentence."""
        blank = self.unread.left.find(READ, begin)
        stop = re.search(r"[.;!?](?:\s|$)|:\s|\n", self.unread.left[begin:])
        ends = [len(self.unread.left), *([blank] if blank > begin + 3 else []), *([begin + stop.start()] if stop else [])]
        return min(ends)

    def _named(self, begin: int, end: int) -> str:
        return _title(self.unread.said(begin, end) or self.unread.statement)


_EVERY_OTHER = re.compile(
    r"\b(?:every|each)\s+(?P<which>(?:other|second|2nd|first|1st|last|third|3rd)\s+)(?=(?:mon|tues|wednes|thurs|fri|satur|sun)day)\w+(?P<month>\s+(?:of|in)\s+(?:the|each|every)\s+month)?\b",
    re.IGNORECASE,
)
_SAVED_EACH = re.compile(  # "150 pounds each month": money, no rhythm
    r"(?:[€$£]\s?[\d.,]+|[\d.,]+\s?(?:€|£|euros?|dollars?|pounds?|quid|bucks|francs|eur|usd|gbp))\s+(?:a|per|each|every)\s+month\b|\b(?:every|each|a|per)\s+month,?\s+(?:roughly\s+|about\s+|around\s+)?[€$£]?\s?\d",
    re.IGNORECASE,
)
_BEST = re.compile(r"\b(?:best|record|time|currently|now|takes\s+me)\s+(?:is\s+|at\s+|was\s+)?(?:about\s+)?$", re.IGNORECASE)
_FAST = re.compile(r"\b(?:under|less\s+than|below|sub|faster\s+than|within|in)[\s-]+(?:about\s+)?$", re.IGNORECASE)
_IN_ALL = re.compile(r"\s*(?:a|per|each|every)\s+(?:week|month|year)\b|\s*on\s+(?:the\s+)?weekends|\s*in\s+(?:all|total)|\s+(?:a|per)\s+weekend", re.IGNORECASE)  # fmt: skip


def _as_person(match: re.Match[str]) -> str:
    return match.group() if match.group().lower() in _NO_NAMES else "PERSON"


def _is_name(name: str, names: tuple[str, ...], template: str, match: re.Match[str]) -> bool:
    """Whether a word with a capital is somebody: known by name, or named where only people are ("call Ben", "Ana's birthday")."""
    if any(name.split()[0] in known.split() for known in names):
        return True
    if re.search(r"[a-z][A-Z]|\d", name):  # PyCon
        return False
    lead = match.group().split()[0].lower()
    return template == "relationship" or lead not in ("to", "of", "from", "by", "about", "and", "see", "visit") or match.re is _WHOSE


def _pieces(text: str, start: int) -> list[tuple[int, int]]:
    cuts = list(_BETWEEN.finditer(text))
    edges = [0, *(place for cut in cuts for place in cut.span()), len(text)]
    return [(start + a, start + b) for a, b in zip(edges[::2], edges[1::2], strict=True) if text[a:b].strip(f" .{READ}")]


def _one_line(text: str) -> str:
    return " ".join(text.replace(";", ",").split())[:200]


def _title(text: str) -> str:
    """The words as a name: one line, without what only leads in or dangles."""
    words = re.sub(r"[\s,;:.(-]+$", "", " ".join(text.split()))
    words = re.sub(r"\s+(?:and|but|because|so|if|with|by|for|,)$", "", words, flags=re.IGNORECASE)
    return words if len(words) <= _TITLE else words[:_TITLE].rsplit(" ", 1)[0]
