"""Which embedder the environment names."""

import pytest
from pydantic import ValidationError

from shared.runtime.embedding import EmbeddingSettings, open_embedder
from shared.runtime.embedding.endpoint import EmbeddingEndpoint

SERVICE = EmbeddingEndpoint(base_url="http://127.0.0.1:1/v1", model="bge-m3")


async def test_without_settings_it_is_the_one_that_needs_nothing() -> None:
    assert (await open_embedder(EmbeddingSettings())).id == "lexical-1"


@pytest.mark.parametrize(
    ("service", "expected"),
    [(SERVICE, "endpoint/bge-m3"), (SERVICE.model_copy(update={"dimensions": 256}), "endpoint/bge-m3/256")],
)
async def test_a_service_is_known_by_its_model_and_the_size_asked_for(
    service: EmbeddingEndpoint, expected: str
) -> None:
    embedder = await open_embedder(EmbeddingSettings(embedder="endpoint", embedding=service))

    assert embedder.id == expected
    await embedder.close()


async def test_a_service_is_read_from_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_EMBEDDER", "endpoint")
    monkeypatch.setenv("PARLEY_EMBEDDING", '{"base_url": "http://127.0.0.1:1/v1", "model": "bge-m3", "api_key": "k"}')

    service = EmbeddingSettings().embedding

    assert service is not None
    assert service.model == "bge-m3"
    assert "'k'" not in repr(service)


@pytest.mark.parametrize("given", [{"embedder": "endpoint"}, {"embedding": SERVICE}, {"embedder": "none"}])
def test_half_a_choice_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EmbeddingSettings(**given)  # type: ignore[arg-type]
