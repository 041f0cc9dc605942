from __future__ import annotations

import pytest

from tests.boundary.admin.kit import POLICY, ask, versions
from tests.boundary.kit import context
from zoneproxy.boundary.admin.change_acls import CreateAclsInterceptor
from zoneproxy.boundary.interceptor import Reply
from zoneproxy.policy.model import Principal
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_acls_request import AclCreation, CreateAclsRequest
from zoneproxy.wire.messages.create_acls_response import CreateAclsResponse
from zoneproxy.wire.messages.delete_acls_request import DeleteAclsFilter, DeleteAclsRequest

CREATION = CreateAclsRequest(
    creations=[AclCreation(resource_type=2, resource_name=name, principal="User:a", host="*") for name in ("a", "b")]
)
DELETION = DeleteAclsRequest(filters=[DeleteAclsFilter(resource_name_filter=None), DeleteAclsFilter()])
DENIED = (31, "Cluster authorization failed.")
WHERE = (
    "The rules for access here are in the policy files of zoneproxy, and are changed there."
    " payments-security@example.com answers for zone payments."
)


@pytest.mark.parametrize("version", versions(CREATION))
def test_creating(version: int) -> None:
    for who in ("cluster", "operator"):
        results = ask(who, CREATION, version).answer.results
        assert [(r.error_code, r.error_message) for r in results] == [(44, WHERE), (44, WHERE)]
    for who in ("topics", "nobody", "stranger"):
        asked = ask(who, CREATION, version)
        assert [(r.error_code, r.error_message) for r in asked.answer.results] == [DENIED, DENIED]
        assert asked.denials == [("ALTER", "cluster", "kafka-cluster")]


@pytest.mark.parametrize("version", versions(DELETION))
def test_deleting(version: int) -> None:
    results = ask("cluster", DELETION, version).answer.filter_results
    assert [(r.error_code, r.error_message, r.matching_acls) for r in results] == [(44, WHERE, []), (44, WHERE, [])]
    results = ask("nobody", DELETION, version).answer.filter_results
    assert [(r.error_code, r.error_message, r.matching_acls) for r in results] == [(*DENIED, []), (*DENIED, [])]


def test_whoever_the_policy_no_longer_knows() -> None:
    ctx = context("cluster", ApiKey.CREATE_ACLS, 3, policy=POLICY)
    ctx.session.principal = Principal("gone", "payments")
    outcome = CreateAclsInterceptor().request(CREATION, ctx)

    assert isinstance(outcome, Reply)
    assert isinstance(outcome.message, CreateAclsResponse)
    assert [(r.error_code, r.error_message) for r in outcome.message.results] == [DENIED, DENIED]
