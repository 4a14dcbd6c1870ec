"""What AgentDojo's 70 tools do, as declarations for the guard, and their results with a label on every field.

Declarations say effect and roles and nothing of any task. A field is a system's when the service itself writes it (ids, times, sizes,
amounts, who sent it); the person's when they wrote it (the names of their own files, the subjects of payments they made); anything
else is untrusted: bodies, descriptions, reviews, pages, names of channels, and the address book, which the mail client fills
with whoever wrote.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from ..guard.declared import Declaration, Effect, Measure, Parameter, Role, Talk, Transfer
from ..guard.labels import Type, Value
from ..guard.seen import Row
from ..messages import Confidentiality, Integrity, Label

_A, _T, _C, _D, _Q = Role.AUTHORITY, Role.TARGET, Role.CONTENT, Role.DETAIL, Role.QUERY
_QUERY, _BODY, _DAY = Parameter(_Q), Parameter(_C), Parameter(_D, Type.DATE)
_ADDRESS, _PAGE = Parameter(_A, Type.EMAIL), Parameter(_A, Type.URL)
_GUESTS = Parameter(_A, Type.EMAIL, like="participants")
_ACCOUNT, _AMOUNT = Parameter(_A, Type.IBAN, like="recipient"), Parameter(_A, Type.NUMBER, like="amount")
_PLACE, _WORDS = Parameter(_A, Type.NAME), Parameter(_A, Type.TEXT)
_USER, _CHANNEL = Parameter(_A, Type.NAME, "user"), Parameter(_A, Type.NAME, "channel")
_EVENT, _FILE, _MAIL = (Parameter(_T, Type.OBJECT, kind) for kind in ("event", "file", "email"))
_SUBJECT = Parameter(_C, words=("subject", "title", "titled"))
_TITLE = Parameter(_C, words=("title", "titled", "called", "named"))


def _reads(name: str, *queries: str, **more: Any) -> Declaration:
    return Declaration(name, Effect.READS, dict.fromkeys(queries, _QUERY), **more)


def _event(name: str, *queries: str) -> Declaration:
    return _reads(name, *queries, kind="event", id="id_", called="title", query="query" if "query" in queries else "")


def _mails(name: str, *queries: str) -> Declaration:
    return _reads(name, *queries, kind="email", id="id_", called="subject", query="query" if "query" in queries else "")


_FILES: dict[str, Any] = {"kind": "file", "id": "id_", "called": "filename"}
_ROOM = {"channel": Parameter(_Q, kind="channel")}
# What a payment is usually for: eight words, three bits.
_FOR = replace(_SUBJECT, usual=("Payment", "Refund", "Rent", "Invoice", "Bill", "Gift", "Fee", "Difference"))
_PAYS = {"recipient": _ACCOUNT, "amount": _AMOUNT, "subject": _FOR, "date": _DAY}
_TRANSFER: dict[str, Any] = {"id": "id", "called": "subject", "transfer": Transfer("sender", "recipient", "amount", "date")}
_BOOKS = {"start_time": _DAY, "end_time": _DAY}
_LISTS = ("get_all_hotels_in_city", "get_all_restaurants_in_city", "get_all_car_rental_companies_in_city")

DECLARED: Mapping[str, Declaration] = {
    one.name: one
    for one in (
        # mail
        Declaration("send_email", Effect.SENDS, {
            "recipients": _ADDRESS, "cc": _ADDRESS, "bcc": _ADDRESS, "attachments": _FILE,
            "subject": _SUBJECT, "body": Parameter(_C, words=("body", "description")),
        }, kind="email", id="id_"),
        Declaration("delete_email", Effect.WRITES, {"email_id": _MAIL}),
        _mails("get_unread_emails"), replace(_mails("get_sent_emails"), wrote_to="recipients"),
        _mails("get_received_emails"), _mails("get_draft_emails"),
        _mails("search_emails", "query", "sender"),
        _reads("search_contacts_by_name", "query"), _reads("search_contacts_by_email", "query"),
        # calendar
        Declaration("create_calendar_event", Effect.WRITES, {
            "title": _TITLE, "description": Parameter(_C, words=("description",)), "location": _BODY, "participants": _GUESTS, **_BOOKS,
        }, sends_with=("participants",), kind="event", id="id_"),
        Declaration("cancel_calendar_event", Effect.WRITES, {"event_id": _EVENT}),
        Declaration("reschedule_calendar_event", Effect.WRITES, {"event_id": _EVENT, "new_start_time": _DAY, "new_end_time": _DAY}),
        Declaration("add_calendar_event_participants", Effect.SENDS, {"event_id": _EVENT, "participants": _GUESTS}),
        _reads("get_current_day"), _event("search_calendar_events", "query", "date"), _event("get_day_calendar_events", "day"),
        # drive
        Declaration("append_to_file", Effect.WRITES, {"file_id": _FILE, "content": _BODY}, readers="shared_with"),
        Declaration("create_file", Effect.WRITES, {"filename": _TITLE, "content": _BODY}, kind="file", id="id_"),
        Declaration("delete_file", Effect.WRITES, {"file_id": _FILE}),
        Declaration("share_file", Effect.SENDS, {
            "file_id": _FILE, "email": _ADDRESS,
            "permission": Parameter(_A, Type.CHOICE, choices={"r": ("read", "view"), "rw": ("write", "edit")}),
        }),
        _reads("search_files_by_filename", "filename", query="filename", **_FILES),
        _reads("search_files", "query", query="query", **_FILES),
        _reads("get_file_by_id", "file_id", **_FILES),
        _reads("list_files", whole=True, measures=(Measure("file", ("file",), "id_", "size"),), **_FILES),
        # bank
        Declaration("send_money", Effect.SPENDS, _PAYS),
        Declaration("schedule_transaction", Effect.SPENDS, {**_PAYS, "recurring": Parameter(_D, Type.BOOL)}),
        Declaration("update_scheduled_transaction", Effect.SPENDS, {
            **_PAYS, "recurring": Parameter(_D, Type.BOOL), "id": Parameter(_T, Type.OBJECT, "standing order"),
        }),
        Declaration("update_password", Effect.SENDS, {"password": _WORDS}),
        Declaration("update_user_info", Effect.SENDS, dict.fromkeys(("first_name", "last_name", "street", "city"), _WORDS)),
        _reads("get_iban"), _reads("get_balance"), _reads("read_file", "file_path"), _reads("get_user_info"),
        _reads("get_most_recent_transactions", "n", kind="payment", whole=True, limit="n", most=100, **_TRANSFER),
        _reads("get_scheduled_transactions", kind="standing order", whole=True, **_TRANSFER),
        # slack
        Declaration("send_direct_message", Effect.SENDS, {"recipient": _USER, "body": _BODY}),
        Declaration("send_channel_message", Effect.SENDS, {"channel": _CHANNEL, "body": _BODY}),
        Declaration("add_user_to_channel", Effect.SENDS, {"user": _USER, "channel": _CHANNEL}),
        Declaration("invite_user_to_slack", Effect.SENDS, {"user": _USER, "user_email": _ADDRESS}),
        Declaration("remove_user_from_slack", Effect.SENDS, {"user": _USER}),
        Declaration("get_webpage", Effect.SENDS, {"url": _PAGE}),
        Declaration("post_webpage", Effect.SENDS, {"url": _PAGE, "content": _BODY}),
        _reads("get_channels", kind="channel", id="name", whole=True), _reads("read_inbox", "user"),
        Declaration("get_users_in_channel", Effect.READS, _ROOM, kind="user", id="name",
                    measures=(Measure("channel", ("users", "members"), "channel", is_argument=True),)),
        Declaration("read_channel_messages", Effect.READS, _ROOM, kind="message", measures=(
            Measure("channel", ("messages",), "channel", is_argument=True), Measure("user", ("messages",), "sender"),
        ), talk=Talk("channel", "sender", "body")),
        # travel
        Declaration("reserve_hotel", Effect.SPENDS, {"hotel": _PLACE, "start_day": _DAY, "end_day": _DAY}),
        Declaration("reserve_car_rental", Effect.SPENDS, {"company": _PLACE, **_BOOKS}),
        Declaration("reserve_restaurant", Effect.SPENDS, {"restaurant": _PLACE, "start_time": _DAY}),
        _reads("get_user_information"), _reads("get_flight_information", "departure_city", "arrival_city"),
        *(_reads(name, "city") for name in _LISTS),
        *(_reads(name, "hotel_names") for name in ("get_hotels_prices", "get_rating_reviews_for_hotels")),
        _reads("get_hotels_address", "hotel_name"),
        *(_reads(name, "restaurant_names") for name in (
            "get_cuisine_type_for_restaurants", "get_restaurants_address", "get_rating_reviews_for_restaurants",
            "get_dietary_restrictions_for_all_restaurants", "get_contact_information_for_restaurants", "get_price_for_restaurants",
            "check_restaurant_opening_hours",
        )),
        *(_reads(name, "company_name") for name in (
            "get_car_types_available", "get_rating_reviews_for_car_rental", "get_car_fuel_options", "get_car_rental_address",
            "get_car_price_per_day",
        )),
    )
}  # fmt: skip

# Fields that the service writes itself, by the class of the object, with their types.
_SYSTEM: Mapping[str, Mapping[str, Type]] = {
    "Email": {"id_": Type.OBJECT, "timestamp": Type.DATE, "status": Type.CHOICE, "read": Type.BOOL},
    "CalendarEvent": {"id_": Type.OBJECT, "start_time": Type.DATE, "end_time": Type.DATE, "participants": Type.EMAIL},
    "CloudDriveFile": {"id_": Type.OBJECT, "size": Type.NUMBER, "owner": Type.EMAIL, "shared_with": Type.EMAIL},
    "Transaction": {
        "id": Type.OBJECT, "amount": Type.NUMBER, "date": Type.DATE, "sender": Type.IBAN, "recipient": Type.IBAN, "recurring": Type.BOOL,
    },
    "Message": {"sender": Type.NAME},
}  # fmt: skip
_SECRET = ("password", "passport_number", "credit_card_number", "bank_account_number", "ID_number")


def arguments(tool: Declaration, given: Mapping[str, object], label: Label) -> dict[str, tuple[Value, ...]]:
    """The arguments of a call as values; what the model wrote carries the label of all it had before its eyes."""
    return {
        name: tuple(Value(_plain(one), label, tool.parameters[name].type if name in tool.parameters else Type.TEXT) for one in _flat(value))
        for name, value in given.items()
        if value is not None
    }


def rows(tool: str, result: object, me: frozenset[str], source: str) -> tuple[Row, ...]:
    """What a tool returned, field by field. ``me``: the person's own address and account. ``source``: what the labels name."""
    outside = Label(Integrity.UNTRUSTED, sources=(source,))
    if tool in _LISTS and isinstance(result, str):
        names = [line.split(":", 1)[-1].strip() for line in result.splitlines()]
        return tuple({"name": (Value(name, outside, Type.NAME),)} for name in names if name)
    if isinstance(result, dict):
        return tuple(
            {"name": (Value(str(key), outside),), "value": _values(value, _beside(str(key), outside))} for key, value in result.items()
        )
    if tool in ("get_channels", "get_users_in_channel") and isinstance(result, list):
        return tuple({"name": (Value(str(name), outside, Type.NAME),)} for name in result)
    many = result if isinstance(result, list) else [result]
    return tuple(_row(one, me, source, outside) for one in many if one is not None)


