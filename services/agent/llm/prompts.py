"""What models are told: the platform's part of each job and the pack's, from files, read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

from shared.domains.base import AnyDomain

Job = Literal["intent", "wording", "free"]
JOBS: Final[tuple[Job, ...]] = get_args(Job)
_COMMON: Final = Path(__file__).parent / "prompts"


@dataclass(frozen=True, slots=True)
class Prompts:
    """Instructions by pack and job. A pack without a file for a job does without a model there."""

    by_pack: Mapping[str, Mapping[Job, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, domains: Mapping[str, AnyDomain]) -> "Prompts":
        """Read the files of these packs."""
        common = {job: _read(_COMMON / f"{job}.md") for job in JOBS}
        return cls({name: _of(domain.prompts, common) for name, domain in domains.items() if domain.prompts})

    def get(self, pack: str, job: Job) -> str | None:
        """The instructions; None: this is no job for a model."""
        return self.by_pack.get(pack, {}).get(job)


def _of(folder: Path, common: Mapping[Job, str]) -> dict[Job, str]:
    files = {job: folder / f"{job}.md" for job in JOBS}
    return {job: f"{common[job]}\n\n{_read(file)}" for job, file in files.items() if file.exists()}


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()
