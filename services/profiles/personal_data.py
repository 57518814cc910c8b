"""What the profiles service keeps of people."""

from shared.privacy.registry import Holding, Kept, Registry, columns, erasures_of

PERSONAL = Registry(
    holdings=(
        Holding(
            table="profiles.profiles",
            key="domain",
            columns=columns(
                "tenant_id user_id domain version facts sequence last_active scores total temperature stage"
                " progressed_at"
            ),
        ),
        Holding(
            table="profiles.signals",
            key="event_id",
            since="occurred_at",
            columns=columns(
                "tenant_id user_id event_id domain session_id turn_id session_no turn_no occurred_at signals envelopes"
            ),
        ),
        Holding(
            table="profiles.score_history",
            key="version",
            since="scored_at",
            columns=columns("tenant_id user_id domain version event_id scored_at scores total temperature"),
        ),
    ),
    kept=(
        Kept(
            table="profiles.formulas",
            columns=columns("tenant_id domain shares"),
            because="How people are scored, whoever they are.",
        ),
        erasures_of("profiles"),
    ),
)
