from __future__ import annotations

from zoneproxy.policy.controls import Action
from zoneproxy.policy.model import Operation, Origin, ResourceType


def test_codes_are_kafkas() -> None:
    assert (Operation.READ, Operation.WRITE, Operation.DESCRIBE, Operation.TWO_PHASE_COMMIT) == (3, 4, 8, 15)
    assert (ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER, ResourceType.TRANSACTIONAL_ID) == (2, 3, 4, 5)


def test_the_greater_action_is_the_stricter_one() -> None:
    assert Action.ALLOW < Action.ALERT < Action.REDACT < Action.BLOCK


def test_an_origin_reads_as_file_and_line() -> None:
    assert str(Origin("access.yaml", 12, 3)) == "access.yaml:12"
