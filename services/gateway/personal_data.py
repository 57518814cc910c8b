"""What the gateway keeps of people: in Postgres where a channel is set up, and for a while in Redis."""

from shared.privacy.registry import Holding, Key, Registry, columns, erasures_of

PERSONAL = Registry(
    holdings=(
        Holding(
            table="gateway.contacts",
            key="number_id",
            since="heard_at",
            columns=columns("tenant_id user_id number_id phone session_id heard_at"),
        ),
        Holding(
            table="gateway.arrivals",
            key="turn_id",
            since="sent_at",
            columns=columns("tenant_id turn_id user_id number_id session_id sent_at accepted_at"),
        ),
        Holding(
            table="gateway.deliveries",
            key="delivery_id",
            since="asked_at",
            columns=columns(
                "tenant_id delivery_id position user_id number_id session_id turn_id message state reason attempts"
                " message_id created_at due_at settled_at asked_at"
            ),
        ),
    ),
    kept=(erasures_of("gateway"),),
    keys=(
        Key(pattern="accept:{id}", holds="That a request was accepted, with a hash of its words, for a day."),
        Key(pattern="waiting:{tenant}:{session}", holds="The turns of a session that wait."),
        Key(pattern="session:{tenant}:{session}", holds="Who owns a session, for a day."),
        Key(pattern="opened:{tenant}:{user}", holds="The session that a user opened last, for a day."),
        Key(
            pattern="deleted:{tenant}:{session}",
            holds="That a session was deleted, for eight days.",
            kept="A random id; it keeps what arrives late from being accepted.",
        ),
    ),
)
