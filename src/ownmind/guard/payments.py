"""Money: whom a request means to pay, and how much, decided over the person's own books as the bank wrote them.

A payee is meant by the name under which the person has paid them before ("Spotify", a word of their own subject), or by the amount they
just sent and should get back. An amount is that of a row the request names, or follows from it by the sum the request says (`amounts`).
Accounts, amounts and days count only where the bank wrote them; names only where the person did. Two that fit are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ..memory.words import STOP
from .amounts import exact, sum_of
from .declared import Declaration, Effect, Parameter
from .identifiers import dates, found, has_word, is_named, month_named, normal
from .labels import Type, Value
from .own import shares_a_word
from .seen import Row, Seen, by_system, called, is_own, is_read_wholly

_BACK = re.compile(r"\b(?:refund|return|reimburse|(?:give|send|pay|transfer)(?:\s+\w+){0,2}\s+back)\b", re.IGNORECASE)
_N = r"(?P<n>\d{1,12}(?:,\d{3})*(?:\.\d{1,2})?)(?![\d.]*\d)"
_CAME = (  # the words that say money came in, before or behind its amount
    re.compile(rf"(?<![\w.,]){_N}\D{{0,20}}?\bI(?:['’]ve| have)?\s+(?:just\s+)?(?:got|received)\b", re.IGNORECASE),
    re.compile(rf"\bI(?:['’]ve| have)?\s+(?:just\s+)?(?:got|received)\s+(?:\w+\s+)?[€$£]?{_N}", re.IGNORECASE),
    re.compile(rf"(?<![\w.,]){_N}\D{{0,30}}?\b(?:sent|paid|gave|transferred)\s+(?:me|us)\b", re.IGNORECASE),
    re.compile(rf"\b(?:sent|paid|gave|transferred)\s+(?:me|us)\s+(?:\w+\s+)?[€$£]?{_N}", re.IGNORECASE),
)
_INCOMING = re.compile(
    r"\b(?:sent|paid|gave|transferred)\s+(?:me|us)\b|\bI(?:['’]ve| have)?\s+(?:just\s+)?(?:got|received)\b", re.IGNORECASE
)
# "the amount I usually pay for Spotify": what it was for.
_FOR = re.compile(
    r"\b(?:amounts?|pay|paid|payments?)\b[^.?!\n]{0,20}?\bfor\s+(?:(?:the|my|our|an?)\s+)?(?P<what>[\w&-]{3,40})", re.IGNORECASE
)
_NAME = re.compile(r"\b[A-Z][\w&-]{2,40}|\b[a-z]+[A-Z]\w{1,40}")  # "Spotify", "iPhone"
# Words that begin a sentence, months and days: no name of a payee, though a subject of one's own may have them.
_ORDINARY = frozenset(
    """can could check hello hey hi please thanks bill buy move pay payment purchase refund return send set subscription transfer update
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday""".split()  # noqa: SIM905
)


def is_payee(value: Value, request: str, seen: Sequence[Seen], numbers: Iterable[Value] = ()) -> bool:
    """Whether the request means this account. ``numbers``: those of the call it is in; who is paid back gets what they sent."""
    return _sent_it(value, request, seen, numbers) or _is_paid_by_that_name(value, request, seen)


def is_amount(value: Value, parameter: Parameter, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the request means this amount: that of a row it names, or the one its sum gives. A number the sum is made of is none."""
    wanted = exact(value.data)
    if wanted is None:
        return False
    formula = sum_of(request)
    if formula is None:
        return is_named(request, value) or any(wanted in _amounts(one.tool, row, parameter.like) for one, row in _meant(request, seen))
    if is_named(request, value) and wanted not in formula.parts:
        return True
    if formula.fixed is not None:
        return _cents(wanted) == formula.of(Decimal(0))
    bases = _bases(request, parameter.like, seen)
    return len(bases) == 1 and _cents(wanted) == formula.of(*bases)


def _bases(request: str, field: str, seen: Sequence[Seen]) -> set[Decimal]:
    """The amounts a sum could start from; none when not everything was read."""
    if not _is_all_read(seen):
        return set()
    return {amount for one, row in _meant(request, seen) for amount in _amounts(one.tool, row, field)}


