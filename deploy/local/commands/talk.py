"""`parley chat`: a conversation through the public HTTP API."""

import getpass
from typing import Annotated

import typer
from rich.console import Console

from deploy.local.client import ParleyClient
from deploy.local.conversation import Screen
from deploy.local.errors import StackError
from deploy.local.layout import Layout
from deploy.local.settings import load_settings
from deploy.local.state import running_state

DOMAIN = "property"


def register(app: typer.Typer) -> None:
    """Adds the commands of this family."""
    app.command()(chat)


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


def _asked(console: Console) -> str:
    try:
        return console.input("[bold cyan]you:[/bold cyan] ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""
