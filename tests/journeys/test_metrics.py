"""What the running services tell Prometheus is what alert rules and the dashboard read."""

import json

import httpx
import yaml
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.settings import REPOSITORY
from tests.contract.monitoring.promql import selections
from tests.support.stack import Stack

FOLDER = REPOSITORY / "deploy" / "monitoring"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}


def read() -> set[str]:
    """The metrics of every expression, but for those of a channel that is not set up here."""
    rules = [
        rule for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"] for rule in group["rules"]
    ]
    panels = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    expressions = [rule["expr"] for rule in rules] + [each["expr"] for panel in panels for each in panel["targets"]]
    names = {each.metric for expression in expressions for each in selections(expression)}
    return {name for name in names if name.startswith("parley_") and not name.startswith("parley_whatsapp_")}


async def test_every_metric_that_is_read_is_told_by_a_service(stack: Stack) -> None:
    told: set[str] = set()
    async with httpx.AsyncClient(trust_env=False) as http:
        for service in stack.services.values():
            page = (await http.get(f"{service.url}/metrics")).text
            for family in text_string_to_metric_families(page):
                told |= {family.name + suffix for suffix in SUFFIXES.get(family.type, ("",))}

    assert read() - told == set()
    assert len(read()) > 15
