"""Who signed a webhook."""

import pytest
from pydantic import SecretStr

from services.gateway.whatsapp.signature import is_same, is_signed
from tests.support.whatsapp import signature

BODY = b'{"object":"whatsapp_business_account","entry":[]}'
NEW, OLD = SecretStr("new"), SecretStr("old")


def test_known_signature() -> None:
    made = "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"

    assert is_signed(b"The quick brown fox jumps over the lazy dog", made, [SecretStr("key")])


@pytest.mark.parametrize("secret", ["new", "old"])
def test_each_listed_secret_signs_while_they_are_rotated(secret: str) -> None:
    assert is_signed(BODY, signature(BODY, secret), [NEW, OLD])


def test_hexadecimal_digits_may_be_capitals() -> None:
    scheme, digits = signature(BODY, "new").split("=")

    assert is_signed(BODY, f"{scheme}={digits.upper()}", [NEW])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        signature(BODY, "another"),
        signature(BODY, "new").removeprefix("sha256="),
        signature(BODY, "new").replace("sha256", "sha1"),
        signature(BODY, "new") + "00",
        signature(BODY, "new")[:-1],
        "sha256=é",
    ],
    ids=["missing", "empty", "no digest", "another secret", "bare", "sha1", "longer", "shorter", "no hexadecimal"],
)
def test_anything_else_is_refused(header: str | None) -> None:
    assert not is_signed(BODY, header, [NEW])


@pytest.mark.parametrize("place", range(0, len(BODY), 7))
def test_body_with_one_bit_changed_is_refused(place: int) -> None:
    tampered = bytearray(BODY)
    tampered[place] ^= 1

    assert not is_signed(bytes(tampered), signature(BODY, "new"), [NEW])


def test_without_secrets_nothing_is_signed() -> None:
    assert not is_signed(BODY, signature(BODY, ""), [])


def test_secret_is_known_or_not() -> None:
    assert is_same("new", NEW)
    assert not is_same("néw", NEW)
    assert not is_same("", NEW)
