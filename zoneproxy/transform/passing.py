"""Values, and runs of members, that no rule is about: passed over with one match each, as strictly as ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final

from zoneproxy.transform.json_tokens import NUMBER, SPACE, STRING

PASSED_DEPTH: Final = 3  # of containers in one another; what is deeper is gone through

Matcher = Callable[[bytes, int], "re.Match[bytes] | None"]

_SCALAR: Final = b"(?:%b|%b|true|false|null)" % (STRING, NUMBER)
_LIST: Final = rb"\[%b(?:%%b%b(?:,%b(?!\])|(?=\])))*+\]" % (SPACE, SPACE, SPACE)
_OBJECT: Final = rb"\{%b(?:%b%b:%b%%b%b(?:,%b(?!\})|(?=\})))*+\}" % (SPACE, STRING, SPACE, SPACE, SPACE, SPACE)


def _nested(depth: int) -> bytes:
    if not depth:
        return _SCALAR
    inside = _nested(depth - 1)
    return b"(?:%b|%b|%b)" % (_SCALAR, _LIST % inside, _OBJECT % inside)


_ANY: Final = _nested(PASSED_DEPTH)

pass_value: Matcher = re.compile(_ANY).match
"""Any value that is not too deep."""


def run_of_members(names: Collection[bytes], normal_names: Collection[bytes], *, scalars_only: bool) -> Matcher:
    """Matches members, each with the comma behind it, that have other names.

    Args:
        names: as they are, in UTF-8.
        normal_names: as ``normal_name`` has them.
        scalars_only: the values must be scalars.
    """
    others = [re.escape(name) for name in sorted(names)]
    others += [b"(?i:[-_ .@\x7f]*%b)" % b"".join(map(_letter, name)) for name in sorted(normal_names) if name.isascii()]
    but = b'(?!(?:%b)")' % b"|".join(others) if others else b""
    value = _SCALAR if scalars_only else _ANY
    member = rb'%b"%b[ !#-\[\]-\x7f]*+"%b:%b%b%b,' % (SPACE, but, SPACE, SPACE, value, SPACE)
    return re.compile(b"(?:%b)*+" % member).match


def _letter(code: int) -> bytes:
    return re.escape(bytes((code,))) + b"[-_ .@\x7f]*"
