"""Nothing dirty on disk: canaries on every path that a client has, and afterwards a search through the node's files."""

from __future__ import annotations

import base64
import gzip
import json
import uuid
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from tests.clients import jvm
from tests.clients.cage import Cage, caged, policy
from tests.clients.canaries import found_in
from tests.clients.drivers import CODECS, JavaConsole
from tests.clients.raw import RawClient
from tests.clients.requests import make
from tests.clients.waiting import until
from zoneproxy.wire.codec import RequestHeader, encode_request
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 30
INVALID_TOPIC_EXCEPTION, GROUP_AUTHORIZATION_FAILED, POLICY_VIOLATION = 17, 30, 44
TYPES = ["pci", "secrets", "EMAIL"]
TOPIC, BLOCKED, REDACTED, DEEP = 2, "blocked", "redacted", "deep"
POLICY = policy(
    {"topics": [BLOCKED], "controls": [{"detect": {"types": TYPES, "action": "block"}}]},
    {"topics": [DEEP], "controls": [{"detect": {"types": TYPES, "action": "block", "depth": "deep"}}]},
    {"topics": [REDACTED], "controls": [{"redact": {"types": TYPES, "with": "mask"}}]},
    beside_records={"types": TYPES, "action": "block"},
)


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory, kafka_is_there: None) -> Iterator[Cage]:
    with caged(tmp_path_factory.mktemp("cage"), "127.0.0.57", POLICY) as made:
        for name in (BLOCKED, REDACTED, DEEP):
            made.topic(name)
        yield made


# --- records -------------------------------------------------------------------------------------------------

PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "value": lambda canary: {"value": json.dumps({"id": 1, "note": f"it is {canary}"})},
    "text": lambda canary: {"value": f"a,{canary},b"},
    "escaped": lambda canary: {"value": '{"note":"' + "".join(f"\\u{ord(char):04x}" for char in canary) + '"}'},
    "key": lambda canary: {"value": "{}", "key": canary},
    "tombstone": lambda canary: {"value": None, "key": canary},
    "header name": lambda canary: {"value": "{}", "headers": [(canary, b"x")]},
    "header value": lambda canary: {"value": "{}", "headers": [("note", canary.encode())]},
}


@pytest.mark.parametrize("codec", CODECS)
def test_no_record_with_a_canary_is_stored(codec: str, cage: Cage) -> None:
    said = cage.saying(40)
    records = [place(canary) for canary in said for place in PLACES.values()]
    codes = cage.produce(BLOCKED, records, compression_type=codec, batch_num_messages=1)
    let_through = [
        (place, canary)
        for (canary, place), code in zip(((c, p) for c in said for p in PLACES), codes, strict=True)
        if code != POLICY_VIOLATION
    ]
    assert let_through == []
    assert found_in(cage.stored(), said) == set()


ENCODED: dict[str, Callable[[str], bytes]] = {
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 of a file": lambda text: base64.b64encode(gzip.compress(text.encode())),
    "url-safe base64": lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"="),
    "hexadecimal digits": lambda text: text.encode().hex().encode(),
    "a file": lambda text: gzip.compress(text.encode()),
    "UTF-16": lambda text: text.encode("utf-16"),
    "percent": lambda text: "".join(f"%{ord(char):02X}" for char in text).encode(),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text).encode(),
    "wide": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text).encode(),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_nor_is_one_that_is_encoded_where_a_rule_looks_deep(encoding: str, cage: Cage) -> None:
    said = cage.saying(20)
    written = [ENCODED[encoding](f"it is {canary} ok") for canary in said]
    records = [
        record for value in written for record in ({"value": value}, {"value": b"{}", "headers": [("h", value)]})
    ]
    codes = cage.produce(DEEP, records, compression_type="zstd", batch_num_messages=1)
    let_through = [canary for n, canary in enumerate(said) if set(codes[2 * n : 2 * n + 2]) != {POLICY_VIOLATION}]
    assert let_through == []


@pytest.mark.parametrize("codec", CODECS)
def test_what_is_redacted_is_stored_without_it(codec: str, cage: Cage) -> None:
    said = cage.saying(40)
    kept = ("value", "text", "escaped", "header value")
    records = [PLACES[place](canary) for canary in said for place in kept]
    assert cage.produce(REDACTED, records, compression_type=codec) == [0] * len(records)
    assert found_in(cage.stored(), said) == set()


def test_kafkas_own_tools_read_what_was_redacted(cage: Cage) -> None:
    clean = [{"value": f"clean-{n}", "key": f"k{n}"} for n in range(10)]
    assert cage.produce(REDACTED, clean) == [0] * 10
    (segment,) = (cage.node.folder / "data" / f"{REDACTED}-0").glob("*.log")
    dump = jvm.run(
        "org.apache.kafka.tools.DumpLogSegments",
        "--deep-iteration",
        "--print-data-log",
        "--files",
        str(segment),
        seconds=120,
    )
    batches = [line for line in dump.splitlines() if line.startswith("baseOffset")]
    assert batches
    assert all("isvalid: true" in line for line in batches)
    assert found_in([dump.encode()], cage.said) == set()
    consumer = confluent_kafka.Consumer(cage.direct.confluent(group_id="reads", check_crcs=True))
    low, high = consumer.get_watermark_offsets(confluent_kafka.TopicPartition(REDACTED, 0), SECONDS)
    consumer.close()
    assert dump.count("| offset: ") == high - low
    read = JavaConsole.consume(cage.direct, REDACTED, high - low)  # Java checks the CRC of each batch
    assert [value for _, value in read[-10:]] == [f"clean-{n}".encode() for n in range(10)]


