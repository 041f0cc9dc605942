from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.boundary.advertised import PortAddresses, SniAddresses

PORTS = PortAddresses("proxy.example", 9100, lowest=10, highest=12)
SNI = SniAddresses("payments", "kafka.example.com", 9093)


def test_each_node_of_the_range_has_a_port() -> None:
    assert [PORTS.advertised(node) for node in (10, 11, 12)] == [
        ("proxy.example", 9100),
        ("proxy.example", 9101),
        ("proxy.example", 9102),
    ]


@pytest.mark.parametrize("node", [-1, 0, 9, 13])
def test_nodes_outside_the_range_have_none(node: int) -> None:
    assert PORTS.advertised(node) is None


@pytest.mark.parametrize("port", [9092, 9099, 9103])
def test_other_ports_stand_for_no_node(port: int) -> None:
    assert PORTS.node_at(port) is None


@given(st.integers(10, 12))
def test_a_port_leads_back_to_its_node(node: int) -> None:
    advertised = PORTS.advertised(node)

    assert advertised is not None
    assert PORTS.node_at(advertised[1]) == node


def test_each_node_has_a_name_below_the_zone() -> None:
    assert SNI.advertised(3) == ("b3.payments.kafka.example.com", 9093)
    assert SNI.advertised(-1) is None
    assert SNI.bootstrap == "bootstrap.payments.kafka.example.com"


@given(st.integers(0, 2**31 - 1))
def test_a_name_leads_back_to_its_node(node: int) -> None:
    advertised = SNI.advertised(node)

    assert advertised is not None
    assert SNI.node_at(advertised[0]) == node
    assert SNI.node_at(advertised[0].upper()) == node


@pytest.mark.parametrize(
    "name",
    [
        "",
        "b",
        "b.payments.kafka.example.com",
        "b1",
        "b1.analytics.kafka.example.com",
        "b01.payments.kafka.example.com",
        "b-1.payments.kafka.example.com",
        "b1_0.payments.kafka.example.com",
        "b٣.payments.kafka.example.com",
        "b12345678901.payments.kafka.example.com",
        "x1.payments.kafka.example.com",
        "bootstrap.payments.kafka.example.com",
        "b1.payments.kafka.example.com.evil.example",
    ],
)
def test_other_names_stand_for_no_node(name: str) -> None:
    assert SNI.node_at(name) is None
