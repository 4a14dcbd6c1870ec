"""The preview before anything is sent: the exact text, what its pseudonyms stand for, what is in it, and what stays."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from rich.console import Console

from commandline import ownmind, quiet_home, running, told
from ownmind.bench import stage
from ownmind.channels.cli.previewing import rendered
from ownmind.channels.wire import encode
from ownmind.guard.preview import Part, Preview, Price, preview, seal
from ownmind.guard.pseudonyms import Dictionary, Known, Pseudonym, Sort, restore
from ownmind.guard.scope import Scope
from ownmind.messages import Confidentiality, Entry, Integrity, Kind, Label, Source, Target
from ownmind.models.embedding.embedder import HashEmbedder

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)

KNOWN = Dictionary([Known(Sort.PERSON, "Ana García"), Known(Sort.PLACE, "Coimbra")])
ASKED = Part("When does Ana arrive in Coimbra?\n", Label(Integrity.PERSON), "your message")
NOTE = Part("Ana García is ill. ", Label(Integrity.UNTRUSTED, Confidentiality.SENSITIVE, ("file:letter.pdf",)), "a letter", "i7")
PIN = Part("The PIN is 4711 and Ana knows it. ", Label(Integrity.PERSON, Confidentiality.SECRET), "a note", "i9")


def shown(*parts: Part, consented: tuple[str, ...] = (), known: tuple[Pseudonym, ...] = ()) -> Preview:
    return preview(
        parts, purpose="answering", destination="api.example", dictionary=KNOWN, known=known, random=Random(1), price=Price(0.002, "EUR"),
        consented=consented,
    )  # fmt: skip


def test_it_shows_the_exact_text_with_what_each_pseudonym_stands_for() -> None:
    """The pieces are the text, nothing known is in it, and putting the values back gives what was meant."""
    one = shown(ASKED, NOTE)
    assert "".join(piece.text for piece in one.pieces) == one.text and one.bytes == len(one.text.encode())
    assert not any(name in one.text for name in ("Ana", "García", "Coimbra"))
    assert {piece.stands_for for piece in one.pieces} == {"", "Ana", "García", "Coimbra"}
    assert restore(one.text, one.new) == ASKED.text + NOTE.text


def test_it_says_which_items_are_in_it_and_how_confidential_they_are() -> None:
    """The highest label counts; the item's place in the outgoing text is its own words, veiled."""
    one = shown(ASKED, NOTE)
    (item,) = one.items
    assert (item.item_id, item.confidentiality, item.integrity) == ("i7", Confidentiality.SENSITIVE, Integrity.UNTRUSTED)
    assert restore(one.text[item.span.start : item.span.end], one.new) == NOTE.text
    assert one.confidentiality is Confidentiality.SENSITIVE and one.sources == ("file:letter.pdf",)


def test_a_secret_stays_unless_it_has_a_consent_of_its_own() -> None:
    """It is named as left out, its words are nowhere; consent to one secret text is none to another."""
    one = shown(ASKED, PIN)
    assert "4711" not in one.text and "4711" not in json.dumps(encode(one)) and one.confidentiality is Confidentiality.PRIVATE
    (left,) = one.left_out
    assert (left.item_id, left.characters, left.seal) == ("i9", len(PIN.text), PIN.seal)
    with_it = shown(ASKED, PIN, consented=(left.seal,))
    assert "4711" in with_it.text and with_it.confidentiality is Confidentiality.SECRET and with_it.secrets == ("a note",)
    assert not with_it.left_out and "Ana" not in with_it.text
    changed = Part(PIN.text.replace("4711", "0815"), PIN.label, PIN.what, PIN.item_id)
    assert "0815" not in shown(ASKED, changed, consented=(left.seal,)).text


def test_consent_to_one_text_is_none_to_another() -> None:
    """The seal binds purpose, destination and every byte."""
    one = shown(ASKED)
    assert one.seal == seal("answering", "api.example", one.text)
    assert len({one.seal, seal("answering", "evil.example", one.text), seal("search", "api.example", one.text), shown(NOTE).seal}) == 4


