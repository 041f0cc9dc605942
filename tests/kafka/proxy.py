"""zoneproxy as its operator runs it, in front of the real cluster."""

from __future__ import annotations

import json
import os
import shutil
import signal
from typing import TYPE_CHECKING, Any

from tests.kafka.certificates import Authority
from tests.kafka.cluster import NODES
from tools.proxy_process import ProxyProcess, free_ports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.kafka.certificates import Credentials
    from tests.kafka.cluster import Cluster

SNI_DOMAIN = "kafka.test"
_HOME_KEY = bytes(range(64))


class Proxy:
    """A proxy with three listeners and a policy of its own, running from construction to ``close``.

    ``payments`` and ``payments-sni`` lead into the zone payments, ``analytics`` into the zone of that name; both
    zones are served by the same cluster here. Clients are known by certificates of an authority that the brokers do
    not trust.
    """

    def __init__(self, folder: Path, cluster: Cluster, policies: Path, limits: Mapping[str, int] | None = None) -> None:
        self.folder = folder
        self.authority = Authority(folder / "certificates", "clients' authority")
        names = ["localhost", f"*.payments.{SNI_DOMAIN}"]
        self._server = self.authority.issue("server", hosts=names)
        self.policies = folder / "policies"
        shutil.copytree(policies, self.policies)
        (folder / "hash.key").write_bytes(_HOME_KEY)
        first = free_ports(10)
        self._ports = {"payments": first, "analytics": first + 4, "sni": first + 8, "admin": first + 9}
        self.config = folder / "zoneproxy.yaml"
        # YAML is a superset of JSON.
        self.config.write_text(json.dumps(self._settings(cluster, limits or {})))
        self.log = folder / "log"
        self._process = self._start()

    def _start(self) -> ProxyProcess:
        return ProxyProcess(self.config, f"127.0.0.1:{self._ports['admin']}", self.log)

    def bootstrap(self, listener: str = "payments") -> str:
        """Where clients of a listener start."""
        return f"localhost:{self._ports[listener]}"

    def nodes(self, listener: str = "payments") -> dict[int, str]:
        """Where clients of a listener are sent for each node."""
        return {number: f"localhost:{self._ports[listener] + number}" for number in NODES}

    @property
    def sni_bootstrap(self) -> str:
        """Where clients of the listener payments-sni start; the name is in no DNS."""
        return f"bootstrap.payments.{SNI_DOMAIN}:{self._ports['sni']}"

    @property
    def sni_names(self) -> list[str]:
        """The names that payments-sni answers to."""
        return [f"{host}.payments.{SNI_DOMAIN}" for host in ("bootstrap", "b1", "b2", "b3")]

    def client(self, name: str, organisation: str) -> Credentials:
        """A certificate for a client."""
        return self.authority.issue(name, {"O": organisation, "CN": name})

    def get(self, path: str) -> str:
        """What the admin endpoint answers."""
        return self._process.get(path)

    def metric(self, name: str, **labels: str) -> float:
        """The sum over all series of a metric that carry the labels."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        lines = [line for line in self.get("/metrics").splitlines() if line.split("{")[0].split(" ")[0] == name]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if all(part in line for part in wanted))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def restart(self) -> None:
        """Stop it in good order and start it again, on the same ports."""
        self.close()
        self._process = self._start()

    def reload(self) -> None:
        """Have it read its policies again (SIGHUP); does not wait until it has."""
        os.kill(self.pid, signal.SIGHUP)

    def close(self) -> None:
        """End it. Raises AssertionError if it did not end well, or if anything unforeseen happened in it."""
        code = self._process.stop()
        log = self.log.read_text(errors="replace")
        for unforeseen in ("Traceback", "internal error"):
            assert unforeseen not in log, log[-8000:]
        assert code == 0, f"exit code {code}\n{log[-4000:]}"

    def _settings(self, cluster: Cluster, limits: Mapping[str, int]) -> dict[str, Any]:
        upstream = {
            "bootstrap": [node.address for node in cluster.nodes],
            "tls": {
                "ca": str(cluster.proxy.ca),
                "certificate": str(cluster.proxy.certificate),
                "key": str(cluster.proxy.key),
            },
        }
        return {
            "listeners": [
                self._listener("payments", "payments"),
                self._listener("payments-sni", "payments", sni={"port": self._ports["sni"], "domain": SNI_DOMAIN}),
                self._listener("analytics", "analytics"),
            ],
            "upstreams": {"payments-kafka": upstream, "analytics-kafka": upstream},
            "policies": str(self.policies),
            "keys": {"tests": {"file": str(self.folder / "hash.key")}},
            "admin": {"port": self._ports["admin"]},
            "limits": dict(limits),
        }

    def _listener(self, name: str, zone: str, **addressing: Any) -> dict[str, Any]:
        if not addressing:
            first = self._ports[name]
            ports = {"bootstrap": first, "first": first + 1, "node_ids": "1-3"}
            addressing = {"advertised_host": "localhost", "ports": ports}
        tls = {
            "certificate": str(self._server.certificate),
            "key": str(self._server.key),
            "client_ca": str(self.authority.ca),
        }
        return {"name": name, "zone": zone, "tls": tls} | addressing
