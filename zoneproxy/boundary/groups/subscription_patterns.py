"""Subscriptions by pattern (KIP-848): which names such a pattern can match at all.

The broker matches it against all topics with the proxy's rights, now and later. So it may only have a pattern whose
matches the principal may describe without exception: all names that begin as the pattern says.
"""

from __future__ import annotations

_LITERAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_ALTERNATIVE = "|"
_DOTS = ("\\.", "[.]")
_MAY_BE_ABSENT = frozenset("*?{")  # behind a character: it may be there no times


def literal_prefix(pattern: str) -> str:
    r"""What every name that ``pattern`` (RE2, matched whole) matches begins with; empty if that is not certain.

    Understood are letters, digits, ``_``, ``-``, ``\.`` and ``[.]`` behind an optional ``^``, up to anything else.
    """
    if _ALTERNATIVE in pattern:
        return ""
    found: list[str] = []
    rest = pattern.removeprefix("^")
    while rest:
        if rest[0] in _LITERAL:
            found.append(rest[0])
            rest = rest[1:]
        elif dot := next((dot for dot in _DOTS if rest.startswith(dot)), None):
            found.append(".")
            rest = rest[len(dot) :]
        else:
            break
    if rest and rest[0] in _MAY_BE_ABSENT:
        del found[-1:]
    return "".join(found)
