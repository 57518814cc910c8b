"""What the services are given."""

from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.layout import Layout
from deploy.local.seeded import note_seeded
from deploy.local.servers import ServerUrls
from deploy.local.services import SERVICES, Wiring, preparations, role_url, service_groups


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    layout = Layout(tmp_path)
    layout.make()
    return Wiring(
        layout=layout,
        urls=ServerUrls("127.0.0.1:9092", "postgresql://parley:owner@127.0.0.1:5432/parley", "redis://:r@127.0.0.1/0"),
        role_password="of roles",
        ports={"agent": 1, "memory": 2, "profiles": 3, "gateway": 8000},
        inherited={
            "PATH": "/bin",
            "PARLEY_POSTGRES": "postgresql://somebody@elsewhere/db",
            "PARLEY_LOG_LEVEL": "debug",
        },
    )


def environments(wiring: Wiring) -> dict[str, dict[str, str]]:
    return {process.name: dict(process.command.environment) for group in service_groups(wiring) for process in group}


def test_role_url_changes_who_connects_and_nothing_else() -> None:
    owner = "postgresql://parley:secret@db.example:5433/parley?sslmode=require"

    assert role_url(owner, "memory", "p/w") == (
        "postgresql://parley_memory:p%2Fw@db.example:5433/parley?sslmode=require"
    )


def test_each_service_connects_with_its_own_role(wiring: Wiring) -> None:
    given = environments(wiring)

    for name in SERVICES:
        assert given[name]["PARLEY_POSTGRES"] == f"postgresql://parley_{name}:of%20roles@127.0.0.1:5432/parley"


def test_gateway_stops_first(wiring: Wiring) -> None:
    assert [process.name for process in service_groups(wiring)[-1]] == ["gateway"]


def test_services_find_each_other_and_inherit_the_rest(wiring: Wiring) -> None:
    given = environments(wiring)["gateway"]

    assert given["PARLEY_PORT"] == "8000"
    assert given["PARLEY_HOST"] == "127.0.0.1"
    assert given["PARLEY_AGENT_URL"] == "http://127.0.0.1:1"
    assert given["PARLEY_LOG_LEVEL"] == "debug"


def test_old_records_go_to_a_folder_of_the_stack_unless_another_place_is_named(wiring: Wiring) -> None:
    assert environments(wiring)["memory"]["PARLEY_COLD_STORAGE"] == str(wiring.layout.root / "cold")

    named = replace(wiring, inherited={"PARLEY_COLD_STORAGE": "/mnt/archive"})
    assert environments(named)["memory"]["PARLEY_COLD_STORAGE"] == "/mnt/archive"


def test_only_migrations_see_the_owner_of_the_database(wiring: Wiring) -> None:
    commands = [command for step in preparations(wiring) for command in step]

    seeing = [command.name for command in commands if "parley:owner" in command.environment.get("PARLEY_POSTGRES", "")]

    assert seeing == ["tables"]


def test_example_data_are_loaded_once_for_each_pack(wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DOMAINS", '["property"]')
    first = [command.name for step in preparations(wiring) for command in step]
    note_seeded(wiring.layout.seeded_mark, "property")
    later = [command.name for step in preparations(wiring) for command in step]
    monkeypatch.setenv("PARLEY_DOMAINS", '["property", "shop"]')
    with_another = [command.name for step in preparations(wiring) for command in step]

    assert first == with_another == ["topics", "tables", "example data"]
    assert later == ["topics", "tables"]
