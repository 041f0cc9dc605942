"""Features in ApiVersions (KIP-584): kept in step with the versions that are offered.

A client that sees ``transaction.version`` 2 uses the second transaction protocol (KIP-890), which takes Produce 12,
EndTxn 5 and TxnOffsetCommit 5; one that sees ``group.version`` expects the APIs of KIP-848.
"""

from __future__ import annotations

from collections.abc import Mapping

from zoneproxy.boundary.node_versions import NodeVersions, Ranges
from zoneproxy.wire.messages.api_keys import ApiKey

Spans = Mapping[int, tuple[int, int]]  # API key -> (lowest, highest) version

_SECOND_TRANSACTION_PROTOCOL = {ApiKey.PRODUCE: 12, ApiKey.END_TXN: 5, ApiKey.TXN_OFFSET_COMMIT: 5}
_FEATURE_OF_API = {
    "group.version": ApiKey.CONSUMER_GROUP_HEARTBEAT,
    "share.version": ApiKey.SHARE_GROUP_HEARTBEAT,
    "streams.version": ApiKey.STREAMS_GROUP_HEARTBEAT,
}


def offered_features(node: NodeVersions, spans: Spans) -> tuple[Ranges, Ranges]:
    """Supported and finalised features that go with the offered ``spans``."""
    return _fit(node.supported_features, spans), _fit(node.finalized_features, spans)


def _fit(features: Ranges, spans: Spans) -> Ranges:
    fitting = {}
    for name, (low, high) in features.items():
        api = _FEATURE_OF_API.get(name)
        if api is not None and api not in spans:
            continue
        if name == "transaction.version" and not _has_second_protocol(spans):
            low, high = min(low, 1), min(high, 1)
        fitting[name] = (low, high)
    return fitting


def _has_second_protocol(spans: Spans) -> bool:
    return all(key in spans and spans[key][1] >= version for key, version in _SECOND_TRANSACTION_PROTOCOL.items())
