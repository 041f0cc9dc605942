"""A configuration that can be loaded and run on this machine: nothing answers at its upstream."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
listeners:
  - name: payments
    zone: payments
    advertised_host: localhost
    ports: {{bootstrap: {bootstrap}, first: {first}, node_ids: "1"}}
    plaintext: {{accept: "clients are neither encrypted nor identified", principal: alice}}
upstreams:
  payments-kafka:
    bootstrap: ["127.0.0.1:1"]
    plaintext: {{accept: "the way to this upstream is not encrypted"}}
keys: {{analytics: {{file: analytics.key}}}}
admin: {{port: {admin}}}
log: {{format: json}}
"""

POLICY = """\
zones:
  payments: {level: restricted, owner: a@example.com, upstream: payments-kafka, encryption: {transport: plaintext}}
principals:
  - {name: alice, zone: payments, roles: [user]}
roles:
  user:
    - {allow: [read, write], topic: {prefix: payments.}}
flows:
  - name: hash e-mail
    from: payments
    to: payments
    topics: [payments.mails]
    controls:
      - redact: {types: [EMAIL], with: hash, key: analytics}
"""


@dataclass
class Installation:
    """Files on disk as an operator has them."""

    folder: Path
    ports: tuple[int, int, int]  # bootstrap, node 1, admin

    @property
    def config(self) -> Path:
        """zoneproxy.yaml."""
        return self.folder / "zoneproxy.yaml"

    @property
    def policy(self) -> Path:
        """The one policy file."""
        return self.folder / "policies" / "policy.yaml"

    def edit(self, file: Path, old: str, new: str) -> None:
        """Replace a text in a file; it must be there."""
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    bootstrap, first, admin = (probe.getsockname()[1] for probe in probes)
    for probe in probes:
        probe.close()
    made = Installation(tmp_path, (bootstrap, first, admin))
    made.config.write_text(CONFIG.format(bootstrap=bootstrap, first=first, admin=admin))
    (tmp_path / "analytics.key").write_text("0123456789abcdef" * 4)
    (tmp_path / "policies").mkdir()
    made.policy.write_text(POLICY)
    return made
