"""The committed contract is what the code says, and no older record or reader is left behind."""

import json
import subprocess
from pathlib import Path

import pytest

from deploy.contract.files import ASYNCAPI, REPOSITORY, contract_files, stale_files
from tests.contract.events.compatibility import breaks

FILES = contract_files()
SNAPSHOTS = [file for file in FILES if file != ASYNCAPI]


def name(file: Path) -> str:
    return str(file.relative_to(REPOSITORY))


def git(*arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(REPOSITORY), *arguments], capture_output=True, text=True, check=True, timeout=30
    ).stdout


@pytest.mark.parametrize("file", FILES, ids=name)
def test_the_committed_contract_is_what_the_code_says(file: Path) -> None:
    assert file.exists(), f"{name(file)} is missing: run `make contract` and commit what it writes"
    assert file.read_text(encoding="utf-8") == FILES[file], f"{name(file)} differs: run `make contract`, read the diff"


def test_no_snapshot_outlives_its_event() -> None:
    assert stale_files() == [], "an event may not vanish while records of it are kept: deprecate it first"


@pytest.mark.parametrize("file", SNAPSHOTS, ids=name)
def test_an_event_only_ever_grows(file: Path) -> None:
    if not (REPOSITORY / ".git").exists():
        pytest.skip("needs the history of the repository")
    for revision in git("log", "--format=%H", "--diff-filter=AM", "--", name(file)).split():
        old = json.loads(git("show", f"{revision}:{name(file)}"))
        assert breaks(old, json.loads(FILES[file])) == [], f"{name(file)} as of {revision[:8]}: needs a new version"
