from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from zoneproxy.config.addresses import MAX_NODES, Bind, HostPort, NetworkName, NodeIds


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("kafka-1.example.com:9093", "kafka-1.example.com", 9093),
        ("localhost:1", "localhost", 1),
        ("kafka_1:65535", "kafka_1", 65535),
        ("10.0.0.1:9092", "10.0.0.1", 9092),
        ("[::1]:9092", "::1", 9092),
    ],
)
def test_host_and_port(text: str, host: str, port: int) -> None:
    assert HostPort.parse(text) == HostPort(host, port)
    assert str(HostPort.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["kafka", "kafka:", ":9092", "kafka:0", "kafka:65536", "kafka:9x", "::1:9092", "http://kafka:80", "a b:1", "k:-1",
     "-a:1", "a..b:1", "1.2.3:1", "x" * 260 + ":1", "[a:1", "kafka:٣"],
)  # fmt: skip
def test_no_host_and_port(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="not an address"):
        HostPort.parse(text)


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [("0-31", 0, 31), ("7", 7, 7), (" 1 - 3 ", 1, 3), ("100000-100002", 100000, 100002)],
)
def test_node_ids(text: str, lowest: int, highest: int) -> None:
    assert NodeIds.parse(text) == NodeIds(lowest, highest)


@pytest.mark.parametrize("text", ["", "a", "1-", "-1", "3-1", f"0-{MAX_NODES}", "4294967296", "1-2-3", "٣"])
def test_no_node_ids(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        NodeIds.parse(text)


def test_node_ids_are_written_as_they_are_read() -> None:
    assert str(NodeIds.parse("0-31")) == "0-31"


def test_in_models_text_and_values_are_both_taken() -> None:
    adapter = TypeAdapter(NodeIds)
    assert adapter.validate_python("0-3") == adapter.validate_python(NodeIds(0, 3)) == adapter.validate_json('"0-3"')
    assert TypeAdapter(HostPort).validate_python("a:1") == HostPort("a", 1)
    with pytest.raises(ValidationError):
        adapter.validate_python(3)


@pytest.mark.parametrize("text", ["127.0.0.1", "0.0.0.0", "::", "fe80::1"])
def test_bind_takes_addresses(text: str) -> None:
    assert TypeAdapter(Bind).validate_python(text) == text


@pytest.mark.parametrize("text", ["localhost", "*", "", "127.0.0.1:80", 4])
def test_bind_takes_nothing_else(text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Bind).validate_python(text)


@pytest.mark.parametrize("text", ["kafka.example.com", "kafka.example.com.", "localhost", "10.0.0.1", "::1"])
def test_names_and_addresses_are_advertised(text: str) -> None:
    assert TypeAdapter(NetworkName).validate_python(text) == text


@pytest.mark.parametrize("text", ["kafka:9092", "https://kafka", "a/b", "*.example.com", "", "1.2.3", 5])
def test_nothing_else_is_advertised(text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(NetworkName).validate_python(text)
