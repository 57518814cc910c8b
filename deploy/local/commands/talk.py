"""`parley chat` and `parley demo`: conversations through the public HTTP API."""

import getpass
import time
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console

from deploy.local.client import ParleyClient
from deploy.local.commands.stack import ensure_up
from deploy.local.conversation import Screen, history_table, score_table
from deploy.local.errors import StackError
from deploy.local.layout import Layout
from deploy.local.settings import load_settings
from deploy.local.state import running_state

DOMAIN = "property"
FIRST_VISIT = (
    "Hi, I am looking for a flat",
    "Show me 2BHK in Whitefield under 1.2 Cr",
    "Tell me about the second one",
    "What would the loan cost me a month?",
    "Can I visit it on Saturday at 11 am?",
)
SECOND_VISIT = ("Hi", "Please call me back tomorrow at 6 pm on 98450 12345")
LEARNED_WITHIN_SECONDS = 30


def register(app: typer.Typer) -> None:
    """Adds the commands of this family."""
    app.command()(chat)
    app.command()(demo)


def chat(
    *,
    domain: Annotated[str, typer.Option(help="Whose agent to talk to.")] = DOMAIN,
    user: Annotated[str | None, typer.Option(help="Who speaks; your login name if left out.")] = None,
) -> None:
    """Talk to the running stack; an empty line or Ctrl-D ends it."""
    console = Console()
    address = running_state(Layout(load_settings().state.resolve())).address
    with ParleyClient(address, user or getpass.getuser()) as client:
        session_id = client.open_session(domain)
        screen = Screen(console)
        console.print(f"[dim]session {session_id}; an empty line ends it[/dim]")
        while line := _asked(console):
            try:
                screen.show_turn(client.say(session_id, line))
            except StackError as failure:
                # One turn that fails does not end a conversation.
                console.print(f"{failure}", style="red", markup=False, highlight=False, soft_wrap=True)


def demo() -> None:
    """Bring everything up and play a conversation of two visits."""
    console = Console()
    address = ensure_up(console)
    user = f"asha-{uuid4().hex[:6]}"
    with ParleyClient(address, user) as client:
        first = _visit(client, console, f"First visit of {user}", FIRST_VISIT)
        _learned(client, user, len(FIRST_VISIT))
        second = _visit(client, console, "The same person comes back", SECOND_VISIT)
        console.print(history_table([*client.messages(first), *client.messages(second)]))
        console.print(score_table(_learned(client, user, len(FIRST_VISIT + SECOND_VISIT))["scores"]))
    console.print(f"\nParley goes on running at [bold]{address}[/bold], its API at {address}/docs", soft_wrap=True)
    console.print("Talk to it yourself with [bold]make chat[/bold]; stop it with [bold]make down[/bold].")


def _visit(client: ParleyClient, console: Console, title: str, lines: tuple[str, ...]) -> str:
    console.rule(title)
    session_id = client.open_session(DOMAIN)
    screen = Screen(console)
    for line in lines:
        console.print(f"[bold cyan]you:[/bold cyan] {line}", highlight=False)
        screen.show_turn(client.say(session_id, line))
    return session_id


def _learned(client: ParleyClient, user: str, turns: int) -> dict[str, Any]:
    """The profile once it counts so many turns: it follows the conversation by a moment."""
    deadline = time.monotonic() + LEARNED_WITHIN_SECONDS
    while time.monotonic() < deadline:
        profile = client.profile(user, DOMAIN)
        if profile["profile"]["turns"] >= turns:
            return profile
        time.sleep(0.05)
    raise StackError("The profile does not follow the conversation: see `parley logs profiles`.")


def _asked(console: Console) -> str:
    try:
        return console.input("[bold cyan]you:[/bold cyan] ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""
