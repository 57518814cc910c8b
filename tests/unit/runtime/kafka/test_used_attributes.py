"""Everything this package touches of FastStream and aiokafka, so that an upgrade which drops it fails here first."""

import ast
import inspect
from pathlib import Path

import pytest
from aiokafka import (
    AIOKafkaConsumer,
    AIOKafkaProducer,
    ConsumerRebalanceListener,
    ConsumerRecord,
    TopicPartition,
)
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from faststream.kafka import KafkaBroker

import shared.runtime.kafka

PACKAGE = Path(shared.runtime.kafka.__file__).parent

METHODS = {
    AIOKafkaConsumer: [
        "assign",
        "assignment",
        "beginning_offsets",
        "commit",
        "end_offsets",
        "getmany",
        "getone",
        "pause",
        "position",
        "resume",
        "seek",
        "start",
        "stop",
    ],
    AIOKafkaProducer: ["send", "start", "stop"],
    AIOKafkaAdminClient: ["close", "create_topics", "describe_topics", "list_consumer_group_offsets", "start"],
    ConsumerRebalanceListener: ["on_partitions_assigned", "on_partitions_revoked"],
    KafkaBroker: ["start", "stop", "subscriber"],
}

PARAMETERS = {
    AIOKafkaConsumer: [
        "auto_offset_reset",
        "bootstrap_servers",
        "client_id",
        "enable_auto_commit",
        "fetch_max_wait_ms",
        "group_id",
        "max_partition_fetch_bytes",
    ],
    AIOKafkaProducer: [
        "acks",
        "bootstrap_servers",
        "client_id",
        "enable_idempotence",
        "linger_ms",
        "max_batch_size",
        "max_request_size",
        "request_timeout_ms",
    ],
    AIOKafkaAdminClient: ["bootstrap_servers", "client_id", "request_timeout_ms", "retry_backoff_ms"],
    NewTopic: ["name", "num_partitions", "replication_factor", "topic_configs"],
    KafkaBroker: [
        "allow_auto_create_topics",
        "apply_types",
        "bootstrap_servers",
        "client_id",
        "consumer_only",
        "graceful_timeout",
        "logger",
    ],
    KafkaBroker.subscriber: [
        "ack_policy",
        "auto_offset_reset",
        "fetch_max_wait_ms",
        "group_id",
        "heartbeat_interval_ms",
        "listener",
        "max_partition_fetch_bytes",
        "partition_assignment_strategy",
        "rebalance_timeout_ms",
        "session_timeout_ms",
    ],
}


@pytest.mark.parametrize("owner", METHODS, ids=lambda owner: owner.__name__)
def test_methods_exist(owner: type) -> None:
    assert [name for name in METHODS[owner] if not callable(getattr(owner, name, None))] == []


@pytest.mark.parametrize("function", PARAMETERS, ids=lambda function: function.__qualname__)
def test_parameters_exist(function: object) -> None:
    assert callable(function)
    assert set(PARAMETERS[function]) <= inspect.signature(function).parameters.keys()


def test_record_has_what_is_read() -> None:
    used = {"topic", "partition", "offset", "timestamp", "key", "value", "headers"}
    assert used <= ConsumerRecord.__dataclass_fields__.keys()
    assert TopicPartition._fields == ("topic", "partition")


def test_subscriber_has_its_consumer() -> None:
    assert KafkaBroker(logger=None).subscriber("topic").consumer is None


def test_nothing_private_of_faststream_or_aiokafka_is_imported() -> None:
    modules = [
        node.module
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module is not None
    ]
    libraries = [module for module in modules if module.split(".")[0] in {"faststream", "aiokafka"}]
    assert libraries
    assert [module for module in libraries if "._" in module] == []
