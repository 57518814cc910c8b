"""Which files make up the contract, and what belongs in each."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from deploy.contract.asyncapi import document
from deploy.contract.events import packs_outcomes
from shared.events.base import Event
from shared.events.catalogue import EVENTS
from shared.events.outcomes import Outcome

REPOSITORY = Path(__file__).resolve().parents[2]
ASYNCAPI = REPOSITORY / "docs" / "asyncapi.yaml"
SCHEMAS = REPOSITORY / "shared" / "events" / "schemas"
WIDTH = 110


def contract_files() -> Mapping[Path, str]:
    """Every file of the contract and its text, as the code says now."""
    outcomes = packs_outcomes()
    files = {SCHEMAS / f"{event.type}.json": schema_text(event) for event in EVENTS}
    files |= {_folder(outcome) / f"{outcome.type}.json": schema_text(outcome) for outcome in outcomes}
    return files | {ASYNCAPI: _yaml(document((*EVENTS, *outcomes)))}


def stale_files() -> list[Path]:
    """Snapshots in our folders that belong to no event."""
    wanted = contract_files()
    return sorted(file for folder in {file.parent for file in wanted} for file in _snapshots(folder, wanted))


def schema_text(event: type[Event]) -> str:
    """What a reader of the topic may rely on in every record of this type, the oldest included.

    Hence the schema of what is accepted: a field that was added later has a default and is not required.
    """
    return json.dumps(event.model_json_schema(mode="validation"), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _folder(outcome: type[Outcome]) -> Path:
    module = sys.modules[outcome.__module__]
    return Path(module.__file__ or "").parent / "schemas"


def _snapshots(folder: Path, wanted: Iterable[Path]) -> Iterable[Path]:
    return set(folder.glob("*.json")) - set(wanted)


class _Dumper(yaml.SafeDumper):
    """Writes every value out where it stands, without anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _yaml(content: Mapping[str, object]) -> str:
    head = "# Written by `make contract` from shared/events and the packs' outcomes; change those instead.\n"
    return head + yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
