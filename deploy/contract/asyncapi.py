"""The AsyncAPI 3.1 document: topics, who writes them, and every message with its CloudEvents headers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from deploy.contract.examples import example_of
from shared.events.base import Event
from shared.events.envelope import REQUEST_HEADER
from shared.events.topics import TOPICS, Topic
from shared.runtime.kafka import deadletters
from shared.runtime.kafka.provision import Scale, wanted_topics

Json = dict[str, Any]

_VERSION = "1.0.0"
_BINDING = "0.5.0"
_SCALE = Scale.PRODUCTION
_DEAD = "DeadLetter"
_FIXED_HEADERS = {"ce_specversion", "ce_source", "ce_type", "content-type"}
_HEADERS = {
    "ce_specversion": "The version of CloudEvents.",
    "ce_id": "The event's id: consumers deduplicate on it.",
    "ce_source": "The service that owns the event.",
    "ce_type": "The event's type with its version.",
    "ce_time": "When it happened.",
    "ce_partitionkey": "The same as the record's key.",
    REQUEST_HEADER: "x-request-id of the HTTP request that caused it.",
    "ce_turnid": "The turn it belongs to.",
    "content-type": "The media type of the value.",
}
_DEAD_HEADERS = {
    deadletters.REASON: f"{deadletters.REJECTED}, {deadletters.EXHAUSTED} or {deadletters.KILLED}.",
    deadletters.ERROR: "The exception's type and message.",
    deadletters.SOURCE_TOPIC: "The topic the record came from.",
    deadletters.SOURCE_PARTITION: "Its partition.",
    deadletters.SOURCE_OFFSET: "Its offset.",
    deadletters.GROUP: "The consumer group that gave it up.",
    deadletters.ATTEMPTS: "How often it was started.",
    deadletters.AT: "When it was given up, ISO 8601.",
}


def document(events: Sequence[type[Event]]) -> Json:
    """The document of these events on the platform's topics."""
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Parley events",
            "version": _VERSION,
            "description": (
                "What Parley's services tell each other, and any other system that subscribes. Events are CloudEvents "
                "1.0 in binary mode: attributes are headers, the value is JSON. Change is only additive: "
                "ignore fields you do not know; what would break readers gets a new type."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "The brokers that PARLEY_KAFKA names.",
                "variables": {"bootstrap": {"default": "127.0.0.1:9092", "description": "host:port of a broker."}},
            }
        },
        "channels": _channels(events),
        "operations": _operations(events),
        "components": {"messages": _messages(events), "schemas": _schemas(events)},
    }


def _channels(events: Iterable[type[Event]]) -> Json:
    created = {topic.name: topic for topic in wanted_topics(TOPICS, partitions=_SCALE, replication=_SCALE)}
    channels: Json = {}
    for topic in TOPICS:
        names = [event.__name__ for event in events if event.topic == topic]
        channels[_channel(topic)] = _topic(topic, created[topic.name], names)
        channels[_channel(topic.dead)] = _topic(topic.dead, created[topic.dead.name], [_DEAD])
    return channels


def _channel(topic: Topic) -> str:
    return topic.name.removeprefix("parley.").replace(".", "_")


def _topic(topic: Topic, created: Any, messages: Iterable[str]) -> Json:
    configs = created.topic_configs
    return {
        "address": topic.name,
        "description": f"{topic.description} Keyed by {topic.keyed_by}: records of one key stay in order.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": created.num_partitions,
                "replicas": created.replication_factor,
                "topicConfiguration": {
                    "cleanup.policy": [configs["cleanup.policy"]],
                    "retention.ms": int(configs["retention.ms"]),
                },
                "bindingVersion": _BINDING,
            }
        },
        "x-local-partitions": topic.local_partitions,
        "x-segment-ms": int(configs["segment.ms"]),
        "x-min-insync-replicas": int(configs["min.insync.replicas"]),
    }


def _operations(events: Sequence[type[Event]]) -> Json:
    operations: Json = {}
    for event in events:
        service, channel = event.source.rpartition("/")[2], _channel(event.topic)
        operation = operations.setdefault(
            f"{service}_{channel}",
            {
                "action": "send",
                "channel": {"$ref": f"#/channels/{channel}"},
                "summary": f"What {service} publishes to {event.topic.name}.",
                "messages": [],
            },
        )
        operation["messages"].append({"$ref": f"#/channels/{channel}/messages/{event.__name__}"})
    return operations


def _messages(events: Iterable[type[Event]]) -> Json:
    return {event.__name__: _message(event) for event in events} | {_DEAD: _dead_letter()}


def _message(event: type[Event]) -> Json:
    example = example_of(event)
    headers = {name: value.decode() for name, value in example.envelope().headers}
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": _first_line(event),
        "contentType": "application/json",
        "correlationId": {"location": f"$message.header#/{REQUEST_HEADER}"},
        "headers": {
            "type": "object",
            "required": list(headers),
            "properties": {name: _header(name, value) for name, value in headers.items()},
        },
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": event.topic.keyed_by}, "bindingVersion": _BINDING}
        },
        "examples": [{"name": event.__name__, "headers": headers, "payload": example.model_dump(mode="json")}],
    }


def _header(name: str, value: str) -> Json:
    fixed = {"const": value} if name in _FIXED_HEADERS else {}
    return {"type": "string", "description": _HEADERS[name], **fixed}


def _dead_letter() -> Json:
    return {
        "name": "parley.dead-letter",
        "title": _DEAD,
        "summary": "A record that was given up: key, value and headers as they were, and headers that say why.",
        "headers": {
            "type": "object",
            "required": list(_DEAD_HEADERS),
            "properties": {name: {"type": "string", "description": why} for name, why in _DEAD_HEADERS.items()},
        },
        "payload": {"description": "The value of the record as it was, whatever it was."},
    }


def _schemas(events: Iterable[type[Event]]) -> Json:
    _, schema = models_json_schema(
        [(event, "validation") for event in events], ref_template="#/components/schemas/{model}"
    )
    definitions: Mapping[str, Json] = schema["$defs"]
    return {name: _plain(definition) for name, definition in sorted(definitions.items())}


def _plain(schema: Any) -> Any:
    """The schema with discriminators as AsyncAPI has them: the name of the property."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: value["propertyName"] if name == "discriminator" and "propertyName" in value else _plain(value)
        for name, value in schema.items()
    }


def _first_line(event: type[Event]) -> str:
    return (event.__doc__ or "").strip().partition("\n")[0]
