"""`parley seed`: loads a pack's CSV into its tables."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.local.errors import StackError
from deploy.local.layout import Layout
from deploy.local.seeding import installed_domains, load_seed, rejections
from deploy.local.services import role_url
from deploy.local.settings import load_settings
from deploy.local.state import running_state
from shared.domains.base import Seed


def register(app: typer.Typer) -> None:
    """Adds the commands of this family."""
    app.command()(seed)


def seed(
    domain: Annotated[str, typer.Argument(help="The pack, for example property.")],
    *,
    name: Annotated[str | None, typer.Option(help="Which of the pack's tables, where it has several.")] = None,
    file: Annotated[Path | None, typer.Option(help="Your own CSV instead of the pack's.")] = None,
) -> None:
    """Load a pack's data from CSV; rows of the same id are replaced, bad rows are named."""
    layout = Layout(load_settings().state.resolve())
    state = running_state(layout)
    postgres = role_url(state.postgres, "agent", layout.role_password())
    console = Console()
    complaints: list[str] = []
    for wanted in _wanted(domain, name, file):
        source = file or wanted.file
        seeded = load_seed(postgres, wanted, source)
        console.print(f"{wanted.name}: {seeded.loaded} rows loaded from {source}", highlight=False, soft_wrap=True)
        complaints.extend(rejections(wanted, source, seeded))
    for complaint in complaints:
        console.print(f"[red]not loaded[/red] {complaint}", highlight=False, soft_wrap=True)
    raise typer.Exit(1 if complaints else 0)


def _wanted(domain: str, name: str | None, file: Path | None) -> list[Seed]:
    domains = installed_domains()
    if domain not in domains:
        raise StackError(f"There is no pack {domain}; there is: {', '.join(sorted(domains)) or 'none'}.")
    seeds = [one for one in domains[domain].seeds if name is None or one.name == name]
    known = ", ".join(one.name for one in domains[domain].seeds)
    if not seeds:
        raise StackError(f"The pack {domain} has nothing to load of that name; it has: {known or 'nothing'}.")
    if file is not None and len(seeds) > 1:
        raise StackError(f"Say with --name what {file} holds: {known}.")
    return seeds
