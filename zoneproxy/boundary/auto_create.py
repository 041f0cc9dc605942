"""Topics that a Metadata request would create on the way (auto.create.topics.enable).

Kafka refuses with 29 what does not exist and may not be created (Create on the cluster or on the topic). The broker
behind us would create it with the proxy's rights, and the wish to create is one flag for the whole request. So, where
some of its topics may not be created, it is asked first which of them exist, and the flag goes on only if a topic that
may be created does not exist yet. A topic may not be created either if what it is called is not allowed; that is
answered as Kafka answers names that it does not take (17), which producers and consumers raise at once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from zoneproxy.boundary.interceptor import Context, LookUp, Waiting, waited
from zoneproxy.boundary.may import denied, may_cluster, may_topic
from zoneproxy.boundary.said.names import TopicNames
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.metadata_request import MetadataRequest

_FLAG_FROM_VERSION = 4  # before it, every Metadata request creates


@dataclass(slots=True)
class AutoCreate:
    """The topics of one request that a principal may describe, told apart by whether it may create them."""

    creatable: frozenset[str]
    others: frozenset[str]
    has_flag: bool
    names: TopicNames
    misnamed: frozenset[str] = frozenset()  # of the others, those for what they are called
    creates: bool = True  # whether the request is to create topics when it goes on

    @classmethod
    def of(
        cls, message: MetadataRequest, names: Collection[str], allowed: TopicNames, ctx: Context
    ) -> Waiting[AutoCreate | None]:
        """None where nothing can be created that may not be."""
        has_flag = ctx.header.api_version >= _FLAG_FROM_VERSION
        if not names or not ctx.session.cluster.auto_create_topics:
            return None
        if has_flag and not message.allow_auto_topic_creation:
            return None
        anything = may_cluster(ctx, Operation.CREATE)
        creatable = frozenset(name for name in names if anything or may_topic(ctx, Operation.CREATE, name))
        misnamed = frozenset((yield from waited(allowed.refusals(creatable, ctx, tell=False))))
        others = frozenset(names) - (creatable - misnamed)
        return cls(creatable - misnamed, others, has_flag, allowed, misnamed) if others else None

    def refuse(self, ctx: Context) -> Waiting[dict[str, ErrorCode]]:
        """The topics that must not go on, with their errors; afterwards ``creates`` is decided."""
        cluster = ctx.session.cluster
        self.creates = not self.has_flag or not all(cluster.exists(name, ctx.now) for name in self.creatable)
        if self.creates:  # a topic that was there a while ago may be gone: what is known is not enough
            cluster.forget_names(self.others)
        unsure = frozenset(name for name in self.others if cluster.exists(name, ctx.now) is None)
        if unsure:
            yield (LookUp(names=unsure),)
        refused = {}
        for name in sorted(self.others):
            exists = cluster.exists(name, ctx.now)
            if exists is False:
                refused[name] = self._error(name, ctx)
            elif exists is None:  # the upstream could not be asked: the client is to try again
                refused[name] = ErrorCode.LEADER_NOT_AVAILABLE
        yield from waited(self.names.refusals(self.misnamed & refused.keys(), ctx))  # now it is told
        return refused

    def _error(self, name: str, ctx: Context) -> ErrorCode:
        if name in self.misnamed:
            return ErrorCode.INVALID_TOPIC_EXCEPTION
        denied(ctx, Operation.CREATE, name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        return ErrorCode.TOPIC_AUTHORIZATION_FAILED
