"""Fetching Kafka's jars from a repository that misbehaves in every way a repository can."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deploy.local.embedded.jars import fetch_jars
from deploy.local.errors import StackError

JARS = {"org/one/1.0/one-1.0.jar": b"first", "org/two/2.0/two-2.0.jar": b"second"}


class SilentHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Says nothing of requests."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    for name, content in JARS.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def maven_url(repository: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SilentHandler, directory=str(repository))) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        serving.join()


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    file = tmp_path / "registry.txt"
    lines = [f"{name} sha256:{hashlib.sha256(content).hexdigest()}" for name, content in JARS.items()]
    file.write_text("\n".join(lines))
    return file


def test_jars_are_fetched_once_and_progress_is_told(
    tmp_path: Path, maven_url: str, registry: Path, repository: Path
) -> None:
    told: list[tuple[int, int]] = []
    jars = fetch_jars(tmp_path / "cache", maven_url, registry=registry, progress=lambda *step: told.append(step))
    for name in JARS:
        (repository / name).unlink()

    again = fetch_jars(tmp_path / "cache", maven_url, registry=registry)

    assert again == jars
    assert [jar.read_bytes() for jar in jars] == [b"first", b"second"]
    assert told == [(1, 2), (2, 2)]


def test_damaged_jar_in_the_cache_is_fetched_again(tmp_path: Path, maven_url: str, registry: Path) -> None:
    jar, _other = fetch_jars(tmp_path / "cache", maven_url, registry=registry)
    jar.write_bytes(b"damaged")

    fetch_jars(tmp_path / "cache", maven_url, registry=registry)

    assert jar.read_bytes() == b"first"


def test_corrupt_download_is_named_and_not_kept(
    tmp_path: Path, maven_url: str, registry: Path, repository: Path
) -> None:
    (repository / "org/two/2.0/two-2.0.jar").write_bytes(b"something else")

    with pytest.raises(StackError, match=r"two-2\.0\.jar .* is corrupt and was thrown away: try again"):
        fetch_jars(tmp_path / "cache", maven_url, registry=registry)

    assert not list((tmp_path / "cache").rglob("*two*.jar"))


def test_missing_jar_names_the_repository(tmp_path: Path, maven_url: str, registry: Path, repository: Path) -> None:
    (repository / "org/one/1.0/one-1.0.jar").unlink()

    with pytest.raises(StackError, match=r"does not give one-1\.0\.jar .*404.*PARLEY_MAVEN_URL"):
        fetch_jars(tmp_path / "cache", maven_url, registry=registry)


def test_unreachable_repository_says_what_to_check(tmp_path: Path, registry: Path) -> None:
    with pytest.raises(StackError, match=r"cannot be downloaded from http://127\.0\.0\.1:1/: check the network"):
        fetch_jars(tmp_path / "cache", "http://127.0.0.1:1", registry=registry)


def test_cache_that_cannot_be_a_folder_is_named(tmp_path: Path, maven_url: str, registry: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")

    with pytest.raises(StackError, match=r"The cache .*cache/kafka cannot be written .* PARLEY_CACHE"):
        fetch_jars(tmp_path / "cache", maven_url, registry=registry)
