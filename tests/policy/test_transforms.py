from __future__ import annotations

from zoneproxy.policy.transforms import Transform, TransformKind


def test_a_transform_tells_its_key():
    assert Transform(TransformKind.HASH, key="k").keys == {"k"}
    assert Transform(TransformKind.MASK).keys == frozenset()


def test_replacements_that_are_equal_to_python_are_not_to_a_plan():
    assert Transform(TransformKind.REPLACE, value="1") != Transform(TransformKind.REPLACE, value="true")
