"""A statement that copies rows keeps what belongs together together, whatever columns a table has."""

from tests.load.stored import copying, spread


def test_ids_and_users_get_the_copys_number_and_the_rest_is_kept() -> None:
    columns = {"tenant_id": "uuid", "session_id": "uuid", "user_id": "text", "title": "text"}
    assert copying("memory.sessions", columns) == (
        "insert into memory.sessions (tenant_id, session_id, user_id, title) "
        "select tenant_id, md5(session_id::text || copy)::uuid, user_id || '-' || copy, title from memory.sessions, "
        "generate_series($3::int, $4::int) as copies(copy) where $1::text = user_id and $2::text is not null"
    )


def test_a_table_without_users_is_copied_by_its_session() -> None:
    statement = copying("agent.ledger", {"session_id": "uuid", "ended_at": "timestamp with time zone"})
    assert "where $1::text is not null and session_id = $2::text::uuid" in statement
    assert "ended_at - make_interval(days => copy % 56)" in statement


def test_spread_is_the_distance_of_the_extremes_over_the_mean() -> None:
    assert spread([9.0, 10.0, 11.0]) == 0.2
