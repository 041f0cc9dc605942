"""What one broker speaks: its answer to ApiVersions, as a plain value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneproxy.wire.messages.api_versions_response import ApiVersionsResponse


@dataclass(frozen=True, slots=True)
class NodeVersions:
    """API key -> (lowest, highest) version, and features name -> (lowest, highest) level."""

    apis: Mapping[int, tuple[int, int]]
    supported_features: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    finalized_features: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    finalized_features_epoch: int = -1

    @classmethod
    def from_response(cls, response: ApiVersionsResponse) -> NodeVersions:
        """Raises ProtocolError (``api_versions``) for an error code or for ranges that make no sense."""
        raise NotImplementedError

    def speaks(self, api_key: int, version: int) -> bool:
        """Whether the broker takes that version."""
        lowest, highest = self.apis.get(api_key, (0, -1))
        return lowest <= version <= highest
