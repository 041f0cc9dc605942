"""Detectors that a policy writes down, and why one is refused.

What would leave RE2's fast path is refused by its structure, so that two machines agree about it: bounded gaps, long
repeats of almost any byte, more states than a detector needs. What remains is measured when a policy is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import re2

from zoneproxy.detect.check_digits import luhn, mod_97
from zoneproxy.detect.declared import Valid, any_is, pattern
from zoneproxy.detect.detector import Confidence, Detector, always
from zoneproxy.detect.escapes import shape_for
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.weights import verhoeff
from zoneproxy.policy.definitions import CustomDetector

MAX_PATTERN = 500  # characters
MAX_PROGRAM = 1_000  # RE2 instructions; the largest detector of the catalogue has some hundreds
MAX_REPEAT = 128  # of anything
MAX_GAP = 4  # repeats of what matches almost any byte

_ALMOST_ANY = 128  # bytes out of 256
_TOKEN = re.compile(rb"\\.|\[\^?\]?(?:\\.|\[:[^\]]*:\]|[^\]\\])*\]|.", re.DOTALL)
_REPEAT = re.compile(rb"\{([0-9]+)(,?)([0-9]*)\}|[*+?]")
_PLACES = frozenset({rb"\b", rb"\B", rb"\A", rb"\z", b"^", b"$"})


def fault(written: str) -> tuple[str, str]:
    """What is wrong with a pattern, and what would be right; empty if nothing is."""
    if not written.isascii() or len(written) > MAX_PATTERN:
        return f"a pattern has up to {MAX_PATTERN} ASCII characters", r"write other bytes as \xC3\xA4"
    encoded = written.encode()
    try:
        program = re2.compile(encoded, _silent()).programsize
    except re2.error:
        return "this is no pattern of RE2", "https://github.com/google/re2/wiki/Syntax: no look-around, no references"
    if found := next(_structure(encoded), None):
        return found
    if program > MAX_PROGRAM:
        return f"it compiles to {program} instructions, over {MAX_PROGRAM}", "use shorter repeats, or fewer of them"
    if compile_pattern(encoded).search(b"") is not None:
        return "it matches where nothing is", "let it begin with something that is always there"
    return "", ""


def _structure(encoded: bytes) -> Iterator[tuple[str, str]]:
    position = 0
    token = b""  # what a repeat would repeat
    opened: list[int] = []  # where the groups began that are open
    while position < len(encoded):
        repeat = _REPEAT.match(encoded, position)
        if repeat and token:
            yield from _repeated(token, repeat)
            position = repeat.end()
            continue
        match = _TOKEN.match(encoded, position)
        assert match
        token, position = match.group(), match.end()
        if token == b"(":
            opened.append(match.start())
            token = b""  # a question mark behind it is none that repeats
        elif token == b")" and opened:
            token = encoded[opened.pop() : position]
        if token in _PLACES:
            yield (
                f"`{token.decode()}` says something about what stands beside the value",
                "leave it out: a value stands alone, unless `within_words: true` is written",
            )


def _repeated(token: bytes, repeat: re.Match[bytes]) -> Iterator[tuple[str, str]]:
    if repeat.group() == b"?":
        return
    least, comma, most = repeat.groups()
    top = int(most or (least if not comma else MAX_REPEAT + 1)) if least else MAX_REPEAT + 1
    if _matches_almost_anything(token) and top > MAX_GAP:
        yield f"`{(token + repeat.group()).decode()}` is a gap", f"up to {MAX_GAP} of them; name what stands there"
    elif least and max(int(least), int(most or 0)) > MAX_REPEAT:
        yield f"`{repeat.group().decode()}` repeats more than {MAX_REPEAT} times", "shorten it, or use + or *"


def _matches_almost_anything(token: bytes) -> bool:
    try:
        one = re2.compile(token, _silent())
    except re2.error:
        return False
    return sum(one.fullmatch(bytes((byte,))) is not None for byte in range(256)) > _ALMOST_ANY


def _said(encoded: bytes) -> Collection[int]:
    """The bytes that may be in what a pattern matches, perhaps more."""
    if b"\\Q" in encoded or _FLAGS.search(encoded):
        return _ALL
    found: set[int] = set()
    for token in _TOKEN.findall(encoded):
        if token in _OPERATORS:
            continue
        try:
            one = re2.compile(token, _silent())
        except re2.error:  # an escape of several characters
            return _ALL
        found.update(byte for byte in _ALL if one.fullmatch(bytes((byte,))))
    return found


_ALL = range(256)
_FLAGS = re.compile(rb"\(\?[a-zA-Z\-]*[a-hj-zA-OQ-Z\-][a-zA-Z\-]*[:)]")  # other than i: letters are looked for anyway
_OPERATORS = frozenset({b"(", b")", b"|", b"*", b"+", b"?"})


def _silent() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return options


def _luhn(written: bytes) -> bool:
    digits = bytes(byte for byte in written if 0x30 <= byte <= 0x39)
    return len(digits) > 1 and luhn(digits)


def _mod_97(written: bytes) -> bool:
    bare = bytes(byte for byte in written.upper() if chr(byte).isalnum() and byte < 0x80)
    return len(bare) > 2 and mod_97(bare) == 1


def _verhoeff(written: bytes) -> bool:
    digits = bytes(byte for byte in written if 0x30 <= byte <= 0x39)
    return len(digits) > 1 and verhoeff(digits)


CHECKS: dict[str, Valid] = {"": any_is, "luhn": _luhn, "mod-97": _mod_97, "verhoeff": _verhoeff}
"""What a value's letters and digits may have to obey; separators are left out."""


def detector_of(custom: CustomDetector) -> Detector:
    """The detector. The pattern must be free of faults; it is looked for by RE2 only, in linear time."""
    return pattern(
        custom.name,
        custom.pattern.encode(),
        words=",".join(custom.words),
        against=",".join(custom.against),
        valid=CHECKS[custom.check],
        confidence=Confidence(custom.alone, custom.alone, custom.near_word if custom.words else custom.alone),
        closer=always,
        other_shapes=tuple(filter(None, (shape_for(_said(custom.pattern.encode())),))),
        edges=not custom.within_words,
    )
