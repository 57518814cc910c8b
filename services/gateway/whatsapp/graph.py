"""The Graph API of WhatsApp: sends one message, or takes one file, and says what is known of it then."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Self

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

# Errors that pass, as their codes say: some come with a status of 400. That of a token which expired passes when its
# operator replaces it, and is not the message's fault.
_PASSING: Final = frozenset({2, 4, 190, 80007, 130429, 131000, 131016, 131056, 131057, 133004})
_PROXY_SPOKE: Final = frozenset({502, 504})
_CONNECT_SECONDS: Final = 3.0
_LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """It was accepted under this id."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It was certainly not sent, and may be tried again; not before `retry_after`, if that is said."""

    reason: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """It was not sent and never will be."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """It may have been sent."""

    reason: str


Answer = Sent | Refused | Rejected | Unanswered


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that WhatsApp has under this id."""

    media_id: str


@dataclass(frozen=True, slots=True)
class File:
    """What somebody can open."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message with whom it is for and what comes back in all news of it."""

    number_id: str
    access_token: SecretStr
    phone: str
    message: Mapping[str, Any]
    reference: str
    """At most 256 bytes."""


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Id(_Wire):
    id: str


class _Accepted(_Wire):
    messages: tuple[_Id, ...] = Field(min_length=1)


class _Error(_Wire):
    code: int
    message: str = ""


class _Failed(_Wire):
    error: _Error


class GraphClient:
    """Sends messages, each in bounded time. Never raises: what went wrong is an answer too."""

    def __init__(self, url: str, version: str, *, within: timedelta, at_once: int) -> None:
        self._version = version
        self._within = within.total_seconds()
        self._http = httpx.AsyncClient(
            base_url=url.rstrip("/"),
            timeout=httpx.Timeout(self._within, connect=min(_CONNECT_SECONDS, self._within)),
            limits=httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def send(self, parcel: Parcel) -> Answer:
        """Send a message, once."""
        try:
            async with asyncio.timeout(self._within):
                response = await self._send(parcel)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            return Refused(type(error).__name__)
        except (httpx.HTTPError, TimeoutError) as error:
            return Unanswered(type(error).__name__)
        return answer_of(response)

    async def upload(self, parcel: Parcel, file: File) -> Uploaded | Refused | Rejected:
        """Hand over a file for a message; nobody sees it before, so it may be handed over again."""
        form = {"messaging_product": "whatsapp", "type": file.media_type}
        files = {"file": (file.name, file.content, file.media_type)}
        try:
            response = await self._post(parcel, "media", data=form, files=files)
        except httpx.HTTPError as error:
            return Refused(type(error).__name__)
        return uploaded(response)

    async def _send(self, parcel: Parcel) -> httpx.Response:
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": parcel.phone,
            "biz_opaque_callback_data": parcel.reference,
            **parcel.message,
        }
        return await self._post(parcel, "messages", json=message)

    async def _post(self, parcel: Parcel, what: str, **content: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {parcel.access_token.get_secret_value()}"}
        return await self._http.post(f"/{self._version}/{parcel.number_id}/{what}", headers=headers, **content)


def answer_of(response: httpx.Response) -> Answer:
    """What a response says about a message."""
    if response.is_success:
        return _accepted(response)
    return _failed(response)


def uploaded(response: httpx.Response) -> Uploaded | Refused | Rejected:
    """What a response says about a file."""
    if not response.is_success:
        answer = _failed(response)
        return Refused(answer.reason) if isinstance(answer, Unanswered) else answer
    try:
        return Uploaded(_Id.model_validate_json(response.content).id)
    except ValidationError:
        return Refused(f"HTTP {response.status_code} without an id")


def _failed(response: httpx.Response) -> Refused | Rejected | Unanswered:
    error, status = _error(response), response.status_code
    if error is None and status in _PROXY_SPOKE:
        return Unanswered(f"HTTP {status}")
    reason = f"HTTP {status}" if error is None else f"{error.code} {error.message}"[:_LONGEST_REASON]
    if status == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error or (error and error.code in _PASSING):
        return Refused(reason, _retry_after(response))
    return Rejected(reason)


def _accepted(response: httpx.Response) -> Answer:
    try:
        return Sent(_Accepted.model_validate_json(response.content).messages[0].id)
    except ValidationError:
        return Unanswered(f"HTTP {response.status_code} without an id")


def _error(response: httpx.Response) -> _Error | None:
    try:
        return _Failed.model_validate_json(response.content).error
    except ValidationError:
        return None


def _retry_after(response: httpx.Response) -> timedelta | None:
    given = response.headers.get("retry-after", "")
    return timedelta(seconds=int(given)) if given.isdecimal() and len(given) < 7 else None
