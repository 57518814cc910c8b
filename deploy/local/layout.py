"""The folder in which one stack keeps everything it writes."""

from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.files import kept_secret

LONG_LOG_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of what lies in the folder of a stack (`.parley` of the clone by default)."""

    root: Path

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.root / "logs"

    @property
    def state(self) -> Path:
        """What the launcher must know about a stack that runs, or ran."""
        return self.root / "state"

    @property
    def state_file(self) -> Path:
        """What is known about the stack that runs."""
        return self.state / "stack.json"

    @property
    def lock_file(self) -> Path:
        """Held by the supervisor for as long as it lives."""
        return self.state / "lock"

    @property
    def seeded_mark(self) -> Path:
        """Names the packs whose own data were loaded: a later start leaves them as they are."""
        return self.state / "seeded"

    @property
    def cold_storage(self) -> Path:
        """Records that were kept long enough, before they are deleted."""
        return self.root / "cold"

    def log(self, name: str) -> Path:
        """The log file of one process."""
        return self.logs / f"{name}.log"

    def role_password(self) -> str:
        """The password of the services' roles in Postgres."""
        return kept_secret(self.state / "role-password")

    def put_long_logs_aside(self) -> None:
        """Begins a new file for each log that has grown long, and keeps the last one."""
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LONG_LOG_BYTES:
                log.replace(log.with_suffix(".log.old"))

    def make(self) -> None:
        """Makes the folders, readable by their owner only; StackError where that is not possible."""
        try:
            for folder in (self.root, self.logs, self.state):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.state / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as failure:
            raise StackError(
                f"{self.root} cannot be written ({failure.strerror}): make it writable for you, "
                "or name another folder in PARLEY_STATE."
            ) from failure
