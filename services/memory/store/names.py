"""What the statements of memory are called where they are timed."""

from typing import Final

from services.memory.store import (
    monitoring_statements,
    passage_statements,
    retention_statements,
    scrub_statements,
    statements,
    summary_statements,
)
from shared.runtime.postgres_metrics import names_of

STATEMENTS: Final = names_of(
    statements,
    summary_statements,
    passage_statements,
    scrub_statements,
    retention_statements,
    monitoring_statements,
)
"""By their text; those that are put together on the way have no name."""
