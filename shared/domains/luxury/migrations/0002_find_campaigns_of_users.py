"""What a user applied is found without reading everybody's campaigns."""

from shared.runtime.migrate import run_sql

revision = "luxury_0002"
down_revision = "luxury_0001"


def upgrade() -> None:
    run_sql("create index campaigns_of_user on pack_luxury.campaigns (tenant_id, user_id)")