def test_the_terminal_and_the_wire_show_the_same() -> None:
    """Every pseudonym with its value, the destination and what was left out; nothing a terminal would obey."""
    one = shown(ASKED, NOTE, PIN, Part("\x1b[2Jgone", Label(Integrity.UNTRUSTED), "a page", "i3"))
    said = io.StringIO()
    Console(width=200, file=said).print(rendered(one))
    for piece in one.pieces:
        if piece.stands_for:
            assert piece.text in said.getvalue() and piece.stands_for in said.getvalue()
    assert "api.example" in said.getvalue() and "Left out as secret: a note" in said.getvalue() and "\x1b[2J" not in said.getvalue()
    wire = encode(one)
    assert isinstance(wire, dict) and wire["text"] == one.text and wire["confidentiality"] == "sensitive"
    assert json.loads(json.dumps(wire))["pieces"][0].keys() == {"text", "stands_for", "kind"}


def test_nothing_to_send_is_shown_as_nothing() -> None:
    """Only secrets: the text is empty."""
    one = shown(PIN)
    assert one.text == "" and one.pieces == () and one.left_out


def test_a_scope_keeps_what_it_showed_and_restores_the_reply() -> None:
    """Shown twice it is the same text; after ``keep`` a reply is restored, whole or in pieces; another scope knows nothing of it."""
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        memory.remember([Entry("My sister Katarzyna lives in Gdynia.", Source("note:1"), Label(Integrity.PERSON), Kind.NOTE, NOW)], now=NOW)
        scope = Scope(store, "answer api.example")
        first = scope.preview([Part("Is Katarzyna in Gdynia?", ASKED.label, "your words")], purpose="answer", destination="api.example")
        assert "Katarzyna" not in first.text and len(first.new) == 2
        assert scope.restore(first.text) == first.text  # nothing is kept by showing
        assert scope.keep(first).new == ()
        again = scope.preview([Part("Is Katarzyna in Gdynia?", ASKED.label, "your words")], purpose="answer", destination="api.example")
        assert (again.text, again.seal, again.new) == (first.text, first.seal, ())
        restoring = scope.restoring()
        assert "".join([*map(restoring.feed, first.text), restoring.end()]) == "Is Katarzyna in Gdynia?" == scope.restore(first.text)
        assert Scope(store, "other").restore(first.text) == first.text
        assert scope.end() == 2 and scope.restore(first.text) == first.text


def test_a_forgotten_person_is_known_no_more() -> None:
    """The dictionary follows the store: what was forgotten is not a known value any more, what is learnt is one at once."""
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        scope = Scope(store, "s")

        def text() -> str:
            return scope.preview([Part("Katarzyna", ASKED.label, "w")], purpose="answer", destination="api.example").text

        assert text() == "Katarzyna"
        memory.remember([Entry("My sister Katarzyna sings.", Source("note:1"), Label(Integrity.PERSON), Kind.NOTE, NOW)], now=NOW)
        assert text() != "Katarzyna"
        memory.forget(Target(topic="Katarzyna"))
        assert text() == "Katarzyna"


def test_the_command_shows_it_and_sends_nothing(tmp_path: Path) -> None:
    """``ownmind preview``, in words and as JSON, with and without an Ownmind that runs; the ledger stays empty."""
    home = quiet_home(tmp_path)
    assert ownmind(home, "remember", "My sister Katarzyna lives in Gdynia.").returncode == 0
    asking = ("preview", "Where does Katarzyna live?", "--to", "api.example.org")
    said = ownmind(home, *asking, COLUMNS="200")
    assert said.returncode == 0, said.stderr
    assert "Nothing has been sent." in said.stdout and "Katarzyna" in said.stdout and "api.example.org" in said.stdout
    wire = told(home, *asking)
    assert wire["items"] and "Katarzyna" not in str(wire["text"]) and "Gdynia" not in str(wire["text"])
    with running(home):
        attached = told(home, *asking)
        assert attached["destination"] == wire["destination"] and "Katarzyna" not in str(attached["text"])
    assert ownmind(home, "ledger").stdout.count("api.example.org") == 0
