"""Writes the tables of docs/erasure.md from the registries: `python -m tests.support.erasure_page`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from services.agent import personal_data as agent
from services.gateway import personal_data as gateway
from services.memory import personal_data as memory
from services.profiles import personal_data as profiles
from shared.domains.registry import load_domains
from shared.privacy.registry import Registry, merged

PAGE = Path(__file__).parents[2] / "docs" / "erasure.md"
_BEGIN, _END = "<!-- from the registries: python -m tests.support.erasure_page -->\n", "<!-- end -->"


def registries() -> Mapping[str, Registry]:
    """What each service holds; the agent holds the packs' tables."""
    packs = [domain.personal for _, domain in sorted(load_domains().items())]
    return {
        "agent": merged(agent.PERSONAL, *packs),
        "memory": memory.PERSONAL,
        "profiles": profiles.PERSONAL,
        "gateway": gateway.PERSONAL,
    }


def written() -> str:
    """The page with tables that are up to date."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}{_tables(merged(*registries().values()))}{_END}{rest.partition(_END)[2]}"


def _tables(registry: Registry) -> str:
    return "\n".join(["", *_erased(registry), "", *_kept(registry), "", *_keys(registry), "", ""])


def _erased(registry: Registry) -> Iterator[str]:
    yield from ("| table | the person in it | erasure |", "| --- | --- | --- |")
    for holding in registry.holdings:
        yield f"| `{holding.table}` | `{holding.person}` | deletes the row |"
        yield from (f"| `{part.table}` | through `{holding.table}` | deletes the row |" for part in holding.parts)
    for mention in registry.mentions:
        yield f"| `{mention.table}` | `{mention.column}`, in rows about others | empties the column |"


def _kept(registry: Registry) -> Iterator[str]:
    yield from ("| table that is kept | why |", "| --- | --- |")
    yield from (f"| `{kept.table}` | {kept.because} |" for kept in registry.kept)


def _keys(registry: Registry) -> Iterator[str]:
    yield from ("| key in Redis | holds | erasure |", "| --- | --- | --- |")
    yield from (f"| `{key.pattern}` | {key.holds} | {key.kept or 'deletes it'} |" for key in registry.keys)


def main() -> None:
    PAGE.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
