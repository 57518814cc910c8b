"""What can go wrong in a run, done to a good one: each function spoils a world in one place."""

import json
from dataclasses import replace
from uuid import UUID

from shared.events.ids import event_of
from shared.events.topics import OUTCOMES, REPLIES, SIGNALS, TURNS
from tests.faults.checker.state import Frames, Logged, Progress, Row, Shown, Slots
from tests.faults.history import StreamEvent
from tests.unit.faults.worlds import DEADLINE_SECONDS, World


def _reply(world: World, place: int = 0) -> Logged:
    found: list[Logged] = world.only(Logged, topic=REPLIES.name)
    return found[place]


def _submitted(world: World, place: int) -> Logged:
    found: list[Logged] = world.only(Logged, topic=TURNS.name)
    return next(each for each in found if world.turns[place] in each.value)


def _delta(world: World) -> StreamEvent:
    return next(event for event in world.events if event.name == "delta")


def lose_an_ending(world: World) -> None:
    world.records.remove(_reply(world))


def lose_a_turn(world: World) -> None:
    for table in ("agent.ledger", "memory.messages", "profiles.signals"):
        for row in world.rows(table, world.turns[0]):
            world.records.remove(row)
    for record in world.only(Logged):
        if record.header("ce_turnid") == world.turns[0] or world.turns[0] in record.value:
            world.records.remove(record)


def leave_a_turn_in_the_log(world: World) -> None:
    submitted = _submitted(world, 2)
    for table in ("agent.ledger", "memory.messages"):
        for row in world.rows(table, world.turns[2]):
            world.records.remove(row)
    world.records.remove(_reply(world, 2))
    (progress,) = world.only(Progress, group="agent", topic=TURNS.name, partition=0)
    world.replace(progress, replace(progress, committed=submitted.offset))
    (session,) = [row for row in world.rows("agent.sessions") if row.values["session_id"] == world.sessions[0]]
    world.replace(session, Row(table=session.table, values={**session.values, "turn_no": 2}))
    world.events = [event for event in world.events if event.turn != world.turns[2] or event.name == "accepted"]


def lose_signals(world: World) -> None:
    world.records.remove(world.only(Logged, topic=SIGNALS.name)[0])
    world.records.remove(world.rows("profiles.signals", world.turns[0])[0])


def lose_an_outcome(world: World) -> None:
    world.records.remove(world.only(Logged, topic=OUTCOMES.name)[0])


def lose_a_message(world: World) -> None:
    world.records.remove(world.rows("memory.messages", world.turns[0])[1])


def forget_signals(world: World) -> None:
    world.records.remove(world.rows("profiles.signals", world.turns[0])[0])


def publish_under_a_new_id(world: World) -> None:
    reply = _reply(world)
    event = json.loads(reply.value)
    fresh = str(event_of(UUID(event["turn_id"]), "again"))
    headers = tuple((name, fresh if name == "ce_id" else value) for name, value in reply.headers)
    value = reply.value.replace(event["event_id"], fresh)
    world.records.append(replace(reply, offset=99, value=value, headers=headers))


def publish_other_bytes(world: World) -> None:
    reply = _reply(world)
    world.records.append(replace(reply, offset=99, value=reply.value.replace("after", "AFTER")))


def store_a_message_twice(world: World) -> None:
    world.records.append(world.rows("memory.messages", world.turns[0])[1])


def count_signals_twice(world: World) -> None:
    profile = world.rows("profiles.profiles")[0]
    facts = {**profile.values["facts"], "turns": profile.values["facts"]["turns"] + 1}
    world.replace(profile, Row(table=profile.table, values={**profile.values, "facts": facts}))


def answer_a_phantom(world: World) -> None:
    world.operations = [each for each in world.operations if world.turns[0] not in each.operation]


def give_a_key_two_turns(world: World) -> None:
    world.operations = [
        replace(each, key="key-1") if world.turns[1] in each.operation else each for each in world.operations
    ]


def publish_in_another_order(world: World) -> None:
    first, second = _reply(world, 0), _reply(world, 1)
    place, other = world.records.index(first), world.records.index(second)
    world.records[place], world.records[other] = (
        replace(first, offset=second.offset),
        replace(second, offset=first.offset),
    )


def answer_in_another_order(world: World) -> None:
    rows = [world.rows("agent.ledger", turn)[0] for turn in world.turns[:2]]
    for row, turn_no in zip(rows, (2, 1), strict=True):
        world.replace(row, Row(table=row.table, values={**row.values, "turn_no": turn_no}))


def commit_too_early(world: World) -> None:
    sample = world.samples[0]
    world.samples.insert(0, replace(sample, at=sample.at - 0.5))


def deliver_twice(world: World) -> None:
    delta = _delta(world)
    world.events.insert(world.events.index(delta), delta)


def deliver_in_another_order(world: World) -> None:
    first, second = [place for place, event in enumerate(world.events) if event.name == "delta"][:2]
    world.events[first], world.events[second] = world.events[second], world.events[first]


def lose_a_delta(world: World) -> None:
    world.events.remove(_delta(world))


def splice(world: World) -> None:
    """The client had half of an earlier attempt's answer."""
    first = _delta(world)
    attempt = int(first.id.split("-")[0])
    world.events.insert(world.events.index(first), replace(first, id=f"{attempt - 1}-1"))


def say_nothing_is_left(world: World) -> None:
    world.events = [event for event in world.events if event.turn != world.turns[0] or event.name == "accepted"]
    world.connections.append(replace(world.connections[0], status=204))


def let_a_zombie_speak(world: World) -> None:
    frames = world.only(Frames, turn=world.turns[0])[0]
    attempt = int(frames.frames[0][0].split("-")[0]) + 1
    world.replace(frames, replace(frames, frames=(*frames.frames, (f"{attempt}-1", "delta", "{}"))))


def let_a_zombie_begin_anew(world: World) -> None:
    frames = world.only(Frames, turn=world.turns[0])[0]
    attempt = int(frames.frames[0][0].split("-")[0]) + 1
    world.replace(frames, replace(frames, frames=(*frames.frames, (f"{attempt}-0", "reset", "{}"))))


def keep_a_slot(world: World) -> None:
    slots = world.only(Slots)[0]
    world.replace(slots, replace(slots, turns=(world.turns[0],)))


def keep_a_turn_pending(world: World) -> None:
    row = world.rows("memory.turns", world.turns[0])[0]
    world.replace(row, Row(table=row.table, values={**row.values, "status": "pending"}))


def bury_an_innocent(world: World) -> None:
    submitted = _submitted(world, 0)
    world.records.append(replace(submitted, topic=f"{TURNS.name}.dead"))


def give_up_an_innocent(world: World) -> None:
    world.operations = [
        replace(each, body="recall me") if world.turns[2] in each.operation else each for each in world.operations
    ]


def answer_late(world: World) -> None:
    reply = _reply(world)
    world.replace(reply, replace(reply, at=reply.at + DEADLINE_SECONDS + 1))


def run_ahead(world: World) -> None:
    """A turn was begun before the one before it had ended; the fence made it begin again."""
    shown = world.only(Shown, turn=world.turns[1])[0]
    world.records.append(replace(shown, turn_no=1, recalled=()))


def forget_what_was_said(world: World) -> None:
    shown = world.only(Shown, turn=world.turns[1])[0]
    world.replace(shown, replace(shown, recalled=()))
