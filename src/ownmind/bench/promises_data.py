"""Messages with the promises they make, labelled by hand before a rule was written; half of them make none, and most of those look as if
they did.

All were said on Wednesday 11 March 2026 at 9:30. ``way``: who writes to whom ("you" is the person; "note": to the companion or to
nobody). ``asked``: what the other one had written right before. A due time is a day, or a day with a clock time where the words name one.
Every second pair of messages is ``held``: written with the others, and only its totals were looked at while the rules were made. ``wide``
was written after the rules, in other turns of phrase; its first figures are in dev/LOG.md, and then its errors were looked at too.
"""

# one message a line reads best

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

SAID_AT = datetime(2026, 3, 11, 9, 30, tzinfo=timezone(timedelta(hours=1)))


@dataclass(frozen=True, slots=True)
class P:
    """A promise: what of, until when, and by whom to whom where it is not the writer to the reader. ``quote``: words of the sentence it
    stands in, where the message has more than one."""

    what: str
    due: str = ""
    quote: str = ""
    by: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message and the promises it makes."""

    text: str
    by: str
    to: str
    asked: str
    addressed: bool
    promises: tuple[P, ...]


_Row = tuple[str | P, ...]


def messages(part: str = "") -> list[Labelled]:
    """Those of one part ("dev", "held" or "wide"), or all."""
    rows, wide = [*_rows([*_MAKE, *_ACCEPT, *_REPORT, *_MAKE_NONE])], [*_rows(_WIDE)]
    if part in ("", "wide"):
        return wide if part else [*rows, *wide]
    return [row for place, row in enumerate(rows) if (place // 2 % 2 == 0) == (part == "dev")]


def _rows(told: Sequence[_Row]) -> Iterator[Labelled]:
    for way, asked, text, *promises in told:
        by, _, to = str(way).partition(">")
        note = by == "note"
        yield Labelled(
            str(text), "you" if note else by, "" if note else to, str(asked), not note, tuple(p for p in promises if isinstance(p, P))
        )


_MAKE: list[_Row] = [
    # Chats
    ("you>Tom", "", "I'll send you the photos by Friday.", P("send photos", "2026-03-13")),
    ("Tom>you", "", "I will bring the drill on Saturday", P("bring drill", "2026-03-14")),
    ("you>Ana", "", "Don't worry, I'll call you tonight", P("call", "2026-03-11")),
    ("Ana>you", "", "ok cool. ill drop the keys off tomorrow morning", P("drop keys off", "2026-03-12", "ill drop the keys off")),
    ("you>Ben", "", "will send it tmrw", P("send it", "2026-03-12")),
    ("Ben>you", "", "gonna transfer you the 40 quid today", P("transfer 40 quid", "2026-03-11")),
    ("you>Marta", "", "I promise to be on time this time", P("be on time")),
    ("Marta>you", "", "I'll let you know as soon as I hear from the landlord", P("let know hear from landlord")),
    ("you>Lea", "", "Got it! I'll book the table for four.", P("book table for four", "", "book the table")),
    ("Lea>you", "", "We'll pick you up at the station on Sunday.", P("pick up station", "2026-03-15")),
    ("you>Sam", "", "No prob, I'm bringing the cake on Saturday.", P("bringing cake", "2026-03-14")),
    ("Sam>you", "", "I'll get back to you next week about the flat", P("get back about flat", "2026-03-22")),
    ("you>Priya", "", "I'll pay you back at the end of the month", P("pay back", "2026-03-31")),
    ("Priya>you", "", "i will def come to ur party on the 21st", P("come to party", "2026-03-21")),
    ("you>Nils", "", "I'll have a look at your CV this evening and send comments.", P("have look at CV send comments", "2026-03-11")),
    ("Nils>you", "", "You'll have my answer by Monday", P("have answer", "2026-03-16")),
    ("you>Olga", "", "Yes!! I'll be there at 7pm tomorrow", P("be there", "2026-03-12T19:00")),
    ("Olga>you", "", "I'm going to fix your bike this weekend, promise", P("fix bike", "2026-03-15")),
    ("you>Mum", "", "I'll ring you on Sunday Mum x", P("ring", "2026-03-15")),
    ("Dad>you", "", "I shall post the parcel first thing tomorrow.", P("post parcel", "2026-03-12")),
    ("you>Kim", "", "okay I'll ask Jonas about the tickets and tell you tonight", P("ask Jonas about tickets tell", "2026-03-11")),
    ("Kim>you", "", "dw I won't tell anyone, I promise", P("won't tell anyone")),
    ("you>Rosa", "", "I've got it. I'll return the book next Tuesday.", P("return book", "2026-03-17", "I'll return the book")),
    ("Rosa>you", "", "Will bring salad and bread!", P("bring salad bread")),
    ("you>Hugo", "", "Ill feed the cat while youre away", P("feed cat")),
    ("Hugo>you", "", "I'll water your plants on Thursday and Saturday", P("water plants", "2026-03-12")),
    ("you>Elif", "", "Leave it with me, I'll find out who has the key.", P("find out who has key")),
    ("Elif>you", "", "Let me check with my boss and I'll come back to you by noon tomorrow.", P("come back", "2026-03-12T12:00")),
    ("you>Jonas", "", "I'll definitely return your ladder before Sunday", P("return ladder", "2026-03-14")),
    ("Jonas>you", "", "Listen, I'll help you move on the 28th of March.", P("help move", "2026-03-28")),
    ("you>Clara", "", "we will host you both in May, that's a promise", P("host both", "2026-05-31")),
    ("Clara>you", "", "I'll text u when I land", P("text when land")),
    ("you>Pavel", "", "I'll forward the link in a minute", P("forward link")),
    ("Pavel>you", "", "I'll take care of the invoice today.", P("take care of invoice", "2026-03-11")),
    ("you>Tara", "", "Sorry I missed your call, I'll call back after lunch", P("call back")),
    ("Tara>you", "", "I'll lend you my tent for the trip", P("lend tent for trip")),
    ("you>Liam", "", "happy birthday mate! I'll buy you a pint on Friday", P("buy pint", "2026-03-13", "I'll buy you a pint")),
    ("Liam>you", "", "I'll make sure the boiler gets fixed this week", P("make sure boiler gets fixed", "2026-03-15")),
    ("you>Zoe", "", "I'll write the reference for you, no worries.", P("write reference")),
    ("Zoe>you", "", "I'll drive you to the airport on Monday at 5am", P("drive airport", "2026-03-16T05:00")),
    # Mails
    (
        "you>Claire Dubois",
        "",
        "Dear Claire,\n\nThank you for your message. I will send you the revised contract by 20 March.\n\nBest regards",
        P("send revised contract", "2026-03-20", "I will send you the revised contract"),
    ),
    (
        "Claire Dubois>you",
        "",
        "Hello,\n\nWe will deliver the report on Tuesday. The figures look good so far.\n\nKind regards,\nClaire",
        P("deliver report", "2026-03-17", "We will deliver the report"),
    ),
    (
        "you>Dr. Weber",
        "",
        "Dear Dr. Weber,\nI will bring the test results to the appointment next Wednesday.\nMany thanks",
        P("bring test results appointment", "2026-03-18", "I will bring the test results"),
    ),
    (
        "Martin Hale>you",
        "",
        "Hi,\n\nApologies for the delay. I'll have the slides with you by end of day tomorrow.\n\nM.",
        P("have slides", "2026-03-12", "I'll have the slides"),
    ),
    (
        "you>Martin Hale",
        "",
        "Hi Martin,\n\nI'll review the draft this week and come back to you with comments.\n\nThanks",
        P("review draft come back comments", "2026-03-15", "I'll review the draft"),
    ),
    (
        "Ingrid Solberg>you",
        "",
        "Thanks for the call earlier. I am sending you the figures this afternoon.\n\nIngrid",
        P("sending figures", "2026-03-11", "I am sending you the figures"),
    ),
    (
        "you>Ingrid Solberg",
        "",
        "Dear Ingrid, I confirm that I will attend the meeting on 24 March. Yours sincerely",
        P("attend meeting", "2026-03-24", "I will attend the meeting"),
    ),
    (
        "Ravi Patel>you",
        "",
        "Please find the invoice attached. I shall call you on Friday to discuss the rest.",
        P("call discuss rest", "2026-03-13", "I shall call you"),
    ),
    ("you>Ravi Patel", "", "We'll settle the invoice within two weeks.", P("settle invoice", "2026-03-25")),
    (
        "Helen Moss>you",
        "",
        "I've spoken to the team. We will get back to you early next week with a date.",
        P("get back with date", "", "We will get back to you"),
    ),
    ("you>Helen Moss", "", "Helen, quick note: I'll keep you posted on the permit.", P("keep posted on permit")),
    (
        "Tomasz Nowak>you",
        "",
        "You will receive the keys from me on 1 April. Until then the agency has them.",
        P("receive keys", "2026-04-01", "You will receive the keys"),
    ),
    (
        "you>Tomasz Nowak",
        "",
        "Good morning Tomasz,\n\nyou'll have the signed lease tomorrow. Anything else you need?",
        P("have signed lease", "2026-03-12", "you'll have the signed lease"),
    ),
    ("Aisha Khan>you", "", "I'll look into the refund and update you by Thursday 19 March.", P("look into refund update", "2026-03-19")),
    (
        "you>Aisha Khan",
        "",
        "Hi Aisha, sorry, swamped. Will reply properly at the weekend.",
        P("reply properly", "2026-03-15", "Will reply properly"),
    ),
    (
        "Greta Lind>you",
        "",
        "I give you my word that I'll have the translation finished by the end of April.",
        P("have translation finished", "2026-04-30"),
    ),
    ("you>Greta Lind", "", "I commit to sending you two chapters a month.", P("sending two chapters")),
    (
        "Owen Price>you",
        "",
        "Our plumber is booked. I'll let him in on Thursday and send you a picture afterwards.",
        P("let him in send picture", "2026-03-12", "I'll let him in"),
    ),
    ("you>Owen Price", "", "I'll organize the pick-up on my end and cc you.", P("organize pick-up cc")),
    (
        "Sofia Rossi>you",
        "",
        "Understood. I will not share the draft with anyone before you approve it.",
        P("not share draft", "", "I will not share the draft"),
    ),
    ("you>Sofia Rossi", "", "I'll introduce you to Karen from the gallery next month.", P("introduce Karen gallery", "2026-04-30")),
    (
        "Wei Zhang>you",
        "",
        "Dear all,\nI'll circulate the minutes by tomorrow evening.\nWei",
        P("circulate minutes", "2026-03-12", "I'll circulate the minutes"),
    ),
    ("you>Wei Zhang", "", "Thanks Wei. I will proofread them on Friday morning.", P("proofread them", "2026-03-13", "I will proofread")),
    ("Noor>you", "", "I'm gonna send you the recipe later today!", P("send recipe", "2026-03-11")),
    ("you>Noor", "", "I'll definitley come visit you in the summer", P("come visit", "2026-08-31")),
    (
        "Felix>you",
        "",
        "If you don't see the mail check spam. I'll resend it tonight anyway.",
        P("resend it", "2026-03-11", "I'll resend it"),
    ),
    (
        "you>Felix",
        "",
        "Sorry about yesterday. I'll make it up to you with dinner on Saturday.",
        P("make it up dinner", "2026-03-14", "I'll make it up"),
    ),
    ("Mia>you", "", "When I'm back from work I'll send you the address", P("send address")),
    ("you>Mia", "", "After the meeting I'll ask him and let you know", P("ask him let know")),
    ("Paul>you", "", "cheers. I'll sort the tickets, you do the hotel", P("sort tickets", "", "I'll sort the tickets")),
    ("you>Paul", "", "deal. i'll do the hotel then", P("do hotel", "", "i'll do the hotel")),
    ("Vera>you", "", "Swear I'll give back your jacket on Friday 😅", P("give back jacket", "2026-03-13")),
    ("you>Vera", "", "It's on me, I'll get the tickets for Saturday's concert.", P("get tickets concert")),
    # To the companion: who is promised something is named
    ("note>", "", "I'll send Tom the photos tomorrow", P("send Tom photos", "2026-03-12", to="Tom")),
    ("note>", "", "I promised Ana I'd water her plants this weekend.", P("water her plants", "2026-03-15", to="Ana")),
    ("note>", "", "I told Ben I would help him paint the kitchen on Saturday", P("help him paint kitchen", "2026-03-14", to="Ben")),
    (
        "note>",
        "",
        "Had coffee with Marta. I said I'd lend her my camera for the wedding.",
        P("lend her camera wedding", "", "I said I'd lend her", to="Marta"),
    ),
    ("note>", "", "I've promised my sister to babysit on Friday evening", P("babysit", "2026-03-13", to="your sister")),
    ("note>", "", "promised mum I'd fix her printer next week", P("fix her printer", "2026-03-22", to="your mum")),
    ("note>", "", "I gave Jonas my word that I'd be at his exam on 2 April", P("be at his exam", "2026-04-02", to="Jonas")),
    ("note>", "", "I assured Claire that I would finish the slides by Monday.", P("finish slides", "2026-03-16", to="Claire")),
    ("note>", "", "I have to remember: I promised Leo a trip to the zoo on Sunday", P("trip to zoo", "2026-03-15", to="Leo")),
    (
        "note>",
        "",
        "I agreed with Priya to review her grant application by the 20th.",
        P("review her grant application", "2026-03-20", to="Priya"),
    ),
    ("note>", "", "I'm going to call Dad tonight about the boiler", P("call Dad boiler", "2026-03-11", to="your dad")),
    ("note>", "", "Today I told my boss I'd hand in the budget on Thursday.", P("hand in budget", "2026-03-12", to="your boss")),
]

_ACCEPT: list[_Row] = [
    ("you>Tom", "Can you send me the photos from Sunday?", "Sure, tomorrow", P("send photos", "2026-03-12")),
    ("Tom>you", "Could you bring the projector to the meeting?", "Yes, will do", P("bring projector to meeting")),
    (
        "you>Ana",
        "Would you mind picking up Leo from school on Friday?",
        "Of course not, happy to",
        P("picking up Leo from school", "2026-03-13"),
    ),
    ("Ana>you", "can u lend me your tent for the weekend", "sure thing!", P("lend tent for weekend", "2026-03-15")),
    ("you>Ben", "Will you call the landlord today?", "Yep, on it", P("call landlord", "2026-03-11")),
    ("Ben>you", "Please send me the invoice by Friday.", "Will do.", P("send invoice", "2026-03-13")),
    (
        "you>Martin Hale",
        "Hi, could you please review the attached draft? It's only four pages. Thanks, Martin",
        "Hi Martin, yes, by Monday.",
        P("review attached draft", "2026-03-16", "by Monday"),
    ),
    (
        "Martin Hale>you",
        "Hi Martin, can you let me know the final price?",
        "Absolutely. I'll mail it this afternoon.",
        P("mail it final price", "2026-03-11", "I'll mail it"),
    ),
    ("you>Mum", "Can you come for lunch on Sunday?", "Yes of course!", P("come for lunch", "2026-03-15")),
    ("Mum>you", "Could you ask Dad about the car?", "ok", P("ask Dad about car")),
    ("you>Kim", "don't forget to bring the charger tomorrow", "ok I won't forget", P("bring charger", "2026-03-12")),
    ("Kim>you", "Can you feed the cat tonight?", "no problem", P("feed cat", "2026-03-11")),
    (
        "you>Rosa",
        "Do you think you could write me a reference?",
        "Gladly, you'll have it next week.",
        P("write reference have it", "2026-03-22"),
    ),
    ("Rosa>you", "Can you give me Nils's number?", "Sure, one sec, will text it to you", P("text it number", "", "will text it")),
    ("you>Liam", "Could one of you book the court for Thursday?", "I'll do it", P("book court", "2026-03-12")),
    ("Liam>you", "Any chance you can drop me at the station on Saturday?", "Yeah I can do that", P("drop at station", "2026-03-14")),
    ("you>Zoe", "Would you return my book?", "Yes, I'll bring it on Thursday", P("bring it book", "2026-03-12")),
    ("Zoe>you", "Can you confirm the date with the caterer?", "Consider it done", P("confirm date with caterer")),
    (
        "you>Dr. Weber",
        "Please send us your insurance number before your appointment on 18 March.",
        "Of course, I will.",
        P("send insurance number", "2026-03-17"),
    ),
    (
        "Owen Price>you",
        "Could you let the plumber in on Monday?",
        "Yes, that works. Monday it is.",
        P("let plumber in", "2026-03-16", "that works"),
    ),
]

_REPORT: list[_Row] = [
    ("note>", "", "Tom said he'd send me the contract on Monday.", P("send contract", "2026-03-16", by="Tom", to="you")),
    ("note>", "", "Ana promised to bring back my drill next week", P("bring back drill", "2026-03-22", by="Ana", to="you")),
    ("note>", "", "The landlord told me he will fix the window by Friday.", P("fix window", "2026-03-13", by="the landlord", to="you")),
    (
        "note>",
        "",
        "Ben promised me he'd pay back the 200 euros by the end of March",
        P("pay back 200 euros", "2026-03-31", by="Ben", to="you"),
    ),
    (
        "note>",
        "",
        "My sister says she'll pick me up at the airport on Saturday",
        P("pick up airport", "2026-03-14", by="your sister", to="you"),
    ),
    (
        "note>",
        "",
        "Talked to Claire today. She promised she would call me back tomorrow.",
        P("call back", "2026-03-12", "She promised", by="Claire", to="you"),
    ),
    (
        "note>",
        "",
        "my boss promised me an answer about the raise by Thursday",
        P("answer about raise", "2026-03-12", by="your boss", to="you"),
    ),
    ("note>", "", "Marta agreed to look after the dog while we're away", P("look after dog", by="Marta", to="you")),
    ("you>Ana", "", "Tom told me he'd drive us on Sunday, so no need for the train", P("drive us", "2026-03-15", by="Tom", to="you")),
    ("note>", "", "Dr. Weber said she would send me the results this week", P("send results", "2026-03-15", by="Dr. Weber", to="you")),
]

_MAKE_NONE: list[_Row] = [
    # Conditions
    ("you>Tom", "", "If I have time I'll drop by on Friday."),
    ("Tom>you", "", "I'll call you if anything comes up"),
    ("you>Ana", "", "I'll come unless it rains"),
    ("Ana>you", "", "if the trains are running i'll be there by 8"),
    ("you>Ben", "", "Provided the boss agrees, I'll take Friday off and help you."),
    ("Ben>you", "", "Let me know if you need anything and I'll come over"),
    ("you>Lea", "", "I'd send it to you if I knew where it was"),
    ("Lea>you", "", "In case you get lost I'll have my phone on"),
    ("you>Sam", "", "Depending on the weather I'll bring the boat."),
    ("Sam>you", "", "Should you need a bed, I'll make one up for you."),
    # Hedges
    ("you>Marta", "", "Maybe I'll come on Saturday"),
    ("Marta>you", "", "I'll probably call you tomorrow, not sure yet"),
    ("you>Nils", "", "I'll try to send it today but no promises"),
    ("Nils>you", "", "I might bring some wine"),
    ("you>Priya", "", "I hope to finish the draft by Friday"),
    ("Priya>you", "", "I'll see what I can do."),
    ("you>Olga", "", "I guess I'll be there, we'll see"),
    ("Olga>you", "", "Perhaps I'll write you a letter one day"),
    ("you>Jonas", "", "I can't promise I'll make it"),
    ("Jonas>you", "", "I don't know whether I'll be able to help you on Sunday"),
    ("you>Clara", "", "I think I'll visit you in May, but let's wait"),
    ("Clara>you", "", "I should be able to send it next week"),
    # Offers and questions
    ("you>Kim", "", "Shall I bring a cake?"),
    ("Kim>you", "", "I could pick you up at 6"),
    ("you>Rosa", "", "Do you want me to call the doctor for you?"),
    ("Rosa>you", "", "I can lend you mine, just say so"),
    ("you>Hugo", "", "Should I send you the file again?"),
    ("Hugo>you", "", "Would it help when I call them tomorrow?"),
    ("you>Elif", "", "Want me to book it?"),
    ("Elif>you", "", "Will you send me the slides by Friday?"),
    ("you>Pavel", "", "You will send me the slides by Friday, right?"),
    ("Pavel>you", "", "When will I get my money back?"),
    ("you>Tara", "", "Can I call you tomorrow?"),
    ("Tara>you", "", "Happy to help whenever you need it"),
    ("you>Liam", "", "I'll bring the chairs, shall I?"),
    ("Liam>you", "", "Did you say you'll call Ana?"),
    # News of the future that promises nothing
    ("you>Zoe", "", "I'll be on holiday until the 20th"),
    ("Zoe>you", "", "I'll be late, sorry, traffic"),
    ("you>Mum", "", "I'll turn forty in May"),
    ("Mum>you", "", "I'll miss you so much"),
    ("you>Dad", "", "I will need the car on Friday"),
    ("Dad>you", "", "I'll have the soup, thanks"),
    ("you>Vera", "", "I'm going to the gym tonight"),
    ("Vera>you", "", "I'll be working from home tomorrow"),
    ("you>Paul", "", "We'll be away this weekend"),
    ("Paul>you", "", "The train will get in at 9 tomorrow"),
    ("you>Mia", "", "They'll deliver the sofa on Tuesday"),
    ("Mia>you", "", "You'll love the new place, it's huge"),
    ("you>Felix", "", "I'll take the blue one please"),
    ("Felix>you", "", "I'll never understand that film"),
    ("you>Noor", "", "It'll be fine, you will see"),
    ("Noor>you", "", "I'm flying to Oslo on Monday"),
    (
        "you>Greta Lind",
        "",
        "Dear Greta, I will be out of office from 16 to 20 March with limited access to mail. For urgent matters contact reception.",
    ),
    ("Greta Lind>you", "", "I won't be able to make it on Friday, I'm afraid"),
    ("you>Owen Price", "", "I will probably be in a meeting until noon"),
    ("Owen Price>you", "", "The shop will send you a confirmation with the order number"),
    ("you>Wei Zhang", "", "See you tomorrow!"),
    ("Wei Zhang>you", "", "Looking forward to hearing from you on Friday"),
    ("you>Aisha Khan", "", "The plumber will call you tomorrow"),
    ("Aisha Khan>you", "", "I'm sure you'll get the job"),
    ("note>", "", "Tomorrow I'll go for a run before work"),
    ("note>", "", "I'll have to think about the offer"),
    ("note>", "", "I want to be a better friend to Tom"),
    ("note>", "", "I need to call Ana about the keys"),
    ("note>", "", "I really should write to Ben this week"),
    ("note>", "", "Remind me to send Tom the photos on Friday"),
    ("note>", "", "I'm going to save 200 a month from April on"),
    ("note>", "", "I will be 40 in June and Tom will be 41"),
    ("note>", "", "Tom's train gets in at 9 on Saturday"),
    ("note>", "", "I'm seeing Marta on Saturday for lunch"),
    ("note>", "", "Can you remind me what I promised Ana?"),
    ("note>", "", "What did Tom say he'd bring?"),
    # Done, or over
    ("you>Ingrid Solberg", "", "I sent you the contract this morning"),
    ("Ingrid Solberg>you", "", "As promised, here are the figures."),
    ("you>Ravi Patel", "", "I said I'd call and I did, you didn't pick up"),
    ("Ravi Patel>you", "", "I've already transferred the money"),
    ("you>Helen Moss", "", "I was going to send it yesterday but the printer died"),
    ("Helen Moss>you", "", "I would have called, but my battery was flat"),
    ("note>", "", "I promised Tom the photos and sent them yesterday"),
    ("note>", "", "Ana promised to come last summer and never did"),
    ("note>", "", "Ben kept his promise and paid me back"),
    ("note>", "", "I called Dad back as I'd promised"),
    ("note>", "", "Tom told me he would call his mother"),
    ("note>", "", "Claire said she'd be in Paris next week"),
    ("note>", "", "The weather app says it will rain on Friday"),
    ("note>", "", "The advert promised that we would lose ten kilos by summer"),
    # Jokes, sayings, stories, other people's words
    ("you>Tom", "", "I'll eat my hat before that team wins"),
    ("Tom>you", "", "I'll buy you a yacht when I win the lottery 😂"),
    ("you>Ana", "", "I'll kill you lol"),
    ("Ana>you", "", "I'll believe it when I see it"),
    ("you>Ben", "", "I'll be honest with you, I didn't like it"),
    ("Ben>you", "", "I'll bet you were tired after that"),
    ("you>Lea", "", 'He always says "I\'ll call you tomorrow" and never does'),
    ("Lea>you", "", "In the film the robot says I'll be back"),
    ("you>Sam", "", "I'll tell you what, that was the best pizza ever"),
    ("Sam>you", "", "I will always love that song"),
    ("you>Kim", "", "and I will always be your friend, you know that"),
    ("Kim>you", "", "she was like I'll show you and then fell off the bike"),
    ("you>Rosa", "", "I'll say! What a night"),
    ("Rosa>you", "", "I'll admit I was wrong"),
    # Refusals and requests that nobody took on
    ("you>Tom", "Can you send me the photos?", "Sorry, I don't have them any more"),
    ("Tom>you", "Could you help me move on Saturday?", "I'd love to but I'm away"),
    ("you>Ana", "Can you pick up Leo on Friday?", "Not sure yet, I'll have to look at my calendar"),
    ("Ana>you", "Can you lend me your bike?", "Which day?"),
    ("you>Ben", "Can you call the landlord?", "No, you do it"),
    ("Ben>you", "Did you like the film?", "Yes, sure"),
    ("you>Lea", "Is the shop open on Sunday?", "Yes it is"),
    ("Lea>you", "Are you coming from work?", "Yes, on the bus"),
    ("you>Sam", "Can you swim?", "Sure, since I was five"),
    ("Sam>you", "Could you bring the drill?", "Maybe, I'd have to ask Ben"),
    ("you>Kim", "Please call me back.", "Who is this?"),
    ("Kim>you", "Can you send it today?", "Why today?"),
    ("you>Rosa", "Would you like some tea?", "Yes please"),
    ("Rosa>you", "Do you know when Tom arrives?", "Tomorrow"),
    ("you>Zoe", "Can you believe it?", "Of course"),
    ("Zoe>you", "Could you write it for me?", "I wish I could"),
]

_WIDE: list[_Row] = [
    ("Dana>you", "", "I'll get those numbers over to you this afternoon.", P("get numbers over", "2026-03-11")),
    ("you>Dana", "", "Let me dig out the agreement. I'll fax a copy shortly.", P("fax copy", "", "I'll fax")),
    ("Dana>you", "", "We'll have a draft ready for your review by COB Thursday.", P("have draft ready review", "2026-03-12")),
    ("you>Dana", "", "I will follow up with legal and circle back tomorrow.", P("follow up legal circle back", "2026-03-12")),
    ("Dana>you", "", "Good idea. I'll set up a call for next week.", P("set up call", "2026-03-22", "I'll set up")),
    ("you>Mo", "", "I'll swing by your place later today with the charger", P("swing by place with charger", "2026-03-11")),
    ("Mo>you", "", "I'll put together a list of names and get it to you by Monday", P("put together list names get it", "2026-03-16")),
    ("you>Mo", "", "I'll leave the keys under the mat for you", P("leave keys under mat")),
    ("Mo>you", "", "You can count on me, I'll be there.", P("be there")),
    ("you>Jo", "", "I'll grab milk on the way home", P("grab milk way home")),
    ("Jo>you", "", "shall do! will pick up the kids at 3", P("pick up kids", "2026-03-11T15:00", "will pick up")),
    ("Acme>you", "", "Rest assured we will resolve this by Friday.", P("resolve this", "2026-03-13")),
    ("you>Jo", "", "I will be sending out the invites tomorrow", P("sending invites", "2026-03-12")),
    ("Jo>you", "", "I'll be calling you first thing Monday", P("calling", "2026-03-16")),
    ("Acme>you", "", "We are going to refund the full amount within 5 days.", P("refund full amount", "2026-03-16")),
    ("you>Kit", "", "done, I'll add you to the list tonight", P("add to list", "2026-03-11")),
    ("Kit>you", "", "I'll explain everything when I see you", P("explain everything see")),
    ("you>Kit", "", "Thanks for the chat. I'll be in touch next week.", P("be in touch", "2026-03-22", "I'll be in touch")),
    ("Kit>you", "", "will get that sorted for u x", P("get that sorted")),
    ("note>", "", "Told Sam we'd bring dessert on Sunday", P("bring dessert", "2026-03-15", to="Sam")),
    ("note>", "", "I promised the kids pizza tonight", P("pizza", "2026-03-11", to="the kids")),
    ("note>", "", "Grandma said she will knit me a scarf", P("knit me scarf", by="your grandma", to="you")),
    ("note>", "", "The bank promised to call me back by Tuesday", P("call back", "2026-03-17", by="the bank", to="you")),
    ("note>", "", "I've given my word to Elena that I will coach the team in April", P("coach team", "2026-04-30", to="Elena")),
    (
        "you>Ravi",
        "Could you have a look at my draft when you get a chance?",
        "sure thing, will look at it over the weekend",
        P("look at it draft", "2026-03-15"),
    ),
    ("Ravi>you", "Hey, please don't forget the tickets. And can you print them?", "yes boss", P("print them")),
    ("you>Ravi", "Any chance you could cover my shift on Friday?", "Ok, I'll cover it", P("cover it shift", "2026-03-13")),
    (
        "Ravi>you",
        "Would it be possible for you to move the meeting to Thursday?",
        "Of course, done by tonight",
        P("move meeting", "2026-03-11"),
    ),
    ("you>Lena", "", "I'll let you go now, talk later"),
    ("Lena>you", "", "I'll leave you to it then"),
    ("you>Lena", "", "I'll give you that, it's a pretty house"),
    ("Lena>you", "", "I'll take your word for it"),
    ("you>Lena", "", "I'll keep my fingers crossed for you"),
    ("Lena>you", "", "I'll be thinking of you tomorrow"),
    ("you>Lena", "", "I'll spare you the details"),
    ("Lena>you", "", "I'll give it a go"),
    ("you>Lena", "", "I'll go with the fish"),
    ("Lena>you", "", "I'll have a coffee please"),
    ("you>Lena", "", "I'll be turning 30 next week so come to my party"),
    ("Lena>you", "", "I'll meet my boss tomorrow about the raise"),
    ("you>Lena", "", "I'll write my exam on Friday"),
    ("Lena>you", "", "I'll do yoga tomorrow"),
    ("you>Lena", "", "I will finish my degree in June"),
    ("Lena>you", "", "I'll visit my parents at Easter"),
    ("you>Lena", "", "I'll finish work at 6 today"),
    ("Lena>you", "", "You'll get a parking ticket there"),
    ("you>Lena", "", "You'll have a great time in Rome"),
    ("Lena>you", "", "You'll hear the church bells all night"),
    ("you>Lena", "", "I'll come down with something if this goes on"),
    ("Lena>you", "", "I'll ask you again: who did it?"),
    ("you>Lena", "", "Tell him I'll send the police next time"),
    ("Lena>you", "", "They said they'll call you back on Friday"),
    ("note>", "", "I told my boss I'd had enough"),
    ("note>", "", "She said she'll think about it"),
    ("note>", "", "Tom said he'd be home by six"),
    ("note>", "", "My doctor told me to drink more water"),
    ("note>", "", "I told Ana to call me"),
    ("note>", "", "Ben promised his wife a new kitchen"),
    ("note>", "", "He promised that it would not rain"),
    ("note>", "", "I'll call it a day"),
    ("note>", "", "I will tell Grandma's story at the wedding"),
    ("note>", "", "I'm meeting Tom on Friday to give him his book back"),
    ("you>Ravi", "Can you tell me the way?", "Sure, left and then straight on"),
    ("Ravi>you", "Could you believe the price?", "ok wow"),
    ("you>Ravi", "Please find the minutes attached.", "Thanks, got it"),
]
