"""The AsyncAPI document holds together and says what is so."""

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.contract.asyncapi import document
from deploy.contract.events import packs_outcomes
from shared.events.catalogue import EVENTS
from shared.events.topics import TOPICS

OUTCOMES = packs_outcomes()
MODELS = {event.__name__: event for event in (*EVENTS, *OUTCOMES)}
DOCUMENT = document(tuple(MODELS.values()))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolve(reference: str) -> Any:
    node: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))

    assert len(found) > 40
    for reference in found:
        assert resolve(reference) is not None


def test_the_document_has_what_asyncapi_3_requires() -> None:
    assert DOCUMENT["asyncapi"] == "3.1.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] == "send"
        channel = resolve(operation["channel"]["$ref"])
        for message in operation["messages"]:
            assert message["$ref"].startswith(operation["channel"]["$ref"])
            assert message["$ref"].rpartition("/")[2] in channel["messages"]


def test_every_topic_has_a_channel_and_every_event_is_in_its_topics_channel() -> None:
    channels = {channel["address"]: channel for channel in DOCUMENT["channels"].values()}

    assert channels.keys() == {name for topic in TOPICS for name in (topic.name, topic.dead.name)}
    for event in MODELS.values():
        assert event.__name__ in channels[event.topic.name]["messages"]


def test_every_event_is_sent_by_its_owner_once() -> None:
    sent = [reference["$ref"] for each in DOCUMENT["operations"].values() for reference in each["messages"]]

    assert sorted(reference.rpartition("/")[2] for reference in sent) == sorted(MODELS)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_channel_says_how_its_topic_is_made(topic: Any) -> None:
    [channel] = [each for each in DOCUMENT["channels"].values() if each["address"] == topic.name]
    kafka = channel["bindings"]["kafka"]

    assert (kafka["partitions"], kafka["replicas"]) == (topic.partitions, 3)
    assert kafka["topicConfiguration"]["retention.ms"] == topic.retention.total_seconds() * 1000


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.type)
def test_examples_are_valid_and_carry_the_headers_the_message_declares(model: Any) -> None:
    message = DOCUMENT["components"]["messages"][model.__name__]
    [example] = message["examples"]

    event = model.model_validate(example["payload"])

    assert event.model_dump(mode="json") == example["payload"]
    assert {key: value.decode() for key, value in event.envelope().headers} == example["headers"]
    assert set(message["headers"]["required"]) == example["headers"].keys()
    assert message["name"] == model.type


def test_types_are_unique_and_versioned() -> None:
    types = [model.type for model in MODELS.values()]

    assert len(set(types)) == len(types)
    assert all(each.startswith("parley.") and each.rpartition(".v")[2].isdigit() for each in types)
