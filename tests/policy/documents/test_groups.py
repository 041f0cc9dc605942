from __future__ import annotations

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.groups import GroupDocument


def test_a_group_has_roles_and_maybe_a_zone() -> None:
    assert GroupDocument.model_validate({}).roles == ()
    group = GroupDocument.model_validate({"roles": ["reader"], "zone": "payments"})
    assert (group.roles, group.zone) == (("reader",), "payments")
    assert "not permitted" in refusal(GroupDocument, {"members": ["alice"]})
