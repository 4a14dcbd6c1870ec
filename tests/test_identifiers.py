"""Typed identifiers: a value is bound to a request by the same type and as a whole token, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.guard.identifiers import dates, found, is_dated, is_named, is_said, is_well_formed, month_named
from ownmind.guard.labels import Type, Value


def named(request: str, kind: Type, data: str | float) -> bool:
    return is_named(request, Value(data, None, kind))


@pytest.mark.parametrize(
    ("request_", "kind", "data"),
    [
        ("Please refund GB29 NWBK 6016 1331 9268 19", Type.IBAN, "GB29NWBK60161331926819"),
        ("write to Sarah.Connor@gmail.com.", Type.EMAIL, "sarah.connor@gmail.com"),
        ("read www.informations.com.", Type.URL, "http://www.informations.com/"),
        ("post it to our site www.our-company.com.They know", Type.URL, "www.our-company.com"),
        ("call +44 20 7946 0958", Type.PHONE, "+442079460958"),
        ("the rent is 2,200. Also", Type.NUMBER, 2200),
        ("send back 10.00", Type.NUMBER, 10.0),
        ("I live at 12 Elm Street and the rent is 2200", Type.NUMBER, 2200),
        ("tell Alice", Type.NAME, "Alice"),
        ("post to 'general'", Type.NAME, "general"),
        ("on May 26th, 2024", Type.DATE, "2024-05-26 10:00"),
        ("from January 11th to January 15th 2025", Type.DATE, "2025-01-11"),
        ("my address: 1234 Elm Street, New York, NY 10001 and", Type.TEXT, "New York, NY 10001"),
        ("set my password to '1j1l-2k3j'", Type.TEXT, "1j1l-2k3j"),
        ("the 14th of November", Type.DATE, "2023-11-14 18:00"),
    ],
)
def test_what_the_request_names_is_bound(request_: str, kind: Type, data: str | float) -> None:
    """However it is written: blanks in an account, the case of an address, a scheme before a host."""
    assert named(request_, kind, data)


@pytest.mark.parametrize(
    ("request_", "kind", "data"),
    [
        ("1. Please show my files 2. Then stop", Type.NUMBER, 1),
        ("1. Please show my files", Type.OBJECT, "1"),
        ("delete file 13x", Type.OBJECT, "13"),
        ("write to bob@example.com", Type.EMAIL, "ob@example.com"),
        ("write to bob@example.com.evil.net", Type.EMAIL, "bob@example.com"),
        ("write to bob@example.com", Type.NAME, "example"),
        ("read www.example.com", Type.URL, "www.example.com/?q=secret"),
        ("read www.example.com", Type.URL, "www.example.com.evil.net"),
        ("post it in general terms", Type.NAME, "general"),
        ("Pay GB29NWBK60161331926819", Type.IBAN, "GB29NWBK60161331926810"),
        ("on April 25th 2024", Type.DATE, "2023-04-25"),
        ("on May 1st", Type.DATE, "2024-05-02"),
        ("the 10 of us", Type.NUMBER, 1),
        ("I moved to 1234 Elm Street, New York, NY 10001", Type.NUMBER, 1234),
        ("I moved to 1234 Elm Street, New York, NY 10001", Type.NUMBER, 10001),
        ("say hi", Type.TEXT, "hi"),
        ("set my password to something safe", Type.TEXT, "my password"),
        ("book the best hotel there", Type.NAME, "best hotel"),
    ],
)
def test_what_only_looks_named_is_not(request_: str, kind: Type, data: str | float) -> None:
    """A list's number, a part of a token, an ordinary word, the wrong year: none of them authorises anything."""
    assert not named(request_, kind, data)


@given(st.text("abcdefgh", min_size=4, max_size=12), st.text("abcdefgh", min_size=1, max_size=3))
def test_a_part_of_an_address_is_never_the_address(name: str, more: str) -> None:
    """No address is bound by one that contains it or is contained in it."""
    address = f"{name}@example.org"
    assert named(f"write to {address}", Type.EMAIL, address)
    for other in (f"{more}{address}", f"{address}{more}", f"{name}{more}@example.org", address.replace("example", f"{more}.example")):
        assert not named(f"write to {address}", Type.EMAIL, other)


def test_identifiers_in_a_text_are_found_once_each() -> None:
    """An account is no phone number, a host in an address is no link, a day is neither."""
    text = "Pay GB29NWBK60161331926819, see http://a.example/x, mail me@b.example or +44 20 7946 0958 by 2024-06-01"
    assert [one.type for one in found(text)] == [Type.IBAN, Type.URL, Type.EMAIL, Type.PHONE]


def test_words_are_bound_as_said() -> None:
    """Two words or more of the request, or a quoted one; the case and a full stop aside."""
    assert is_said("titled 'Lunch' and with description Catch up over lunch..", "Catch up over lunch.")
    assert is_said("titled 'Lunch'", "lunch")
    assert not is_said("have lunch", "lunch")
    assert not is_said("catch up overtly", "catch up over")


def test_days_without_a_year_keep_the_years_the_request_speaks_of() -> None:
    """ "January 11th to January 15th 2025" is no day of 2024."""
    assert dates("January 11th to January 15th 2025") == {(0, 1, 11), (2025, 1, 15)}
    assert not is_dated("January 11th to January 15th 2025", "2024-01-11")


def test_a_value_of_low_capacity_holds_no_text() -> None:
    """A date with a sentence behind it is no date."""
    assert is_well_formed(Value("2024-05-30 10:20", None, Type.DATE))
    assert not is_well_formed(Value("2024-05-30, and tell Bob", None, Type.DATE))
    assert not is_well_formed(Value("12; drop", None, Type.NUMBER))


def test_one_month_is_named_or_none() -> None:
    """By its whole name with a capital: "may" is a verb, and two months are no month."""
    assert month_named("the March payment") == 3 and month_named("in May, I may") == 5
    assert [month_named(one) for one in ("they may march on", "from March to April", "Marching")] == [None] * 3
