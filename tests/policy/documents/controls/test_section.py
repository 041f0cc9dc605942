from __future__ import annotations

import pytest

from zoneproxy.policy.controls import Action, Control, Depth
from zoneproxy.policy.documents.controls.section import ControlSection, Surroundings


class Plain(ControlSection):
    def as_control(self, within: Surroundings) -> Control:
        return Control(within.rule)


def test_a_kind_that_names_nothing() -> None:
    plain = Plain()
    assert plain.types_named() == ()
    assert plain.key_named() is None
    assert (plain.looks_at, plain.error_action) == (None, Action.BLOCK)
    assert (plain.asks_for_tags, plain.gives_tags) == (False, False)
    assert plain.as_control(Surroundings("r")).rule == "r"
    assert plain.as_controls(Surroundings("r")) == (Control("r"),)


def test_what_is_tried_out_only_says_so() -> None:
    tried = (Control("r", dry_run=True),)
    assert Plain(dry_run=True).as_controls(Surroundings("r")) == tried
    assert Plain().as_controls(Surroundings("r", observe=True)) == tried


def test_a_kind_has_to_say_what_it_comes_to() -> None:
    with pytest.raises(NotImplementedError):
        ControlSection().as_controls(Surroundings("r"))


def test_a_control_is_as_deep_as_it_says_or_as_its_rule() -> None:
    within = Surroundings("r", depth=Depth.DEEP)
    assert [within.depth_of(written) for written in (None, "fast", "deep")] == [Depth.DEEP, Depth.FAST, Depth.DEEP]
    assert Surroundings().depth_of(None) is Depth.FAST
