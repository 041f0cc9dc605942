"""Form data, ``application/x-www-form-urlencoded`` (as the URL standard of WHATWG reads it)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zoneproxy.formats.document import FormatLimits, Kind, Malformed
from zoneproxy.formats.leaves import Leaves, kind_of, outermost
from zoneproxy.transform.splice import Edit, splice

_PAIR = re.compile(rb"([^&=]*)(=?)([^&]*)(&?)")
_NEVER = re.compile(rb"[\x00-\x20\x7f]").search  # as it stands: spaces are written as +


class FormDocument:
    """See the module. A name may be given any number of times."""

    def __init__(self, value: bytes, limits: FormatLimits) -> None:
        """Raises Malformed."""
        self.leaves = Leaves(value, limits)
        self._value = value
        self._spans: list[tuple[int, int]] = []  # of each leaf
        self._pairs: list[tuple[int, int]] = []  # of the pair of each leaf, with its &
        if _NEVER(value):
            raise Malformed("form")
        for match in _PAIR.finditer(value):
            self.leaves.enter(1)  # so that pairs that say nothing are counted, too
            path = (_decoded(match[1]),)
            if match[1]:
                self.leaves.add(path, path[0], Kind.NAME)
                self._mark(match, 1)
            if match[3]:
                text = _decoded(match[3])
                self.leaves.add(path, text, kind_of(text))
                self._mark(match, 3)

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """See Document. To remove a name or what it says is to remove the pair."""
        edits = {
            Edit(*self._pairs[index], b"") if text is None else Edit(*self._spans[index], _encoded(text))
            for index, text in changed.items()
        }
        left = splice(self._value, outermost(edits))
        return left.removesuffix(b"&") if left.endswith(b"&") and not self._value.endswith(b"&") else left

    def _mark(self, match: re.Match[bytes], group: int) -> None:
        self._spans.append(match.span(group))
        self._pairs.append(match.span())


_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNSAFE = re.compile(rb"[^0-9A-Za-z*\-._ ]")


def _decoded(text: bytes) -> bytes:
    """What is no escape stands for itself."""
    return _ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), text.replace(b"+", b" "))


def _encoded(text: bytes) -> bytes:
    return _UNSAFE.sub(lambda unsafe: b"%%%02X" % ord(unsafe[0]), text).replace(b" ", b"+")


def read_form(value: bytes, limits: FormatLimits) -> FormDocument:
    """See Document."""
    return FormDocument(value, limits)
