from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.boundary.kit import answered, broker_versions, chain, context, request, through_the_wire
from zoneproxy.boundary.apis import OPEN
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.versions import before_authentication
from zoneproxy.wire.codec import is_known
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.api_versions_response import ApiVersionsResponse
from zoneproxy.wire.messages.registry import APIS


def asked(name: str = "librdkafka", version: str = "2.16.0") -> ApiVersionsRequest:
    return ApiVersionsRequest(client_software_name=name, client_software_version=version)


def offer(ctx: Context) -> ApiVersionsResponse:
    response = answered(request(asked(), ctx), ctx)
    assert isinstance(response, ApiVersionsResponse)
    return response


def spans(response: ApiVersionsResponse) -> dict[int, tuple[int, int]]:
    return {api.api_key: (api.min_version, api.max_version) for api in response.api_keys}


def code_of(ctx: Context) -> int:
    """What a refused request is answered with; the connection stays."""
    routed = chain().admit(ctx)
    assert routed is not None
    assert routed.close is None
    response: Any = answered(routed, ctx)
    return int(response.error_code)


def test_everyone_sees_what_interceptors_decide() -> None:
    assert spans(offer(context("nobody", ApiKey.API_VERSIONS, 4))).keys() == set(OPEN)
    assert spans(offer(context("dashboards", ApiKey.API_VERSIONS, 4))).keys() == set(OPEN)


def test_the_unrestricted_see_no_more() -> None:
    assert spans(offer(context("operator", ApiKey.API_VERSIONS, 4))).keys() == set(OPEN)
    assert spans(offer(context("operator", ApiKey.API_VERSIONS, 4, zone="analytics"))).keys() == set(OPEN)


def test_versions_are_what_both_ends_speak() -> None:
    versions = broker_versions(FETCH=(0, 16), METADATA=(0, 99), LIST_OFFSETS=(12, 14), INIT_PRODUCER_ID=(0, -1))
    offered = spans(offer(context("nobody", ApiKey.API_VERSIONS, 3, versions=versions)))

    assert offered[ApiKey.FETCH] == (4, 16)
    assert offered[ApiKey.METADATA] == (0, 13)
    assert ApiKey.LIST_OFFSETS not in offered
    assert ApiKey.INIT_PRODUCER_ID not in offered


def test_produce_is_offered_from_the_version_that_librdkafka_looks_for() -> None:
    offered = spans(offer(context("nobody", ApiKey.API_VERSIONS, 3)))

    assert offered[ApiKey.PRODUCE] == (0, 13)


def test_versions_that_may_change_and_versions_of_brokers_are_not_offered() -> None:
    offered = spans(offer(context("operator", ApiKey.API_VERSIONS, 3)))

    assert offered[ApiKey.INIT_PRODUCER_ID] == (0, 5)
    assert offered[ApiKey.ADD_PARTITIONS_TO_TXN] == (0, 3)
    assert offered[ApiKey.CONSUMER_GROUP_HEARTBEAT] == (0, 1)


def test_features_follow_the_apis() -> None:
    older = broker_versions(END_TXN=(0, 4), CONSUMER_GROUP_HEARTBEAT=(0, -1))
    response = offer(context("nobody", ApiKey.API_VERSIONS, 4))

    levels = {f.name: (f.min_version_level, f.max_version_level) for f in response.finalized_features}
    assert levels["transaction.version"] == (2, 2)
    assert levels["group.version"] == (1, 1)
    assert levels["metadata.version"] == (30, 30)
    assert response.finalized_features_epoch == 95
    assert {"transaction.version", "group.version", "metadata.version"} <= {f.name for f in response.supported_features}

    response = offer(context("nobody", ApiKey.API_VERSIONS, 4, versions=older))
    levels = {f.name: (f.min_version_level, f.max_version_level) for f in response.finalized_features}
    assert levels["transaction.version"] == (1, 1)
    assert "group.version" not in levels


def test_features_from_level_0_are_for_version_4_as_with_a_real_broker() -> None:
    response = offer(context("operator", ApiKey.API_VERSIONS, 3))

    assert [(f.name, f.min_version, f.max_version) for f in response.supported_features] == [
        ("metadata.version", 7, 30)
    ]


@pytest.mark.parametrize("version", [0, 1, 2])
def test_old_clients_are_answered_in_their_version(version: int) -> None:
    assert spans(offer(context("nobody", ApiKey.API_VERSIONS, version))).keys() == set(OPEN)


def test_a_version_above_ours_is_answered_in_version_0() -> None:
    ctx = context("nobody", ApiKey.API_VERSIONS, 9)
    routed = chain().admit(ctx)

    assert routed is not None
    assert routed.reply_version == 0
    response: Any = through_the_wire(routed.reply, ctx, 0)
    assert response.error_code == ErrorCode.UNSUPPORTED_VERSION
    assert spans(response) == {18: (0, 4)}
    assert routed.close is None


def test_a_version_below_zero_closes() -> None:
    routed = chain().admit(context("nobody", ApiKey.API_VERSIONS, -1))

    assert routed is not None
    assert routed.close == "unsupported_version"
    assert not routed.forward