def label_of(found: Iterable[Row]) -> tuple[Label, ...]:
    """The labels of every field of these rows: what a model that read them is tainted with."""
    return tuple({value.label for row in found for values in row.values() for value in values if value.label is not None})


def _row(one: object, me: frozenset[str], source: str, outside: Label) -> Row:
    fields = getattr(type(one), "model_fields", None)
    if fields is None:
        return {"text": _values(one, outside)}
    systems = _SYSTEM.get(type(one).__name__, {})
    if str(getattr(one, "status", "")) == "sent":  # the mail client sets it, and the person chose whom it went to
        systems = {**systems, "recipients": Type.EMAIL}
    mine = Label(Integrity.PERSON, sources=(source,)) if _is_mine(one, me) else outside
    row = {}
    for name in fields:
        value = getattr(one, name)
        if name == "shared_with":
            value = sorted(({*value, one.owner}) - me)  # type: ignore[attr-defined]  # only files have it
        own = name in ("subject", "filename") and "CloudDriveFile Transaction".find(type(one).__name__) >= 0
        label = Label(Integrity.SYSTEM, sources=(source,)) if name in systems else mine if own else outside
        row[name] = _values(value, label, systems.get(name, Type.TEXT))
    return row


def _is_mine(one: object, me: frozenset[str]) -> bool:
    return bool({str(getattr(one, "owner", "")), str(getattr(one, "sender", ""))} & me)


def _beside(key: str, label: Label) -> Label:
    """The person's own papers: secret, whoever reads them out."""
    return Label(Integrity.SYSTEM, Confidentiality.SECRET, label.sources) if key in _SECRET or key.replace(" ", "_") in _SECRET else label


def _values(value: object, label: Label, kind: Type = Type.TEXT) -> tuple[Value, ...]:
    return tuple(Value(_plain(one), label, kind) for one in _flat(value))


def _flat(value: object) -> list[object]:
    if value is None:
        return []
    return [inner for one in value for inner in _flat(one)] if isinstance(value, list | tuple | set) else [value]


def _plain(value: object) -> str | int | float | bool:
    match value:
        case Enum():
            return str(value.value)
        case bool() | int() | float() | str():
            return value
        case datetime.datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case {"file_id": file}:
            return str(file)
        case _:
            return str(value)
