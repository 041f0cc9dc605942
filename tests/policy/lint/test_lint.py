from __future__ import annotations

from tests.policy.lint.written import NOW, ZONES
from zoneproxy.policy.lint.lint import lint
from zoneproxy.policy.load import load_policy

TEXT = """\
principals:
  - {name: alice, zone: high, roles: [r]}
  - {name: root, zone: low, roles: [unrestricted]}    # zoneproxy: allow ZP005 because it builds the cluster
roles:
  r:
    - {allow: [read], topic: a, host: 10.0.0.1}
    - {allow: [read], topic: a, host: 10.0.0.1}
  unused: [{allow: [read], topic: b}]
flows:
  - {name: f, from: high, to: low, topics: b}
# zoneproxy: allow ZP001
"""


def findings(text: str) -> list[tuple[str, str, int]]:
    sources = [("zones.yaml", ZONES.replace("low@example.com", "TODO")), ("p.yaml", text)]
    found = lint(load_policy(sources).policy, sources, NOW)
    return [(finding.code, finding.file, finding.line) for finding in found]


def test_findings_come_in_the_order_of_the_files() -> None:
    assert findings(TEXT) == [
        ("ZP009", "zones.yaml", 2),
        ("ZP002", "p.yaml", 7),
        ("ZP001", "p.yaml", 8),
        ("ZP006", "p.yaml", 10),
        ("ZP007", "p.yaml", 10),
        ("ZP017", "p.yaml", 11),
    ]


def test_secrets_are_found_in_comments_as_well() -> None:
    assert ("ZP010", "p.yaml", 1) in findings("# AKIA" + "Q3EGRZ7NAB2C4D5F\n" + TEXT)
