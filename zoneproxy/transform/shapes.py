"""Documents of one shape: they differ in nothing but their scalars.

Records of a topic mostly are of a few shapes, and what field rules come to depends on the shape alone: which values
there are, at which places. So a document that was gone through once gives a pattern that all of its shape match, with
their cuts as groups. Names, brackets and the space between are in it byte by byte, a scalar stands for any other of its
kind or for null: what matches is JSON (if it is UTF-8), and it has the same members in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from zoneproxy.transform.change import Change
from zoneproxy.transform.json_text import check_utf_8
from zoneproxy.transform.json_tokens import Kind, Token
from zoneproxy.transform.outline import GONE, Outline

_STRING: Final = rb'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
_NUMBER: Final = rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
_SCALARS: Final = {
    int(Kind.STRING): b"(?:%b|null)" % _STRING,
    int(Kind.NUMBER): b"(?:%b|null)" % _NUMBER,
    int(Kind.LITERAL): b"(?:true|false|null)",
}
_PLAIN: Final = rb"[ !#-\[\]-\x7f]*+"
"""What is between the quotes of a string of ASCII without escapes."""
_IS_PLAIN: Final = re.compile(rb'"[ !#-\[\]-\x7f]++"').fullmatch


class Shape:
    """A pattern, and what becomes of its groups.

    If all values that are changed in the first document were plain strings, they have to be in others: for these a
    change need not look for escapes, and the quotes stay.
    """

    def __init__(
        self, text: bytes, tokens: Sequence[Token], outline: Outline, changes: Sequence[Change | None]
    ) -> None:
        cuts = [(start, end, changes[rule] if rule != GONE else None) for start, end, rule in outline.cuts]
        plain = all(_IS_PLAIN(text[start:end]) for start, end, change in cuts if change)
        body = _Body(text, tokens, {start for start, _, change in cuts if change} if plain else set())
        pattern: list[bytes] = []
        groups = 0
        self._values: list[tuple[int, Callable[[bytes], bytes]]] = []
        for start, end, change in cuts:
            for_plain = change.for_plain() if change and plain else None
            quote = 1 if for_plain else 0
            pattern.append(b"(%b)" % body.until(start + quote))
            groups += 1
            inside = body.until(end - quote)
            if change:
                pattern.append(b"(%b)" % inside)
                self._values.append((groups, for_plain or change.value))
                groups += 1
            else:
                pattern.append(inside)
        pattern.append(b"(%b)" % body.until(len(text)))
        self._match = re.compile(b"".join(pattern)).fullmatch
        self._noted = tuple(outline.noted)
        self._rules = tuple(rule for _, _, rule in outline.cuts if rule != GONE)
        self._all = self._noted + self._rules
        self._changes_something = bool(cuts)
        self._removes = len(self._rules) < len(cuts)

    def apply(self, text: bytes) -> tuple[bytes, tuple[int, ...]] | None:
        """What ``FieldRules.apply`` has to tell of ``text``; None if it is of another shape.

        Raises NotJson: it is not UTF-8.
        """
        match = self._match(text)
        if match is None:
            return None
        if not text.isascii():
            check_utf_8(text)
        if not self._changes_something:
            return text, self._all
        parts = list(match.groups())
        all_changed = True
        for group, change in self._values:
            before = parts[group]
            parts[group] = after = change(before)
            if after == before:
                all_changed = False
        if all_changed:
            return b"".join(parts), self._all
        changed = [parts[group] != match[group + 1] for group, _ in self._values]
        rules = (rule for rule, is_changed in zip(self._rules, changed, strict=True) if is_changed)
        return b"".join(parts) if any(changed) or self._removes else text, (*self._noted, *rules)


class _Body:
    """A document as a pattern, piece by piece; strings that start at one of the places ``plain`` have to be plain."""

    def __init__(self, text: bytes, tokens: Sequence[Token], plain: set[int]) -> None:
        self._text = text
        self._scalars = [
            (start + 1, end - 1, _PLAIN) if start in plain else (start, end, _SCALARS[kind])
            for kind, start, end in reversed(tokens)
            if kind in _SCALARS
        ]
        self._done = 0

    def until(self, position: int) -> bytes:
        """The piece from where the last one ended to ``position``, which is in no scalar but within quotes."""
        pieces: list[bytes] = []
        while self._scalars and self._scalars[-1][1] <= position:
            start, end, pattern = self._scalars.pop()
            pieces += (re.escape(self._text[self._done : start]), pattern)
            self._done = end
        pieces.append(re.escape(self._text[self._done : position]))
        self._done = position
        return b"".join(pieces)
