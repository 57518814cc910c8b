"""Small files of the stack that only their owner may read."""

import os
import secrets
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def kept_secret(path: Path) -> str:
    """The secret in this file, made on first use."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24))
    return path.read_text()
