"""The page about adding a pack, followed to the letter."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.settings import REPOSITORY
from shared.domains.registry import load_domains

PAGE = REPOSITORY / "docs" / "adding-a-pack.md"
_FILE = re.compile(r"```python (?P<path>\S+)\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The page's files in a folder that can be imported from."""
    for match in _FILE.finditer(PAGE.read_text(encoding="utf-8")):
        file = tmp_path / match["path"]
        file.parent.mkdir(exist_ok=True)
        file.write_text(match["text"], encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in {"library_desk", "test_library_desk"}]:
        del sys.modules[name]


def test_the_pack_loads_by_the_name_the_page_gives(written: Path) -> None:
    assert "PARLEY_DOMAINS='[\"library_desk:DOMAIN\"]'" in PAGE.read_text(encoding="utf-8")
    assert (written / "library_desk" / "state.py").is_file()

    assert load_domains(("library_desk:DOMAIN",))["library"].title == "Library desk"


async def test_the_pages_own_test_passes(written: Path) -> None:
    own = importlib.import_module("test_library_desk")

    await own.test_a_loan_is_renewed_once_its_number_is_known()
