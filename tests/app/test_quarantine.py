from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.boundary.batch_kit import batch, record
from tests.keys.test_sealing import KEY, private
from zoneproxy.app.quarantine import opened
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.keys.sealing import Seal

SEAL = Seal(KEY.public_key())


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_bytes(private(KEY))
    return file


def sealed(data: bytes, **why: Any) -> bytes:
    return SEAL.close(why, data)


def test_records_are_shown_with_why_they_were_kept(key: Path) -> None:
    data = batch([record("text", b"\xff", [(b"h", None)]), record(None, None, [(b"h", b"v")], 1)], 4, base_offset=40)
    first, second = opened(sealed(data, side="fetch", rules=["cards"]), "x", key)
    assert first["why"] == {"side": "fetch", "rules": ["cards"]}
    assert (first["offset"], first["index"], first["value"], first["key"]) == (40, 0, "text", {"base64": "/w=="})
    assert first["headers"] == [["h", None]]
    assert (second["offset"], second["value"], second["key"], second["headers"]) == (41, None, None, [["h", "v"]])
    assert second["timestamp"] == first["timestamp"] + 3  # type: ignore[operator]


def test_what_was_produced_had_no_offset(key: Path) -> None:
    (shown,) = opened(sealed(batch(["x"]), side="produce"), "x", key)
    assert "offset" not in shown
    assert shown["index"] == 0


def test_several_copies_are_all_shown(key: Path) -> None:
    data = b"\n".join(sealed(batch([value])) for value in ("a", "b"))
    assert [shown["value"] for shown in opened(data, "x", key)] == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"something", "no sealed copy"),
        (sealed(b"\0" * 17), "no sealed copy for this key"),
        (sealed(batch(["a"])) + sealed(b"\0" * 26), "behind the first 1"),
        (sealed(batch(["a"])) + b"more", "behind the first 1"),
        (sealed(batch(["a"])[:-1] + b"\xff"), "no sealed copy for this key"),
        (sealed(batch(["a"])[:-1]), "no sealed copy for this key"),
    ],
    ids=["text", "no batch", "no other batch", "more", "another byte", "cut off"],  # copies are sealed anew each time
)
def test_what_cannot_be_opened(key: Path, data: bytes, message: str) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        list(opened(data, "dump", key))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.file == "dump"
