"""Where and with what the bench ran: without it a figure means nothing."""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg
import psutil
from pydantic import BaseModel
from redis.asyncio import Redis

from deploy.local.servers import ServerUrls
from deploy.local.settings import REPOSITORY
from tests.load.usage import cores

LIBRARIES = ("aiokafka", "asyncpg", "fastapi", "faststream", "pydantic", "redis", "scipy", "uvicorn", "uvloop")
KAFKA_JARS = REPOSITORY / "deploy" / "local" / "kafka-jars.txt"
KAFKA_JAR = re.compile(r"kafka-clients-([0-9.]+)\.jar")
CPU_FACTS = Path("/proc/cpuinfo")


class Circumstances(BaseModel):
    """Machine, commit and versions."""

    at: datetime
    commit: str
    processor: str
    cores: int
    memory_gib: float
    system: str
    load_before: tuple[float, float, float]
    servers: dict[str, str]
    libraries: dict[str, str]


async def circumstances(urls: ServerUrls) -> Circumstances:
    """Of this run."""
    return Circumstances(
        at=datetime.now(UTC),
        commit=_commit(),
        processor=processor(),
        cores=cores(),
        memory_gib=round(psutil.virtual_memory().total / 1024**3, 1),
        system=platform.platform(),
        load_before=os.getloadavg(),
        servers=await _server_versions(urls),
        libraries={"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
    )


async def _server_versions(urls: ServerUrls) -> dict[str, str]:
    connection = await asyncpg.connect(urls.postgres)
    postgres = await connection.fetchval("show server_version")
    await connection.close()
    async with Redis.from_url(urls.redis) as redis:
        facts = await redis.info("server")
    return {"kafka": _kafka_version(), "postgres": postgres, "redis": facts["redis_version"]}


def _kafka_version() -> str:
    found = KAFKA_JAR.search(KAFKA_JARS.read_text())
    return found[1] if found else "unknown"


def _commit() -> str:
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = [line for line in _git("status", "--porcelain").splitlines() if not line.startswith("??")]
    return f"{commit} and {len(changed)} changed files" if changed else commit


def _git(*arguments: str) -> str:
    command: Sequence[str] = ("git", *arguments)
    try:
        return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def processor() -> str:
    """What this machine computes with."""
    if sys.platform == "linux":
        for line in CPU_FACTS.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(": ")[2]
    return platform.processor() or platform.machine()
