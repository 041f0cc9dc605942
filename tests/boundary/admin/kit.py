"""What tests of administration share: a policy with one principal for each kind of right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.boundary import kit
from tests.boundary.kit import Upstream, finish, read_again
from zoneproxy.boundary.admin.catalogue import ADMINISTRATION
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import Close, Context, Forward, Outcome, Reply
from zoneproxy.wire.messages.api_keys import ApiKey

POLICY = """
zones:
  payments: {level: restricted, owner: payments-security@example.com, upstream: kafka-1}
  analytics: {level: internal, owner: b@example.com, upstream: kafka-2}
principals:
  - {name: topics, zone: payments, match: {subject: {CN: topics}}, roles: [topics]}
  - {name: cluster, zone: payments, match: {subject: {CN: cluster}}, roles: [cluster]}
  - {name: operator, zone: payments, match: {subject: {CN: operator}}, roles: [unrestricted]}
  - {name: nobody, zone: payments, match: {subject: {CN: nobody}}, roles: []}
  - {name: stranger, zone: analytics, match: {subject: {CN: stranger}}, roles: [cluster, stranger]}
roles:
  topics:
    - {allow: [all], topic: all}
    - {allow: [describe], topic: described}
    - {allow: [delete], topic: {prefix: deleted}}
    - {deny: [describe], topic: deleted-unseen}
    - {allow: [create], topic: {prefix: created}}
    - {allow: [alter], topic: altered}
    - {allow: [describe_configs], topic: read-configs}
    - {allow: [alter_configs], topic: write-configs}
    - {allow: [describe_configs], group: read-configs}
    - {allow: [alter_configs], group: write-configs}
  cluster:
    - {allow: [create, alter, describe, describe_configs, alter_configs], cluster: true}
  stranger:
    - {allow: [all], topic: "*"}
flows:
  - {name: out, from: payments, to: analytics, topics: [shared]}
"""

WORLD = ("all", "described", "deleted", "deleted-unseen", "altered", "secret", "__consumer_offsets")
OFFSETS = "__consumer_offsets"


@dataclass(slots=True)
class Asked:
    """A request after it was decided, and what became of it."""

    ctx: Context
    message: Any
    outcome: Outcome
    interceptors: list[Any]  # those that see the API

    @property
    def forwarded(self) -> Any:
        """The request as it goes on."""
        assert isinstance(self.outcome, Forward), self.outcome
        return self.message

    @property
    def untouched(self) -> bool:
        """Whether the request goes on as it came."""
        return isinstance(self.outcome, Forward) and not self.outcome.edited

    @property
    def answer(self) -> Any:
        """What it was answered with here, as the client reads it."""
        assert isinstance(self.outcome, Reply), self.outcome
        return kit.through_the_wire(self.outcome.message, self.ctx)

    @property
    def closed(self) -> str:
        """Why it was closed."""
        assert isinstance(self.outcome, Close), self.outcome
        return self.outcome.reason

    def reply(self, response: Any) -> Any:
        """The broker's response, as the client reads it."""
        assert isinstance(self.outcome, Forward), self.outcome
        message = kit.through_the_wire(response, self.ctx)
        if self.outcome.then is not None:
            changed = self.outcome.then(message, self.ctx)
            if not isinstance(changed, bool):
                changed = finish(changed, self.ctx)
            if not changed:
                assert message == kit.through_the_wire(response, self.ctx), "edited, and not said so"
        return kit.through_the_wire(message, self.ctx)

    @property
    def denials(self) -> list[tuple[str, str, str]]:
        """Facts about denials: operation, type of resource, resource."""
        facts = [fact for fact in self.ctx.facts if isinstance(fact, Denied)]
        return [(fact.operation, fact.resource_type, fact.resource) for fact in facts]


def ask(who: str, message: Any, version: int, *, zone: str = "payments", upstream: Upstream | None = None) -> Asked:
    """Have the interceptor of the message's API decide it."""
    api = ApiKey(message.API_KEY)
    ctx = kit.context(who, api, version, zone=zone, policy=POLICY)
    read = read_again(message, ctx)
    before = read_again(message, ctx)
    interceptors = [one for one in ADMINISTRATION if api in one.apis]
    outcome = interceptors[0].request(read, ctx)
    if not isinstance(outcome, Forward | Reply | Close):
        outcome = finish(outcome, ctx, upstream)
    if isinstance(outcome, Forward) and not outcome.edited:
        assert read == before, "edited, and not said so"
    return Asked(ctx, read, outcome, interceptors)


def versions(message: Any) -> range:
    """All versions of a message's class."""
    return range(message.MIN_VERSION, message.MAX_VERSION + 1)
