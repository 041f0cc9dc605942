from __future__ import annotations

import pytest

from tests.boundary.namespace.tenants import received, sent, tenant
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.find_coordinator_request import FindCoordinatorRequest
from zoneproxy.wire.messages.find_coordinator_response import Coordinator, FindCoordinatorResponse

SHARE_KEY = "g:AAAAAAAAAAAAAAAAAAAAAQ:0"


@pytest.mark.parametrize(("kind", "key"), [(0, "g"), (0, ""), (1, "t"), (2, SHARE_KEY)])
def test_keys_of_every_kind(kind: int, key: str) -> None:
    ctx = tenant(ApiKey.FIND_COORDINATOR, 6)
    message = FindCoordinatorRequest(key_type=kind, coordinator_keys=[key])
    upstream, left = sent(message, ctx)
    assert upstream.coordinator_keys == [f"ours.{key}"]
    coordinators = [Coordinator(key=name, node_id=1) for name in (f"ours.{key}", "theirs.g")]
    response = received(left, FindCoordinatorResponse(coordinators=coordinators), ctx)
    assert [each.key for each in response.coordinators] == [key]
    assert message == FindCoordinatorRequest(key_type=kind, coordinator_keys=[key])


@pytest.mark.parametrize("version", [0, 3])
def test_the_one_key_of_older_versions(version: int) -> None:
    ctx = tenant(ApiKey.FIND_COORDINATOR, version)
    message = FindCoordinatorRequest(key="g")
    upstream, left = sent(message, ctx)
    assert upstream.key == "ours.g"
    response = received(left, FindCoordinatorResponse(node_id=3, host="h", port=1), ctx)
    assert (response.node_id, response.host, response.port) == (3, "h", 1)
    assert message == FindCoordinatorRequest(key="g")
