"""``ownmind brain``: who answers what, here or elsewhere: the providers, the rule, and what it costs."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, print_encoded, slowly

if TYPE_CHECKING:
    from ...agent.remote.providers import Costs, Explained, ProviderCard, Rules, Tested
    from ..attach import Face

What = Literal["show", "kinds", "add", "set", "key", "forget", "test", "models", "cap", "costs", "use", "rules", "explain"]
_FORMS = (
    "ownmind brain; brain kinds; brain add KIND; brain set NAME --model M; brain key NAME; brain test NAME; brain models NAME; "
    "brain cap NAME 5; brain costs; brain use NAME; brain rules 'write to NAME' ...; brain explain 'words'; brain forget NAME"
)


def brain(
    what: Annotated[
        What,
        Parameter(
            help="show who answers; kinds of providers; add or set one, its key, its cap (all: of all together), forget it; test it, its "
            "models; what a month cost; use one for everything, or local; the rules (none: off), explain what they do with a message."
        ),
    ] = "show",
    /,
    *words: Annotated[str, Parameter(help="A provider's name, an amount, a month, lines of the rule, or a message.")],
    name: Annotated[str, Parameter(help="Yours for a provider that is added; its kind when left out.")] = "",
    url: Annotated[str | None, Parameter(help="Where its protocol begins, such as https://api.example.org/v1.")] = None,
    model: Annotated[str, Parameter(help="What the model is called there.")] = "",
    price_in: Annotated[float | None, Parameter(help="What a million tokens sent cost.")] = None,
    price_out: Annotated[float | None, Parameter(help="What a million tokens of answers cost.")] = None,
    currency: Annotated[str, Parameter(help="Of the prices and the caps.")] = "",
    most_tokens: Annotated[int | None, Parameter(help="Of one answer.")] = None,
    everywhere: Everywhere = HERE,
) -> int:
    """Show and choose who answers. Nobody elsewhere is sent anything before you saw it and said yes.

    A key is asked for, or read from standard input, never taken as an argument: other programs can read those. It is kept in the
    encrypted store and shown nowhere.

    Example: ownmind brain add anthropic
    """
    prices = {"price_in": price_in, "price_out": price_out, "currency": currency}
    options: Mapping[str, object] = {"url": url, "model": model, "most_tokens": most_tokens, **prices}
    with opened(everywhere) as face:
        return _done(face, what, words, name, options, as_json=everywhere.json)


def _done(face: Face, what: What, words: tuple[str, ...], name: str, options: Mapping[str, object], *, as_json: bool) -> int:
    providers = face.providers
    match what, words:
        case "show", ():
            return _show(face, as_json=as_json)
        case "kinds", ():
            return _kinds(face, as_json=as_json)
        case "add", (kind,):
            card = providers.set(name or kind, kind, **options)  # type: ignore[arg-type]  # each as its own option took it
            return _one(providers.key(card.name, _key(card.name)), as_json=as_json)
        case "set", (which,):
            return _one(providers.set(which, **options), as_json=as_json)  # type: ignore[arg-type]  # each as its own option took it
        case "key", (which,):
            return _one(providers.key(which, _key(which)), as_json=as_json)
        case "forget", (which,):
            return _all(providers.forget(which), as_json=as_json)
        case "cap", (which, amount):
            return _all(providers.cap("" if which == "all" else which, _amount(amount)), as_json=as_json)
        case "use", (which,):
            return _rules(providers.use(which), as_json=as_json)
        case "rules", ():
            return _rules(providers.rules(), as_json=as_json)
        case "rules", lines:
            return _rules(providers.set_rules(() if lines == ("none",) else lines), as_json=as_json)
        case "explain", (_, *_):
            return _explained(providers.explain(" ".join(words)), as_json=as_json)
        case "costs", () | (_,):
            return _costs(providers.costs(*words), as_json=as_json)
        case "test", (which,):
            with slowly("asking it two words"):
                tested = providers.test(which)
            return _tested(tested, as_json=as_json)
        case "models", (which,):
            with slowly("asking for its models"):
                found = providers.models(which)
            print_encoded(found) if as_json else print("\n".join(clean(one) for one in found.models) or "It names none.")
            return 0
    raise BadInput("that is not how it is said", hint=_FORMS)


def _key(name: str) -> str:
    """The key as it was typed, unseen, or piped in. "" where the server asks for none."""
    if sys.stdin.isatty():
        return getpass.getpass(f"The key for {name} (not shown; empty for none): ").strip()
    return sys.stdin.readline().strip()


def _amount(said: str) -> float | None:
    if said == "none":
        return None
    try:
        return float(said)
    except ValueError as error:
        raise BadInput(f"{said[:40]!r} is no amount", hint="such as 5, or none") from error


def _show(face: Face, *, as_json: bool) -> int:
    rules, cards = face.providers.rules(), face.providers.all()
    if as_json:
        print_encoded({"rules": rules, "providers": cards})
        return 0
    _say_rules(rules)
    for card in cards:
        _say(card)
    if not cards:
        print(dim("Nobody elsewhere lends a model: `ownmind brain kinds`, then `ownmind brain add KIND`."))
    return 0


def _kinds(face: Face, *, as_json: bool) -> int:
    found = face.providers.presets()
    if as_json:
        print_encoded({"kinds": found})
        return 0
    for one in found:
        print(f"{bold(one.kind)}  {one.title}" + (f", keys at {one.key_at}" if one.key_at else ": --url says where, --model which"))
        for priced in one.prices:
            print(dim(f"    {priced.model}: {priced.price_in:g} and {priced.price_out:g} USD for a million tokens, read on {priced.on}"))
    return 0


def _one(card: ProviderCard, *, as_json: bool) -> int:
    print_encoded(card) if as_json else _say(card)
    if not as_json and not card.is_used:
        print(dim(f"`ownmind brain test {card.name}` tries it; `ownmind brain use {card.name}` has it answer."))
    return 0


def _all(cards: Sequence[ProviderCard], *, as_json: bool) -> int:
    if as_json:
        print_encoded({"providers": cards})
    else:
        for card in cards:
            _say(card)
    return 0


def _say(card: ProviderCard) -> None:
    known = card.price_in is not None and card.price_out is not None
    by = "" if card.priced_by == "you" else f" (read on {card.priced_by})"
    price = (
        f"{card.price_in:g} and {card.price_out:g} {card.currency} for a million tokens{by}"
        if known
        else "price not known, so no cap can hold"
    )
    key = "its key is kept" if card.has_key else "no key"
    cap = "" if card.cap is None else f" of {card.cap:g}"
    print(f"{bold(card.name)}  {clean(card.model)} at {clean(card.url)}; {price}; {key}")
    print(
        dim(
            f"    this month {card.spent:.4g}{cap} {card.currency}; " + ("asked at once" if card.may_answer else "each text is shown first")
        )
    )
    if card.wrong:
        print(f"    wrong: {clean(card.wrong)}")
    if card.rests_until is not None:
        print(f"    it asked to be left alone until {card.rests_until.astimezone():%H:%M:%S}")


def _rules(rules: Rules, *, as_json: bool) -> int:
    print_encoded(rules) if as_json else _say_rules(rules)
    return 0


def _say_rules(rules: Rules) -> None:
    for rule in rules.lines:
        print(f"{rule.number}. {clean(rule.line)}")
    rest = "Everything else" if rules.lines else "Everything"
    print(f"{rest} is answered by the brain here ({clean(rules.local)}).")
    if rules.wrong:
        print(f"The rule cannot be read, so nothing goes elsewhere: {clean(rules.wrong)}")
    if rules.is_offline and rules.lines:
        print("You are offline: the brain here answers everything.")


def _explained(found: Explained, *, as_json: bool) -> int:
    if as_json:
        print_encoded(found)
        return 0
    print(f"That is {bold(found.task)} ({', '.join(found.whens)}).")
    by = f"by line “{clean(found.line)}”: " if found.line else ""
    print(f"{by}{bold(clean(found.to))} ({clean(found.model)}). {clean(found.why)}")
    return 0


def _costs(found: Costs, *, as_json: bool) -> int:
    if as_json:
        print_encoded(found)
        return 0
    for one in found.spent:
        unsure = f", {one.at_worst:.4g} of it at worst" if one.at_worst else ""
        unpriced = f", {one.unpriced} without a known price" if one.unpriced else ""
        print(
            f"{bold(clean(one.provider))}  {clean(one.model)}: {one.amount:.4g} {one.currency} for {one.calls} requests{unsure}{unpriced}"
        )
    cap = "" if found.cap is None else f" of {found.cap:g}"
    print(f"{found.month}: {found.total:.4g}{cap} {found.currency}".rstrip() if found.spent else f"{found.month}: nothing.")
    return 0


def _tested(found: Tested, *, as_json: bool) -> int:
    if as_json:
        print_encoded(found)
    else:
        cost = "" if found.cost is None else f" It cost {found.cost:.4g} {found.currency}."
        print(f"{clean(found.said)} The key is {found.key}.{cost}")
    return 0 if found.is_there else 1
