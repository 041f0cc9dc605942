"""Every name of every message of every API and version, found in Kafka's own definitions, in a namespace.

The walk here is another one than the product's: over the JSON of the kafka-clients jar, at the moment of the test.
Every name that it finds in what goes upstream begins with the prefix; what comes back to the client holds the names
that it said, none of another namespace, and nowhere the prefix.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.boundary.namespace.tenants import OURS, tenant
from tests.kafka import java
from tests.wire.messages.drawing import DrawingReader
from tools.generate_messages import clients_jar
from zoneproxy.boundary.interceptor import Context, Forward
from zoneproxy.boundary.namespace.interceptor import TRANSLATED, NamespaceInterceptor
from zoneproxy.wire.codec import decode_request, encode_request, encode_response, read_request_header
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.registry import APIS, REQUESTS, RESPONSES

NAMED = {"topicName", "groupId", "transactionalId"}
OURS_MARK, THEIRS_MARK = "qqname", "zzname"  # in no other string here
LEGAL = st.sampled_from([f"{OURS_MARK}{n}" for n in range(4)])
ILLEGAL = st.sampled_from(["", ".", "a/b", OURS_MARK * 50])

WITHOUT_REPLY = {ApiKey.DESCRIBE_CLIENT_QUOTAS, ApiKey.ALTER_CLIENT_QUOTAS, ApiKey.DESCRIBE_QUORUM}


class Place(NamedTuple):
    """Where a name is: the struct or list that holds it, and how to get at it."""

    holder: Any
    key: Any
    entity: str

    @property
    def name(self) -> str | None:
        found: str | None = self.holder[self.key] if isinstance(self.holder, list) else getattr(self.holder, self.key)
        return found

    def put(self, name: str) -> None:
        if isinstance(self.holder, list):
            self.holder[self.key] = name
        else:
            setattr(self.holder, self.key, name)


# --- Kafka's definitions -------------------------------------------------------------------------------------


@cache
def definitions() -> dict[tuple[int, str], dict[str, Any]]:
    """(API key, "request" or "response") → what Kafka says of the message."""
    found = {}
    with ZipFile(clients_jar(java.jars())) as archive:
        for name in archive.namelist():
            if name.startswith("common/message/") and name.endswith(".json"):
                facts = json.loads(re.sub(r"(?m)^\s*//.*$", "", archive.read(name).decode()))
                found[facts.get("apiKey", -1), facts["type"]] = facts
    return found


def there(versions: str, version: int) -> bool:
    low, plus, rest = re.fullmatch(r"(\d+)(\+?)(?:-(\d+))?", versions).groups() if versions != "none" else (1, "", "0")  # type: ignore[union-attr]
    return int(low) <= version and (bool(plus) or version <= int(rest or low))


def attribute(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)).lower()


def places(message: Any, facts: dict[str, Any], version: int) -> Iterator[Place]:
    """Where the message has names, as Kafka defines it."""
    common = {struct["name"]: struct["fields"] for struct in facts.get("commonStructs", ())}
    yield from _places(message, facts["fields"], version, common)


def _places(struct: Any, fields: list[dict[str, Any]], version: int, common: dict[str, Any]) -> Iterator[Place]:
    for field in fields:
        if not there(field["versions"], version):
            continue
        value, entity = getattr(struct, attribute(field["name"]), None), field.get("entityType")
        if entity in NAMED:
            if isinstance(value, list):
                yield from (Place(value, index, entity) for index in range(len(value)))
            elif value is not None:
                yield Place(struct, attribute(field["name"]), entity)
        inner = field.get("fields") or common.get(field["type"].removeprefix("[]"))
        if inner and value is not None:
            for element in value if isinstance(value, list) else [value]:
                yield from _places(element, inner, version, common)


# --- messages ------------------------------------------------------------------------------------------------

EVERYTHING = [
    (ApiKey(key), version)
    for key in sorted(TRANSLATED)
    for version in range(APIS[key].min_version, APIS[key].max_version + 1)
]
each_version = pytest.mark.parametrize(("api", "version"), EVERYTHING, ids=lambda each: getattr(each, "name", each))


class PlainReader(DrawingReader):
    """Draws texts without marks and without surprises: what is surprising here is the names."""

    __slots__ = ()

    def string(self) -> str:
        return self.draw(st.sampled_from(["", "text"]))

    compact_string = string

    def nullable_string(self) -> str | None:
        return self.draw(st.sampled_from([None, "text"]))

    compact_nullable_string = nullable_string

    def uuid(self) -> bytes:
        return bytes(16)

    def _tags(self) -> list[int]:
        return []


def drawn(kind: Any, version: int, draw: st.DrawFn) -> Any:
    message = kind.read(PlainReader(draw), version)
    for name in kind.__slots__:  # what would refuse the whole request is in the tests of those APIs
        if name in ("subscribed_topic_regex", "transactional_id_pattern"):
            setattr(message, name, None)
    return message


def upstream(message: Any, ctx: Context) -> Any:
    frame = encode_request(ctx.header, message)
    assert unmarked(frame, OURS_MARK, OURS.prefix) == []
    return decode_request(frame, read_request_header(frame)).message


def unmarked(frame: bytes, mark: str, prefix: str) -> list[int]:
    """Where a name stands in the bytes without the prefix, wherever in the message that is."""
    return [
        found.start()
        for found in re.finditer(mark.encode(), frame)
        if not frame[: found.start()].endswith((prefix.encode(), mark.encode()))
    ]


def sendable(message: Any, api: ApiKey) -> None:
    """Take out what is refused as a whole, and what is no name in a field that usually holds one."""
    if api == ApiKey.STREAMS_GROUP_HEARTBEAT and message.topology is not None:
        for each in message.topology.subtopologies:
            each.source_topic_regex = []
    if api == ApiKey.ELECT_LEADERS and message.topic_partitions is None:
        message.topic_partitions = []
    if api in (ApiKey.ALTER_CONFIGS, ApiKey.INCREMENTAL_ALTER_CONFIGS):
        for each in message.resources:
            each.resource_type = 2


@each_version
def test_every_name_goes_upstream_with_the_prefix_and_comes_back(api: ApiKey, version: int) -> None:
    facts = definitions()[api, "request"]

    @settings(max_examples=12)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        message = drawn(REQUESTS[api], version, data.draw)
        sendable(message, api)
        names = list(places(message, facts, version))
        for place in names:
            place.put(data.draw(LEGAL if data.draw(st.booleans()) else ILLEGAL))
        said = [place.name for place in names]
        ctx = tenant(api, version)
        before = encode_request(ctx.header, message)
        outcome = NamespaceInterceptor().request(message, ctx)
        if api in WITHOUT_REPLY:
            assert not isinstance(outcome, Forward)
            return
        assert isinstance(outcome, Forward)
        physical = [(place.entity, place.name) for place in places(upstream(message, ctx), facts, version)]
        own = [(entity, name) for entity, name in physical if name or entity == "topicName"]
        assert [each for each in own if not str(each[1]).startswith(OURS.prefix)] == []
        if api not in (ApiKey.PRODUCE, ApiKey.FETCH):
            if outcome.then is not None:
                outcome.then(RESPONSES[api](), ctx)
                assert encode_request(ctx.header, message) == before
        else:
            assert len(physical) == len(said)

    check()


@each_version
def test_every_name_that_comes_back_is_ones_own_and_has_no_prefix(api: ApiKey, version: int) -> None:
    if api in WITHOUT_REPLY:
        return
    facts = definitions()[api, "response"]

    @settings(max_examples=12)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        ctx = tenant(api, version)
        request = REQUESTS[api]()
        sendable(request, api)
        outcome = NamespaceInterceptor().request(request, ctx)
        assert isinstance(outcome, Forward)
        response = drawn(RESPONSES[api], version, data.draw)
        for place in places(response, facts, version):
            own = data.draw(st.booleans())
            place.put(f"ours.{data.draw(LEGAL)}" if own else f"theirs.{THEIRS_MARK}")
        if outcome.then is not None:
            outcome.then(response, ctx)
        left = [place.name for place in places(response, facts, version)]
        assert all(str(name).startswith(OURS_MARK) for name in left)
        frame = encode_response(1, api, version, response)
        assert THEIRS_MARK.encode() not in frame
        assert OURS.prefix.encode() not in frame

    check()


# --- what the definitions do not say -------------------------------------------------------------------------

NO_NAMES = {
    "acknowledge_error_message",
    "advertised",
    "assignor_name",
    "batch_index_error_message",
    "client_host",
    "client_id",
    "cluster_id",
    "committed_metadata",
    "configuration_keys",
    "documentation",
    "entity_name",
    "entity_type",
    "error_message",
    "group_instance_id",
    "group_state",
    "group_type",
    "host",
    "instance_id",
    "key",
    "leader",
    "log_dir",
    "match",
    "member_id",
    "metadata",
    "name",
    "path",
    "process_id",
    "protocol_data",
    "protocol_name",
    "protocol_type",
    "rack",
    "rack_id",
    "reason",
    "server_assignor",
    "state_filters",
    "states_filter",
    "status_detail",
    "subtopology_id",
    "transaction_state",
    "types_filter",
    "unknown_state_filters",
    "value",
}
"""Texts that hold no topics, groups or transactional ids, by what their fields are called; each was looked at.

