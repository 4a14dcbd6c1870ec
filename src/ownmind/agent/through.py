"""Messages that reach the companion through a program's key: nobody is there to be asked, and most are words from outside.

Without the scope ``own_words`` such words are talked about and never obeyed: nothing is remembered on their order, forgotten, planned or
done. With it they are the person's own, but a yes to what cannot be undone is theirs only where they are: on the page, in the terminal.
"""

from __future__ import annotations

from dataclasses import replace

from ..messages import Item, Label
from . import answers
from .acting.forms import planned
from .acting.plans import Plan
from .answer import Parts
from .answers import Told
from .context import page
from .evidence import Message
from .intent import Want

_ORDERS = {Want.REMEMBER: "remember", Want.FORGET: "forget"}
_ONLY_HERE = "Say it on the page or in the terminal of your Ownmind, or give this key the scope own_words."
_YES_ONLY_THERE = "Nobody is known to be here, so a yes through a program does not count: say it in this conversation on the page."


def answered(message: Message, about: str, parts: Parts) -> Told | None:
    """What is said without the model to a message that came through a program; None where the ordinary reply follows."""
    pending = answers.pending(parts.settings, message.item.conversation)
    if message.item.label.integrity.is_vouched:
        return _of_the_person(message, about, parts, pending)
    name = message.item.source.title
    if message.want in _ORDERS:
        return Told(f"I did not {_ORDERS[message.want]} anything: what comes through “{name}” may not say so. {_ONLY_HERE}", known=False)
    if message.want in (Want.YES, Want.NO) and pending:
        return Told(_YES_ONLY_THERE, known=False)
    if isinstance(planned(message.text), Plan):
        return Told(f"I did nothing: what comes through “{name}” may not have me act. {_ONLY_HERE}", known=False)
    match message.want:
        case Want.ABOUT_ME:
            return answers.about(parts.memory, about)
        case Want.WHY:
            return answers.why(parts.memory, parts.conversations, about, message.item, message.now)
    return None


def _of_the_person(message: Message, about: str, parts: Parts, pending: str) -> Told | None:
    if message.want is Want.YES and pending:
        return Told(_YES_ONLY_THERE, known=False)
    if message.want is Want.FORGET:
        told = answers.proposed(parts.memory, parts.settings, about or message.before, message.item, message.now)
        waits = answers.pending(parts.settings, message.item.conversation)
        return replace(told, text=f"{told.text}\n\n{_YES_ONLY_THERE}") if waits else told
    return None


def label_of(item: Item) -> Label:
    """What a reply to this message rests on by answering it: words from outside make it no more trusted than they are."""
    return Label(item.label.integrity, item.label.confidentiality, (item.source.ref,))


def turns(parts: Parts) -> list[tuple[str, str]]:
    """The talk before this message as the program sent it, in the form in which the model is shown a talk."""
    return [(page(said, []), reply) for said, reply in parts.voice.earlier]