@pytest.mark.parametrize("name", ["", "a b", "-x", "x-", "x!", "\n", "é", "x\r\ny"])
def test_names_of_client_software_are_checked(name: str) -> None:
    for message in (asked(name=name), asked(version=name)):
        ctx = context("nobody", ApiKey.API_VERSIONS, 3)
        response = answered(request(message, ctx), ctx)

        assert response.error_code == ErrorCode.INVALID_REQUEST
        assert response.api_keys == []


@pytest.mark.parametrize("name", ["a", "apache-kafka-java", "4.3.1", "a.b-c"])
def test_ordinary_names_of_client_software_pass(name: str) -> None:
    ctx = context("nobody", ApiKey.API_VERSIONS, 3)

    assert answered(request(asked(name, name), ctx), ctx).error_code == 0


# --- what was not offered cannot be had ---


@pytest.mark.parametrize("api", sorted(OPEN))
def test_what_is_offered_is_admitted(api: ApiKey) -> None:
    low, high = spans(offer(context("operator", ApiKey.API_VERSIONS, 4)))[api]
    for version in range(max(low, APIS[api].min_version), high + 1):
        assert chain().admit(context("operator", api, version)) is None


@pytest.mark.parametrize("api", sorted(set(ApiKey) - OPEN))
def test_what_is_not_offered_is_refused_in_every_version(api: ApiKey) -> None:
    for version in range(-1, APIS[api].max_version + 2):
        ctx = context("clerk", api, version)
        routed = chain().admit(ctx)

        assert routed is not None
        assert not routed.forward
        assert [fact.why for fact in ctx.facts if isinstance(fact, Denied)] == ["not_open"]
        if routed.reply is None:
            assert routed.close == "not_open"
        else:
            response: Any = answered(routed, ctx)
            assert response.error_code == ErrorCode.UNSUPPORTED_VERSION


@pytest.mark.parametrize("key", [-1, 4, 5, 6, 7, 9999])
def test_keys_that_are_not_in_the_table_close(key: int) -> None:
    ctx = context("operator", ApiKey.METADATA, 0)
    ctx.header.api_key = key
    routed = chain().admit(ctx)

    assert routed is not None
    assert routed.close == "not_open"
    assert ctx.facts == [Denied("UNKNOWN", "", "api", f"{key}v0", ErrorCode.UNSUPPORTED_VERSION, "not_open")]


def test_versions_that_the_broker_does_not_speak_are_refused() -> None:
    versions = broker_versions(FETCH=(4, 12), FIND_COORDINATOR=(0, 2))

    assert chain().admit(context("operator", ApiKey.FETCH, 12, versions=versions)) is None
    assert code_of(context("operator", ApiKey.FETCH, 13, versions=versions)) == ErrorCode.UNSUPPORTED_VERSION
    assert code_of(context("operator", ApiKey.FIND_COORDINATOR, 3, versions=versions)) == ErrorCode.UNSUPPORTED_VERSION


def test_what_is_there_is_found_out_once_for_each_connection() -> None:
    ctx = context("operator", ApiKey.FETCH, 12, versions=broker_versions(FETCH=(4, 12)))
    assert chain().admit(ctx) is None
    ctx.session.versions = broker_versions(FETCH=(4, 11))  # which never happens
    assert chain().admit(ctx) is None
    for key, version in [(ApiKey.FETCH, 13), (ApiKey.UPDATE_FEATURES, 1), (77, 0), (ApiKey.FETCH, -1)]:
        ctx.header = replace(ctx.header, api_key=key, api_version=version)
        for _ in range(2):
            assert chain().admit(ctx) is not None
    assert ctx.session.admitted == {(ApiKey.FETCH, 12)}


def test_replies_without_a_place_for_an_error_close() -> None:
    versions = broker_versions(FETCH=(4, 4), METADATA=(0, 4), FIND_COORDINATOR=(0, 2))
    for api, version in [(ApiKey.FETCH, 6), (ApiKey.METADATA, 5), (ApiKey.FIND_COORDINATOR, 4), (ApiKey.PRODUCE, 2)]:
        routed = chain().admit(context("operator", api, version, versions=versions))

        assert routed is not None
        assert routed.close == "unsupported_version"


def test_versions_beyond_our_table_close() -> None:
    versions = broker_versions(FETCH=(4, 99))
    routed = chain().admit(context("operator", ApiKey.FETCH, 19, versions=versions))

    assert not is_known(ApiKey.FETCH, 19)
    assert routed is not None
    assert routed.close == "unsupported_version"


# --- before authentication -----------------------------------------------------------------------------------


def test_who_has_not_authenticated_yet_is_offered_the_same_and_sasl() -> None:
    answer = before_authentication(asked(), 4, broker_versions())
    offered = spans(answer)
    assert offered[ApiKey.SASL_HANDSHAKE] == (0, 1)
    assert offered[ApiKey.SASL_AUTHENTICATE] == (0, 2)
    assert list(offered) == sorted(offered)
    assert offered.keys() - {ApiKey.SASL_HANDSHAKE, ApiKey.SASL_AUTHENTICATE} == set(OPEN)


def test_software_is_called_something_before_authentication_too() -> None:
    assert before_authentication(asked(name="a b"), 3, broker_versions()).error_code == ErrorCode.INVALID_REQUEST
    assert before_authentication(asked(name="a b"), 2, broker_versions()).error_code == 0
