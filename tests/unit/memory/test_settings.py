"""What memory reads from its environment."""

from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError

from services.memory.settings import MemorySettings

POSTGRES = SecretStr("postgresql://parley_memory:canary@127.0.0.1/parley")


@pytest.mark.parametrize("place", ["s3://bucket/prefix", "gs://bucket", "file:///var/cold"])
def test_a_place_that_would_be_taken_for_a_folder_is_refused(place: str) -> None:
    with pytest.raises(ValidationError, match="must be a folder, or https://host/bucket/prefix"):
        MemorySettings(postgres=POSTGRES, cold_storage=place)


@pytest.mark.parametrize("place", ["/var/cold", "cold", "https://s3.example/bucket/prefix", None])
def test_a_folder_or_a_bucket_is_a_place(place: str | None) -> None:
    assert MemorySettings(postgres=POSTGRES, cold_storage=place).cold_storage == place


def test_nothing_is_kept_for_less_than_no_time() -> None:
    with pytest.raises(ValidationError, match="retain_summaries"):
        MemorySettings(postgres=POSTGRES, retain_summaries=timedelta(days=-1))


def test_what_is_wrong_is_told_without_what_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_POSTGRES", POSTGRES.get_secret_value())
    monkeypatch.setenv("PARLEY_EMBEDDING", '{"base_url": "https://e.example/v1", "api_key": "canary"}')

    with pytest.raises(ValidationError, match=r"embedding\.model") as refused:
        MemorySettings()
    assert "canary" not in str(refused.value)
