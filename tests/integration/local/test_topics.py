"""Looking at topics and at dead letters through the command, on a real Kafka."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner, Result

from deploy.local.cli import application
from deploy.local.errors import StackError
from deploy.local.layout import Layout
from deploy.local.state import StackState, exclusive, write_state
from deploy.local.topics import stored_records
from shared.events.envelope import Envelope
from shared.events.topics import PRIVACY
from shared.runtime.kafka import Record
from shared.runtime.kafka.deadletters import REJECTED, bury
from tests.support.servers import Servers

KEY = b"tenant:user"


@pytest.fixture
def stack(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    """The servers, written down as if `parley up` had started them."""
    layout = Layout(tmp_path)
    layout.make()
    monkeypatch.setenv("PARLEY_STATE", str(tmp_path))
    with exclusive(layout):
        state = StackState(
            address="http://127.0.0.1:1",
            kafka=servers.kafka,
            postgres=servers.postgres,
            redis=servers.redis,
            is_ready=True,
        )
        write_state(layout, state)
        yield servers


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(application(arguments), arguments, env={"COLUMNS": "300"}, catch_exceptions=False)


async def publish(servers: Servers, envelope: Envelope) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=servers.kafka, acks="all")
    await producer.start()
    await producer.send_and_wait(envelope.topic, envelope.value, envelope.key, headers=list(envelope.headers))
    await producer.stop()


def stored(servers: Servers, topic: str, word: str) -> list[Record]:
    return [
        record
        for record in asyncio.run(stored_records(servers.kafka, [topic]))
        if word.encode() in (record.value or b"")
    ]


def published(servers: Servers, word: str) -> Record:
    """A record of the privacy topic, as it lies there."""
    value = json.dumps({"word": word}).encode()
    headers = (("ce_type", b"parley.test.v1"), ("ce_id", word.encode()))
    asyncio.run(publish(servers, Envelope(PRIVACY.name, KEY, value, headers)))
    (record,) = stored(servers, PRIVACY.name, word)
    return record


def buried(servers: Servers, word: str) -> str:
    """A dead letter of such a record: the id under which it is listed."""
    error = ValueError(f"{word} is wrong")
    record = published(servers, word)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    asyncio.run(publish(servers, bury(record, group="profiles", reason=REJECTED, error=error, attempts=1, at=at)))
    (letter,) = stored(servers, PRIVACY.dead.name, word)
    return f"{letter.topic}-{letter.partition}@{letter.offset}"


def test_tail_shows_key_headers_and_body(stack: Servers) -> None:
    published(stack, "tailed")
    count = len(asyncio.run(stored_records(stack.kafka, [PRIVACY.name])))

    shown = parley("tail", PRIVACY.name, "--from-beginning", "--count", str(count)).output

    assert all(part in shown for part in ("tenant:user", "ce_type: parley.test.v1", '"word": "tailed"'))


@pytest.mark.usefixtures("stack")
def test_tail_of_an_unknown_topic_names_the_known_ones() -> None:
    with pytest.raises(StackError, match=r"There is no topic parley\.nothing; there is: .*parley\.turns"):
        parley("tail", "parley.nothing")


def test_dead_letter_is_listed_with_why_and_whence(stack: Servers) -> None:
    name = buried(stack, "listed")

    shown = parley("dead", "list", "--topic", PRIVACY.name).output

    line = next(line for line in shown.splitlines() if name in line)
    assert all(part in line for part in ("rejected", "listed is wrong", "profiles", f"{PRIVACY.name}-0@"))


def test_retried_dead_letter_is_the_record_as_it_was(stack: Servers) -> None:
    name = buried(stack, "revived")

    result = parley("dead", "retry", "--topic", PRIVACY.name, "--id", name)

    original, again = stored(stack, PRIVACY.name, "revived")
    assert result.output == "Published 1 record again.\n"
    assert (again.key, again.value, again.headers) == (original.key, original.value, original.headers)


@pytest.mark.usefixtures("stack")
def test_retry_of_an_unknown_dead_letter_publishes_nothing(stack: Servers) -> None:
    before = len(asyncio.run(stored_records(stack.kafka, [PRIVACY.name])))

    with pytest.raises(StackError, match="There is no dead letter nonsense"):
        parley("dead", "retry", "--id", "nonsense")

    assert len(asyncio.run(stored_records(stack.kafka, [PRIVACY.name]))) == before


@pytest.mark.usefixtures("stack")
def test_retry_of_nothing_in_particular_is_refused() -> None:
    with pytest.raises(StackError, match="--id, --topic or --all"):
        parley("dead", "retry")
