"""What can be asked of a policy, one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from zoneproxy.policy.explain import notation
from zoneproxy.policy.model import Operation, Principal, ResourceType
from zoneproxy.policy.snapshot import PolicySnapshot


@dataclass(frozen=True, slots=True)
class Question:
    """May ``principal`` do ``operation`` to the resource ``name`` of ``zone``?

    ``groups`` are those that its certificate or token would name; ``host`` is the client's address, ``tls`` the
    version that its connection has ("" for none).
    """

    principal: str
    zone: str
    operation: Operation
    resource: ResourceType
    name: str
    host: str = "127.0.0.1"
    groups: frozenset[str] = frozenset()
    tls: str = "1.3"

    def __str__(self) -> str:
        kind = self.resource.name.lower().replace("_", " ")
        what = "the cluster" if self.resource is ResourceType.CLUSTER else f"{kind} {notation.text(self.name)}"
        return f"User:{self.principal} {self.operation.name.lower()} {what} in zone {self.zone}"

    def asker(self, snapshot: PolicySnapshot) -> Principal | None:
        """Who asks, with the groups it would come with; None: the policy knows no such principal.

        A name that is not listed is taken for one that the first rule of ``identities`` with such a prefix has made.
        """
        known = snapshot.principal(self.principal) or self._made(snapshot)
        return known and replace(known, groups=self.groups)

    def _made(self, snapshot: PolicySnapshot) -> Principal | None:
        rules = [rule for rule, _ in snapshot.policy.identities]
        able = (rule for rule in rules if rule.prefix < self.principal and self.principal.startswith(rule.prefix))
        rule = next(able, None)
        return rule.named(self.principal) if rule else None

    def answer(self, snapshot: PolicySnapshot) -> bool:
        """The data path's own answer."""
        who = self.asker(snapshot)
        return who is not None and snapshot.resource_allowed(
            who, self.zone, self.operation, self.resource, self.name, self.host, self.tls
        )
