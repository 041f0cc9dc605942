"""A real Apache Kafka of three nodes, reached only with a certificate.

Node 1 is controller and broker, nodes 2 and 3 are brokers. Node N listens on 127.0.0.1N, an address that nothing
else here uses: found in a reply that came through the proxy, it is a leak. The client listener takes mutual TLS
only, and the only certificates it knows are those of ``Cluster.proxy`` and ``Cluster.admin``, both super users, so
nobody gets past the proxy by accident. Linux answers on all of 127.0.0.0/8 without set-up.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from typing import TYPE_CHECKING

from tests.kafka import java
from tests.kafka.certificates import Authority, Credentials
from tests.kafka.process import Background

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NODES = (1, 2, 3)
CLUSTER_ID = "zoneproxyTestsAAAAAAAA"
READY = "Kafka Server started"

_PROPERTIES = """\
node.id={number}
process.roles={roles}
controller.quorum.voters=1@{controller}
log.dirs={folder}/data

listeners={listeners}
advertised.listeners={advertised}
listener.security.protocol.map=CLIENT:SSL,INTERNAL:SSL,CONTROLLER:SSL
controller.listener.names=CONTROLLER
inter.broker.listener.name=INTERNAL

ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={ca}
ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT

authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:broker;User:zoneproxy;User:admin
allow.everyone.if.no.acl.found=false

# Topics are made by the tests; internal ones are small, and on all nodes, so that any node may go away.
auto.create.topics.enable=false
default.replication.factor=3
min.insync.replicas=2
num.partitions=1
offsets.topic.replication.factor=3
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
transaction.state.log.num.partitions=3
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
share.coordinator.state.topic.num.partitions=3

# Groups form and notice a lost member quickly.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.consumer.min.heartbeat.interval.ms=300
group.consumer.heartbeat.interval.ms=300
group.consumer.assignment.interval.ms=0

# A short life: few threads, quick start, quick stop, and no long wait after a SIGKILL.
num.network.threads=2
num.io.threads=4
background.threads=2
controller.quorum.append.linger.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
# The records of tests are old, and are to stay, also while a test tries what it may configure: every five minutes a
# broker would take them away from under a test.
log.retention.ms=-1
log.initial.task.delay.ms=86400000
"""


class Node:
    """One Kafka process."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number = number
        self.folder = folder
        self.host = f"127.0.0.1{number}"
        self.ports = dict(zip(("CLIENT", "INTERNAL", "CONTROLLER"), free_ports(self.host, 3), strict=True))
        self._process: Background | None = None

    @property
    def address(self) -> str:
        """Where clients with a certificate reach it."""
        return f"{self.host}:{self.ports['CLIENT']}"

    def configure(self, controller: Node, broker: Credentials) -> None:
        """Write its properties and format its folder."""
        listeners = [f"{name}://{self.host}:{port}" for name, port in self.ports.items()]
        self.folder.mkdir(parents=True)
        text = _PROPERTIES.format(
            number=self.number,
            roles="broker,controller" if self is controller else "broker",
            controller=f"{controller.host}:{controller.ports['CONTROLLER']}",
            folder=self.folder,
            listeners=",".join(listeners if self is controller else listeners[:-1]),
            advertised=",".join(listeners[:-1]),
            keystore=broker.keystore,
            ca=broker.ca,
        )
        (self.folder / "node.properties").write_text(text)

    def format_command(self) -> list[str]:
        """What prepares its folder for a first start."""
        features = ("--feature", "group.version=1", "--feature", "share.version=1")
        properties = str(self.folder / "node.properties")
        return java.command("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", properties, *features)

    def start(self) -> None:
        """Start it, without waiting for it."""
        assert self._process is None or not self._process.running, f"node {self.number} is running"
        command = java.command("kafka.Kafka", str(self.folder / "node.properties"))
        self._process = Background(command, self.folder / "log", READY)

    def wait_ready(self) -> None:
        """Wait until it serves requests."""
        assert self._process
        self._process.wait_ready()

    def stop(self) -> None:
        """End it in good order: its leaderships move away first."""
        if self._process and self._process.running:
            self._process.stop(60)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process and self._process.running:
            self._process.kill()

    @property
    def running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.running


class Cluster:
    """The three nodes; ``admin`` and ``proxy`` are the only credentials that its client listener lets in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        authority = Authority(folder / "certificates", "upstream authority")
        self.proxy = authority.issue("zoneproxy")
        self.admin = authority.issue("admin")
        self.authority = authority
        self._nodes = {number: Node(number, folder / f"node{number}") for number in NODES}
        hosts = [node.host for node in self._nodes.values()]
        broker = authority.issue("broker", hosts=hosts)
        for node in self.nodes:
            node.configure(self._nodes[1], broker)
        self.admin_properties = folder / "admin.properties"
        self.admin_properties.write_text(java_properties(self.admin))

    @property
    def nodes(self) -> list[Node]:
        """All nodes by number."""
        return list(self._nodes.values())

    def node(self, number: int) -> Node:
        """Node ``number`` (from 1)."""
        return self._nodes[number]

    @property
    def bootstrap(self) -> str:
        """The client listeners of all nodes, as ``host:port,...``."""
        return ",".join(node.address for node in self.nodes)

    def start(self) -> None:
        """Format and start all nodes; returns when all serve requests."""
        run_all(node.format_command() for node in self.nodes)
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            node.wait_ready()

    def restart(self, number: int) -> None:
        """Stop node ``number`` in good order and start it again; returns when it serves requests."""
        node = self._nodes[number]
        node.stop()
        node.start()
        node.wait_ready()

    def close(self) -> None:
        """End all nodes, the controller last, and forget their data."""
        for node in reversed(self.nodes):
            node.kill()
        for node in self.nodes:
            shutil.rmtree(node.folder / "data", ignore_errors=True)


def java_properties(credentials: Credentials, **more: object) -> str:
    """A client's properties file for Kafka's own tools. In ``more`` write ``_`` for ``.``."""
    properties = {
        "security.protocol": "SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(credentials.keystore),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(credentials.ca),
    } | {name.replace("_", "."): str(value) for name, value in more.items()}
    return "".join(f"{name}={value}\n" for name, value in properties.items())


def free_ports(host: str, count: int) -> list[int]:
    """Ports of ``host`` that nobody uses at the moment."""
    sockets = [socket.create_server((host, 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def run_all(commands: Iterable[list[str]]) -> None:
    """Run the commands side by side. Raises AssertionError with the output of one that fails."""
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for command in commands
    ]
    for process in running:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
