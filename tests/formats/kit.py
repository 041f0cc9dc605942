"""What readers of all formats are held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zoneproxy.formats.document import DEFAULT_LIMITS, Document, FormatLimits, Kind, Malformed

Read = Callable[[bytes, FormatLimits], Document]


def texts(document: Document) -> list[tuple[bytes, bytes]]:
    """Path, in one word, and text of all leaves that are no names."""
    return [
        (b".".join(b"%d" % step if isinstance(step, int) else step for step in leaf.path), leaf.text)
        for leaf in document.leaves
        if leaf.kind is not Kind.NAME
    ]


def names(document: Document) -> list[bytes]:
    return [leaf.text for leaf in document.leaves if leaf.kind is Kind.NAME]


def index_of(document: Document, text: bytes) -> int:
    (index,) = (index for index, leaf in enumerate(document.leaves) if leaf.text == text)
    return index


def reads_or_refuses(read: Read, value: bytes) -> Document | None:
    """Whatever the bytes are: a document that can say itself, or Malformed and no other error."""
    try:
        document = read(value, DEFAULT_LIMITS)
    except Malformed as malformed:
        assert malformed.reason.isalpha()  # noqa: PT017 -- either is right, as the bytes are
        return None
    assert document.rewritten({}) == value
    return document


def change(read: Read, value: bytes, index: int, text: bytes | None) -> tuple[Document, bytes]:
    """``value`` with one leaf changed, read again; and its bytes. All other leaves say what they said."""
    before = read(value, DEFAULT_LIMITS)
    changed = before.rewritten({index: text})
    after = read(changed, DEFAULT_LIMITS)
    if text is not None:
        assert [leaf.path for leaf in after.leaves] == [leaf.path for leaf in before.leaves] or is_name(before, index)
        expected: list[Any] = [leaf.text for leaf in before.leaves]
        expected[index] = text
        assert [leaf.text for leaf in after.leaves] == expected
    return after, changed


def is_name(document: Document, index: int) -> bool:
    return document.leaves[index].kind is Kind.NAME


def spliced(value: bytes, changed: bytes) -> tuple[int, int]:
    """How many bytes at the beginning and the end are the same in both."""
    shortest = min(len(value), len(changed))
    first = next((at for at in range(shortest) if value[at] != changed[at]), shortest)
    last = next((at for at in range(shortest - first) if value[-1 - at] != changed[-1 - at]), shortest - first)
    return first, last
