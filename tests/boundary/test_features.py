from __future__ import annotations

import pytest

from zoneproxy.boundary.features import offered_features
from zoneproxy.boundary.node_versions import NodeVersions
from zoneproxy.wire.messages.api_keys import ApiKey

RANGES = {
    "group.version": (1, 1),
    "share.version": (1, 1),
    "streams.version": (1, 1),
    "transaction.version": (2, 2),
    "metadata.version": (30, 30),
}
NODE = NodeVersions({}, RANGES, RANGES)
SECOND_PROTOCOL: dict[int, tuple[int, int]] = {
    ApiKey.PRODUCE: (0, 12),
    ApiKey.END_TXN: (0, 5),
    ApiKey.TXN_OFFSET_COMMIT: (0, 5),
}


def test_features_go_with_their_apis() -> None:
    spans = SECOND_PROTOCOL | {
        ApiKey.CONSUMER_GROUP_HEARTBEAT: (0, 1),
        ApiKey.SHARE_GROUP_HEARTBEAT: (0, 1),
        ApiKey.STREAMS_GROUP_HEARTBEAT: (0, 1),
    }

    assert offered_features(NODE, spans) == (RANGES, RANGES)


def test_features_of_hidden_apis_are_hidden() -> None:
    supported, finalized = offered_features(NODE, SECOND_PROTOCOL)

    assert supported == finalized == {"transaction.version": (2, 2), "metadata.version": (30, 30)}


@pytest.mark.parametrize("api", SECOND_PROTOCOL)
def test_the_second_transaction_protocol_needs_all_its_versions(api: int) -> None:
    older = SECOND_PROTOCOL | {api: (0, SECOND_PROTOCOL[api][1] - 1)}
    hidden = {key: span for key, span in SECOND_PROTOCOL.items() if key != api}

    assert offered_features(NODE, older)[1]["transaction.version"] == (1, 1)
    assert offered_features(NODE, hidden)[1]["transaction.version"] == (1, 1)


def test_a_broker_that_can_do_without_transactions_still_says_so() -> None:
    node = NodeVersions({}, {"transaction.version": (0, 2)}, {"transaction.version": (0, 0)})

    assert offered_features(node, {}) == ({"transaction.version": (0, 1)}, {"transaction.version": (0, 0)})
