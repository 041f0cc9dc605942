from __future__ import annotations

from pathlib import Path

import pytest

from zoneproxy.errors import InvalidConfiguration
from zoneproxy.keys.files import MAXIMUM_FILE_BYTES, FileKeys, load_keys
from zoneproxy.keys.provider import KeyProvider

BINARY = bytes(range(200, 232))
TEXT = b"0123456789abcdef" * 4


def write(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def faults(files: dict[str, Path]) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        load_keys(files)
    return [f"{problem.message} / {problem.hint}" for problem in caught.value.problems]


def test_binary_keys_are_taken_as_they_are(tmp_path: Path) -> None:
    ring = load_keys({"a": write(tmp_path, "a", BINARY + b"\n")})
    assert ring["a"] == BINARY + b"\n"


def test_the_line_end_of_a_text_is_not_part_of_the_key(tmp_path: Path) -> None:
    ring = load_keys({"a": str(write(tmp_path, "a", TEXT + b"\r\n"))})
    assert ring["a"] == TEXT


def test_no_keys_are_fine() -> None:
    assert dict(load_keys({})) == {}


def test_all_faults_are_listed_with_what_to_do_and_without_the_key(tmp_path: Path) -> None:
    found = faults(
        {
            "short": write(tmp_path, "short", b"sesame-open"),
            "dull": write(tmp_path, "dull", b"abcabcab" * 8),
            "long": write(tmp_path, "long", BINARY * 200),
            "gone": tmp_path / "gone",
            "folder": tmp_path,
        }
    )
    assert len(found) == 5
    assert "`short` has 11 bytes, at least 32 are needed / make one: openssl rand -hex 32" in found[0]
    assert "`dull` repeats fewer than 8 different bytes" in found[1]
    assert f"`long` is longer than {MAXIMUM_FILE_BYTES} bytes" in found[2]
    assert "`gone` cannot be read: No such file" in found[3]
    assert f"openssl rand -hex 32 > {tmp_path / 'gone'}" in found[3]
    assert "`folder` cannot be read" in found[4]
    assert not any("sesame" in each or "abcabc" in each for each in found)


def test_files_are_a_provider(tmp_path: Path) -> None:
    (tmp_path / "one.key").write_bytes(bytes(range(40)))
    provider: KeyProvider = FileKeys({"one": tmp_path / "one.key"})
    assert provider.load()["one"] == bytes(range(40))
    (tmp_path / "one.key").write_bytes(bytes(range(1, 41)))
    assert provider.load()["one"] == bytes(range(1, 41))
    (tmp_path / "one.key").unlink()
    with pytest.raises(InvalidConfiguration):
        provider.load()
