"""Requests whose form says unmistakably what is to be done, read by code: at once, and the same every time.

A request is cut into clauses at "and then ..." before a verb of doing; every clause must be one of a few forms (read, save, remember,
tell), or the whole is left to `planner`. Addresses, names of files and quoted texts are taken out first, so that no word in them is
read as an order; only what was taken out can become an address or a name again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ...guard.labels import Type
from ...memory.words import contains_words
from ...tools import keep, page, save, search
from .plans import SAY, Form, Literal, Plan, Slot, Step

LONGEST = 4000  # characters of a message that are read for a plan
MOST_STEPS = 8

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]’'}]", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|edu|gov|io|eu|uk|de|fr|it|es|pt|nl|be|ch|at|se|no|dk|fi|pl|ie|us|ca|au|nz|info"
    r"|dev|app|museum|city|shop|example|wiki)(?:/[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]’'}])?(?![\w@-])",
    re.IGNORECASE,
)
FILE = re.compile(r"(?<![\w/@.])[\w][\w-]{0,80}\.(?:txt|md|csv|ics|json)(?!\w)", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”\n]{1,2000}”|\"[^\"\n]{1,2000}\"|(?<!\w)['‘][^'’\n]{2,2000}['’](?!\w)")
_MARK = re.compile(r"‹([ufq])(\d+)›")
_U, _F = r"‹u\d+›", r"‹[fq]\d+›"

_POLITE = (
    r"(?:(?:please|kindly|ok(?:ay)?|hey|hi|hello|now|then|also|and|so|first|next|just|can you|could you|would you|will you|would you mind"
    r"|i(?:['’]d| would) like you to|i (?:want|need) you to|go and|go ahead and|let['’]s|be so kind (?:as to|and)|for me)[\s,!:]{1,5}){0,8}"
)
_READS = (
    r"read(?: through)?|open(?: up)?|look (?:at|up|into|through|over)|have a look at|take a look at|check(?: out)?|visit|fetch|get"
    r"|load|browse"
    r"|go (?:to|through|over)|see|skim|pull up|grab|pull|take|extract|find|collect|copy"
)
_SUMS = r"summari[sz]e|sum up|give me (?:a|the) (?:short |brief |quick )?(?:summary|gist) of|what(?:['’]s| is) the gist of|boil down"
_SAVES = r"save|write(?: down)?|put|store|export|keep|dump|copy|place|record|add"
_KEEPS = r"remember|memori[sz]e|keep|note(?: down)?|make a note of|take note of|keep in mind|don['’]t forget|jot down|write down"
_SAYS = r"tell me|say|let me know|show me|give me|answer|find out|explain|report|inform me"
_ASKING = r"what|when|where|who|whom|whose|why|which|how|is|are|was|were|does|do|did|has|have|can|will"

_WEB = r"(?:the )?(?:web|internet|net)|online"
_SEARCHES = rf"search (?:{_WEB})|google|web ?search|look (?:on|in|up on) (?:{_WEB})|ask (?:{_WEB})"

_NEXT = re.compile(
    rf"(?:\s*[,;]?\s+(?:and then|and also|and|then|after that,?|afterwards,?)\s+|\s*[.;!]\s+|\s*,\s+(?:then\s+)?)"
    rf"(?={_POLITE}(?:{_SEARCHES}|{_READS}|{_SUMS}|{_SAVES}|{_KEEPS}|{_SAYS}|make|create)\b)",
    re.IGNORECASE,
)
_READ = re.compile(rf"^\W*{_POLITE}(?:{_READS})\s+(?P<rest>.*{_U}.*)$", re.IGNORECASE | re.DOTALL)
_SUM = re.compile(rf"^\W*{_POLITE}(?:{_SUMS})\s+(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_ONLY = re.compile(rf"^\W*{_POLITE}(?P<rest>{_U}(?:\W+(?:and\W+)?{_U})*)\W*$", re.IGNORECASE)
_INTO = (
    r"(?:as|to|in|into|under|inside|on)\s+(?:an?\s+|the\s+|my\s+)?(?:new\s+)?(?:text |markdown |csv )?(?:file|note|document)?\s*"
    r"(?:called|named|titled|with the name)?\s*"
)
_CALLED = r"(?:called|named|titled)\s+(?P<called>[\w-]{1,60})"
_END = r"(?:\s+(?:please|for me|in my (?:folder|files)|on my (?:computer|machine|disk)))*\W*$"
_SAVE = re.compile(rf"^\W*{_POLITE}(?:{_SAVES})\s+(?P<what>.+?)\s+{_INTO}(?P<name>{_F}){_END}", re.IGNORECASE | re.DOTALL)
_SAVE_FIRST = re.compile(rf"^\W*{_POLITE}(?:{_SAVES})\s+{_INTO}(?P<name>{_F})\s*[:,-]?\s+(?P<what>.+)$", re.IGNORECASE | re.DOTALL)
_SAVE_CALLED = re.compile(
    rf"^\W*{_POLITE}(?:{_SAVES})\s+(?P<what>.+?)\s+(?:to|in|into|as)\s+(?:an?|the)\s+(?:new\s+)?(?:text |markdown )?(?:file|note"
    rf"|document)\s+"
    rf"{_CALLED}{_END}",
    re.IGNORECASE | re.DOTALL,
)
_MAKE = re.compile(
    rf"^\W*{_POLITE}(?:make|create|write|start|begin)\s+(?:me\s+)?(?:an?|the)\s+(?:new\s+)?(?:text |markdown |csv )?(?:file|note"
    rf"|document)\s*"
    rf"(?:called|named|titled)?\s*(?P<name>{_F})\s*(?:with|containing|that says|saying|which says|holding|out of|from)\s*(?:the"
    rf" (?:words|text)|in it)?"
    r"\s*[:,]?\s*(?P<what>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_KEEP = re.compile(rf"^\W*{_POLITE}(?:{_KEEPS})\s+(?!that\s+(?!page|site|article))(?P<what>.+?){_END}", re.IGNORECASE | re.DOTALL)
_SAY_OF = re.compile(rf"^\W*{_POLITE}(?:{_SAYS})\b\s*(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_SEARCH = tuple(
    re.compile(rf"^\W*{form}[\s.,:;!?]*$", re.IGNORECASE)
    for form in (
        rf"{_POLITE}(?:{_SEARCHES})\s*(?:for|about|to (?:find|see|learn)(?: out)?|and (?:see|find out)|:)?\s+(?P<query>.+?)",
        rf"{_POLITE}(?:search(?: for)?|look up|look for|find(?: out)?|check)\s+(?P<query>.+?),?\s+(?:online|on the (?:web|internet|net))",
        r"what does the (?:web|internet|net) (?:say|know) about\s+(?P<query>.+?)",
    )
)
_NUMBERS = ("first", "second", "third", "fourth", "fifth")
_READ_RESULT = re.compile(
    rf"^\W*{_POLITE}(?:{_READS})\s+(?:the\s+)?(?P<which>top|best|{'|'.join(_NUMBERS)})(?:\s+(?:one|result|hit|page|link|site))?\W*$",
    re.IGNORECASE,
)

# A question of what stands on a page, as against one that only mentions it: "What does U say of ...?", "When do they open, according to U?"
_ASKS_PAGE = re.compile(
    rf"^\W*{_POLITE}(?:(?:what|when|where|who|which|how|why)\b.*(?:{_U}\s+(?:says?|mean|offers?|costs?|opens?|closes?|contains?|about)\b|"
    rf"\b(?:on|at|from|in|to|of|does|do|is|are|according to)\s+(?:the (?:page|site|article) (?:at |on )?)?{_U})|"
    rf"(?:according to|on|at)\s+(?:the (?:page|site|article) )?{_U}\W+(?:{_ASKING})\b|(?:is|are|does|do)\s+(?:the page |the site"
    rf" )?{_U}\s+\w+|(?:is|are|does|do)\s+there\b.*\b(?:on|at|in)\s+{_U}|{_U}\W+\w+).*\?\W*$",
    re.IGNORECASE | re.DOTALL,
)
_OF_US = re.compile(r"\b(?:i|we|you)\b(?!['’]d like| would like)", re.IGNORECASE)
_PRONOUN = r"it|that|this|them|those|these|both|all of (?:it|them|that)"
_ALL = re.compile(
    rf"^(?:a copy of\s+)?(?:{_PRONOUN}|everything|(?:the |this |that |its |their )?(?:whole |entire |full |complete )?"
    r"(?:page|text|article|site|content|contents|thing|words|result|output)s?(?: (?:of|from|on) (?:it|them|both|the page|the site"
    r"|there))?)$",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"^(?:an?|the|its|their|your)?\s*(?:short |brief |quick |little )?(?:summary|summaries|gist|overview|digest|key points|main"
    r" points|highlights)"
    r"(?:\s+of\b.*)?$",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"^(?:that|this|it|your (?:last )?(?:answer|reply|message)|what you (?:just )?said|the (?:last )?(?:answer|reply))$", re.IGNORECASE
)
_MINE = re.compile(r"\b(?:my|our|mine|ours)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"^(?:the|an?|some|all|every)\s", re.IGNORECASE)
_FILLER = re.compile(
    rf"^(?:{_PRONOUN}|page|site|website|article|link|the|this|that|one|and|both|at|from|on|in|of|to|for|with|about|there|out|off|me"
    rf"|please|,)$",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"(?:(?:^|\s+)(?:from|on|off|at|of|in|that (?:stands|is) on|(?:which|that) you find on|given on|listed on)\b)?"
    rf"(?:\s*\bthe (?:page|site|article)\b)?(?:\s*\b(?:at|on)\b)?\s*{_U}(?:\s*(?:,|and)\s*(?:from |on )?{_U})*",
    re.IGNORECASE,
)

_TYPES: tuple[tuple[Type, str], ...] = (
    (Type.EMAIL, r"\be-?mails?(?:[ -]address(?:es)?)?\b|\bmail address(?:es)?\b"),
    (Type.PHONE, r"\b(?:tele)?phone(?: numbers?)?\b|\bnumbers? to call\b|\bcontact numbers?\b|\bhotline\b"),
    (Type.IBAN, r"\biban\b|\bbank account\b|\baccount numbers?\b"),
    (Type.URL, r"\b(?:url|links?|web ?address(?:es)?|homepage)\b"),
    (Type.DATE, r"\b(?:dates?|deadlines?|due date|birthday|what day|which day)\b"),
    (Type.NUMBER, r"\b(?:number of|how many|population|percentage|count of)\b"),
    (Type.NAME, r"\b(?:names? of|who is|author|manager|director|owner)\b|\bnames?$"),
)
_PLURAL = re.compile(
    r"\b(?:all|every|each)\b|\b(?:numbers|e-?mails|addresses|links|dates|deadlines|names|accounts)\b(?! (?:is|was))", re.IGNORECASE
)


def planned(text: str) -> Plan | None:
    """The plan of a message whose form says unmistakably what is to be done; None for anything else."""
    said = text.strip()[:LONGEST]
    words, kept = marked(said)
    if not kept.addresses and not kept.names and not _SAVE_CALLED.match(words) and not any(form.match(words) for form in _SEARCH):
        return None
    draft = Draft(kept)
    if _ASKS_PAGE.match(words) and kept.addresses and not _OF_US.search(_URL.sub(" ", said)):
        draft.read(words)
        draft.then = _unmarked(words, kept)
        return draft.plan()
    for clause in _NEXT.split(words):
        if not draft.take(clause.strip()):
            return None
    return draft.plan()


def asks_to_act(text: str) -> bool:
    """Whether a message plausibly asks for something to be done with a page or a file: an address or a file's name, and a verb of doing
    where an order stands. Cheap; only what passes costs a look by the model."""
    words, kept = marked(text.strip()[:LONGEST])
    if not (kept.addresses or kept.names or re.search(r"\b(?:a|an|the|new|text|markdown) (?:file|document)\b", words, re.IGNORECASE)):
        return False
    if _TOLD.match(words) and not _WISHED.search(words):
        return False
    return bool((_ORDER_OF_PAGE if kept.addresses else _ORDER_OF_FILE).search(words) or _WISHED.search(words))


# "I saved it in notes.txt", "Remember that the site is U", "Did you read U?": told or asked, not ordered.
_TOLD = re.compile(
    r"^\W*(?:(?:yes|no|well|so|oh|ah|hey|today|yesterday|last \w+)\W+)*(?:(?:i|we|he|she|they|my|our|the|it|there|this|that|someone"
    r"|\w+ (?:is|was|has))"
    r"\b|(?:remember|note|keep in mind|don['’]t forget) that\b|(?:did|do|does|have|has|had|is|are|was|were|who|why|what|when|where"
    r"|which|how)\b)",
    re.IGNORECASE,
)
# "I'd love to have it kept in ...", "The list should go into ...", "U has the number, please keep it".
_WISHED = re.compile(
    r"\bplease\b|\b(?:i|we)(?:['’]d| would)\b(?! (?:never|have))|\bwould (?:love|like|help|be (?:nice|great|good|lovely))\b"
    r"|\b(?:should|must|needs? to|has to) (?:go|be|end)\b"
    r"|\b(?:i|we) (?:need|want)\b.*\b(?:in|from|on|as|into)\b",
    re.IGNORECASE,
)
_ORDERS = r"(?:^\W*|[.!?;:,]\s+|\b(?:and|then|please|also|to|you|just|me)\s+)(?:please\s+|also\s+|just\s+|kindly\s+|mind\s+|quickly\s+)*"
_ORDER_OF_PAGE = re.compile(
    rf"{_ORDERS}(?:{_READS}|{_SUMS}|{_SAVES}|{_KEEPS}|go|note|see|download|scan|study|reading|opening|checking|saving|looking"
    rf"|fetching|have|pop"
    r"|turn|make|create|give|bring|want|like|need|know)\b",
    re.IGNORECASE,
)
_ORDER_OF_FILE = re.compile(
    rf"{_ORDERS}(?:{_SAVES}|make|create|note|turn|saving|writing|putting|drop|stick|set up|start|prepare|draw up|produce)\b", re.IGNORECASE
)


# A plan while it is put together


@dataclass(frozen=True, slots=True)
class Kept:
    """What was taken out of a request before its words are read: addresses, names of files and quoted texts, in their order."""

    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # of files
    quotes: tuple[str, ...] = ()


@dataclass
class Draft:
    kept: Kept
    steps: list[Step] = field(default_factory=list)
    then: str = ""
    named: str = ""  # what a clause named for the next one to take: "get the opening hours from U and save them as ..."
    sums: bool = False

    def take(self, clause: str) -> bool:
        """Adds what a clause asks for. False: it is none of the forms."""
        if (made := _SAVE.match(clause) or _SAVE_FIRST.match(clause) or _MAKE.match(clause)) is not None:
            name = bare(_unmarked(made["name"], self.kept))
            return is_name(name) and self.save(made["what"], name)
        if (made := _SAVE_CALLED.match(clause)) is not None:
            return self.save(made["what"], made["called"])
        if (summed := _SUM.match(clause)) is not None and (self.steps or _MARK.search(summed["rest"])):
            self.read(summed["rest"])
            self.sums = True
            return True
        if (asked := next(filter(None, (form.match(clause) for form in _SEARCH)), None)) is not None:
            return self.search(_unmarked(asked["query"], self.kept))
        if (picked := _READ_RESULT.match(clause)) is not None and self._searches():
            which = picked["which"].lower()
            number = _NUMBERS.index(which) + 1 if which in _NUMBERS else 1
            self.steps.append(Step(page.NAME, {"url": Slot(Form.RESULT, str(number), Type.URL, self._searches()[-1:])}))
            return True
        if (read := _READ.match(clause) or _ONLY.match(clause)) is not None:
            self.read(read["rest"])
            left = _WHERE.sub(" ", read["rest"]).strip(" ,.:;!")
            self.named = "" if is_filler(left) else left
            return True
        if (kept := _KEEP.match(clause)) is not None and not re.search(_F, clause):
            return self.keep(kept["what"])
        if self._reads() and ((told := _SAY_OF.match(clause)) is not None or re.match(rf"(?:{_ASKING})\b", clause, re.IGNORECASE)):
            self.then = _unmarked(told["rest"] if told is not None else clause, self.kept).strip(" .,:;")
            return True
        return False

    def read(self, words: str) -> None:
        """A step for every address in ``words`` that has none yet."""
        known = {step.arguments["url"] for step in self.steps if step.tool == page.NAME}
        for url in [self.kept.addresses[int(number)] for kind, number in _MARK.findall(words) if kind == "u"]:
            if Literal(url) not in known:
                self.steps.append(Step(page.NAME, {"url": Literal(url)}))
                known.add(Literal(url))

    def search(self, words: str) -> bool:
        """A step for a search; a question among its words is answered from what is found."""
        query = bare(words.strip(" ,.:;!?"))
        if not query:
            return False
        self.steps.append(Step(search.NAME, {"query": Literal(query)}))
        if re.match(rf"(?:{_ASKING})\b", query, re.IGNORECASE):
            self.then = query
        return True

    def save(self, what: str, name: str) -> bool:
        self.read(what)
        self.steps.append(Step(save.NAME, {"name": Literal(name), "text": self._filling(what)}))
        self.named, self.sums = "", False
        return True

    def keep(self, what: str) -> bool:
        self.read(what)
        if not self._reads():
            return False
        self.steps.append(Step(keep.NAME, {"text": self._filling(what)}))
        self.named, self.sums = "", False
        return True

    def plan(self) -> Plan | None:
        """None where nothing is left to do, or too much."""
        if self.sums and self._reads():
            self.steps.append(Step(SAY, {"text": Slot(Form.SUMMARY, of=self._reads())}))
        then = self.then or self.named
        then = then if len(re.findall(r"\w{2,}", _MARK.sub(" ", then))) >= 2 or then.endswith("?") else ""
        if not self.steps or len(self.steps) > MOST_STEPS:
            return None
        return Plan(tuple(self.steps), _unmarked(then, self.kept))

    def _reads(self) -> tuple[int, ...]:
        return tuple(number for number, step in enumerate(self.steps) if step.tool in (page.NAME, search.NAME))

    def _searches(self) -> tuple[int, ...]:
        return tuple(number for number, step in enumerate(self.steps) if step.tool == search.NAME)

    def _filling(self, what: str) -> Literal | Slot:
        """What is to be put into a file or a note: the very words, or a slot."""
        reads = self._reads()
        thing = _WHERE.sub(" ", what).strip(" ,.:;!")
        thing = re.sub(r"\s+(?:from|on|off|at|of) (?:it|there|the page|the site|that page|both|them)$", "", thing, flags=re.IGNORECASE)
        plain = _unmarked(thing, self.kept)
        if (quote := re.fullmatch(r"‹q(\d+)›", what.strip(" .,:"))) is not None:
            return Literal(bare(_unmarked(self.kept.quotes[int(quote[1])], self.kept)))
        if not reads:
            if _THAT.match(plain):
                return Slot(Form.REPLY)
            if _MINE.search(plain) or (_DEFINITE.match(plain) and ":" not in plain and "," not in plain):
                return Slot(Form.ANSWER, plain)
            return Literal(plain)
        if self.sums or _SUMMARY.match(thing) or re.search(r"\b(?:boiled down|in short|summari[sz]ed)\b", thing, re.IGNORECASE):
            return Slot(Form.SUMMARY, of=reads)
        if not thing or _ALL.match(thing):
            if not self.named:
                return Slot(Form.WHOLE, of=reads)
            plain = _unmarked(self.named, self.kept)
        return Slot(Form.VALUE, plain, type_of(plain), reads, bool(_PLURAL.search(plain)))


def type_of(what: str) -> Type:
    """The type of value that words ask for: "the phone number" is a phone number; text where none is plain."""
    return next((kind for kind, words in _TYPES if re.search(words, what, re.IGNORECASE)), Type.TEXT)


def marked(text: str) -> tuple[str, Kept]:
    """The text with a mark for each address (u), file name (f) and quoted text (q), and what they stand for."""
    addresses: list[str] = []
    names: list[str] = []
    quotes: list[str] = []

    def mark(letter: str, found: list[str]) -> Callable[[re.Match[str]], str]:
        def put(match: re.Match[str]) -> str:
            found.append(match[0])
            return f"‹{letter}{len(found) - 1}›"

        return put

    text = " ".join(re.sub(r"[‹›]", " ", text).split())  # single blanks: the patterns' time grows with the square of a run of them
    text = _URL.sub(mark("u", addresses), text)
    text = _QUOTED.sub(mark("q", quotes), text)
    text = _DOMAIN.sub(mark("u", addresses), text)
    text = FILE.sub(mark("f", names), text)
    return text, Kept(tuple(addresses), tuple(names), tuple(quotes))


def _unmarked(text: str, kept: Kept) -> str:
    """The text as it was written."""
    of = {"u": kept.addresses, "f": kept.names, "q": kept.quotes}
    for _ in range(2):  # an address may stand in a quoted text
        text = _MARK.sub(lambda match: of[match[1]][int(match[2])], text)
    return " ".join(text.split())


def marked_as(words: str, kept: Kept) -> str:
    """``words`` of the request with the marks that stand for what they hold."""
    for letter, found in (("u", kept.addresses), ("q", kept.quotes), ("f", kept.names)):
        for number, text in enumerate(found):
            words = words.replace(text, f"‹{letter}{number}›")
    return words


def stands_in(words: str, request: str) -> bool:
    """Whether these very words stand in the request, whatever their case and the blanks between them."""
    return contains_words(request, words)


def is_name(name: str) -> bool:
    """Whether it can be a file's name: short, on one line, no path."""
    return 0 < len(name) <= 80 and not re.search(r"[\\/\n]", name)


def is_filler(words: str) -> bool:
    """Whether nothing is named besides addresses: "this page and that one"."""
    return all(_FILLER.match(word) for word in re.findall(r"[\w'’]+|,", _MARK.sub(" ", words)))


def bare(quote: str) -> str:
    """A quoted text without its quotation marks."""
    return quote.strip("\"'“”‘’")
