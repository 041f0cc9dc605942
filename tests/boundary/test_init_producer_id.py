from __future__ import annotations

import pytest

from tests.boundary.kit import POLICY, answered, context, request
from tests.boundary.rights import asks
from zoneproxy.boundary.facts import Denied
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.init_producer_id_request import InitProducerIdRequest

IDEMPOTENT = (
    POLICY.replace("[], ", "[]")
    .replace("roles: []", "roles: [idempotent]")
    .replace("  reader:", "  idempotent:\n    - {allow: [idempotent_write], cluster: true}\n  reader:")
)


@pytest.mark.parametrize(
    ("who", "transactional_id"),
    [("clerk", None), ("clerk", "clerk.1"), ("operator", None), ("operator", "any"), ("operator", "")],
)
def test_those_who_may_write_get_a_producer_id_from_the_broker(who: str, transactional_id: str | None) -> None:
    routed = request(InitProducerIdRequest(transactional_id=transactional_id), context(who, ApiKey.INIT_PRODUCER_ID, 4))

    assert routed.forward
    assert not routed.edited
    assert not routed.thens


def test_idempotent_write_on_the_cluster_is_enough() -> None:
    ctx = context("nobody", ApiKey.INIT_PRODUCER_ID, 4, policy=IDEMPOTENT)

    assert request(InitProducerIdRequest(transactional_id=None), ctx).forward


@pytest.mark.parametrize(
    ("who", "zone", "transactional_id", "error"),
    [
        ("nobody", "payments", None, ErrorCode.CLUSTER_AUTHORIZATION_FAILED),
        ("nobody", "payments", "clerk.1", ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
        ("clerk", "payments", "other", ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
        ("clerk", "payments", "", ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
        ("dashboards", "payments", None, ErrorCode.CLUSTER_AUTHORIZATION_FAILED),
        ("operator", "analytics", None, ErrorCode.CLUSTER_AUTHORIZATION_FAILED),
    ],
)
def test_others_are_refused(who: str, zone: str, transactional_id: str | None, error: ErrorCode) -> None:
    for version in (0, 5):
        ctx = context(who, ApiKey.INIT_PRODUCER_ID, version, zone=zone)
        response = answered(request(InitProducerIdRequest(transactional_id=transactional_id), ctx), ctx)

        assert (response.error_code, response.producer_id, response.producer_epoch) == (error, -1, -1)
        assert [fact.error for fact in ctx.facts if isinstance(fact, Denied)] == [error]


def test_a_flow_for_some_topic_is_a_reason_to_be_idempotent() -> None:
    assert request(
        InitProducerIdRequest(transactional_id=None), context("clerk", ApiKey.INIT_PRODUCER_ID, 4, zone="analytics")
    ).forward


@pytest.mark.parametrize(("who", "error"), [("member", 53), ("janitor", None), ("operator", None)])
def test_a_transaction_that_outlives_its_producer_takes_a_right_of_its_own(who: str, error: int | None) -> None:
    ctx = asks(who, ApiKey.INIT_PRODUCER_ID, 6)
    routed = request(InitProducerIdRequest(transactional_id="team.a", enable2_pc=True), ctx)
    if error is None:
        assert routed.forward
    else:
        assert answered(routed, ctx).error_code == error
        assert ctx.facts == [Denied("INIT_PRODUCER_ID", "TWO_PHASE_COMMIT", "transactional_id", "team.a", error, "acl")]
