"""What the demo runs in: a folder with certificates, a key, policies and zoneproxy.yaml, and two embedded clusters."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.certificates import Authority, Certificate
from tools.proxy_process import free_ports

if TYPE_CHECKING:
    from tools.embedded_kafka import EmbeddedKafka

POLICIES = Path(__file__).resolve().parent.parent / "policies"
CLIENTS = {
    "payment-service": {"CN": "payment-service", "O": "Acme Payments"},
    "dashboards": {"CN": "dashboards", "O": "Acme Analytics"},
    "payments-operator": {"CN": "payments-operator", "O": "Acme Payments"},
}
ZONES = ("payments", "analytics")

CONFIG = """\
# The demo's configuration. Policies, certificates and the key are beside it.
listeners:
{listeners}
upstreams:
{upstreams}
policies: policies
keys:
  analytics: {{file: analytics.key}}
admin: {{bind: 127.0.0.1, port: {admin}}}
log: {{level: info, format: console}}
"""

LISTENER = """\
  - name: {zone}
    zone: {zone}
    bind: 127.0.0.1
    advertised_host: 127.0.0.1
    ports: {{bootstrap: {bootstrap}, first: {first}, node_ids: "{lowest}-{highest}"}}
    tls: {{certificate: certificates/proxy.crt, key: certificates/proxy.key, client_ca: certificates/ca.crt}}
"""

UPSTREAM = """\
  {zone}-kafka:
    bootstrap: [{addresses}]
    plaintext: {{accept: "the way to this upstream is not encrypted"}}   # librdkafka's mock cluster knows no TLS
"""


@dataclass(frozen=True)
class World:
    """Where everything is."""

    folder: Path
    config: Path
    authority: Path
    clients: dict[str, Certificate]
    bootstrap: dict[str, str]  # zone -> address of its listener
    admin: str

    def client_settings(self, name: str, zone: str) -> dict[str, str | int]:
        """confluent-kafka's settings for a client that shows the certificate ``name``."""
        files = self.clients[name]
        return {
            "bootstrap.servers": self.bootstrap[zone],
            "client.id": name,
            "security.protocol": "ssl",
            "ssl.ca.location": str(self.authority),
            "ssl.certificate.location": str(files.certificate),
            "ssl.key.location": str(files.key),
        }


def build_world(folder: Path, clusters: dict[str, EmbeddedKafka], first_port: int | None = None) -> World:
    """Write all files. Ports are ``first_port`` and those after it, or free ones."""
    authority = Authority(folder / "certificates")
    authority.issue("proxy", {"CN": "zoneproxy", "O": "Acme"}, hosts=["localhost", "127.0.0.1"])
    clients = {name: authority.issue(name, subject) for name, subject in CLIENTS.items()}
    shutil.copytree(POLICIES, folder / "policies")
    key = folder / "analytics.key"
    key.touch(mode=0o600)
    key.write_text(secrets.token_hex(32) + "\n")
    config = folder / "zoneproxy.yaml"
    nodes = {zone: max(cluster.node_ids) - min(cluster.node_ids) + 1 for zone, cluster in clusters.items()}
    port = first_port or free_ports(sum(nodes.values()) + len(nodes) + 1)
    bootstrap: dict[str, str] = {}
    listeners = upstreams = ""
    for zone, cluster in clusters.items():
        lowest, highest = min(cluster.node_ids), max(cluster.node_ids)
        listeners += LISTENER.format(zone=zone, bootstrap=port, first=port + 1, lowest=lowest, highest=highest)
        addresses = ", ".join(f'"{address}"' for address in cluster.addresses)
        upstreams += UPSTREAM.format(zone=zone, addresses=addresses)
        bootstrap[zone] = f"127.0.0.1:{port}"
        port += 1 + nodes[zone]
    config.write_text(CONFIG.format(listeners=listeners, upstreams=upstreams, admin=port))
    return World(folder, config, authority.certificate, clients, bootstrap, f"127.0.0.1:{port}")
