"""zoneproxy in front of a single node: one zone, one listener, clients known by the CN of their certificates."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any

from tests.clients.waiting import until
from tests.kafka.single import NODE
from tools.proxy_process import ProxyProcess, free_ports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.kafka.certificates import Authority
    from tests.kafka.single import Single

ZONE = "zone"
UPSTREAM = "kafka"
ADMIN_HOST = "127.0.0.1"


class Guarded:
    """The proxy, running from construction to ``close``. ``policy`` is what its one policy file says."""

    def __init__(self, folder: Path, authority: Authority, node: Single, policy: Mapping[str, Any]) -> None:
        self.folder = folder
        self._file = folder / "policies" / "policy.yaml"
        self._file.parent.mkdir(parents=True)
        self._write(policy)
        first = free_ports(3)
        self.address = f"localhost:{first + 1}"
        config = folder / "zoneproxy.yaml"
        config.write_text(json.dumps(self._settings(authority, node, first)))
        self._process = ProxyProcess(config, f"{ADMIN_HOST}:{first + 2}", folder / "log")

    def put(self, policy: Mapping[str, Any]) -> None:
        """Change the policy file; returns when the new policy is in force. It must mean something new."""
        before = self._digest()
        self._write(policy)
        os.kill(self._process.pid, signal.SIGHUP)
        until(lambda: self._digest() != before, self._process.last_log_lines)

    def get(self, path: str) -> str:
        """What the admin endpoint answers."""
        return self._process.get(path)

    def close(self) -> None:
        """End it. Raises AssertionError if anything unforeseen happened in it."""
        code = self._process.stop()
        log = (self.folder / "log").read_text(errors="replace")
        for unforeseen in ("Traceback", "internal error"):
            assert unforeseen not in log, log[-8000:]
        assert code == 0, f"exit code {code}\n{log[-4000:]}"

    def _digest(self) -> str:
        return str(json.loads(self._process.get("/readyz"))["policy"])

    def _write(self, policy: Mapping[str, Any]) -> None:
        """In one step, so that nobody reads half of it. YAML is a superset of JSON."""
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(policy))
        new.replace(self._file)

    def _settings(self, authority: Authority, node: Single, first: int) -> dict[str, Any]:
        server, itself = authority.issue("server", hosts=["localhost"]), authority.issue("zoneproxy")
        tls = {"certificate": str(server.certificate), "key": str(server.key), "client_ca": str(authority.ca)}
        ports = {"bootstrap": first, "first": first + 1, "node_ids": f"{NODE}-{NODE}"}
        return {
            "listeners": [
                {"name": "listener", "zone": ZONE, "advertised_host": "localhost", "ports": ports, "tls": tls}
            ],
            "upstreams": {
                UPSTREAM: {
                    "bootstrap": [node.address],
                    "tls": {"ca": str(authority.ca), "certificate": str(itself.certificate), "key": str(itself.key)},
                }
            },
            "policies": str(self._file.parent),
            "admin": {"port": first + 2},
        }


def zones() -> dict[str, Any]:
    """The ``zones`` section that the listener leads into."""
    return {ZONE: {"level": "internal", "owner": "tests@example.com", "upstream": UPSTREAM}}
