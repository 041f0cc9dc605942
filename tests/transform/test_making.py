from __future__ import annotations

import pytest

from tests.transform.changes import KEYS, SEVERAL, make
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.making import make_change
from zoneproxy.transform.mask import FormatMask, Mask


@pytest.mark.parametrize("kind", TransformKind)
def test_every_kind_is_made(kind):
    options = {"key": "one", "length": 1, "value": "0", "step": "1", "days": 1}
    assert make_change(Transform(kind, **options), KEYS).kind == kind.value


def test_all_kinds_are_among_those_that_are_tested():
    assert {change.kind for change in SEVERAL} == {kind.value for kind in TransformKind}


def test_what_a_change_is_told():
    assert isinstance(make("mask"), Mask)
    assert isinstance(make("mask", keep_format=True), FormatMask)
    assert make("tokenise", "EMAIL", key="one").text(b"x") != make("tokenise", "PHONE", key="one").text(b"x")
    with pytest.raises(KeyError):
        make("hash", key="three")
