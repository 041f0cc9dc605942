from __future__ import annotations

import pytest

from zoneproxy.transform.splice import Edit, splice


def test_edits():
    assert splice(b"0123456789", [Edit(0, 1, b"x"), Edit(1, 1, b"yz"), Edit(8, 10, b"")]) == b"xyz1234567"
    assert splice(b"abc", []) == b"abc"


def test_edits_must_ascend():
    with pytest.raises(AssertionError):
        splice(b"abc", [Edit(1, 2, b""), Edit(0, 1, b"")])
