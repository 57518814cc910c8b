"""Real Kafka, Postgres and Redis for a test session, with topics and tables made as in production."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.servers import ServerUrls, start_servers

ROLE_PASSWORD = "of-the-tests"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers are; `postgres` is the owner's URL."""

    kafka: str
    postgres: str
    redis: str

    def role_url(self, service: str) -> str:
        """The database as one service sees it."""
        return role_url(self.postgres, service)

    def environment(self) -> dict[str, str]:
        """What a process needs to reach them as the owner."""
        return {
            "PARLEY_KAFKA": self.kafka,
            "PARLEY_POSTGRES": self.postgres,
            "PARLEY_REDIS": self.redis,
            "PARLEY_ROLE_PASSWORD": ROLE_PASSWORD,
            "PARLEY_REPLICATION": "local",
            "PARLEY_PARTITIONS": "local",
        }


def role_url(owner_url: str, service: str) -> str:
    """A database as one service sees it."""
    parts = urlsplit(owner_url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"parley_{service}:{ROLE_PASSWORD}@{place}").geturl()


@contextmanager
def prepared_servers(directory: Path) -> Iterator[Servers]:
    """Start the servers, create the topics, apply the migrations."""
    with start_servers(directory, durable=False) as urls:
        yield prepared(urls)


def prepared(urls: ServerUrls) -> Servers:
    """Create the topics and apply the migrations, with the commands that a deployment runs."""
    servers = Servers(kafka=urls.kafka, postgres=urls.postgres, redis=urls.redis)
    for module in ("shared.runtime.kafka.provision", "deploy.migrate"):
        subprocess.run([sys.executable, "-m", module], env=servers.environment(), check=True, timeout=60)
    return servers
