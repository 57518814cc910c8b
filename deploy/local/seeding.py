"""Loads the CSV files of packs into their tables, with the rights of the agent. Run as a module: all of them."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.seeded import note_seeded, unseeded
from shared.domains.base import AnyDomain, Seed, Seeded
from shared.domains.registry import UnknownDomainError, load_domains
from shared.errors import Unavailable
from shared.events.ids import OPEN_TENANT
from shared.runtime.postgres import Database
from shared.runtime.settings import DomainSettings, StoreSettings


def installed_domains() -> dict[str, AnyDomain]:
    """The packs this environment names, or all that are installed."""
    try:
        return load_domains(DomainSettings().domains)
    except UnknownDomainError as failure:
        raise StackError(f"PARLEY_DOMAINS is wrong: {failure}.") from failure


def load_seed(postgres: str, seed: Seed, file: Path) -> Seeded:
    """Loads one file; rows of the same id are replaced."""
    if not file.is_file():
        raise StackError(f"There is no file {file}: name an existing CSV file with --file.")
    try:
        return asyncio.run(_load(postgres, seed, file))
    except Unavailable as failure:
        raise StackError(f"Postgres does not take it ({failure}): see `parley status`.") from failure


def rejections(seed: Seed, file: Path, seeded: Seeded) -> Iterator[str]:
    """A line for each row that was not loaded."""
    return (f"{seed.name}: {file.name} line {row.line}: {row.reason}" for row in seeded.rejected)


async def _load(postgres: str, seed: Seed, file: Path) -> Seeded:
    database = await Database.open(postgres, size=1, name="parley-seed")
    try:
        return await seed.load(database, OPEN_TENANT, file)
    finally:
        await database.close()


def main(mark: Path) -> int:
    """Loads the own files of packs that were not loaded yet and notes which; complaints go to standard error."""
    postgres = StoreSettings().postgres.get_secret_value()
    complaints: list[str] = []
    for name in unseeded(mark):
        (domain,) = load_domains((name,)).values()
        own = [line for seed in domain.seeds for line in _load_own(postgres, seed)]
        complaints += own
        if not own:
            note_seeded(mark, name)
    sys.stderr.writelines(f"{complaint}\n" for complaint in complaints)
    return 1 if complaints else 0


def _load_own(postgres: str, seed: Seed) -> Iterator[str]:
    return rejections(seed, seed.file, load_seed(postgres, seed, seed.file))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
