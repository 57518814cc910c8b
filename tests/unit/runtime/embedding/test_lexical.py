"""Embedding by the letters alone."""

import numpy as np
import pytest

from shared.runtime.embedding.lexical import LexicalEmbedder

PARKING = [61, 78, 167, 186, 188, 193, 212, 307, 354, 355, 367, 379, 417, 436]
"""Where the vector of "parking" is not zero."""


async def cosine(first: str, second: str) -> float:
    one, other = await LexicalEmbedder().embed([first, second])
    return float(one @ other)


@pytest.mark.parametrize(
    ("said", "near", "far"),
    [
        ("How much is parking?", "parking costs", "Is there a pool?"),
        ("Brigade Citrine in Whitefield", "whitefeild brigade", "the brochure please"),
        ("这套公寓有停车位吗", "停车位多少钱", "今天天气怎么样"),
        ("ＶＩＰ客户", "VIP客户有多少", "手袋推广"),
    ],
)
async def test_shared_words_and_pieces_of_words_bring_texts_together(said: str, near: str, far: str) -> None:
    embedder = LexicalEmbedder()

    assert await cosine(said, near) > embedder.floor
    assert await cosine(said, near) > await cosine(said, far)
    assert await cosine(said, far) < embedder.floor


async def test_a_text_is_itself_and_rows_have_unit_length() -> None:
    rows = await LexicalEmbedder().embed(["One flat, two flats", "一套公寓", "7 days"])

    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 1])
    assert await cosine("7 days", "7 days") == pytest.approx(1)


@pytest.mark.parametrize("text", ["", "?!", "what is it", "的吗"])
async def test_nothing_is_told_of_a_text_without_words_of_its_own(text: str) -> None:
    assert not np.any(await LexicalEmbedder().embed([text]))


async def test_vectors_are_the_same_in_every_process() -> None:
    [row] = await LexicalEmbedder().embed(["parking"])

    assert np.flatnonzero(row).tolist() == PARKING
