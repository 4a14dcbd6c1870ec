"""Secrets are told by their shape, or by the word beside them."""

from __future__ import annotations

import pytest

from ownmind.guard.secrets import is_card, is_iban, secrets


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("card 4111 1111 1111 1111, thanks", "4111 1111 1111 1111"),
        ("to GB29 NWBK 6016 1331 9268 19", "GB29 NWBK 6016 1331 9268 19"),
        ("passport_number: HGK137803", "HGK137803"),
        ("credit_card_number: 4237-4252-7456-2574", "4237-4252-7456-2574"),
        ("my password is hunter2!", "hunter2!"),
        ("Secret key is 1a7b3d.", "1a7b3d."),
        ("security code: 463820", "463820"),
        ("use sk-abcdefghijklmnopqrstuvwx", "sk-abcdefghijklmnopqrstuvwx"),
    ],
)
def test_a_secret_is_found_where_it_stands(text: str, secret: str) -> None:
    """With the stretch it fills, so that it can be shown marked."""
    spans = [text[one.span.start : one.span.end] for one in secrets(text)]
    assert secret in spans


@pytest.mark.parametrize(
    "text", ["call 4111 1111 1111 1112", "order 1234567890123", "the password is gone", "GB29 NWBK 6016 1331 9268 18", "my card"]
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    """A wrong check digit, or a word without a value beside it."""
    assert secrets(text) == ()


def test_check_digits() -> None:
    """The standards' own examples."""
    assert is_card("79927398713000000000") is False  # twenty digits
    assert is_card("4111111111111111") and not is_card("4111111111111112")
    assert is_iban("DE89 3704 0044 0532 0130 00") and not is_iban("DE88 3704 0044 0532 0130 00")
