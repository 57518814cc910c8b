"""Where archives go: a folder, or a bucket of anything that speaks S3."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx

from services.memory.retention.archive import Storage
from services.memory.retention.signature import Credentials, signed_headers
from shared.errors import Unavailable

_TIMEOUT: Final = httpx.Timeout(60.0, connect=5.0)


@asynccontextmanager
async def open_storage(
    place: str, credentials: Credentials | None, now: Callable[[], datetime]
) -> AsyncIterator[Storage]:
    """The storage at a path, or at `https://host/bucket/prefix`; `ValueError` for a bucket without credentials."""
    if not place.startswith(("http://", "https://")):
        yield Folder(Path(place))
        return
    if credentials is None:
        raise ValueError("cold storage in a bucket needs PARLEY_COLD_STORAGE_KEY_ID and PARLEY_COLD_STORAGE_SECRET")
    async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
        yield Bucket(client, place.rstrip("/"), credentials, now)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; files are whole and on the disk when `put` returns."""

    path: Path

    async def put(self, name: str, content: bytes) -> None:
        """Write a file. Raises `Unavailable` when the folder cannot be written."""
        try:
            await asyncio.to_thread(self._write, self.path / name, content)
        except OSError as error:
            raise Unavailable(f"cold storage: {error}") from error

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket addressed by path. The signature covers the content, so that what arrives is what was sent."""

    client: httpx.AsyncClient
    url: str
    credentials: Credentials
    now: Callable[[], datetime]

    async def put(self, name: str, content: bytes) -> None:
        """Store an object. Raises `Unavailable` unless the server confirms it."""
        url = httpx.URL(f"{self.url}/{quote(name)}")
        headers = signed_headers("PUT", url, content, self.credentials, self.now())
        try:
            response = await self.client.put(url, content=content, headers=headers)
        except httpx.TransportError as error:
            raise Unavailable(f"cold storage: {type(error).__name__}") from error
        if response.status_code != httpx.codes.OK:
            raise Unavailable(f"cold storage answers {response.status_code} to {name}")
