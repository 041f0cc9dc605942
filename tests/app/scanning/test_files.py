from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pytest

from tests.app.scanning.kit import CARD_LINE, MAIL_LINE, batch, found, record
from tests.detect.samples import CARD, EMAIL
from zoneproxy.app.scanning import files
from zoneproxy.app.scanning.files import CHUNK, OVERLAP, STANDARD_INPUT, _chunks, files_in, size_of, units_in


def places(path: Path | str) -> list[str]:
    return [one.where for unit in units_in(str(path)) for one in found(unit)]


def test_folders_are_all_that_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2", "a", "b/1"):
        (tmp_path / name).write_text("x")
    assert files_in([str(tmp_path), STANDARD_INPUT]) == [*(str(tmp_path / n) for n in ("a", "b/1", "b/2")), "-"]
    with pytest.raises(FileNotFoundError):
        files_in([str(tmp_path / "missing")])


def test_text_is_told_by_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(b"nothing\n" + CARD_LINE + b"\n" + MAIL_LINE)
    assert places(file) == [f"{file}:2:6", f"{file}:4:6"]
    assert size_of(str(file)) == file.stat().st_size
    assert [unit.done for unit in units_in(str(file))] == [file.stat().st_size]


def test_a_json_document_is_looked_at_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(json.dumps({"customer": {"card": CARD, "mail": EMAIL}}, indent=1))
    (unit,) = units_in(str(file))
    assert [one.where for one in found(unit)] == [f"{file}:3:12", f"{file}:4:12"]


@pytest.mark.parametrize("text", [b'{"a":1', b"[" * 100_000])
def test_what_only_begins_like_json_is_text(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(text + b"\n" + CARD_LINE)
    assert places(file) == [f"{file}:2:6"]


def test_lines_of_json_are_looked_at_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    file.write_text("".join(json.dumps({"n": n, "card": CARD if n else ""}) + "\n" for n in range(3)))
    assert len(list(units_in(str(file)))) == 3
    assert places(file) == [f"{file}:2:19", f"{file}:3:19"]


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "notes.gz"
    file.write_bytes(gzip.compress(b"first\n" + CARD_LINE))
    assert places(file) == [f"{file}:2:6"]
    file.write_bytes(gzip.compress(CARD_LINE)[:-9])
    with pytest.raises(EOFError):
        places(file)


def test_segments_of_a_log_are_opened(tmp_path: Path) -> None:
    file = tmp_path / "00000000000000000000.log"
    file.write_bytes(batch(record(b"clean")) + batch(record(CARD_LINE), base=1))
    assert places(file) == [f"{file}@1"]
    other = tmp_path / "server.log"
    other.write_bytes(CARD_LINE * 6)
    assert places(other)[0] == f"{other}:1:6"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(MAIL_LINE)

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert places(STANDARD_INPUT) == ["standard input:1:6"]
    assert size_of(STANDARD_INPUT) == 0


def test_a_long_text_is_looked_at_in_chunks_and_nothing_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK", 200)
    monkeypatch.setattr(files, "MAX_DOCUMENT", 100)
    file = tmp_path / "long.txt"
    file.write_bytes(b"".join((CARD_LINE, b"x" * 60 + b"\n") * 0 for _ in ()) + (b"y" * 50 + b"\n" + CARD_LINE) * 20)
    assert places(file) == [f"{file}:{2 * n}:6" for n in range(1, 21)]
    assert len(list(units_in(str(file)))) > 3


def test_a_line_without_an_end_is_looked_at_in_parts_that_overlap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK", 256)
    monkeypatch.setattr(files, "OVERLAP", 64)
    monkeypatch.setattr(files, "MAX_DOCUMENT", 100)
    file = tmp_path / "long.txt"
    file.write_bytes((b" " * 31 + CARD_LINE.strip()) * 40)
    units = list(units_in(str(file)))
    assert max(len(unit.parts[0].text) for unit in units) < 1000
    assert sum(len(found(unit)) for unit in units) >= 40
    assert sum(len(unit.parts[0].text) for unit in units) < 3 * file.stat().st_size


def test_many_lines_are_cut_out_of_what_was_read_one_by_one() -> None:
    lines = [b'{"n":%d}\n' % number for number in range(150_000)]
    stream = io.BytesIO(b"".join(lines))
    assert list(_chunks(stream.read(500_000), stream, 1)) == lines


@pytest.mark.parametrize("first", [0, 1, 10, 3 * CHUNK])
def test_nothing_is_lost_between_one_read_and_the_next(first: int) -> None:
    text = b"a" * 9 + b"\n" + b"b" * (2 * CHUNK) + b"\nc\n" + b"d" * 100
    stream = io.BytesIO(text)
    chunks = list(_chunks(stream.read(first), stream, 1))
    assert chunks[0] == text[:10]
    assert chunks[-2:] == [b"c\n", b"d" * 100]
    assert sum(map(len, chunks)) - len(text) == (len(chunks) - 4) * OVERLAP
