"""What the agent keeps of people, packs aside."""

from shared.privacy.registry import Holding, Kept, Key, Part, Registry, columns, erasures_of

PERSONAL = Registry(
    holdings=(
        Holding(
            table="agent.sessions",
            key="session_id",
            since="opened_at",
            columns=columns(
                "tenant_id session_id user_id domain session_no turn_no signalled state opened_at updated_at deleted_at"
            ),
            parts=(
                Part(
                    table="agent.ledger",
                    of="session_id",
                    columns=columns(
                        "tenant_id session_id turn_id turn_no outcome body_hash envelopes ended_at scrubbed"
                    ),
                ),
            ),
        ),
    ),
    kept=(
        Kept(
            table="agent.usage",
            columns=columns("tenant_id turn_id domain model requests input_tokens output_tokens tool_calls used_at"),
            because="What models cost the tenant. Names no person and no session.",
        ),
        Kept(
            table="agent.upkeep",
            columns=columns("tenant_id task done last_at"),
            because="How many endings were scrubbed and deleted, of no one in particular.",
        ),
        erasures_of("agent"),
    ),
    keys=(
        Key(pattern="turn:{turn}", holds="Live frames of a turn, for 15 minutes."),
        Key(
            pattern="inbox:{gateway}",
            holds="Live frames on their way to one gateway.",
            kept="Gone as soon as they are read; 15 minutes after a gateway that died.",
        ),
        Key(
            pattern="ended:{tenant}:{session}",
            holds="The number of a session's last turn, for a day.",
            kept="A number under a random id; it keeps workers that were overtaken from speaking.",
        ),
        Key(
            pattern="attempts:{group}:{topic}:{partition}",
            holds="How often records that are being handled were started.",
            kept="Places in the log, nothing of what is there.",
        ),
    ),
)
