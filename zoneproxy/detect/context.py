"""Words near a hit: the names on its JSON path, and what stands up to 30 bytes before it.

Names and text are taken apart into lower-case words: ``customerSSN``, ``customer_ssn`` and ``Customer SSN`` say the
same. The path is read off the brackets and names before the hit, as well as they can be told; whether all of it is
valid JSON does not matter here, for words only make a hit more credible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from zoneproxy.detect.escapes import Plain

REACH = 30  # bytes before a hit
MAX_NAMES = 16  # on the way to a hit, the innermost ones
MAX_NAME = 128  # bytes; longer names say nothing

_WORD = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[\x80-\xff]+")
# A string, which is a name if a colon follows, or a bracket. Numbers, literals and commas are passed over. The closing
# quote may be missing: looking for it again from each quote on would take quadratic time.
_STEP = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?[ \t\n\r]*+(:)?|([\[{])|[\]}]', re.DOTALL)
_NAME, _OPEN = 1, 2


Words = frozenset[str]


def words(text: bytes) -> Words:
    """The words of ``text``, lower-case, and each two that follow one another with a space between them."""
    found = [word.lower().decode(errors="replace") for word in _WORD.findall(text)]
    return frozenset((*found, *map(" ".join, pairwise(found))))


def contexts(source: bytes, offsets: Sequence[int]) -> Iterator[list[Words]]:
    """The words that surround each of ``offsets``, which ascend."""
    if source.lstrip(b" \t\n\r")[:1] not in (b"{", b"["):
        return ([_before(source, 0, offset)] for offset in offsets)
    return _in_json(source, offsets)


def _before(source: bytes, start: int, offset: int) -> Words:
    text = source[max(start, offset - REACH) : offset]
    if b"\\" in text:
        text = Plain(source[max(start, offset - REACH * _LONGEST_ESCAPE) : offset]).text[-REACH:]
    return words(text)


_LONGEST_ESCAPE = 6  # bytes for one character


def _in_json(source: bytes, offsets: Sequence[int]) -> Iterator[list[Words]]:
    names = [b""]  # that of the document, and one for each open container: its latest name
    wanted = iter(offsets)
    offset = next(wanted)
    end = 0  # of the latest step
    for match in _STEP.finditer(source):
        kind = match.lastindex
        while offset < match.end():
            in_string = offset > match.start()
            path = names[:-1] if in_string and kind == _NAME else names
            yield [_before(source, match.start() if in_string else end, offset), *_path_words(path)]
            try:
                offset = next(wanted)
            except StopIteration:
                return
        end = match.end()
        if kind == _NAME:
            names[-1] = match.group()
        elif kind == _OPEN:
            names.append(b"")
        elif source[end - 1] in b"]}" and len(names) > 1:
            names.pop()
    yield [_before(source, end, offset), *_path_words(names)]
    for offset in wanted:
        yield [_before(source, end, offset), *_path_words(names)]


def _path_words(names: Sequence[bytes]) -> list[Words]:
    return [_name_words(name) for name in names[-MAX_NAMES:] if 0 < len(name) <= MAX_NAME]


@lru_cache(maxsize=4096)
def _name_words(name: bytes) -> Words:
    return words(Plain(name).text if b"\\" in name else name)
