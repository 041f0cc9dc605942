"""Patterns over bytes on google-re2: time linear in the text, whatever the text is, and the GIL released meanwhile.

RE2's fast path is a DFA built while it runs. It stays fast as long as few states are needed: no bounded gaps such as
``[^0-9]{1,24}``, and no long repeat that may begin at every byte on conditions that differ from byte to byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Final, Protocol

import re2

from zoneproxy.wire.buffer import Buffer

# Bytes that the DFA of one pattern may take; that of all detectors thrashes in half of it.
_MAX_MEMORY: Final = 64 << 20


class Match(Protocol):
    """Where a pattern matched."""

    def start(self) -> int: ...
    def end(self) -> int: ...


class Pattern:
    """A compiled pattern. ``next_span`` and ``matches_at`` are its fast ways: no object is made of a match.

    google-re2 makes a generator and an object for each match, which takes longer than most matches do. Below them is
    the extension's own call, which answers with spans.
    """

    __slots__ = ("_compiled", "_spans", "finditer", "match", "search")

    def __init__(self, pattern: bytes, options: re2.Options) -> None:
        self._compiled = re2.compile(pattern, options)
        self._spans = self._compiled._regexp.Match  # noqa: SLF001 -- see above
        self.match: Callable[..., Match | None] = self._compiled.match
        self.search: Callable[..., Match | None] = self._compiled.search
        self.finditer: Callable[..., Iterator[Match]] = self._compiled.finditer

    def next_span(self, text: Buffer, pos: int = 0) -> tuple[int, int] | None:
        """Start and end of the first match from ``pos`` on, which is at most the end of ``text``."""
        span: tuple[int, int] = self._spans(_ANYWHERE, text, pos, len(text))[0]
        return None if span[0] < 0 else span

    def next_start(self, text: Buffer, pos: int) -> int:
        """Where the first match from ``pos`` on starts, which is at most the end of ``text``; -1 if there is none."""
        start: int = self._spans(_ANYWHERE, text, pos, len(text))[0][0]
        return start

    def matches_at(self, text: Buffer, pos: int) -> bool:
        """Whether there is a match that starts at ``pos``, which is at most the end of ``text``."""
        span: tuple[int, int] = self._spans(_HERE, text, pos, len(text))[0]
        return span[0] >= 0


_ANYWHERE: Final = re2._Anchor.UNANCHORED  # noqa: SLF001
_HERE: Final = re2._Anchor.ANCHOR_START  # noqa: SLF001


def compile_pattern(*alternatives: bytes, longest: bool = False) -> Pattern:
    """One pattern that matches wherever any of ``alternatives`` does. Bytes are bytes: nothing is decoded.

    ``longest``: of the matches at one place the longest, rather than that of the first alternative.
    """
    options = _options()
    options.longest_match = longest
    return Pattern(b"|".join(alternatives), options)


LARGE: Final = 4096  # bytes


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
