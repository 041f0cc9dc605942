"""Where zoneproxy does not answer as Kafka does, and why: the whole list. ``docs/authorization.md`` shows it.

The test fails for a difference that is not in here, and for one in here that does not occur.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.equivalence.comparing import Observed


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of difference: in which APIs, how it is known, and its reason."""

    title: str
    reason: str
    apis: frozenset[ApiKey]
    known_by: Callable[[Observed], bool]

    def explains(self, observed: Observed) -> bool:
        """Whether it is of this kind."""
        return ApiKey[observed.api] in self.apis and self.known_by(observed)


DIFFERENCES = (
    Difference(
        "Kafka's internal topics are not there",
        "They hold other principals' offsets, transactions and keys. No client reaches them, whatever it may do.",
        frozenset({ApiKey.METADATA, ApiKey.DESCRIBE_TOPIC_PARTITIONS}),
        lambda seen: seen.path == ".topics[]" and not seen.proxied and _all_internal(seen),
    ),
)


def _all_internal(seen: Observed) -> bool:
    return all(topic["name"].startswith("__") for topic in seen.kafka)