def _meant(request: str, seen: Sequence[Seen]) -> list[tuple[Seen, Row]]:
    """The rows about money that the request names, by a word of what the person called them or by an account: a stranger's payment whose
    subject sounds like the one meant is none. Then only those that came in, when it speaks of what came in, only those for what it
    says, and of the month it names. Words narrow what was named; they name nothing by themselves."""
    rows = [(one, row) for one, row in _books(seen) if _is_theirs(one.tool, row, request) or _is_account_named(row, request)]
    if _INCOMING.search(request):
        rows = [(one, row) for one, row in rows if not is_own(one.tool, row)] or rows
    for said in _FOR.finditer(request):
        rows = [(one, row) for one, row in rows if is_own(one.tool, row) and _is_in_name(one.tool, row, said["what"])] or rows
    if (month := month_named(request)) is not None:
        rows = [(one, row) for one, row in rows if month in _months(one.tool, row)] or rows
    return rows


def _sent_it(value: Value, request: str, seen: Sequence[Seen], numbers: Iterable[Value]) -> bool:
    """Whether the request wants an amount back with whoever sent it, and this is the account that the one such payment came from."""
    came = {exact(match["n"]) for pattern in _CAME for match in pattern.finditer(request)} if _BACK.search(request) else set()
    if len(came) != 1 or {exact(number.data) for number in numbers} != came or not _is_all_read(seen):
        return False
    rows = [(one.tool, row) for one, row in _books(seen) if not is_own(one.tool, row)]
    payers = [
        _account(row, tool.transfer.payer) for tool, row in rows if tool.transfer and came == {*_amounts(tool, row, tool.transfer.amount)}
    ]
    return payers == [normal(Type.IBAN, value.data)]


def _is_paid_by_that_name(value: Value, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the person paid this account before under a name that stands in the request, and no other under any such name. Who writes
    an account out means that one."""
    if any(one.type is Type.IBAN for one in found(request)) or not _is_all_read(seen):
        return False
    said = {name for name in _NAME.findall(request) if name.casefold() not in _ORDINARY and name.casefold() not in STOP}
    paid = [(one.tool, row, called(one.tool, row)) for one, row in _books(seen) if is_own(one.tool, row)]
    payees = {
        (name, _account(row, tool.transfer.payee))
        for tool, row, subject in paid
        if tool.transfer and subject is not None
        for name in said & set(_NAME.findall(str(subject.data)))
    }
    accounts = {account for _, account in payees}
    if len(accounts) != 1 or "" in accounts:
        return False
    return str(value.data) in {name for name, _ in payees} or normal(Type.IBAN, value.data) in accounts


def _books(seen: Sequence[Seen]) -> list[tuple[Seen, Row]]:
    """Every row about money, read twice or once."""
    rows = {
        (one.tool.kind, str(row[one.tool.id][0].data) if row.get(one.tool.id) else (place, number)): (one, row)
        for place, one in enumerate(seen)
        if one.tool.transfer is not None and one.tool.effect is Effect.READS
        for number, row in enumerate(one.rows)
    }
    return [*rows.values()]


def _is_all_read(seen: Sequence[Seen]) -> bool:
    """Whether of every book that was opened all was read."""
    return all(is_read_wholly(one.tool, seen) for one in seen if one.tool.transfer is not None and one.tool.effect is Effect.READS)


def _is_theirs(tool: Declaration, row: Row, request: str) -> bool:
    """Whether the person called it by a word of the request."""
    name = called(tool, row)
    return name is not None and is_own(tool, row) and shares_a_word(name, request)


def _is_in_name(tool: Declaration, row: Row, word: str) -> bool:
    name = called(tool, row)
    return name is not None and has_word(str(name.data), word)


def _is_account_named(row: Row, request: str) -> bool:
    return any(field.type is Type.IBAN and is_named(request, field) for name in row for field in by_system(row, name))


def _account(row: Row, field: str) -> str:
    """The account in a field, as the bank wrote it; "" where it wrote none."""
    return next((normal(Type.IBAN, value.data) for value in by_system(row, field)), "")


def _amounts(tool: Declaration, row: Row, field: str) -> Iterator[Decimal]:
    """The amount of a row, where ``field`` is the one that holds it."""
    if tool.transfer is not None and tool.transfer.amount == field:
        yield from (amount for value in by_system(row, field) if (amount := exact(value.data)) is not None)


def _months(tool: Declaration, row: Row) -> set[int]:
    on = by_system(row, tool.transfer.on) if tool.transfer is not None else ()
    return {month for value in on for _, month, _ in dates(str(value.data))}


def _cents(amount: Decimal) -> Decimal:
    """The amount without the noise of binary fractions; anything finer is another amount."""
    rounded = amount.quantize(Decimal("0.01"))
    return rounded if abs(amount - rounded) < Decimal("0.000001") else amount
