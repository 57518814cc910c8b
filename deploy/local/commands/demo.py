"""`parley demo`: a pack's own example, played through the public HTTP API."""

import time
from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import uuid4

import typer
from rich.console import Console

from deploy.local.client import ParleyClient
from deploy.local.commands.stack import ensure_up
from deploy.local.conversation import Screen, history_table, score_table
from deploy.local.errors import StackError

_FIRST: Final = "property"
_LEARNED_WITHIN_SECONDS: Final = 30
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth")


def register(app: typer.Typer) -> None:
    """Adds the commands of this family."""
    app.command()(demo)


def demo(*, domain: Annotated[str | None, typer.Option(help="Whose example; asks when left out.")] = None) -> None:
    """Bring everything up, play a conversation, and leave it running."""
    console = Console()
    address = ensure_up(console)
    with ParleyClient(address, "visitor") as client:
        examples = {each["name"]: each for each in client.domains() if each["example"] is not None}
    playing: str | None = domain or (_FIRST if _FIRST in examples else next(iter(examples)))
    while playing is not None:
        if playing not in examples:
            raise StackError(f"There is no example of {playing!r}. There are: {', '.join(examples)}.")
        _play(console, address, examples.pop(playing))
        playing = _asked_for(console, list(examples)) if domain is None else None
    console.print(f"\nParley goes on running at [bold]{address}[/bold], its API at {address}/docs", soft_wrap=True)
    console.print("Talk to it yourself with [bold]make chat[/bold]; stop it with [bold]make down[/bold].")


def _play(console: Console, address: str, domain: dict[str, Any]) -> None:
    """Play a pack's example; show what is stored of it, and the scores where the pack scores people."""
    name, visits = domain["name"], domain["example"]["visits"]
    user = domain["example"]["user"] or f"asha-{uuid4().hex[:6]}"
    with ParleyClient(address, user) as client:
        sessions = [
            _visit(client, console, f"{domain['title']}: {ordinal} visit of {user}", name, lines)
            for ordinal, lines in zip(_ORDINALS, visits, strict=False)
        ]
        console.print(history_table(message for session in sessions for message in client.messages(session)))
        scores = client.profile(name)["scores"]
        if scores is not None:
            console.print(score_table(scores))


def _visit(client: ParleyClient, console: Console, title: str, domain: str, lines: Sequence[str]) -> str:
    console.rule(title)
    session_id = client.open_session(domain)
    known = client.turns_learned(domain)
    screen = Screen(console)
    for line in lines:
        console.print(f"[bold cyan]you:[/bold cyan] {line}", highlight=False)
        screen.show_turn(client.say(session_id, line))
    _learned(client, domain, known + len(lines))
    return session_id


def _learned(client: ParleyClient, domain: str, turns: int) -> None:
    """Wait until the profile counts so many turns: it follows the conversation by a moment."""
    deadline = time.monotonic() + _LEARNED_WITHIN_SECONDS
    while client.turns_learned(domain) < turns:
        if time.monotonic() > deadline:
            raise StackError("The profile does not follow the conversation: see `parley logs profiles`.")
        time.sleep(0.05)


def _asked_for(console: Console, others: Sequence[str]) -> str | None:
    """Another pack to show; None when nobody is there to ask, or wants none."""
    if not others or not console.is_terminal:
        return None
    try:
        answer = console.input(f"See another? [bold]{' · '.join(others)}[/bold] (Enter: no) ").strip()
    except (EOFError, KeyboardInterrupt):
        return None
    return answer or None
