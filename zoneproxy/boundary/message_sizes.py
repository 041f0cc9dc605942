"""How large a record batch a topic takes (``max.message.bytes``), as far as its upstream has said so lately."""

from __future__ import annotations

from collections.abc import Iterable

from zoneproxy.wire.messages.describe_configs_response import DescribeConfigsResponse

SETTING = "max.message.bytes"
TOPIC = 2  # ConfigResource.Type
TTL_SECONDS = 60.0
MAX_TOPICS = 10_000  # at the bound all are forgotten and asked for again


class MessageSizes:
    """Times are seconds from any one clock, given by the caller."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, float]] = {}

    def learn(self, response: DescribeConfigsResponse, now: float) -> None:
        """What a broker said of topics. What cannot be a size, and what it does not say, stays unknown."""
        for result in response.results:
            if result.resource_type != TOPIC or result.error_code:
                continue
            for config in result.configs:
                size = _size(config.value) if config.name == SETTING else None
                if size is not None:
                    self._remember(result.resource_name, size, now)

    def of(self, topic: str, now: float) -> int | None:
        """The largest batch, in bytes; None if that is not known."""
        size, since = self._known.get(topic, (0, float("-inf")))
        return size if now - since < TTL_SECONDS else None

    def forget(self, topics: Iterable[str]) -> None:
        """It has turned out to be otherwise."""
        for topic in topics:
            self._known.pop(topic, None)

    def _remember(self, topic: str, size: int, now: float) -> None:
        if len(self._known) >= MAX_TOPICS and topic not in self._known:
            self._known.clear()
        self._known[topic] = size, now


def _size(value: str | None) -> int | None:
    if value is None or not value.isascii() or not value.isdigit() or len(value) > 10:
        return None
    return int(value)
