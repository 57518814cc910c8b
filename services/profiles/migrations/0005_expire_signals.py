"""Signals and scores are kept for a while only; upkeep tells what it did."""

from shared.privacy.migration import create_upkeep
from shared.runtime.migrate import run_sql

revision = "profiles_0005"
down_revision = "profiles_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("create index score_history_by_time on profiles.score_history using brin (scored_at)")
    create_upkeep("profiles", "profiles")
