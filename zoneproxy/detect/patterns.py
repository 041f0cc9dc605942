"""Patterns over bytes on google-re2: time linear in the text, whatever the text is, and the GIL released meanwhile.

RE2's fast path is a DFA built while it runs. It stays fast as long as few states are needed: no bounded gaps such as
``[^0-9]{1,24}``, and no long repeat that may begin at every byte on conditions that differ from byte to byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Protocol

import re2

from zoneproxy.wire.buffer import Buffer

_MAX_MEMORY = 64 << 20  # bytes that the DFA of one pattern may take; that of all detectors thrashes in half of it


class Match(Protocol):
    """Where a pattern matched."""

    def start(self) -> int: ...
    def end(self) -> int: ...


class Pattern(Protocol):
    """A compiled pattern."""

    def match(self, text: Buffer, pos: int = 0, endpos: int | None = None) -> Match | None: ...
    def search(self, text: Buffer, pos: int = 0, endpos: int | None = None) -> Match | None: ...
    def finditer(self, text: Buffer, pos: int = 0) -> Iterator[Match]: ...


def compile_pattern(*alternatives: bytes, longest: bool = False) -> Pattern:
    """One pattern that matches wherever any of ``alternatives`` does. Bytes are bytes: nothing is decoded.

    ``longest``: of the matches at one place the longest, rather than that of the first alternative.
    """
    options = _options()
    options.longest_match = longest
    pattern: Pattern = re2.compile(b"|".join(alternatives), options)
    return pattern


LARGE = 4096  # bytes


class PatternSet:
    """Which of several patterns match in a text, told in one pass over it.

    A large text is gone over once for each pattern: together they have so many states that in much random text (base64
    of pictures, for one) a single pass is a hundred times slower than all of those.
    """

    def __init__(self, patterns: Sequence[bytes], at_start: bool = False) -> None:
        """``at_start``: where the text starts, not anywhere in it."""
        self._patterns = () if at_start else tuple(patterns)
        self._set = (re2.Set.MatchSet if at_start else re2.Set.SearchSet)(_options())
        for pattern in patterns:
            self._set.Add(pattern)
        self._set.Compile()

    def matching(self, text: bytes) -> Sequence[int]:
        """Indexes of the patterns that match, in no particular order."""
        if len(text) > LARGE and self._patterns:
            return [index for index, pattern in enumerate(self._one_by_one) if pattern.search(text)]
        found: Sequence[int] | None = self._set.Match(text)
        return found or ()

    @cached_property
    def _one_by_one(self) -> list[Pattern]:
        return [compile_pattern(pattern) for pattern in self._patterns]


def _options() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    return options
