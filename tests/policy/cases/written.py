"""A small policy and cases for it, written as people write them."""

from __future__ import annotations

from zoneproxy.policy.cases.read import Case, read_cases

POLICY = """\
zones:
  one: {level: internal, owner: o@example.com, upstream: u1}
  two: {level: internal, owner: o@example.com, upstream: u2}
principals:
  - {name: alice, zone: one, roles: [r]}
groups:
  crew: {roles: [s]}
roles:
  r: [{allow: [read], topic: {prefix: a.}}, {allow: [write], topic: a.x}, {allow: [read], topic: t, host: 10.0.0.1}]
  s: [{allow: [read], group: g}]
flows:
  - {name: back, from: two, to: one, topics: a.x, controls: [{redact: {field: $.a, with: remove}}]}
  - {name: within, from: one, to: one, topics: a.x, controls: [{detect: {types: EMAIL, action: alert}}]}
grants:
  - {principal: alice, role: s, from: 2026-01-01T00:00:00Z, until: 2026-01-02T00:00:00Z, reason: R, approved_by: eve}
"""


def case(fields: str) -> Case:
    """One case of alice in zone one, in the file ``c.yaml``; ``fields`` may say otherwise."""
    given = "" if "principal:" in fields else "principal: alice, "
    given += "" if "zone:" in fields else "zone: one, "
    (read,) = read_cases([("c.yaml", f"cases:\n  - {{name: n, {given}{fields}}}\n")])
    return read
