"""What the profiles service keeps of people."""

from shared.privacy.registry import Holding, Kept, Mention, Registry, columns, erasures_of

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
        Holding(
            table="profiles.rescored",
            key="rescoring_id",
            columns=columns("tenant_id user_id rescoring_id version facts scores total temperature"),
        ),
    ),
    mentions=(Mention(table="profiles.rescorings", column="started_by"),),
    kept=(
        Kept(
            table="profiles.formulas",
            columns=columns("tenant_id domain shares"),
            because="How people are scored, whoever they are.",
        ),
        Kept(
            table="profiles.rescorings",
            columns=columns("tenant_id id domain shares state reached changed done started_by started_at ended_at"),
            because="Runs over everybody.",
        ),
        Kept(
            table="profiles.upkeep",
            columns=columns("tenant_id task done last_at"),
            because="How many signals and scores were deleted, of no one in particular.",
        ),
        erasures_of("profiles"),
    ),
)
