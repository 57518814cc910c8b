"""Showing a conversation in the terminal while it happens, and what is stored of it afterwards."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.local.client import StreamEvent
from deploy.local.errors import StackError

NOTES = {"reset": "starting again", "cancelled": "cancelled"}


class Screen:
    """Shows turns as their events arrive."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = ""

    def show_turn(self, events: Iterable[StreamEvent]) -> None:
        """Shows one turn to its end; StackError if it failed."""
        self._shown = ""
        for event in events:
            self._show(event)

    def _show(self, event: StreamEvent) -> None:
        data = event.data
        match event.name:
            case "step":
                self._note(f"· {data['label']}")
            case "delta":
                self._say(data["text"])
            case "reset" | "cancelled":
                self._note(f"· {NOTES[event.name]}")
            case "snapshot":
                self._complete(data["text"])
            case "clarification":
                self._offer(data.get("options") or [])
            case "completed":
                self._complete(data["text"])
                self._console.print("\n")
            case "failed":
                raise StackError(f"The turn failed ({data['reason']}): {data.get('message') or 'see parley logs'}")
            case _:
                # `accepted` says nothing to a person, and `data` repeats in structure what the words say.
                return

    def _say(self, text: str) -> None:
        self._shown += text
        self._console.print(text, end="", markup=False, highlight=False, soft_wrap=True)

    def _complete(self, whole: str) -> None:
        """Shows what has not been shown of a text that is now known whole."""
        if whole.startswith(self._shown):
            self._say(whole.removeprefix(self._shown))
        else:
            self._note("· once more, whole")
            self._say(whole)
        self._shown = whole

    def _note(self, text: str) -> None:
        if self._shown:
            self._console.print()
            self._shown = ""
        self._console.print(text, style="dim", markup=False, highlight=False)

    def _offer(self, options: list[str]) -> None:
        for option in options:
            self._console.print(f"\n  - {option}", end="", style="cyan", markup=False, highlight=False)


def history_table(messages: Iterable[dict[str, Any]]) -> Table:
    """The stored messages of a session."""
    table = Table("who", "what was said", "intent", title="stored history")
    for message in messages:
        table.add_row(message["role"], _shortened(message["text"]), message.get("intent") or "")
    return table


def score_table(scores: dict[str, Any]) -> Table:
    """The scores of a profile, each with what it is made of."""
    table = Table("score", "points", "of", "because", title=f"lead score: {scores.get('temperature', 'unknown')}")
    for name in ("engagement", "intent"):
        score = scores.get(name)
        if score is None:
            continue
        table.add_row(f"[bold]{name}[/bold]", f"[bold]{score['value']:.1f}[/bold]", "10", "")
        for factor in score["factors"]:
            points, most = f"{factor['value']:.1f}", f"{factor['maximum']:g}"
            table.add_row(f"  {factor['name']}", points, most, str(factor.get("because") or ""))
    return table


def _shortened(text: str, most: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