``key`` and ``name`` are those of configurations, tags and protocols; the keys of FindCoordinator are translated by
hand. ``error_message`` is replaced for all zones with a namespace (``boundary/texts``), ``status_detail`` too.
"""

TRANSLATED_BY_HAND = {
    "coordinator_keys": {ApiKey.FIND_COORDINATOR},
    "resource_name": {
        ApiKey.DESCRIBE_CONFIGS,
        ApiKey.ALTER_CONFIGS,
        ApiKey.INCREMENTAL_ALTER_CONFIGS,
        ApiKey.LIST_CONFIG_RESOURCES,
    },
    "subscribed_topic_regex": {ApiKey.CONSUMER_GROUP_HEARTBEAT, ApiKey.CONSUMER_GROUP_DESCRIBE},
    "source_topic_regex": {ApiKey.STREAMS_GROUP_HEARTBEAT},
    "transactional_id_pattern": {ApiKey.LIST_TRANSACTIONS},
}


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize("api", sorted(TRANSLATED), ids=lambda api: api.name)
def test_texts_that_are_no_names_for_kafka_were_looked_at(api: ApiKey, direction: str) -> None:
    """A new text in a new version of Kafka must be looked at, and be put into one of the lists."""
    facts = definitions()[api, direction]
    common = [struct["fields"] for struct in facts.get("commonStructs", ())]

    def texts(fields: list[dict[str, Any]]) -> Iterator[str]:
        for field in fields:
            if field["type"] in ("string", "[]string") and field.get("entityType") not in NAMED:
                yield attribute(field["name"])
            yield from texts(field.get("fields", []))

    for name in [text for fields in [facts["fields"], *common] for text in texts(fields)]:
        assert name in NO_NAMES or api in TRANSLATED_BY_HAND.get(name, ()), name
