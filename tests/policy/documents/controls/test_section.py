from __future__ import annotations

from zoneproxy.policy.controls import Control
from zoneproxy.policy.documents.controls.section import ControlSection, Surroundings


class Plain(ControlSection):
    def as_control(self, within: Surroundings) -> Control:
        return Control(within.rule)


def test_a_kind_that_names_nothing() -> None:
    plain = Plain()
    assert plain.types_named() == ()
    assert plain.key_named() is None
    assert plain.as_control(Surroundings("r")).rule == "r"
