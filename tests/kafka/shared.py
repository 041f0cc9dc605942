"""zoneproxy in front of a single node that two zones share, each by a namespace of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.clients.reach import Reach
from tests.kafka.single import NODE
from tools.proxy_process import ProxyProcess, free_ports

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kafka.certificates import Authority
    from tests.kafka.single import Single

ZONES = ("red", "blue")
UPSTREAM = "kafka"
ADMIN_HOST = "127.0.0.1"


def prefix(zone: str) -> str:
    """What the zone's names begin with on the node."""
    return f"{zone}."


class Shared:
    """The proxy, running from construction to ``close``. In each zone the principal of its name may do everything."""

    def __init__(self, folder: Path, authority: Authority, node: Single) -> None:
        self._authority = authority
        self._log = folder / "log"
        self._first = free_ports(2 * len(ZONES) + 1)
        policy = folder / "policies" / "policy.yaml"
        policy.parent.mkdir(parents=True)
        policy.write_text(json.dumps(_policy()))
        config = folder / "zoneproxy.yaml"
        config.write_text(json.dumps(self._settings(node, policy.parent)))
        self._process = ProxyProcess(config, f"{ADMIN_HOST}:{self._first + 2 * len(ZONES)}", self._log)

    def reach(self, zone: str) -> Reach:
        """How the zone's principal gets to the node, as the zone sees it."""
        return Reach(f"localhost:{self._port(zone) + 1}", self._authority.issue(zone))

    def close(self) -> None:
        """End it. Raises AssertionError if anything unforeseen happened in it."""
        code = self._process.stop()
        log = self._log.read_text(errors="replace")
        for unforeseen in ("Traceback", "internal error"):
            assert unforeseen not in log, log[-8000:]
        assert code == 0, f"exit code {code}\n{log[-4000:]}"

    def _port(self, zone: str) -> int:
        return self._first + 2 * ZONES.index(zone)

    def _settings(self, node: Single, policies: Path) -> dict[str, Any]:
        authority = self._authority
        server, itself = authority.issue("server", hosts=["localhost"]), authority.issue("zoneproxy")
        tls = {"certificate": str(server.certificate), "key": str(server.key), "client_ca": str(authority.ca)}
        listeners = [
            {
                "name": zone,
                "zone": zone,
                "advertised_host": "localhost",
                "ports": {
                    "bootstrap": self._port(zone),
                    "first": self._port(zone) + 1,
                    "node_ids": f"{NODE}-{NODE}",
                },
                "tls": tls,
            }
            for zone in ZONES
        ]
        own = {"ca": str(authority.ca), "certificate": str(itself.certificate), "key": str(itself.key)}
        return {
            "listeners": listeners,
            "upstreams": {UPSTREAM: {"bootstrap": [node.address], "tls": own}},
            "policies": str(policies),
            "admin": {"port": self._first + 2 * len(ZONES)},
        }


def _policy() -> dict[str, Any]:
    zone = {"level": "internal", "owner": "tests@example.com", "upstream": UPSTREAM}
    return {
        "zones": {name: {**zone, "namespace": prefix(name)} for name in ZONES},
        "principals": [
            {"name": name, "zone": name, "match": {"subject": {"CN": name}}, "roles": ["unrestricted"]}
            for name in ZONES
        ],
    }
