"""What one broker speaks: its answer to ApiVersions, as a plain value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from zoneproxy.errors import ProtocolError

if TYPE_CHECKING:
    from zoneproxy.wire.messages.api_versions_response import ApiVersionsResponse

MAX_APIS = 1024  # Kafka 4.3 knows 93
MAX_FEATURES = 64  # Kafka 4.3 knows 7
MAX_FEATURE_NAME_LENGTH = 255

K = TypeVar("K")
Ranges = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class NodeVersions:
    """API key -> (lowest, highest) version, and feature name -> (lowest, highest) level (KIP-584)."""

    apis: Mapping[int, tuple[int, int]]
    supported_features: Ranges = field(default_factory=dict)
    finalized_features: Ranges = field(default_factory=dict)
    finalized_features_epoch: int = -1

    @classmethod
    def from_response(cls, response: ApiVersionsResponse) -> NodeVersions:
        """An API whose range makes no sense is not there.

        Raises ProtocolError (``api_versions``) for an error code, an API said twice, or absurd features.
        """
        apis = {api.api_key: (api.min_version, api.max_version) for api in response.api_keys}
        if response.error_code != 0 or len(apis) > MAX_APIS or len(apis) != len(response.api_keys):
            raise ProtocolError("api_versions")
        apis = {key: (low, high) for key, (low, high) in apis.items() if 0 <= low <= high}
        return cls(
            apis,
            _features((f.name, f.min_version, f.max_version) for f in response.supported_features),
            _features((f.name, f.min_version_level, f.max_version_level) for f in response.finalized_features),
            response.finalized_features_epoch,
        )

    def speaks(self, api_key: int, version: int) -> bool:
        """Whether the broker takes that version."""
        lowest, highest = self.apis.get(api_key, (0, -1))
        return lowest <= version <= highest

    def common(self, other: NodeVersions) -> NodeVersions:
        """What both brokers speak."""
        return NodeVersions(
            _overlap(self.apis, other.apis),
            _overlap(self.supported_features, other.supported_features),
            _overlap(self.finalized_features, other.finalized_features),
            min(self.finalized_features_epoch, other.finalized_features_epoch),
        )


def _features(spans: Iterable[tuple[str, int, int]]) -> dict[str, tuple[int, int]]:
    features: dict[str, tuple[int, int]] = {}
    for name, low, high in spans:
        if len(features) == MAX_FEATURES or name in features or len(name) > MAX_FEATURE_NAME_LENGTH or low > high:
            raise ProtocolError("api_versions")
        features[name] = (low, high)
    return features


def _overlap(ours: Mapping[K, tuple[int, int]], theirs: Mapping[K, tuple[int, int]]) -> dict[K, tuple[int, int]]:
    spans = {}
    for key in ours.keys() & theirs.keys():
        low, high = max(ours[key][0], theirs[key][0]), min(ours[key][1], theirs[key][1])
        if low <= high:
            spans[key] = (low, high)
    return spans
