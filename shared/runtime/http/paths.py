"""Paths of internal requests."""

from typing import Final
from urllib.parse import quote

_CLIMBING: Final = {".": "%2E", "..": "%2E%2E"}


def segment(text: str) -> str:
    """Any text as one segment of a path, or as a header."""
    # Clients resolve dots that stand alone before they send a path: `/users/../data` would become `/data`.
    return _CLIMBING.get(text) or quote(text, safe="")
