"""The topics of a topology, as heartbeats bring it and as descriptions tell it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

_INTERNAL_IN_KAFKA = frozenset({"__consumer_offsets", "__transaction_state", "__share_group_state"})
_NAME = re.compile(r"[a-zA-Z0-9._-]{1,249}")


class _Config(Protocol):
    key: str
    value: str


class _Internal(Protocol):
    name: str

    @property
    def topic_configs(self) -> Sequence[_Config]: ...


class Subtopology(Protocol):
    """A part of a topology, in a request or in a reply."""

    source_topics: list[str]
    repartition_sink_topics: list[str]

    @property
    def repartition_source_topics(self) -> Sequence[_Internal]: ...

    @property
    def state_changelog_topics(self) -> Sequence[_Internal]: ...


def internal_topics(subtopologies: Iterable[Subtopology]) -> dict[str, None]:
    """The topics that a broker creates for the group if they are not there."""
    names: dict[str, None] = {}
    for part in subtopologies:
        for topics in (part.repartition_source_topics, part.state_changelog_topics):
            names |= dict.fromkeys(topic.name for topic in topics)
    return names


def all_topics(subtopologies: Sequence[Subtopology]) -> dict[str, None]:
    """Every topic that is named, in the order in which Kafka goes through them."""
    names: dict[str, None] = {}
    for part in subtopologies:
        names |= dict.fromkeys([*part.source_topics, *part.repartition_sink_topics, *internal_topics([part])])
    return names


def fault(names: Iterable[str]) -> str | None:
    """Kafka's words for names that no topology may have."""
    prohibited = [name for name in names if name in _INTERNAL_IN_KAFKA]
    if prohibited:
        return f"Use of Kafka internal topics {','.join(prohibited)} in a Kafka Streams topology is prohibited."
    invalid = [name for name in names if not _NAME.fullmatch(name) or name in (".", "..")]
    return f"Topic names {','.join(invalid)} are not valid topic names." if invalid else None
