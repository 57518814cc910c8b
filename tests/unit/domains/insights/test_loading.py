"""Reading figures from CSV."""

from datetime import date
from pathlib import Path

from shared.domains.insights.loading import read_metrics
from tests.support.insights import FILE

HEADER = "date,market,channel,sends,opens,clicks,conversions"
TODAY = date(2026, 3, 31)


def written(folder: Path, *rows: str) -> Path:
    file = folder / "metrics.csv"
    file.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return file


def test_the_packs_own_file_has_eighteen_months_and_a_click_rate_of_two_and_a_half_percent_last_month() -> None:
    rows, rejected = read_metrics(FILE, TODAY)

    last = [row for row in rows if row[0].strftime("%Y-%m") == "2026-02"]
    assert rejected == ()
    assert len({(row[0].year, row[0].month) for row in rows}) >= 18
    assert sum(row[5] for row in last) / sum(row[3] for row in last) == 0.025


def test_dates_are_days_or_count_from_the_month_of_loading(tmp_path: Path) -> None:
    rows, _ = read_metrics(written(tmp_path, "2025-12-24,ES,email,9,3,2,1", "m-2 d05,ES,email,9,3,2,1"), TODAY)

    assert [row[0] for row in rows] == [date(2025, 12, 24), date(2026, 1, 5)]


def test_bad_rows_are_named_with_line_and_reason_and_the_others_load(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "2026-01-05,ES,email,100,30,3,1",
        "m-1 d30,ES,email,100,30,3,1",
        "2026-01-06,,email,100,30,3,1",
        "2026-01-07,ES,email,many,30,3,1",
        "2026-01-08,ES,email,100,30,3,4",
        "2026-01-05,ES,email,7,3,2,1",
        "2026-01-09,ES,email,7,3,2,1,8",
    )

    rows, rejected = read_metrics(file, TODAY)

    assert len(rows) == 1
    assert [(each.line, each.reason) for each in rejected] == [
        (3, "date 'm-1 d30' must be a day like 2026-03-05 or like 'm-1 d05'"),
        (4, "market must not be empty"),
        (5, "sends 'many' must be a whole number"),
        (6, "opens and clicks must not exceed sends, nor conversions clicks"),
        (7, "its date, market and channel are those of an earlier row"),
        (8, "it has more fields than there are columns"),
    ]


def test_a_file_without_the_columns_is_refused_whole(tmp_path: Path) -> None:
    file = tmp_path / "metrics.csv"
    file.write_text("day,market\n2026-01-05,ES\n", encoding="utf-8")

    assert read_metrics(file, TODAY)[1][0].reason == "the header lacks date, channel, sends, opens, clicks, conversions"
