"""Alert rules and the dashboard speak of metrics that there are, and every alert says what to do."""

import json
import re
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from deploy.local.settings import REPOSITORY
from services.agent.llm.metrics import ModelMetrics
from services.agent.scrubbing.metrics import UpkeepMetrics
from services.gateway.metrics import Metrics as GatewayMetrics
from services.gateway.whatsapp.metrics import WhatsAppMetrics
from services.memory.metrics import MemoryMetrics
from services.memory.monitoring.metrics import MonitoringMetrics
from services.memory.store import STATEMENTS
from services.profiles.metrics import ProfilesMetrics
from shared.runtime.kafka.metrics import Metrics as KafkaMetrics
from shared.runtime.postgres_metrics import PoolMetrics, StatementMetrics
from tests.contract.docs.test_links import anchors
from tests.contract.monitoring.promql import Selection, groupings, selections

FOLDER = REPOSITORY / "deploy" / "monitoring"
ALERTS = [rule for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text())
PANELS = [(panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]]
OF_PROMETHEUS = {"up": {"job", "instance"}}


def name(rule: dict[str, Any]) -> str:
    return str(rule["alert"])


def exported() -> dict[str, set[str]]:
    """The samples of all services, with their labels."""
    registry = CollectorRegistry()
    GatewayMetrics(registry, open_streams=lambda: 0)
    for metrics in (
        KafkaMetrics,
        MemoryMetrics,
        ModelMetrics,
        MonitoringMetrics,
        PoolMetrics,
        ProfilesMetrics,
        UpkeepMetrics,
        WhatsAppMetrics,
    ):
        metrics(registry)
    StatementMetrics(registry, STATEMENTS)
    found: dict[str, set[str]] = {}
    for sample, collector in registry._names_to_collectors.items():
        labels: tuple[str, ...] = getattr(collector, "_labelnames", ())
        found[sample] = {*labels, "le"} if sample.endswith("_bucket") else {*labels}
    return found


EXPORTED = exported() | OF_PROMETHEUS


def check(expression: str) -> None:
    read = selections(expression)
    assert read
    assert {each.metric for each in read} <= EXPORTED.keys()
    for each in read:
        assert each.labels <= EXPORTED[each.metric] | {"job", "instance"}, each
    known = set().union(*(EXPORTED[each.metric] for each in read)) | {"job", "instance"}
    assert groupings(expression) <= known
    assert expression.count("(") == expression.count(")")


@pytest.mark.parametrize("rule", ALERTS, ids=name)
def test_an_alert_reads_metrics_and_labels_that_are_exported(rule: dict[str, Any]) -> None:
    check(rule["expr"])


@pytest.mark.parametrize("rule", ALERTS, ids=name)
def test_an_alert_says_how_bad_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    page, _, heading = rule["annotations"]["runbook"].partition("#")

    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert heading == name(rule).lower()
    assert heading in anchors(REPOSITORY / page)


def test_labels_in_a_summary_are_those_the_expression_keeps() -> None:
    for rule in ALERTS:
        told = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        kept = groupings(rule["expr"]) or ({"job", "instance"} if "up{" in rule["expr"] else set())
        assert told <= kept, name(rule)


def test_statements_that_an_alert_names_have_that_name() -> None:
    named = {
        statement
        for rule in ALERTS
        for wanted in re.findall(r'statement=~"([^"]*)"', rule["expr"])
        for statement in wanted.split("|")
    }

    assert named
    assert named <= set(STATEMENTS.values())


@pytest.mark.parametrize(("title", "expression"), PANELS)
def test_a_panel_reads_metrics_and_labels_that_are_exported(title: str, expression: str) -> None:
    check(expression)


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        ('sum by (le) (rate(a_bucket{group="x y"}[5m])) > 10', {Selection("a_bucket", frozenset({"group"}))}),
        ("a / on (pool) b unless c", {Selection(each, frozenset()) for each in "abc"}),
        ('up{job=~"p.*", instance!="b{"} == 0', {Selection("up", frozenset({"job", "instance"}))}),
        ("histogram_quantile(0.99, max(x)) and 3 * y offset 1d", {Selection(each, frozenset()) for each in "xy"}),
    ],
)
def test_the_metrics_of_an_expression_are_found(expression: str, read: set[Selection]) -> None:
    assert selections(expression) == read
