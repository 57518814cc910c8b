"""Requests to S3 are signed as its documentation has them."""

from datetime import UTC, datetime

import httpx

from services.memory.retention.signature import Credentials, signed_headers


def test_the_documented_example_has_the_documented_signature() -> None:
    headers = signed_headers(
        "PUT",
        httpx.URL("https://examplebucket.s3.amazonaws.com/test%24file.text"),
        b"Welcome to Amazon S3.",
        Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        datetime(2013, 5, 24, tzinfo=UTC),
        {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
    )

    assert headers["authorization"].endswith(
        "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    )
