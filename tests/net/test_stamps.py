from __future__ import annotations

import os
from pathlib import Path

from zoneproxy.net.stamps import MISSING, stamp, stamps


def test_another_content_has_another_stamp(tmp_path: Path) -> None:
    file = tmp_path / "a"
    assert stamp(str(file)) == MISSING
    file.write_text("one")
    first = stamp(str(file))
    assert first == stamp(str(file)) != MISSING
    file.write_text("three")
    second = stamp(str(file))
    assert second != first
    os.utime(file, ns=(1, 1))
    assert stamp(str(file)) != second
    assert stamps([str(file), "nowhere"]) == (stamp(str(file)), MISSING)
