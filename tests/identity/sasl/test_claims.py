from __future__ import annotations

import pytest

from zoneproxy.identity.sasl.claims import MAX_LENGTH, MAX_VALUES, flatten
from zoneproxy.identity.sasl.shapes import Refused


def test_claims_are_texts_by_path() -> None:
    payload = {
        "sub": "ann",
        "admin": True,
        "level": 3,
        "realm_access": {"roles": ["a", 7, False, {"x": 1}, None, 1.5]},
        "ratio": 0.5,
        "nothing": None,
    }
    assert dict(flatten(payload)) == {
        "sub": ("ann",),
        "admin": ("true",),
        "level": ("3",),
        "realm_access.roles": ("a", "7", "false"),
    }


@pytest.mark.parametrize("value", ["a\nb", "\x7f", "a\u202eb", "x" * (MAX_LENGTH + 1), 1 << 63])
def test_what_cannot_be_a_name_is_left_out(value: object) -> None:
    assert flatten({"claim": value}) == ()


def test_two_claims_never_share_a_path() -> None:
    with pytest.raises(Refused, match="claims"):
        flatten({"a.b": "x", "a": {"b": "y"}})


def test_there_is_an_end_to_them() -> None:
    assert len(flatten({"groups": ["g"] * MAX_VALUES})[0][1]) == MAX_VALUES
    with pytest.raises(Refused, match="claims"):
        flatten({"groups": ["g"] * (MAX_VALUES + 1)})
    deep: dict[str, object] = {"end": "x"}
    for _ in range(10):
        deep = {"d": deep}
    assert flatten(deep) == ()
