"""A part of an archive: JSON lines, compressed, beside a manifest that proves them whole."""

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import orjson

from services.memory.store import Archive, Part, Stored


class Storage(Protocol):
    """Cold storage. What is put is there when `put` returns; it replaces what had its name."""

    async def put(self, name: str, content: bytes) -> None: ...


def archive_to(storage: Storage, now: Callable[[], datetime]) -> Archive:
    """Archives parts as `class/tenant/number.jsonl.gz`, the manifest last: without it a part does not count."""

    async def archive(part: Part) -> Stored:
        name = f"{part.name}/{part.tenant_id}/{part.number:08}.jsonl.gz"
        content = await asyncio.to_thread(_compressed, part)
        stored = Stored(name, len(content), hashlib.sha256(content).hexdigest())
        await storage.put(name, content)
        await storage.put(f"{name}.manifest.json", _manifest(part, stored, now()))
        return stored

    return archive


def _compressed(part: Part) -> bytes:
    return gzip.compress(b"".join(orjson.dumps(each) + b"\n" for each in part.records), mtime=0)


def _manifest(part: Part, stored: Stored, now: datetime) -> bytes:
    return orjson.dumps(
        {
            "name": stored.name,
            "class": part.name,
            "tenant_id": str(part.tenant_id),
            "part": part.number,
            "rows": len(part.records),
            "oldest": part.oldest,
            "newest": part.newest,
            "bytes": stored.size,
            "sha256": stored.sha256,
            "archived_at": now,
        },
        option=orjson.OPT_INDENT_2,
    )
