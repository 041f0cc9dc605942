"""The cluster that the other tests rely on is what it says it is."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import pytest
from confluent_kafka.admin import AdminClient

from tests.kafka.certificates import Authority
from tests.kafka.cluster import NODES, Cluster

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kafka.certificates import Credentials


def admin(cluster: Cluster) -> AdminClient:
    return AdminClient(
        {
            "bootstrap.servers": cluster.bootstrap,
            "security.protocol": "SSL",
            "ssl.ca.location": str(cluster.admin.ca),
            "ssl.certificate.location": str(cluster.admin.certificate),
            "ssl.key.location": str(cluster.admin.key),
        }
    )


def handshake(cluster: Cluster, listener: str, credentials: Credentials | None) -> bytes:
    """Connect to a listener of node 1 and read: Kafka says nothing unasked, so only a refusal ends the wait."""
    node = cluster.node(1)
    context = ssl.create_default_context(cafile=str(cluster.admin.ca))
    if credentials:
        context.load_cert_chain(credentials.certificate, credentials.key)
    with (
        socket.create_connection((node.host, node.ports[listener]), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname=node.host) as tls,
    ):
        return tls.recv(1)


def test_three_brokers_serve_the_admin(cluster: Cluster) -> None:
    metadata = admin(cluster).list_topics(timeout=30)

    assert {broker.id: f"{broker.host}:{broker.port}" for broker in metadata.brokers.values()} == {
        number: cluster.node(number).address for number in NODES
    }


@pytest.mark.parametrize("listener", ["CLIENT", "INTERNAL", "CONTROLLER"])
def test_nobody_enters_without_a_certificate(cluster: Cluster, listener: str) -> None:
    with pytest.raises(ssl.SSLError):
        handshake(cluster, listener, None)


@pytest.mark.parametrize("listener", ["CLIENT", "INTERNAL", "CONTROLLER"])
def test_nobody_enters_with_a_certificate_of_another_authority(cluster: Cluster, tmp_path: Path, listener: str) -> None:
    stranger = Authority(tmp_path, "somebody else").issue("admin")

    with pytest.raises(ssl.SSLError):
        handshake(cluster, listener, stranger)


def test_plain_bytes_are_not_answered(cluster: Cluster) -> None:
    node = cluster.node(1)

    with socket.create_connection((node.host, node.ports["CLIENT"]), timeout=30) as plain:
        plain.sendall(bytes.fromhex("0000000a 0012 0000 00000001 0000"))
        answer = plain.recv(4)

    assert answer == b"" or answer[:1] == b"\x15"  # closed, or a TLS alert


def test_a_killed_node_comes_back(cluster: Cluster) -> None:
    cluster.node(3).kill()
    cluster.node(3).start()
    cluster.node(3).wait_ready()

    assert cluster.node(3).running
