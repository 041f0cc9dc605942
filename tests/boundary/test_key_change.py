from __future__ import annotations

import pytest

from tests.boundary.batch_kit import HASH, KEYS, field
from zoneproxy.boundary.key_change import key_change_of
from zoneproxy.policy.field_controls import RedactKey
from zoneproxy.policy.transforms import Transform, TransformKind

TOKENS = Transform(TransformKind.TOKENISE, key="k", zone="z")


def test_the_strictest_change_of_keys():
    assert key_change_of((field("$.a"),), KEYS) is None
    found = key_change_of((RedactKey("one", HASH), RedactKey("two", TOKENS), RedactKey("three", TOKENS)), KEYS)
    assert found is not None
    assert (found.rule, found.change.kind) == ("two", "tokenise")
    with pytest.raises(KeyError):
        key_change_of((RedactKey("one", HASH),), {})
