"""Texts as vectors whose angle tells how alike they are. Which implementation does it is a setting."""

from shared.runtime.embedding.choice import EmbeddingSettings, open_embedder
from shared.runtime.embedding.embedder import Embedder, Vectors

__all__ = ["Embedder", "EmbeddingSettings", "Vectors", "open_embedder"]
