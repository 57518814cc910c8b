"""What memory keeps of people."""

from shared.privacy.registry import Holding, Kept, Part, Registry, columns, erasures_of

_TURNS = columns("tenant_id session_id turn_id user_id status turn_no text submitted_at expires_at ended_at")

PERSONAL = Registry(
    holdings=(
        Holding(
            table="memory.sessions",
            key="session_id",
            since="created_at",
            columns=columns(
                "tenant_id session_id user_id domain title created_at last_active_at turn_no message_count deleted_at"
                " outlet_id language intents context rating_sum rating_count escalated_at escalation"
            ),
            parts=(
                Part(
                    table="memory.passages",
                    of="session_id",
                    columns=columns("tenant_id session_id turn_no user_id domain sent_at words embedder embedding"),
                    derived=True,
                ),
                Part(
                    table="memory.messages",
                    of="session_id",
                    columns=columns(
                        "tenant_id session_id turn_no role sent_at message_id turn_id user_id status text language"
                        " intent confidence entities sentiment data clarification feedback feedback_turn_no"
                        " pii_scrubbed context frustration"
                    ),
                ),
                Part(table="memory.turns", of="session_id", columns=_TURNS),
            ),
        ),
        Holding(
            table="memory.turns",
            key="turn_id",
            since="submitted_at",
            columns=_TURNS,
            # Turns to sessions that there are not.
            only="(turn_no = 0 or status = 'pending') and not exists (select from memory.sessions as session"
            " where session.tenant_id = turns.tenant_id and session.session_id = turns.session_id)",
        ),
        Holding(
            table="memory.user_interaction_summaries",
            key="user_id",
            columns=columns(
                "tenant_id user_id outlet_id total_conversations total_messages common_intents languages"
                " preferred_language rating_sum rating_count avg_satisfaction first_interaction last_interaction"
                " metadata"
            ),
        ),
    ),
    kept=(
        Kept(
            table="memory.upkeep",
            columns=columns("tenant_id task done last_at"),
            because="How many rows were scrubbed and deleted, of no one in particular.",
        ),
        Kept(
            table="memory.archives",
            columns=columns("tenant_id class part name rows bytes sha256 oldest newest archived_at"),
            because="Names and sizes of files in cold storage; what lies there is scrubbed and under a code.",
        ),
        erasures_of("memory"),
    ),
)