# --- everything else -----------------------------------------------------------------------------------------


def _config(canary: str) -> list[dict[str, Any]]:
    return [{"name": "leader.replication.throttled.replicas", "value": canary}]


def _member(canary: str) -> list[dict[str, Any]]:
    return [{"name": "range", "metadata": b"\x00\x01\x00\x00\x00\x00\x00\x00\x00\x30" + canary.encode()}]


def _committing(canary: str) -> list[dict[str, Any]]:
    return [
        {
            "name": BLOCKED,
            "partitions": [{"partition_index": 0, "committed_offset": 1, "committed_metadata": f"at {canary}"}],
        }
    ]


def _instance() -> str:
    return str(uuid.uuid4())


# API, version, what is asked, and where the reply says its error.
PATHS: dict[str, tuple[ApiKey, int, Callable[[str], dict[str, Any]], str]] = {
    "new topic": (
        ApiKey.CREATE_TOPICS,
        7,
        lambda c: {"topics": [{"name": f"t-{c}", "num_partitions": 1, "replication_factor": 1}]},
        "topics.error_code",
    ),
    "setting of a new topic": (
        ApiKey.CREATE_TOPICS,
        7,
        lambda c: {
            "topics": [{"name": "settled", "num_partitions": 1, "replication_factor": 1, "configs": _config(c)}]
        },
        "topics.error_code",
    ),
    "topic made by asking": (
        ApiKey.METADATA,
        12,
        lambda c: {"topics": [{"name": f"m-{c}"}], "allow_auto_topic_creation": True},
        "topics.error_code",
    ),
    "setting": (
        ApiKey.INCREMENTAL_ALTER_CONFIGS,
        1,
        lambda c: {"resources": [{"resource_type": TOPIC, "resource_name": BLOCKED, "configs": _config(c)}]},
        "responses.error_code",
    ),
    "settings": (
        ApiKey.ALTER_CONFIGS,
        2,
        lambda c: {"resources": [{"resource_type": TOPIC, "resource_name": BLOCKED, "configs": _config(c)}]},
        "responses.error_code",
    ),
    "quota": (
        ApiKey.ALTER_CLIENT_QUOTAS,
        1,
        lambda c: {
            "entries": [
                {
                    "entity": [{"entity_type": "client-id", "entity_name": c}],
                    "ops": [{"key": "producer_byte_rate", "value": 1e9}],
                }
            ]
        },
        "entries.error_code",
    ),
    "offset metadata": (
        ApiKey.OFFSET_COMMIT,
        9,
        lambda c: {"group_id": "offsets", "topics": _committing(c)},
        "topics.partitions.error_code",
    ),
    "offset metadata in a transaction": (
        ApiKey.TXN_OFFSET_COMMIT,
        3,
        lambda c: {"transactional_id": "t", "group_id": "offsets", "topics": _committing(c)},
        "topics.partitions.error_code",
    ),
    "group of an offset": (
        ApiKey.OFFSET_COMMIT,
        9,
        lambda c: {"group_id": c, "topics": _committing("")},
        "topics.partitions.error_code",
    ),
    "group": (
        ApiKey.JOIN_GROUP,
        9,
        lambda c: {"group_id": c, "session_timeout_ms": 6000, "protocol_type": "consumer", "protocols": _member("")},
        "error_code",
    ),
    "instance": (
        ApiKey.JOIN_GROUP,
        9,
        lambda c: {
            "group_id": "joined",
            "session_timeout_ms": 6000,
            "protocol_type": "consumer",
            "group_instance_id": f"i-{c}",
            "protocols": _member(""),
        },
        "error_code",
    ),
    "data of a member": (
        ApiKey.JOIN_GROUP,
        9,
        lambda c: {
            "group_id": "joined",
            "session_timeout_ms": 6000,
            "protocol_type": "consumer",
            "protocols": _member(c),
        },
        "error_code",
    ),
    "assignment": (
        ApiKey.SYNC_GROUP,
        5,
        lambda c: {"group_id": "joined", "assignments": [{"member_id": "m", "assignment": c.encode()}]},
        "error_code",
    ),
    "member of a consumer group": (
        ApiKey.CONSUMER_GROUP_HEARTBEAT,
        1,
        lambda c: {
            "group_id": "beating",
            "member_id": f"m-{c}",
            "rebalance_timeout_ms": 1000,
            "subscribed_topic_names": [BLOCKED],
            "topic_partitions": [],
        },
        "error_code",
    ),
    "rack": (
        ApiKey.CONSUMER_GROUP_HEARTBEAT,
        1,
        lambda c: {
            "group_id": "beating",
            "member_id": _instance(),
            "rack_id": c,
            "rebalance_timeout_ms": 1000,
            "subscribed_topic_names": [BLOCKED],
            "topic_partitions": [],
        },
        "error_code",
    ),
    "topic of a subscription": (
        ApiKey.CONSUMER_GROUP_HEARTBEAT,
        1,
        lambda c: {
            "group_id": "beating",
            "member_id": _instance(),
            "rebalance_timeout_ms": 1000,
            "subscribed_topic_names": [f"s-{c}"],
            "topic_partitions": [],
        },
        "error_code",
    ),
    "share group": (
        ApiKey.SHARE_GROUP_HEARTBEAT,
        1,
        lambda c: {"group_id": f"s-{c}", "member_id": _instance(), "subscribed_topic_names": [BLOCKED]},
        "error_code",
    ),
    "streams group": (
        ApiKey.STREAMS_GROUP_HEARTBEAT,
        0,
        lambda c: {"group_id": f"s-{c}", "member_id": _instance(), "process_id": "p", "rebalance_timeout_ms": 1000},
        "error_code",
    ),
    "transactional id": (ApiKey.INIT_PRODUCER_ID, 5, lambda c: {"transactional_id": f"t-{c}"}, "error_code"),
}


