"""The day that goods are delivered, and how long an order can be changed: by the clock of Singapore."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.domains.base import Decision
from tests.support.orders import talk

SINGAPORE = ZoneInfo("Asia/Singapore")
ORDER = "400 pizza boxes 10 inch"


def clock(moment: str) -> datetime:
    """This moment of November 2026 in Singapore, as `25 15:59`."""
    return datetime.strptime(f"2026-11-{moment}", "%Y-%m-%d %H:%M").replace(tzinfo=SINGAPORE)


async def hold(*spoken: tuple[str, str]) -> Decision[Any]:
    """Say each of it at its moment, in one session; the last decision."""
    session = talk()
    for moment, words in spoken:
        session.now = clock(moment).astimezone(ZoneInfo("UTC"))
        decision = await session.say(words)
    return decision


def deliver_on(decision: Decision[Any]) -> str:
    [order] = [part.value for part in decision.data if part.kind == "order"]
    assert isinstance(order, dict)
    delivery = order["delivery"]
    assert isinstance(delivery, dict)
    return str(delivery["deliver_on"])


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("25 00:00", "2026-11-26"),
        ("25 15:59", "2026-11-26"),
        ("25 16:00", "2026-11-27"),
        ("25 23:59", "2026-11-27"),
        ("27 15:59", "2026-11-28"),  # a Friday
        ("27 16:00", "2026-11-30"),  # Sunday is skipped
        ("28 15:59", "2026-11-30"),
        ("28 16:00", "2026-11-30"),
        ("29 10:00", "2026-11-30"),
        ("29 16:00", "2026-12-01"),
    ],
)
async def test_goods_come_the_next_day_later_after_four_and_never_on_a_sunday(moment: str, day: str) -> None:
    decision = await hold((moment, ORDER))

    assert deliver_on(decision) == day


@pytest.mark.parametrize("words", ["make it 500", "cancel my order", "add 100 paper straws to it"])
async def test_an_order_can_be_changed_until_the_day_of_its_delivery(words: str) -> None:
    before = await hold(("25 10:00", ORDER), ("25 23:59", words))
    on_the_day = await hold(("25 10:00", ORDER), ("26 00:00", words))

    assert len(before.effects) == 1
    assert on_the_day.effects == ()
    assert on_the_day.outcomes == ()
    assert "is out for delivery on Thursday 26 November and cannot be changed" in on_the_day.text


async def test_a_yes_that_comes_on_the_delivery_day_cancels_nothing() -> None:
    decision = await hold(("25 10:00", ORDER), ("25 23:59", "can I still cancel?"), ("26 00:00", "yes"))

    assert decision.effects == ()
    assert "cannot be changed" in decision.text


async def test_the_invoice_is_due_in_thirty_days_of_the_sellers_calendar() -> None:
    decision = await hold(("25 00:30", ORDER))

    [order] = [part.value for part in decision.data if part.kind == "order"]
    assert isinstance(order, dict)
    invoice = order["invoice"]
    assert isinstance(invoice, dict)
    assert (invoice["issued_on"], invoice["due_on"]) == ("2026-11-25", "2026-12-25")
