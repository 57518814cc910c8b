"""Which packs' own data were loaded here before."""

from pathlib import Path

from shared.domains.installed import domain_names
from shared.runtime.settings import DomainSettings


def unseeded(mark: Path) -> tuple[str, ...]:
    """The packs whose own data was not loaded yet, by the names they are installed under."""
    seeded = mark.read_text(encoding="utf-8").splitlines() if mark.is_file() else ()
    return tuple(name for name in domain_names(DomainSettings().domains) if name not in seeded)


def note_seeded(mark: Path, name: str) -> None:
    """Remember that a pack's own data was loaded."""
    with mark.open("a", encoding="utf-8") as names:
        names.write(f"{name}\n")
