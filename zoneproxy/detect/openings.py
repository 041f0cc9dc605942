"""What patterns may begin with: a look at a few bytes, which saves asking RE2 about most places.

A pattern is taken apart as far as its first bytes go. One that has something else in it than detectors have may begin
with anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from zoneproxy.detect.patterns import compile_pattern

if TYPE_CHECKING:
    from mypy_extensions import i64

DEPTH: Final = 6  # bytes
MAX_STATES = 1024  # two KiB each
_MOST = 48  # openings of one pattern; more are put together, which tells less

Opening = tuple[int, ...]
"""Which bytes may stand first, second and so on, a bit for each; behind the last one anything may."""


_ANYTHING = frozenset[Opening]({()})


class _State:
    """What is left of the openings after the bytes so far, and of which patterns; ``following`` by the next byte."""

    __slots__ = ("following", "kinds", "left")

    def __init__(self, left: frozenset[tuple[int, Opening]]) -> None:
        self.left = left
        self.kinds = sorted({kind for kind, _ in left})
        self.following: list[_State | None] = [None] * 256


class Openings:
    """Those of several patterns."""

    __slots__ = ("_any", "_first", "_states")

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self._states: dict[frozenset[tuple[int, Opening]], _State] = {}
        self._any = self._state(frozenset((kind, ()) for kind in range(len(patterns))))
        self._state(frozenset())  # that nothing is left is always told, however many there are
        self._first = self._state(
            frozenset((kind, opening) for kind, pattern in enumerate(patterns) for opening in openings(pattern))
        )

    def exclude(self, text: bytes) -> bool:
        """Whether none of the patterns matches where ``text`` begins."""
        return not self._after_bytes(text, 1).kinds

    def kinds(self, text: bytes) -> list[int]:
        """Indexes of patterns, among them all that match where ``text`` begins: one only if all others do not."""
        return self._after_bytes(text, 2).kinds

    def _after_bytes(self, text: bytes, fewest: i64) -> _State:
        """What is left where ``text`` begins, as soon as it is of less than ``fewest`` patterns."""
        state = self._first
        at: i64
        for at in range(min(len(text), DEPTH)):
            if len(state.kinds) < fewest:
                break
            state = state.following[text[at]] or self._after(state, text[at])
        return state

    def _after(self, state: _State, byte: int) -> _State:
        left = {(kind, opening[1:]) for kind, opening in state.left if not opening or opening[0] >> byte & 1}
        ended = {kind for kind, opening in left if not opening}
        following = self._state(frozenset(one for one in left if not one[1] or one[0] not in ended))
        state.following[byte] = following
        return following

    def _state(self, left: frozenset[tuple[int, Opening]]) -> _State:
        """The one for these openings. Where there are very many they may as well be anything."""
        if left not in self._states:
            if len(self._states) >= MAX_STATES:
                return self._any
            self._states[left] = _State(left)
        return self._states[left]


@lru_cache(maxsize=1024)
def openings(pattern: bytes) -> frozenset[Opening]:
    """How what ``pattern`` matches may begin."""
    try:
        return _Reader(pattern).openings()
    except _Unknown:
        return _ANYTHING


class _Unknown(Exception):
    """Something that is not taken apart."""


_TOKEN = re.compile(
    rb"\(\?i?:|\((?!\?)"  # the beginning of a group
    rb"|\\x[0-9A-Fa-f]{2}|\\[dDsSwWnrtbBAz]|\\[^0-9A-Za-z]"
    rb"|\[\^?\]?(?:\\.|\[:[^\]]*:\]|[^\]\\])*\]"
    rb"|[^\\(\[{*+?]",
    re.DOTALL,
)
_REPEAT = re.compile(rb"([*+?])\??|\{([0-9]+)(,?)([0-9]*)\}\??")
_TIMES = {b"*": (0, DEPTH), b"+": (1, DEPTH), b"?": (0, 1)}
_NO_BYTE = (b"^", b"$", rb"\b", rb"\B", rb"\A", rb"\z")
_BYTES = bytes(range(256))


class _Reader:
    """Reads one pattern, from left to right."""

    def __init__(self, pattern: bytes) -> None:
        self._pattern = pattern
        self._pos = 0

    def openings(self) -> frozenset[Opening]:
        """Raises _Unknown."""
        found = self._alternatives(False)
        if self._pos < len(self._pattern):
            raise _Unknown
        return found

    def _alternatives(self, any_case: bool) -> frozenset[Opening]:
        found = self._sequence(any_case)
        while self._goes_on(b"|"):
            found |= self._sequence(any_case)
        return _few(found)

    def _sequence(self, any_case: bool) -> frozenset[Opening]:
        found = _ANYTHING
        while self._pos < len(self._pattern) and self._pattern[self._pos] not in b"|)":
            found = _joined(found, self._repeated(self._atom(any_case)))
        return found

    def _atom(self, any_case: bool) -> frozenset[Opening]:
        match = _TOKEN.match(self._pattern, self._pos)
        if match is None:
            raise _Unknown
        self._pos = match.end()
        token = match.group()
        if token[:1] == b"(":
            found = self._alternatives(any_case or token == b"(?i:")
            if not self._goes_on(b")"):
                raise _Unknown
            return found
        return _ANYTHING if token in _NO_BYTE else frozenset({(_allowed(token, any_case),)})

    def _repeated(self, once: frozenset[Opening]) -> frozenset[Opening]:
        repeat = _REPEAT.match(self._pattern, self._pos)
        if repeat is None:
            return once
        self._pos = repeat.end()
        sign, least, comma, most = repeat.groups()
        fewest, times = _TIMES[sign] if sign else (int(least), int(most or (DEPTH if comma else least)))
        found, so_far = frozenset[Opening](), _ANYTHING
        for count in range(min(times, DEPTH) + 1):
            if count >= min(fewest, DEPTH):
                found |= so_far
            so_far = _joined(so_far, once)
        return _few(found)

    def _goes_on(self, sign: bytes) -> bool:
        goes_on = self._pattern.startswith(sign, self._pos)
        self._pos += goes_on
        return goes_on


@lru_cache(maxsize=1024)
def _allowed(token: bytes, any_case: bool) -> int:
    """The bytes that ``token`` matches, as RE2 says."""
    one = compile_pattern(b"(?i:" + token + b")" if any_case else token)
    return sum(1 << match.start() for match in one.finditer(_BYTES))


def _joined(first: frozenset[Opening], then: frozenset[Opening]) -> frozenset[Opening]:
    if min(map(len, first)) == DEPTH:
        return first
    return _few(frozenset((before + after)[:DEPTH] for before in first for after in then))


def _few(found: frozenset[Opening]) -> frozenset[Opening]:
    """The same, or if they are too many, fewer that allow more: those of one length are put together."""
    if len(found) <= _MOST:
        return found
    together: dict[int, Opening] = {}
    for opening in found:
        so_far = together.get(len(opening), opening)
        together[len(opening)] = tuple(one | other for one, other in zip(so_far, opening, strict=True))
    return frozenset(together.values())
