"""Ports that are chosen once and kept."""

import socket
from pathlib import Path

from deploy.local.ports import LOOPBACK, accepts, is_free, kept_ports


def test_ports_differ_and_are_the_same_next_time(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"

    first = kept_ports(file, ["one", "two", "three"])

    assert len(set(first.values())) == len(first)
    assert kept_ports(file, ["one", "two", "three"]) == first


def test_taken_port_is_chosen_anew_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = kept_ports(file, ["one", "two"])
    with socket.socket() as somebody:
        somebody.bind((LOOPBACK, first["one"]))
        somebody.listen()

        second = kept_ports(file, ["one", "two"])

    assert second["one"] != first["one"]
    assert second["two"] == first["two"]
    assert kept_ports(file, ["one", "two"]) == second


def test_listening_port_is_not_free_and_accepts() -> None:
    with socket.socket() as somebody:
        somebody.bind((LOOPBACK, 0))
        somebody.listen()
        port = somebody.getsockname()[1]

        assert accepts(port)
        assert not is_free(port)

    assert not accepts(port)
    assert is_free(port)
