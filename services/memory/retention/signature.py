"""AWS Signature Version 4, as S3 asks for it."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote

import httpx


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key, and the region that its bucket is in."""

    key_id: str
    secret: str = field(repr=False)
    region: str = "us-east-1"


def signed_headers(
    method: str,
    url: httpx.URL,
    content: bytes,
    credentials: Credentials,
    now: datetime,
    headers: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The headers of a request without a query, the given ones included, all signed with the content's hash."""
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(content).hexdigest()
    signed = {
        **{name.lower(): value for name, value in (headers or {}).items()},
        "host": url.netloc.decode(),
        "x-amz-content-sha256": digest,
        "x-amz-date": moment,
    }
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name].strip()}\n" for name in sorted(signed))
    canonical = f"{method}\n{quote(unquote(url.path))}\n\n{lines}\n{names}\n{digest}"
    scope = f"{moment[:8]}/{credentials.region}/s3/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(_key(credentials, scope), to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={credentials.key_id}/{scope},SignedHeaders={names},Signature={signature}"
    )
    return signed | {"authorization": authorization}


def _key(credentials: Credentials, scope: str) -> bytes:
    key = f"AWS4{credentials.secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
