from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from zoneproxy.config.audit import AuditConfig, QuarantineConfig


def test_an_upstream_is_enough() -> None:
    audit = AuditConfig.model_validate({"upstream": "audit-kafka"})
    assert audit.actions == {"alert", "redact", "block", "quarantine"}
    assert not audit.create_topic


def test_which_actions_are_told_of() -> None:
    written = {"upstream": "audit-kafka", "actions": ["block", "quarantine"]}
    assert AuditConfig.model_validate(written).actions == {"block", "quarantine"}


@pytest.mark.parametrize(
    "written",
    [{}, {"upstream": "a", "actions": []}, {"upstream": "a", "actions": ["allow"]}, {"upstream": "a", "topic": "t"}],
)
def test_what_makes_no_sense(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AuditConfig.model_validate(written)


def test_a_quarantine_needs_a_key() -> None:
    assert QuarantineConfig.model_validate({"public_key": "k"}).max_copies_per_second == 100
    with pytest.raises(ValidationError):
        QuarantineConfig.model_validate({})
