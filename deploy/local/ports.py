"""Free ports, chosen once and kept, so that addresses survive a restart."""

import json
import socket
from collections.abc import Sequence
from pathlib import Path

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as listener:
        # As servers do: a port with connections in TIME_WAIT is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Whether something listens on this loopback port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def kept_ports(file: Path, names: Sequence[str]) -> dict[str, int]:
    """A free port for each name: the one in `file` where still free, else a new one, written there."""
    known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    kept = {name: known[name] for name in names if name in known and is_free(known[name])}
    missing = [name for name in names if name not in kept]
    ports = kept | dict(zip(missing, _unused(len(missing), known), strict=True))
    file.write_text(json.dumps(known | ports, indent=2))
    return ports


def _unused(count: int, known: dict[str, int]) -> list[int]:
    """Ports nobody listens on, all held open at once so that they differ from each other."""
    listeners: list[socket.socket] = []
    try:
        ports: list[int] = []
        while len(ports) < count:
            listener = socket.socket()
            listeners.append(listener)
            listener.bind((LOOPBACK, 0))
            port = listener.getsockname()[1]
            if port not in known.values():
                ports.append(port)
        return ports
    finally:
        for listener in listeners:
            listener.close()
