"""Kafka's jars: fetched once from a Maven repository, checked against committed hashes, kept in the cache."""

import errno
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import pooch
import requests

from deploy.local.errors import StackError

REGISTRY = Path(__file__).parents[1] / "kafka-jars.txt"
DOWNLOADS_AT_ONCE = 8
TIMEOUT_SECONDS = 30

Progress = Callable[[int, int], None]


def fetch_jars(
    cache: Path | None,
    maven_url: str,
    *,
    registry: Path = REGISTRY,
    progress: Progress | None = None,
) -> list[Path]:
    """Every jar of the registry as a verified file; downloads what is missing or damaged.

    `progress` is told (jars present, jars in all) after each one.
    """
    store = _jar_store(cache, maven_url, registry)
    with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        downloads = [pool.submit(_fetch, store, name) for name in store.registry_files]
        try:
            for done, download in enumerate(as_completed(downloads), start=1):
                download.result()
                if progress is not None:
                    progress(done, len(downloads))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return sorted(download.result() for download in downloads)


def kafka_cache(cache: Path | None) -> Path:
    """The folder for everything of Kafka that is fetched or made once and used by every stack."""
    return (cache or Path(pooch.os_cache("parley"))) / "kafka"


def _jar_store(cache: Path | None, maven_url: str, registry: Path) -> pooch.Pooch:
    pooch.get_logger().setLevel(logging.WARNING)
    store = pooch.create(
        path=kafka_cache(cache),
        base_url=maven_url.rstrip("/") + "/",
        registry=None,
        retry_if_failed=1,
    )
    store.load_registry(registry)
    return store


def _fetch(store: pooch.Pooch, name: str) -> Path:
    """One jar; each way to fail becomes a sentence that says what to do about it."""
    jar = Path(name).name
    try:
        return Path(store.fetch(name, downloader=pooch.HTTPDownloader(timeout=TIMEOUT_SECONDS)))
    except ValueError as mismatch:
        raise StackError(
            f"The download of {jar} from {store.base_url} is corrupt and was thrown away: try again, "
            "and if it happens again name another Maven repository in PARLEY_MAVEN_URL."
        ) from mismatch
    except requests.HTTPError as refusal:
        raise StackError(
            f"{store.base_url} does not give {jar} ({refusal}): name a complete Maven repository in PARLEY_MAVEN_URL."
        ) from refusal
    except requests.RequestException as failure:
        raise StackError(
            f"{jar} cannot be downloaded from {store.base_url}: check the network or proxy, "
            "or name a Maven repository you can reach in PARLEY_MAVEN_URL."
        ) from failure
    except OSError as failure:
        raise _unusable_cache(store, failure) from failure


def _unusable_cache(store: pooch.Pooch, failure: OSError) -> StackError:
    if failure.errno == errno.ENOSPC:
        return StackError(
            f"The disk that holds the cache {store.abspath} is full: make room there, "
            "or name another folder in PARLEY_CACHE."
        )
    return StackError(
        f"The cache {store.abspath} cannot be written ({failure.strerror or failure}): "
        "name a folder you may write to in PARLEY_CACHE."
    )
