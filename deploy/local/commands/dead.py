"""`parley dead list` and `parley dead retry`: records that were given up, and their way back."""

import asyncio
from datetime import timedelta
from typing import Annotated

import typer
from prometheus_client import CollectorRegistry
from rich.console import Console
from rich.table import Table

from deploy.local.errors import StackError
from deploy.local.layout import Layout
from deploy.local.settings import load_settings
from deploy.local.state import running_state
from deploy.local.topics import stored_records
from shared.errors import Unavailable
from shared.events.topics import TOPICS, dead_topic
from shared.runtime.kafka import Publisher, Record, header
from shared.runtime.kafka.deadletters import (
    AT,
    ATTEMPTS,
    ERROR,
    GROUP,
    REASON,
    SOURCE_OFFSET,
    SOURCE_PARTITION,
    SOURCE_TOPIC,
    revive,
)
from shared.runtime.kafka.metrics import Metrics

PUBLISH_WITHIN = timedelta(seconds=20)

Topic = Annotated[str | None, typer.Option(help="Only those of this topic, for example parley.turns.")]
Ids = Annotated[list[str] | None, typer.Option("--id", help="Only this one, as `dead list` names it; repeatable.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this family."""
    family = typer.Typer(no_args_is_help=True, help="Records that were given up.")
    family.command("list")(list_dead)
    family.command("retry")(retry)
    app.add_typer(family, name="dead")


def list_dead(*, topic: Topic = None) -> None:
    """List the dead letters: which record, why, and where it came from."""
    console = Console()
    letters = asyncio.run(stored_records(_servers(), _dead_topics(topic)))
    if not letters:
        console.print("There are no dead letters.")
        return
    table = Table("id", "when", "reason", "error", "group", "attempts", "source")
    for letter in letters:
        source = f"{header(letter, SOURCE_TOPIC)}-{header(letter, SOURCE_PARTITION)}@{header(letter, SOURCE_OFFSET)}"
        said = [header(letter, name) or "" for name in (AT, REASON, ERROR, GROUP, ATTEMPTS)]
        table.add_row(_id(letter), *said, source)
    console.print(table)
    console.print("Publish one again with `parley dead retry --id ID`, all of them with `parley dead retry --all`.")


def retry(
    *,
    topic: Topic = None,
    ids: Ids = None,
    everything: Annotated[bool, typer.Option("--all", help="Every dead letter there is.")] = False,
) -> None:
    """Publish dead letters to the topics they came from, as they were."""
    if not (topic or ids or everything):
        raise StackError("Say which dead letters: --id, --topic or --all.")
    servers = _servers()
    letters = asyncio.run(stored_records(servers, _dead_topics(topic)))
    chosen = [letter for letter in letters if ids is None or _id(letter) in ids]
    unknown = set(ids or ()) - {_id(letter) for letter in chosen}
    if unknown:
        raise StackError(f"There is no dead letter {sorted(unknown)[0]}: see `parley dead list`.")
    asyncio.run(_publish(servers, chosen))
    Console().print(f"Published {len(chosen)} record{'s' if len(chosen) != 1 else ''} again.")


async def _publish(servers: str, letters: list[Record]) -> None:
    publisher = Publisher(servers, client_id="parley-dead-retry", metrics=Metrics(CollectorRegistry()))
    try:
        await publisher.start()
        await publisher.publish_all([revive(letter) for letter in letters], within=PUBLISH_WITHIN)
    except Unavailable as failure:
        raise StackError(f"Kafka does not take them ({failure}): see `parley status`.") from failure
    finally:
        await publisher.stop()


def _servers() -> str:
    return running_state(Layout(load_settings().state.resolve())).kafka


def _dead_topics(topic: str | None) -> list[str]:
    return [dead_topic(topic)] if topic is not None else [known.dead.name for known in TOPICS]


def _id(letter: Record) -> str:
    return f"{letter.topic}-{letter.partition}@{letter.offset}"
