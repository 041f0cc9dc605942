"""A small policy on disk, for commands that change it."""

from __future__ import annotations

from pathlib import Path

POLICY = """\
zones:
  payments: {level: internal, owner: o, upstream: kafka}
principals:
  - {name: alice, zone: payments, match: {subject: {CN: alice}}}
roles:
  reader: [{allow: read, topic: t}]
groups:
  on-call: {}
"""


def policies(folder: Path) -> Path:
    """A directory with that policy."""
    directory = folder / "policies"
    directory.mkdir()
    (directory / "policy.yaml").write_text(POLICY)
    return directory
