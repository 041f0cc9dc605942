"""``roles:``, the access rules by name."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from zoneproxy.config.validation import Section, refuse
from zoneproxy.policy.acl import ANY_HOST, CLUSTER_NAME, SUPPORTED
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.notation import Host, NamePattern, OperationName, TopicPattern, as_list
from zoneproxy.policy.patterns import Pattern, PatternKind

Operations = Annotated[tuple[OperationName, ...], Field(min_length=1), BeforeValidator(as_list)]
TopicPatterns = Annotated[tuple[TopicPattern, ...], Field(min_length=1), BeforeValidator(as_list)]
NamePatterns = Annotated[tuple[NamePattern, ...], Field(min_length=1), BeforeValidator(as_list)]
Hosts = Annotated[tuple[Host, ...], Field(min_length=1), BeforeValidator(as_list)]

_RESOURCES = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional_id": ResourceType.TRANSACTIONAL_ID,
    "cluster": ResourceType.CLUSTER,
}


class RuleDocument(Section):
    """One entry of a role."""

    allow: Operations | None = None
    deny: Operations | None = None
    topic: TopicPatterns | None = None
    group: NamePatterns | None = None
    transactional_id: NamePatterns | None = None
    cluster: Literal[True] | None = None
    host: Hosts = (ANY_HOST,)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.allow is None) == (self.deny is None):
            refuse("a rule needs exactly one of `allow` and `deny`", "as in: {allow: [read], topic: orders}")
        if sum(getattr(self, name) is not None for name in _RESOURCES) != 1:
            refuse("a rule is about exactly one of `topic`, `group`, `transactional_id` and `cluster: true`")
        supported = SUPPORTED[self.resource]
        wrong = [each.name.lower() for each in self.operations if each not in supported and each is not Operation.ALL]
        if wrong:
            kind = self.resource.name.lower()
            known = ", ".join(sorted(each.name.lower() for each in supported))
            refuse(f"{', '.join(f'`{each}`' for each in wrong)} cannot be done to a {kind}", f"known: all, {known}")
        return self

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Allowed or denied."""
        return self.allow or self.deny or ()

    @property
    def resource(self) -> ResourceType:
        """What kind of resource it is about."""
        return next(kind for name, kind in _RESOURCES.items() if getattr(self, name) is not None)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Which resources of that kind."""
        return self.topic or self.group or self.transactional_id or (Pattern(PatternKind.LITERAL, CLUSTER_NAME),)
