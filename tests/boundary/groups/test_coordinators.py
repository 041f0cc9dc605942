from __future__ import annotations

import pytest

from tests.boundary.kit import request
from tests.boundary.rights import asks, merged, refusal
from zoneproxy.boundary.groups.coordinators import GROUP, SHARE, TRANSACTION
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.find_coordinator_request import FindCoordinatorRequest
from zoneproxy.wire.messages.find_coordinator_response import Coordinator, FindCoordinatorResponse

API = ApiKey.FIND_COORDINATOR
UNKNOWN = 3
MALFORMED = DEFAULT_MESSAGES[42]


def asked(version: int, kind: int, *keys: str) -> FindCoordinatorRequest:
    if version < 4:
        return FindCoordinatorRequest(key=keys[0], key_type=kind)
    return FindCoordinatorRequest(key_type=kind, coordinator_keys=keys)


@pytest.mark.parametrize(
    ("version", "kind"), [(0, GROUP), *((version, kind) for version in range(1, 7) for kind in (GROUP, TRANSACTION))]
)
@pytest.mark.parametrize("key", ["team.a", "other.a"])
def test_to_describe_is_enough(version: int, kind: int, key: str) -> None:
    ctx = asks("member", API, version)
    routed = request(asked(version, kind, key), ctx)
    assert routed.forward
    assert not routed.edited
    assert not ctx.facts


@pytest.mark.parametrize(
    ("version", "kind", "error", "text"),
    [
        (0, GROUP, 30, ""),
        (1, GROUP, 30, "Group authorization failed."),
        (3, GROUP, 30, "Group authorization failed."),
        (3, TRANSACTION, 53, "Transactional Id authorization failed."),
        (3, SHARE, 42, MALFORMED),
        (3, UNKNOWN, 42, MALFORMED),
    ],
)
def test_one_key_is_refused_for_the_whole_reply(version: int, kind: int, error: int, text: str) -> None:
    response = refusal(asked(version, kind, "hidden"), asks("member", API, version))
    assert (response.error_code, response.error_message) == (error, text)
    assert (response.node_id, response.host, response.port) == (-1, "", -1)


@pytest.mark.parametrize(
    ("version", "kind", "error", "text"),
    [
        (4, GROUP, 30, ""),
        (6, GROUP, 30, ""),
        (6, TRANSACTION, 53, ""),
        (5, SHARE, 42, ""),
        (6, SHARE, 31, "Cluster authorization failed."),
        (4, UNKNOWN, 42, MALFORMED),
        (6, -1, 42, MALFORMED),
    ],
)
def test_many_keys_are_refused_each(version: int, kind: int, error: int, text: str) -> None:
    response = refusal(asked(version, kind, "g:1:0", "h:2:0"), asks("member", API, version))
    assert [(c.key, c.error_code, c.error_message) for c in response.coordinators] == [
        ("g:1:0", error, text),
        ("h:2:0", error, text),
    ]
    assert {(c.node_id, c.host, c.port) for c in response.coordinators} == {(-1, "", -1)}
    assert response.error_code == 0


def test_share_partitions_take_cluster_action() -> None:
    ctx = asks("viewer", API, 6)
    assert request(asked(6, SHARE, "g:AAAAAAAAAAAAAAAAAAAAAQ:0"), ctx).forward
    assert not ctx.facts


def test_refused_keys_keep_their_places() -> None:
    ctx = asks("member", API, 6)
    message = asked(6, GROUP, "a", "team.a", "b", "other.a")
    answer = [Coordinator(key=key, node_id=-1, port=-1, error_code=15) for key in ("team.a", "other.a")]
    response = merged(message, FindCoordinatorResponse(coordinators=answer), ctx)

    assert [(c.key, c.error_code) for c in response.coordinators] == [
        ("a", 30),
        ("team.a", 15),
        ("b", 30),
        ("other.a", 15),
    ]


def test_a_reply_about_other_keys_fits_nothing() -> None:
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        merged(asked(6, GROUP, "a", "team.a"), FindCoordinatorResponse(), asks("member", API, 6))


def test_no_keys_are_no_refusal() -> None:
    ctx = asks("nobody", API, 6)
    assert request(asked(6, GROUP), ctx).forward
