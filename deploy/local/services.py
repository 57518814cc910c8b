"""The services of a stack and what must be done before they start: what to run, and with what environment."""

import sys
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit

from deploy.local.layout import Layout
from deploy.local.ports import LOOPBACK
from deploy.local.processes import Command, Process
from deploy.local.seeded import unseeded
from deploy.local.servers import ServerUrls
from deploy.local.settings import REPOSITORY

STORING_SERVICES = ("agent", "memory", "profiles")
SERVICES = (*STORING_SERVICES, "gateway")
PROBE_SECONDS = 2
# Threads of the numeric libraries wait for each other by spinning: on a machine shared by all of
# Parley's processes that costs ten times what it gains.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the services must know to find the servers and each other."""

    layout: Layout
    urls: ServerUrls
    role_password: str
    ports: dict[str, int]
    inherited: dict[str, str]


def preparations(wiring: Wiring) -> list[list[Command]]:
    """What comes before the services, in steps: topics and tables, then the data of packs that are new here."""
    topics = {
        "PARLEY_KAFKA": wiring.urls.kafka,
        "PARLEY_REPLICATION": "local",
        "PARLEY_PARTITIONS": "local",
    }
    tables = {"PARLEY_POSTGRES": wiring.urls.postgres, "PARLEY_ROLE_PASSWORD": wiring.role_password}
    structure = [
        _python(wiring, "topics", "shared.runtime.kafka.provision", "provision", topics),
        _python(wiring, "tables", "deploy.migrate", "migrate", tables),
    ]
    mark = wiring.layout.seeded_mark
    if not unseeded(mark):
        return [structure]
    agent = {"PARLEY_POSTGRES": _role_url(wiring, "agent")}
    seeding = _python(wiring, "example data", "deploy.local.seeding", "seed", agent)
    return [structure, [replace(seeding, arguments=[*seeding.arguments, str(mark)])]]


def service_groups(wiring: Wiring) -> list[list[Process]]:
    """All services; the gateway last, so that it stops first and ends its open streams well."""
    storing = [_service(wiring, name, {"PARLEY_POSTGRES": _role_url(wiring, name)}) for name in STORING_SERVICES]
    return [storing, [_service(wiring, "gateway", {"PARLEY_POSTGRES": _role_url(wiring, "gateway")})]]


def role_url(owner_url: str, service: str, password: str) -> str:
    """The same database, seen with the rights of one service."""
    parts = urlsplit(owner_url)
    _credentials, _at, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"parley_{service}:{quote(password, safe='')}@{place}").geturl()


def is_ready(port: int) -> bool:
    """Whether the service on this port says that it is ready for work."""
    connection = HTTPConnection(LOOPBACK, port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _role_url(wiring: Wiring, name: str) -> str:
    return role_url(wiring.urls.postgres, name, wiring.role_password)


def _service(wiring: Wiring, name: str, own: dict[str, str]) -> Process:
    port = wiring.ports[name]
    others = {f"PARLEY_{other.upper()}_URL": f"http://{LOOPBACK}:{wiring.ports[other]}" for other in STORING_SERVICES}
    environment = {
        "PARLEY_KAFKA": wiring.urls.kafka,
        "PARLEY_REDIS": wiring.urls.redis,
        "PARLEY_HOST": LOOPBACK,
        "PARLEY_PORT": str(port),
        "PARLEY_COLD_STORAGE": wiring.inherited.get("PARLEY_COLD_STORAGE", str(wiring.layout.cold_storage)),
        **others,
        **own,
    }
    command = _python(wiring, name, f"services.{name}", name, environment)
    return Process(command, port=port, ready=lambda: is_ready(port))


def _python(wiring: Wiring, name: str, module: str, log: str, own: dict[str, str]) -> Command:
    inherited = {key: value for key, value in wiring.inherited.items() if key != "PARLEY_POSTGRES"}
    return Command(
        name=name,
        arguments=[sys.executable, "-m", module],
        directory=REPOSITORY,
        log=wiring.layout.log(log),
        environment=ONE_THREAD | inherited | own,
    )
