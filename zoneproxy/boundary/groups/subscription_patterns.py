r"""Subscriptions by pattern (KIP-848): which names such a pattern can match at all.

The broker matches it against all topics with the proxy's rights, now and later. So it may only have a pattern whose
matches the principal may describe without exception: all names that begin as the pattern says. Whatever is not
understood here may begin with anything. librdkafka sends ``(^one[.].*)|(^two[.].*)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 4_000  # characters; topic names have at most 249
MOST = 100  # different beginnings
DEEPEST = 4  # groups around groups

ANYTHING = frozenset({""})

# An escape, a plain character class, a group without a name, or one character. No quotation, no flags.
# A class may begin with ``]``, also behind ``^``: such a one would be longer than it seems, and is not understood.
_PART = re.compile(r"\\[^Q]|\[\^?[^\[\]\\^][^\[\]\\]*\]|\(\?:|\((?!\?)|[^\\\[(]", re.DOTALL)
_OPENING = frozenset({"(", "(?:"})
_LITERAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_DOTS = frozenset({"\\.", "[.]"})
_MAY_BE_ABSENT = frozenset("*?{")  # behind a character: it may be there no times


def literal_prefixes(pattern: str) -> frozenset[str]:
    """What the names that ``pattern`` (RE2, matched whole) matches begin with; each begins with one of these."""
    if len(pattern) > LONGEST:
        return ANYTHING
    parts = _PART.findall(pattern)
    if sum(map(len, parts)) != len(pattern):
        return ANYTHING
    found: set[str] = set()
    groups = [parts]
    for _ in range(DEEPEST + 1):
        alternatives = [each for group in groups for each in _alternatives(group)]
        groups = [inner for each in alternatives if (inner := _within_group(each)) is not None]
        found.update(_prefix(each) for each in alternatives if _within_group(each) is None)
    return ANYTHING if groups or "" in found or len(found) > MOST else frozenset(found)


def _alternatives(parts: list[str]) -> Iterable[list[str]]:
    depth = start = 0
    for at, part in enumerate(parts):
        depth += (part in _OPENING) - (part == ")")
        if part == "|" and depth == 0:
            yield parts[start:at]
            start = at + 1
    yield parts[start:]


def _within_group(parts: list[str]) -> list[str] | None:
    """What is in the group that the parts are, None if they are anything else than one group."""
    if not parts or parts[0] not in _OPENING:
        return None
    depth = 0
    for at, part in enumerate(parts):
        depth += (part in _OPENING) - (part == ")")
        if depth == 0:
            return parts[1:at] if at == len(parts) - 1 else None
    return None


def _prefix(parts: list[str]) -> str:
    found: list[str] = []
    for part in parts[1:] if parts[:1] == ["^"] else parts:
        if part in _LITERAL:
            found.append(part)
        elif part in _DOTS:
            found.append(".")
        else:
            return "".join(found[:-1] if part in _MAY_BE_ABSENT else found)
    return "".join(found)
