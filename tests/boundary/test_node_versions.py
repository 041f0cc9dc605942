from __future__ import annotations

import pytest

from zoneproxy.boundary.node_versions import MAX_APIS, MAX_FEATURES, NodeVersions
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_versions_response import (
    ApiVersion,
    ApiVersionsResponse,
    FinalizedFeatureKey,
    SupportedFeatureKey,
)


def api(key: int, low: int, high: int) -> ApiVersion:
    return ApiVersion(api_key=key, min_version=low, max_version=high)


def test_takes_over_what_the_broker_says() -> None:
    node = NodeVersions.from_response(
        ApiVersionsResponse(
            api_keys=[api(0, 0, 13), api(18, 0, 4)],
            supported_features=[SupportedFeatureKey(name="group.version", min_version=0, max_version=1)],
            finalized_features=[FinalizedFeatureKey(name="group.version", min_version_level=1, max_version_level=1)],
            finalized_features_epoch=7,
        )
    )

    assert node == NodeVersions({0: (0, 13), 18: (0, 4)}, {"group.version": (0, 1)}, {"group.version": (1, 1)}, 7)


def test_speaks_versions_of_its_ranges_only() -> None:
    node = NodeVersions({0: (3, 13)})

    assert node.speaks(0, 3)
    assert node.speaks(0, 13)
    assert not node.speaks(0, 2)
    assert not node.speaks(0, 14)
    assert not node.speaks(1, 0)


def test_ranges_that_make_no_sense_are_not_there() -> None:
    node = NodeVersions.from_response(ApiVersionsResponse(api_keys=[api(0, 5, 3), api(1, -2, -1), api(2, 0, 1)]))

    assert node.apis == {2: (0, 1)}


@pytest.mark.parametrize(
    "response",
    [
        ApiVersionsResponse(error_code=35, api_keys=[api(18, 0, 4)]),
        ApiVersionsResponse(api_keys=[api(0, 0, 1), api(0, 0, 2)]),
        ApiVersionsResponse(api_keys=[api(key, 0, 1) for key in range(MAX_APIS + 1)]),
        ApiVersionsResponse(supported_features=[SupportedFeatureKey(name="f", min_version=2, max_version=1)]),
        ApiVersionsResponse(supported_features=[SupportedFeatureKey(name="f" * 256)]),
        ApiVersionsResponse(supported_features=[SupportedFeatureKey(name="f"), SupportedFeatureKey(name="f")]),
        ApiVersionsResponse(finalized_features=[FinalizedFeatureKey(name=str(n)) for n in range(MAX_FEATURES + 1)]),
    ],
)
def test_refuses_what_cannot_be_believed(response: ApiVersionsResponse) -> None:
    with pytest.raises(ProtocolError, match="api_versions"):
        NodeVersions.from_response(response)


def test_two_brokers_have_in_common_what_both_speak() -> None:
    one = NodeVersions({0: (0, 10), 1: (4, 12), 2: (0, 1)}, {"a": (0, 2), "b": (1, 1)}, {"a": (2, 2)}, 9)
    other = NodeVersions({0: (3, 13), 1: (13, 16), 3: (0, 1)}, {"a": (0, 1)}, {"a": (1, 1)}, 8)

    assert one.common(other) == NodeVersions({0: (3, 10)}, {"a": (0, 1)}, {}, 8)
