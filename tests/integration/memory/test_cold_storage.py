"""Archives arrive whole at a bucket that checks signatures, or it is known that they did not."""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI, Request, Response

from services.memory.retention import open_storage
from services.memory.retention.signature import Credentials
from shared.errors import Unavailable
from tests.support.http_server import served

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEYS = Credentials("parley", "of the bucket", "eu-central-1")


@dataclass
class Bucket:
    """Stores what is signed with its secret, and refuses the rest as S3 does."""

    secret: str = KEYS.secret
    objects: dict[str, bytes] = field(default_factory=dict)

    def api(self) -> FastAPI:
        app = FastAPI()

        @app.put("/{path:path}")
        async def put(path: str, request: Request) -> Response:
            body = await request.body()
            if not self._is_signed(request, body):
                return Response(status_code=403)
            self.objects[path] = body
            return Response()

        return app

    def _is_signed(self, request: Request, body: bytes) -> bool:
        """Written from the documentation of the signature, apart from what signs."""
        given = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=(\w+)/(\d{8})/([\w-]+)/s3/aws4_request,"
            r"SignedHeaders=([\w;-]+),Signature=(\w{64})",
            request.headers["authorization"],
        )
        assert given is not None
        key_id, day, region, names, signature = given.groups()
        digest = hashlib.sha256(body).hexdigest()
        lines = [f"{name}:{request.headers[name]}" for name in names.split(";")]
        canonical = "\n".join(["PUT", quote(request.url.path), "", *lines, "", names, digest])
        scope = f"{day}/{region}/s3/aws4_request"
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashed])
        key = f"AWS4{self.secret}".encode()
        for part in (*scope.split("/"), to_sign):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return (key_id, key.hex(), request.headers["x-amz-content-sha256"]) == (KEYS.key_id, signature, digest)


@pytest.fixture
async def bucket() -> AsyncIterator[tuple[Bucket, str]]:
    bucket = Bucket()
    async with served(bucket.api()) as url:
        yield bucket, f"{url}/archives/of parley"


async def test_a_bucket_gets_what_is_signed_for_it(bucket: tuple[Bucket, str]) -> None:
    sink, url = bucket
    async with open_storage(url, KEYS, lambda: NOW) as storage:
        await storage.put("messages/t/00000001.jsonl.gz", b"records")

    assert sink.objects == {"archives/of parley/messages/t/00000001.jsonl.gz": b"records"}


async def test_what_a_bucket_refuses_was_not_stored(bucket: tuple[Bucket, str]) -> None:
    sink, url = bucket
    sink.secret = "another"
    async with open_storage(url, KEYS, lambda: NOW) as storage:
        with pytest.raises(Unavailable, match="403"):
            await storage.put("messages/t/00000001.jsonl.gz", b"records")

    assert sink.objects == {}


async def test_a_bucket_that_is_down_is_unavailable() -> None:
    async with open_storage("http://127.0.0.1:9/bucket", KEYS, lambda: NOW) as storage:
        with pytest.raises(Unavailable):
            await storage.put("messages/t/00000001.jsonl.gz", b"records")


async def test_a_bucket_without_credentials_is_refused_at_once() -> None:
    async with AsyncExitStack() as stack:
        with pytest.raises(ValueError, match="PARLEY_COLD_STORAGE_SECRET"):
            await stack.enter_async_context(open_storage("https://bucket.example", None, lambda: NOW))


async def test_a_folder_holds_whole_files_only(tmp_path: Path) -> None:
    async with open_storage(str(tmp_path / "cold"), None, lambda: NOW) as storage:
        await storage.put("messages/t/1.gz", b"first")
        await storage.put("messages/t/1.gz", b"second")

    assert files(tmp_path) == {"cold/messages/t/1.gz": b"second"}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with open_storage(str(tmp_path / "file"), None, lambda: NOW) as storage:
        with pytest.raises(Unavailable):
            await storage.put("messages/t/1.gz", b"records")
