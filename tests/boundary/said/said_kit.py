"""What tests of this room share: a policy under which some may not say some things, and those things."""

from __future__ import annotations

from tests.boundary.kit import context
from zoneproxy.boundary.facts import Denied, Found
from zoneproxy.boundary.interceptor import Context
from zoneproxy.wire.messages.api_keys import ApiKey

CARD = "4111" + "1111" + "1111" + "1111"
EMAIL = "ann.lee" + "@" + "acme-payments.com"

POLICY = """
zones:
  payments:
    level: restricted
    owner: a@example.com
    upstream: kafka-1
    topic_names: '[a-z.0-9-]+'
    beside_records: {types: [PAYMENT_CARD], action: block}
  analytics: {level: internal, owner: b@example.com, upstream: kafka-2}
  lonely: {level: internal, owner: c@example.com, upstream: kafka-3}
principals:
  - {name: teller, zone: payments, match: {subject: {CN: teller}}, roles: [unrestricted]}
  - {name: clerk, zone: payments, match: {subject: {CN: clerk}}, roles: [clerk]}
  - {name: analyst, zone: analytics, match: {subject: {CN: analyst}}, roles: [analyst]}
  - {name: loner, zone: lonely, match: {subject: {CN: loner}}, roles: [unrestricted]}
roles:
  analyst:
    - {allow: [read], group: "*"}
    - {allow: [write], transactional_id: "*"}
    - {allow: [read, write, create], topic: "*"}
  clerk:
    - {allow: [create], topic: {prefix: open.}}
    - {allow: [describe], topic: "*"}
flows:
  - name: out
    from: payments
    to: analytics
    topics: [open.a, open.b]
    controls:
      - detect: {types: [IBAN], action: alert}
      - redact: {types: [EMAIL], with: mask}
"""


def says(who: str, api: ApiKey, version: int, *, zone: str = "payments") -> Context:
    """A request of ``who`` under this policy."""
    return context(who, api, version, zone=zone, policy=POLICY)


def refusals(ctx: Context) -> list[tuple[str, str]]:
    """What was refused: the place, and why. No fact says what stood there."""
    assert not any(text in repr(ctx.facts) for text in (CARD, EMAIL))
    return [(fact.resource_type, fact.why) for fact in ctx.facts if isinstance(fact, Denied)]


def found(ctx: Context) -> list[tuple[str, str, str, str]]:
    """What was found: by which rule, of what type, where, and what came of it."""
    return [(f.rule, f.type, f.place, f.action) for f in ctx.facts if isinstance(f, Found)]


def with_a_trial() -> str:
    """The policy with a rule for EMAIL that is only tried out, and where rules look for what stands there plainly."""
    policy = POLICY.replace("action: alert}", "action: alert, depth: fast}")
    return policy.replace("with: mask}", "with: mask, depth: fast, dry_run: true}")
