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
    "campaigns": {"CN": "campaigns", "O": "Acme Marketing"},
    "on-call": {"CN": "on-call", "O": "Acme Analytics"},
    "payments-operator": {"CN": "payments-operator", "O": "Acme Payments"},
}
UPSTREAMS = {"payments": "payments-kafka", "analytics": "shared-kafka", "marketing": "shared-kafka"}  # of each zone

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
  {name}:
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
    """Write all files. ``clusters`` are by their upstream's name.

    Ports are ``first_port`` and those after it, or free ones.
    """
    authority = Authority(folder / "certificates")
    authority.issue("proxy", {"CN": "zoneproxy", "O": "Acme"}, hosts=["localhost", "127.0.0.1"])
    clients = {name: authority.issue(name, subject) for name, subject in CLIENTS.items()}
    shutil.copytree(POLICIES, folder / "policies")
    key = folder / "analytics.key"
    key.touch(mode=0o600)
    key.write_text(secrets.token_hex(32) + "\n")
    config = folder / "zoneproxy.yaml"
    nodes = {zone: clusters[name].node_ids for zone, name in UPSTREAMS.items()}
    spans = {zone: max(ids) - min(ids) + 1 for zone, ids in nodes.items()}
    port = first_port or free_ports(sum(spans.values()) + len(spans) + 1)
    bootstrap: dict[str, str] = {}
    listeners = ""
    for zone, ids in nodes.items():
        listeners += LISTENER.format(zone=zone, bootstrap=port, first=port + 1, lowest=min(ids), highest=max(ids))
        bootstrap[zone] = f"127.0.0.1:{port}"
        port += 1 + spans[zone]
    upstreams = "".join(
        UPSTREAM.format(name=name, addresses=", ".join(f'"{address}"' for address in cluster.addresses))
        for name, cluster in clusters.items()
    )
    config.write_text(CONFIG.format(listeners=listeners, upstreams=upstreams, admin=port))
    return World(folder, config, authority.certificate, clients, bootstrap, f"127.0.0.1:{port}")
