"""Reading logs."""

from pathlib import Path

from deploy.local.layout import LONG_LOG_BYTES, Layout
from deploy.local.logs import follow, last_lines


def test_last_lines_come_without_line_ends(tmp_path: Path) -> None:
    log = tmp_path / "agent.log"
    log.write_text("one\ntwo\nthree\n")

    assert last_lines(log, 2) == ["two", "three"]


def test_follow_gives_whole_lines_and_goes_on_after_a_rotation(tmp_path: Path) -> None:
    log = tmp_path / "agent.log"
    log.write_text("old\n")
    added = follow([log])

    log.write_text("old\nnew\nhalf a li")
    first = next(added)
    log.rename(tmp_path / "agent.log.old")
    log.write_text("fresh\n")

    second = next(added)
    added.close()
    assert [first, second] == [(log, "new"), (log, "fresh")]


def test_long_log_is_put_aside_and_a_short_one_stays(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.make()
    layout.log("kafka").write_bytes(b"x" * (LONG_LOG_BYTES + 1))
    layout.log("agent").write_text("short")

    layout.put_long_logs_aside()

    assert sorted(file.name for file in layout.logs.iterdir()) == ["agent.log", "kafka.log.old"]
