from __future__ import annotations

from zoneproxy.policy.documents.outline import PolicyDocument

ZONE = {"level": "restricted", "owner": "a@example.com", "upstream": "kafka"}


def test_the_outline_of_a_file_holds_for_editors() -> None:
    sections = set(PolicyDocument.model_json_schema()["properties"])
    assert sections == {
        *("levels", "zones", "principals", "identities", "revoked", "groups", "roles", "grants", "flows"),
        *("detectors", "allow_lists"),
    }
    assert PolicyDocument.model_validate({"zones": {"a": ZONE}}).zones["a"].owner == "a@example.com"
