"""What all embedders have in common."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
"""A row of unit length for each text; one of zeros for a text that nothing can be told of."""


class Embedder(Protocol):
    """Turns texts into vectors. Vectors of different ids have nothing to do with each other."""

    @property
    def id(self) -> str:
        """What made a vector: the model in its version, stored beside each."""

    @property
    def floor(self) -> float:
        """The cosine below which two texts have nothing in common."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """A row for each text. Raises `Unavailable` while that is not possible."""

    async def close(self) -> None:
        """Let go of connections and memory."""


def unit(rows: NDArray[np.floating[Any]]) -> Vectors:
    """The rows at length one; rows of zeros, or of what is no number, as zeros."""
    rows = np.where(np.isfinite(rows).all(axis=1, keepdims=True), rows, 0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return np.asarray(scaled, dtype=np.float32)
