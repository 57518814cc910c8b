"""The documents lead where they say, and name commands that exist."""

import re
from pathlib import Path

import pytest

from deploy.local.cli import FAMILIES
from deploy.local.settings import REPOSITORY

PAGES = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TEST = re.compile(r"\[`(test_\w+)`\]\(([^)\s]+)\)")
COMMAND = re.compile(r"`parley ([a-z]+)")
TARGET = re.compile(r"`make ([a-z]+)`")


def name(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def anchors(page: Path) -> set[str]:
    """The fragments of a page's headings, as the usual renderers make them."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        file, _, fragment = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{name(page)}: {link}"
        assert not fragment or fragment in anchors(target), f"{name(page)}: {link}"


def test_every_invariant_names_a_test_that_exists() -> None:
    named = TEST.findall((REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8"))

    assert len(named) > 20
    for test, file in named:
        assert f"def {test}(" in (REPOSITORY / file).read_text(encoding="utf-8"), test


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_and_targets_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(COMMAND.findall(text)) <= FAMILIES.keys()
    assert set(TARGET.findall(text)) <= targets
