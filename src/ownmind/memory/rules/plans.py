"""Rules for what is to come on a day that is named: appointments, trips, weddings. "Next Friday" gets its date beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..times import Mention
from .reading import About, Aspect, Finding, Statement, Talk
from .sentences import Stretch
from .wording import plain, said_of


def plan(said: Statement) -> Iterator[Finding]:
    """ "We're flying to Lisbon on 2 July", "I'll visit Ana on Friday"."""
    if not said.is_first or said.aspect not in (Aspect.NOW, Aspect.FUTURE) or said.verb in _NOT_PLANNED:
        return
    coming = _coming(said.times(), said.talk)
    doing = _DOING.search(said.clause.text)
    if not coming or not doing:
        return
    begins = doing.start("doing") if doing["doing"] else doing.start("later")
    told = re.split(r"\s+-\s|\s*[;(–—]", said.clause.text[begins:])[0]
    what = _dated(told, said.clause.start + begins, [one for one in coming if one.span.start >= said.clause.start + begins], said.talk)
    lead = next((one for one in coming if one.span.end <= said.clause.start + begins), None)
    if lead is not None:
        what += f", {_dated(said.talk.item.text[lead.span.start : lead.span.end], lead.span.start, [lead], said.talk)}"
    if len(what.split()) > 16:
        return
    words = said_of(said.about.subject, what)
    verb = "are" if doing["be"] else "will"
    yield Finding("plans", words, f"{said.about.does(verb, 'is' if doing['be'] else 'will')} {words}")


def appointment(clause: Stretch, talk: Talk) -> Iterator[Finding]:
    """ "My exam is on 20 June at 9am", "I have a dentist appointment on Tuesday", "the meeting with Ida is tomorrow"."""
    if not talk.speaker:
        return
    match = _APPOINTMENT.match(clause.text)
    if not match:
        return
    what = plain(match["what"] or match["what2"])
    coming = _coming(talk.times(clause.start + match.start("when"), clause.end), talk)
    if not coming or clause.text[match.start("when") : coming[0].span.start - clause.start].strip().lower() not in (
        "",
        "on",
        "in",
        "at",
        "for",
        "is on",
        "the",
    ):
        return
    about = About(talk.speaker)
    start = coming[0].span.start - clause.start
    end = coming[-1].span.end - clause.start
    clock = re.match(r"\s+at\s+\d[\d:.]*\s*(?:am|pm|o['’]clock|h\b)?", clause.text[end:], re.IGNORECASE)
    when = _dated(clause.text[start : end + (clock.end() if clock else 0)], clause.start + start, coming, talk)
    yield Finding(f"date of {what}", when, f"{about.whose} {what} is on {when}")


def _coming(found: list[Mention], talk: Talk) -> list[Mention]:
    """The times that lie ahead, when none lies behind."""
    said = talk.said.replace(hour=0, minute=0, second=0, microsecond=0)
    return found if found and all(one.end > said for one in found) and any(one.start >= said for one in found) else []


def _dated(text: str, start: int, times: list[Mention], talk: Talk) -> str:
    """``text`` with the day behind words that only make sense on the day they are said: "next Friday (19 June 2026)"."""
    for one in sorted(times, key=lambda each: -each.span.start):
        said = talk.item.text[one.span.start : one.span.end]
        if re.search(r"\d\d?(?:st|nd|rd|th)?\s+\w+|\w+ \d|\d{4}|\d[-/]\d", re.sub(r"\bat\s+\d.*", "", said)) or one.precision not in (
            "day",
            "hour",
            "minute",
        ):
            continue
        end = min(len(text), one.span.end - start)
        said_time = re.search(r"\s+at\s+\d.*|,?\s+\d[\d:.]*\s*(?:am|pm).*", text[one.span.start - start : end])
        cut = one.span.start - start + said_time.start() if said_time else end
        text = f"{text[:cut]} ({one.start.day} {one.start:%B %Y}){text[cut:]}"
    return plain(text)


_NOT_PLANNED = frozenset("live work like love be have enjoy adore prefer hate dislike learn train save speak own".split())  # noqa: SIM905
_DOING = re.compile(
    r"(?P<be>\b(?:am|['’]m|im|are|['’]re)\s+)(?:(?:actually|really|also|probably|finally|all|both|now)\s+)?(?P<doing>(?:off to|going"
    r"|flying|travell?ing|driving|moving|visiting|meeting|seeing|getting"
    r"|running|starting|having|hosting|leaving|taking|giving|throwing|playing|attending|celebrating|spending|marrying|defending"
    r"|presenting|performing"
    r"|joining|graduating|retiring|sailing|cycling|hiking|camping|picking|opening|launching|submitting|returning|coming back)\b.*)"
    r"|\b(?:will|['’]ll)\s+(?P<later>(?:go|fly|travel|drive|visit|meet|see|get married|run|host|leave|take|give|attend|celebrate|move"
    r"|start)\b.*)",
    re.IGNORECASE,
)
_EVENT = (
    r"wedding|anniversary|exam|interview|appointment|flight|meeting|deadline|party|marathon|operation|surgery|trip|holiday|concert|race"
    r"|defence|move"
    r"|test|checkup|check-up|viva|recital|audition|hearing|lesson|class|conference|graduation|baptism|christening|housewarming|match"
    r"|tournament|show"
    r"|performance|presentation|talk|ceremony|half marathon|final|exhibition|due date|start date|first day|last day|scan|MRI|haircut"
    r"|reservation"
)
_RIDE = r"flight|train|bus|coach|ferry|trip"
_APPOINTMENT = re.compile(
    rf"(?:(?:my|our|the)\s+(?P<what>(?:[\w'’-]+\s+){{0,2}}?"
    rf"(?:(?:{_RIDE})\s+(?:to|from)\s+(?-i:[A-ZÀ-Þ])[\w'’-]+(?:\s(?-i:[A-ZÀ-Þ])[\w'’-]+)?|{_EVENT})"
    rf"(?P<with>\s+with\s+(?:my\s+|the\s+)?(?:(?:Dr|Mr|Mrs"
    rf"|Ms)[.\u2024]?\s+)?[\w'’]+)?)(?:\s+(?:is|will be|leaves|departs|takes"
    rf" place)|['’]s)\s+"
    rf"|(?:I|we)(?:['’]ve|\s+have)?(?:\s+(?:have|got|booked|have got))?\s+(?:an?|my|our|the)\s+(?P<what2>(?:[\w'’-]+\s+){{0,2}}?"
    rf"(?:{_EVENT})(?:\s+with\s+(?:my\s+|the\s+)?(?:(?:Dr|Mr|Mrs|Ms)[.\u2024]?\s+)?[\w'’]+)?)\s+)"
    r"(?P<when>.+)",
    re.IGNORECASE,
)
