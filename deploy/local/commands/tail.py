"""`parley tail`: the events of a topic, live, as another service would see them."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import orjson
import typer
from rich.console import Console

from deploy.local.layout import Layout
from deploy.local.settings import load_settings
from deploy.local.state import running_state
from deploy.local.topics import reader
from shared.runtime.kafka import Record


def register(app: typer.Typer) -> None:
    """Adds the commands of this family."""
    app.command()(tail)


def tail(
    topic: Annotated[str, typer.Argument(help="For example parley.replies.")],
    *,
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="What is stored first.")] = False,
    count: Annotated[int | None, typer.Option(min=1, help="End after so many events.")] = None,
) -> None:
    """Show the events of a topic as they come; Ctrl-C ends it."""
    servers = running_state(Layout(load_settings().state.resolve())).kafka
    console = Console()
    try:
        asyncio.run(_tail(console, servers, topic, count, from_beginning=from_beginning))
    except KeyboardInterrupt:
        return


async def _tail(console: Console, servers: str, topic: str, count: int | None, *, from_beginning: bool) -> None:
    async with reader(servers, [topic], from_beginning=from_beginning) as consumer:
        shown = 0
        while count is None or shown < count:
            show(console, await consumer.getone())
            shown += 1


def show(console: Console, record: Record) -> None:
    """Prints one record: where it lies, its key, its headers, its body."""
    at = datetime.fromtimestamp(record.timestamp / 1000, UTC).astimezone()
    place = f"{record.topic}-{record.partition}@{record.offset}"
    console.print(f"[bold]{place}[/bold]  {at:%H:%M:%S.%f}", highlight=False, soft_wrap=True)
    console.print(f"  key: {_text(record.key)}", style="dim", markup=False, highlight=False, soft_wrap=True)
    for name, value in record.headers:
        console.print(f"  {name}: {_text(value)}", style="dim", markup=False, highlight=False, soft_wrap=True)
    console.print(_readable(record.value), markup=False, highlight=True, soft_wrap=True)


def _text(value: bytes | None) -> str:
    return "none" if value is None else value.decode(errors="replace")


def _readable(value: bytes | None) -> str:
    """JSON with indents; anything else as it is."""
    try:
        return orjson.dumps(orjson.loads(value or b""), option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONDecodeError:
        return _text(value)
