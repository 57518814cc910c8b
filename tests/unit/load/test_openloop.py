"""The generator begins turns when they are due, whatever became of those before, and counts what became of each."""

import asyncio
import time

from tests.load.openloop.arrivals import arrivals
from tests.load.openloop.crowd import TURNS_A_SESSION, Crowd
from tests.load.openloop.generator import OpenLoopOrder, generate
from tests.load.openloop.result import OpenLoop
from tests.load.turn import WatchedTurn
from tests.unit.load.stand_in import Decide, StandIn, stand_in

RATE, SECONDS, SEED = 200.0, 0.5, 5
MOMENTS = list(arrivals(RATE, SECONDS, SEED))


async def at_once(number: int) -> int:
    return 200


async def generated(decide: Decide, **changes: object) -> tuple[OpenLoop, StandIn]:
    async def go() -> None:
        pass

    async with stand_in(decide) as gateway:
        order = OpenLoopOrder(target=gateway.address, rate=RATE, warm_up=0, seconds=SECONDS, seed=SEED)
        return await generate(order.model_copy(update=changes), go), gateway


async def test_every_arrival_is_answered_and_timed() -> None:
    result, gateway = await generated(at_once)
    outcomes = result.outcomes
    assert (outcomes.asked, outcomes.answered, outcomes.errors) == (len(MOMENTS), len(MOMENTS), 0)
    assert (outcomes.accepted.count, outcomes.first_token.count, result.lateness.count) == (len(MOMENTS),) * 3
    assert len(gateway.turns) == len(MOMENTS)


async def test_a_stalled_server_is_sent_every_turn_in_time_and_all_of_them_waited() -> None:
    stalled = 60
    enough = asyncio.Event()

    async def stall(number: int) -> int:
        if number == stalled - 1:
            enough.set()
        await enough.wait()
        return 200

    result, _ = await generated(stall)
    whole = result.outcomes.whole
    assert result.most_at_once >= stalled
    assert result.outcomes.answered == len(MOMENTS)
    assert whole.largest >= 1_000_000 * (MOMENTS[stalled - 1] - MOMENTS[0])
    half_of_the_stall = 1_000_000 * (MOMENTS[stalled - 1] - MOMENTS[stalled // 2])
    assert whole.percentile(1 - (stalled // 2) / len(MOMENTS)) >= half_of_the_stall


async def test_who_waits_is_not_asked_again_but_somebody_new_connects() -> None:
    seconds, enough = 1.5, asyncio.Event()
    turns = len(list(arrivals(RATE, seconds, SEED)))

    async def hold(number: int) -> int:
        if number == turns - 1:
            enough.set()
        await enough.wait()
        return 200

    result, gateway = await generated(hold, seconds=seconds)
    assert len(set(gateway.turns)) == turns == result.most_at_once
    assert result.opened_late == turns - round(RATE) > 0


async def test_shed_errors_and_broken_connections_are_told_apart() -> None:
    ends: list[int | None] = [503, 500, None, 200]

    async def mixed(number: int) -> int | None:
        return ends[number % 4]

    result, _ = await generated(mixed)
    outcomes, quarter = result.outcomes, len(MOMENTS) // 4
    assert outcomes.asked == len(MOMENTS)
    assert outcomes.asked == outcomes.answered + outcomes.shed + outcomes.errors
    assert quarter <= outcomes.shed <= quarter + 1
    assert 2 * quarter <= outcomes.errors <= 2 * quarter + 2


async def test_the_warm_up_is_answered_and_not_measured() -> None:
    result, _ = await generated(at_once, warm_up=SECONDS / 2, seconds=SECONDS / 2)
    measured = sum(moment >= SECONDS / 2 for moment in MOMENTS)
    assert (result.outcomes.asked, result.turns) == (measured, len(MOMENTS))


async def test_trouble_in_the_warm_up_is_told() -> None:
    async def broken(number: int) -> int:
        return 500

    result, _ = await generated(broken, warm_up=SECONDS / 2, seconds=SECONDS / 2)
    assert result.warm_up_errors == sum(moment < SECONDS / 2 for moment in MOMENTS)


async def test_sessions_end_and_somebody_new_begins_another() -> None:
    async with stand_in(at_once) as gateway:
        crowd = Crowd(gateway.address, [])
        await crowd.assemble(1)
        for _ in range(2 * TURNS_A_SESSION + 1):
            user = await crowd.take()
            await user.say("Hello", WatchedTurn(None, time.perf_counter))
            crowd.give_back(user)
        await crowd.leave()
    longest = max(gateway.turns.count(session) for session in gateway.sessions)
    assert longest == TURNS_A_SESSION
    assert len(set(gateway.users)) == len(gateway.sessions)


async def test_stored_sessions_are_gone_on_with_in_turn() -> None:
    stored = [(f"user-{number}", f"00000000-0000-0000-0000-{number:012d}") for number in range(7)]
    _, gateway = await generated(at_once, stored=stored)
    assert gateway.turns == [stored[number % 7][1] for number in range(len(MOMENTS))]
    assert gateway.users[-len(MOMENTS) :] == [stored[number % 7][0].encode() for number in range(len(MOMENTS))]
