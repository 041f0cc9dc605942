"""The proxy that is measured: one zone in front of the benchmark's broker, plaintext on both sides.

Topics whose names begin with ``scanned`` carry a flow rule with all detectors; all others are only authorised. The
client's principal has ordinary roles, so that each request is decided by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.proxy_process import ProxyProcess, free_ports

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
listeners:
  - name: bench
    zone: bench
    advertised_host: 127.0.0.1
    ports: {{bootstrap: {bootstrap}, first: {first}, node_ids: "1"}}
    plaintext: {{accept: "clients are neither encrypted nor identified", principal: bench-client}}
upstreams:
  bench-kafka:
    bootstrap: ["{broker}"]
    plaintext: {{accept: "the way to this upstream is not encrypted"}}
admin: {{port: {admin}}}
"""

POLICY = """\
zones:
  bench: {level: internal, owner: bench@example.com, upstream: bench-kafka, encryption: {transport: plaintext}}
principals:
  - {name: bench-client, zone: bench, roles: [bench-user]}
roles:
  bench-user:
    - {allow: [read, write], topic: [{prefix: plain-}, {prefix: scanned-}]}
flows:
  - name: look at everything
    from: bench
    to: bench
    topics: [{prefix: scanned-}]
    controls:
      - detect: {types: [PAYMENT_CARD, US_SSN, EMAIL, IBAN], confidence: 0.6, action: block}
"""


def start_proxy(folder: Path, broker: str) -> tuple[ProxyProcess, str]:
    """The running proxy, and where its clients connect."""
    (folder / "policies").mkdir(parents=True)
    (folder / "policies" / "bench.yaml").write_text(POLICY)
    port = free_ports(3)
    config = folder / "zoneproxy.yaml"
    config.write_text(CONFIG.format(bootstrap=port, first=port + 1, admin=port + 2, broker=broker))
    return ProxyProcess(config, f"127.0.0.1:{port + 2}", folder / "proxy.log"), f"127.0.0.1:{port}"
