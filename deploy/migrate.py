"""Brings every service's and every pack's schema up to date: `python -m deploy.migrate`, as the database owner."""

import sys
from pathlib import Path

from pydantic import SecretStr

from shared.domains.registry import load_domains
from shared.runtime.migrate import Schema, migrate
from shared.runtime.settings import DomainSettings

_SERVICES = Path(__file__).resolve().parents[1] / "services"
_STORING = ("agent", "gateway", "memory", "profiles")


class MigrationSettings(DomainSettings):
    """Where to migrate, and the password the services' roles get."""

    postgres: SecretStr
    role_password: SecretStr


def schemas(domains: tuple[str, ...] | None) -> list[Schema]:
    """The schemas of all services and of these packs."""
    own = [Schema(name, f"parley_{name}", _SERVICES / name / "migrations") for name in _STORING]
    packs = [
        Schema(f"pack_{domain.name}", "parley_agent", domain.migrations)
        for domain in load_domains(domains).values()
        if domain.migrations is not None
    ]
    return own + packs


def main() -> int:
    """Apply what is missing."""
    settings = MigrationSettings()
    try:
        migrate(
            settings.postgres.get_secret_value(), settings.role_password.get_secret_value(), schemas(settings.domains)
        )
    except OSError as error:
        sys.stderr.write(f"Postgres is not reachable: {error}. Check PARLEY_POSTGRES.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
