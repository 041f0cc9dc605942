"""What a value is, if it is so without a doubt."""

from __future__ import annotations

import re
from collections.abc import Callable

from zoneproxy.formats.cbor import read_cbor
from zoneproxy.formats.document import OVER_LIMITS, Document, FormatLimits, Malformed
from zoneproxy.formats.json import read_json
from zoneproxy.formats.msgpack import read_msgpack
from zoneproxy.formats.xml.document import read_xml

_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]").search
# What containers that say anything begin with: maps and arrays, and CBOR that says that it is CBOR.
_MSGPACK = frozenset((*range(0x81, 0xA0), *range(0xDC, 0xE0))) - {0x90}
_CBOR = frozenset((*range(0x81, 0x9C), 0x9F, *range(0xA1, 0xBC), 0xBF, 0xD9))
_BOM = b"\xef\xbb\xbf"


def is_text(value: bytes) -> bool:
    """UTF-8 without control characters, but for those that texts have: tabs, ends of lines and pages, escapes."""
    if _NO_TEXT(value):
        return False
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def sniff(value: bytes, limits: FormatLimits) -> Document | None:
    """``value`` as JSON, XML, MessagePack or CBOR; None: it is none of these, or nobody can be sure.

    In the binary ones it has to be a container, and no text. Raises Malformed: it is one of them and over a limit.
    """
    if is_text(value):
        start = value.removeprefix(_BOM).lstrip()[:1]
        if start in (b"{", b"["):
            return _attempt(read_json, value, limits)
        return _attempt(read_xml, value, limits) if start == b"<" else None
    document = _attempt(read_msgpack, value, limits) if value[0] in _MSGPACK else None
    if document is None and value[0] in _CBOR:
        document = _attempt(read_cbor, value, limits)
    return document


def _attempt(read: Callable[[bytes, FormatLimits], Document], value: bytes, limits: FormatLimits) -> Document | None:
    try:
        return read(value, limits)
    except Malformed as malformed:
        if malformed.reason in OVER_LIMITS:
            raise
        return None
