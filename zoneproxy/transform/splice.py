"""Edits: spans of a text and what takes their place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """``text[start:end]`` becomes ``replacement``."""

    start: int
    end: int
    replacement: bytes


def splice(text: bytes, edits: Iterable[Edit]) -> bytes:
    """``text`` with ``edits`` made, which ascend and do not overlap."""
    pieces: list[bytes] = []
    done = 0
    for start, end, replacement in edits:
        assert done <= start <= end
        pieces += (text[done:start], replacement)
        done = end
    pieces.append(text[done:])
    return b"".join(pieces)
