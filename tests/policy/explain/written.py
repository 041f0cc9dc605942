"""A small policy to ask about."""

from __future__ import annotations

TEXT = """\
zones:
  payments: {level: restricted, owner: a@example.com, upstream: u1}
  analytics: {level: internal, owner: b@example.com, upstream: u2}
principals:
  - {name: alice, zone: payments, roles: [writer]}
  - {name: bob, zone: analytics, roles: [reader]}
  - {name: root, zone: payments, roles: [unrestricted]}
roles:
  writer:
    - {allow: [write], topic: {prefix: orders.}}
    - {deny: all, topic: orders.secret}
    - {allow: [read], group: g, host: 10.0.0.1}
    - {allow: [describe], cluster: true}
  reader:
    - {allow: [read], topic: {prefix: orders.}}
    - {allow: [write], topic: back}
    - {allow: [describe], cluster: true}
    - {allow: [read], group: g}
flows:
  - {name: out, from: payments, to: analytics, topics: {prefix: orders.}}
"""
