"""What erasing a person needs: the schema's erasures, and when a delivery's person wrote."""

from shared.privacy.migration import create_erasures
from shared.runtime.migrate import run_sql

revision = "gateway_0002"
down_revision = "gateway_0001"
branch_labels = None
depends_on = None

_ASKED_AT = """
alter table gateway.deliveries add column asked_at timestamptz not null default now();
alter table gateway.deliveries alter column asked_at drop default;
comment on column gateway.deliveries.asked_at is 'When the message was sent that this answers.';
"""


def upgrade() -> None:
    run_sql(_ASKED_AT)
    create_erasures("gateway")
