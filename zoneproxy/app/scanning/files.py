"""Files and folders → units. Text is read as it stands; what is compressed by gzip is unpacked; segments are opened."""

from __future__ import annotations

import gzip
import json
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from zoneproxy.app.scanning.batches import units_of
from zoneproxy.app.scanning.units import Part, Unit
from zoneproxy.wire.batch import HEADER_SIZE, MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterable

STANDARD_INPUT = "-"
CHUNK = 1024 * 1024  # bytes of text that are looked at at once; a line that is longer is looked at in parts
OVERLAP = 4096  # bytes of such a part that are looked at again with the next one
MAX_DOCUMENT = 16 * 1024 * 1024  # bytes of a JSON document that is looked at as one
_MAGIC_AT = 16
_SEGMENT = ".log"


def files_in(paths: Iterable[str]) -> list[str]:
    """All files: those that are named, and all in folders that are named, in order. Raises OSError."""
    found: list[str] = []
    for path in paths:
        if path != STANDARD_INPUT and Path(path).is_dir():
            found += sorted(str(each) for each in Path(path).rglob("*") if each.is_file())
        else:
            if path != STANDARD_INPUT:
                Path(path).stat()
            found.append(path)
    return found


def size_of(path: str) -> int:
    """Bytes, 0 if that cannot be said."""
    return 0 if path == STANDARD_INPUT else Path(path).stat().st_size


def units_in(path: str) -> Iterator[Unit]:
    """All of a file. Raises OSError; ProtocolError for a segment that cannot be opened."""
    if path == STANDARD_INPUT:
        yield from _text(sys.stdin.buffer, "standard input", None)
        return
    with Path(path).open("rb") as raw:
        if _is_segment(path, raw):
            yield from units_of(raw.read(), path)
        elif raw.peek(2)[:2] == b"\x1f\x8b":
            with gzip.open(raw) as unpacked:
                yield from _text(cast("IO[bytes]", unpacked), path, raw.tell)
        else:
            yield from _text(raw, path, raw.tell)


def _is_segment(path: str, raw: IO[bytes]) -> bool:
    head = raw.read(HEADER_SIZE)
    raw.seek(0)
    return path.endswith(_SEGMENT) and len(head) == HEADER_SIZE and head[_MAGIC_AT] == MAGIC


def _text(stream: IO[bytes], source: str, tell: Callable[[], int] | None) -> Iterator[Unit]:
    """A JSON document as a whole, lines of JSON one by one, any other text in chunks of whole lines."""
    start = stream.read(MAX_DOCUMENT + 1)
    if len(start) <= MAX_DOCUMENT and _is_json(start):
        yield _unit(start, source, 1, tell() if tell else len(start))
        return
    by_line = _is_json(start.partition(b"\n")[0])
    line = 1
    for chunk in _chunks(start, stream, 1 if by_line else CHUNK):
        yield _unit(chunk, source, line, tell() if tell else 0)
        line += chunk.count(b"\n")


def _is_json(text: bytes) -> bool:
    if text.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _chunks(start: bytes, stream: IO[bytes], at_least: int) -> Iterator[bytes]:
    """Whole lines, of so many bytes together; of a line that is very long, parts that overlap."""
    rest, pos = start, 0
    while True:
        if pos == len(rest):
            rest, pos = stream.read(CHUNK), 0
            if not rest:
                return
        end = rest.find(b"\n", pos + at_least - 1) + 1
        if not end and (more := stream.read(CHUNK)):
            if len(rest) - pos > CHUNK + OVERLAP:
                yield rest[pos : pos + CHUNK]
                pos += CHUNK - OVERLAP
            rest, pos = rest[pos:] + more, 0
            continue
        yield rest[pos : end or len(rest)]
        pos = end or len(rest)


def _unit(text: bytes, source: str, line: int, done: int) -> Unit:
    return Unit(partial(_where, source, line, []), [Part("value", text)], done)


def _where(source: str, line: int, starts: list[int], part: Part, offset: int) -> str:
    """``starts`` is where lines start: worked out for the first finding, and kept."""
    if not starts:
        starts += [0, *(at + 1 for at, byte in enumerate(part.text) if byte == 0x0A)]
    index = bisect_right(starts, offset) - 1
    return f"{source}:{line + index}:{offset - starts[index] + 1}"