def errors(reply: Any, where: str) -> list[int]:
    """The error codes at the end of a way through the reply."""
    structs = [reply]
    *way, last = where.split(".")
    for step in way:
        structs = [inner for struct in structs for inner in getattr(struct, step)]
    return [getattr(struct, last) for struct in structs]


@pytest.mark.parametrize("path", PATHS)
def test_no_request_with_a_canary_reaches_the_node(path: str, cage: Cage) -> None:
    api, version, fields, where = PATHS[path]
    said = cage.saying(40)
    refused = INVALID_TOPIC_EXCEPTION if api is ApiKey.METADATA else POLICY_VIOLATION
    with RawClient(cage.reach) as client:
        told = {canary: errors(client.ask(make(api, **fields(canary)), version), where) for canary in said}
    assert {canary: codes for canary, codes in told.items() if set(codes) != {refused}} == {}


def test_no_client_is_called_after_a_canary(cage: Cage) -> None:
    for canary in cage.saying(10):
        with RawClient(cage.reach) as client, pytest.raises(EOFError):
            client.exchange(encode_request(RequestHeader(ApiKey.METADATA, 12, 9, canary), make(ApiKey.METADATA)))


def test_names_that_are_refused_for_want_of_rights_are_in_no_log(cage: Cage) -> None:
    for canary in cage.saying(10):
        with RawClient(cage.stranger) as client:
            ask = make(ApiKey.JOIN_GROUP, group_id=canary, protocol_type="consumer", protocols=_member(""))
            assert errors(client.ask(ask, 9), "error_code") == [GROUP_AUTHORIZATION_FAILED]


def test_ordinary_clients_do_not_notice(cage: Cage) -> None:
    """Groups, offsets with metadata, transactions and topics, with nothing in them."""
    consumer = confluent_kafka.Consumer(
        cage.reach.confluent(
            group_id="quiet", client_id="quiet-app", enable_auto_commit=False, auto_offset_reset="earliest"
        )
    )
    consumer.subscribe([REDACTED])
    assert cage.produce(REDACTED, [{"value": "a"}]) == [0]
    until(lambda: consumer.poll(1.0) is not None)
    done = consumer.commit(
        offsets=[confluent_kafka.TopicPartition(REDACTED, 0, 1, metadata="seen by shift 2")], asynchronous=False
    )
    assert [partition.error for partition in done] == [None]
    (told,) = consumer.committed([confluent_kafka.TopicPartition(REDACTED, 0)], SECONDS)
    assert (told.offset, told.metadata) == (1, "seen by shift 2")
    consumer.close()
    producer = confluent_kafka.Producer(cage.reach.confluent(transactional_id="quiet-transactions"))
    producer.init_transactions(SECONDS)
    producer.begin_transaction()
    producer.produce(REDACTED, b"b")
    producer.commit_transaction(SECONDS)
    admin = AdminClient(cage.reach.confluent())
    made = admin.create_topics([NewTopic("quiet", 1, 1, config={"retention.ms": "1000"})])
    made["quiet"].result(SECONDS)


def test_at_the_end_there_is_no_canary_on_disk_in_a_log_or_in_a_metric(cage: Cage) -> None:
    """Everything that the tests before this one have said; the node's own log is among its files."""
    assert len(cage.said) >= 200
    everything = [*cage.stored(), *(file.read_bytes() for file in cage.node.folder.glob("log*") if file.is_file())]
    assert sum(map(len, everything)) > 10_000
    assert found_in(everything, cage.said) == set()
    told = [(cage.proxy.folder / "log").read_bytes(), cage.proxy.get("/metrics").encode()]
    assert b"zoneproxy_findings_total" in told[1]
    assert found_in(told, cage.said) == set()
