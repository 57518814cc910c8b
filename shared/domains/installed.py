"""Which packs there are, by name; nothing of them is imported."""

from importlib.metadata import entry_points
from typing import Final

GROUP: Final = "parley.domains"


def domain_names(names: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """These names, or those of every installed pack."""
    return names if names is not None else tuple(point.name for point in entry_points(group=GROUP))
