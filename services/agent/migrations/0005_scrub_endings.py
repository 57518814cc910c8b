"""The ledger says what it still holds of people's words as they wrote them, and upkeep tells what it did."""

from shared.privacy.migration import create_upkeep
from shared.runtime.migrate import run_sql

revision = "agent_0005"
down_revision = "agent_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(
        """
        alter table agent.ledger add column scrubbed boolean not null default false;
        comment on column agent.ledger.scrubbed is 'Whether personal data was taken out of the envelopes.';
        create index ledger_by_age on agent.ledger (tenant_id, scrubbed, ended_at);
        """
    )
    create_upkeep("agent", "sessions")
