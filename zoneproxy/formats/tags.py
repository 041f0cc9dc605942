"""Tags that a schema registry keeps beside a schema: for fields by their full names, with stars.

Source of the rules: Confluent's data contracts (``metadata.tags``) and their ``WildcardMatcher``. ``*`` stays within
one part of a name, ``**`` does not, ``?`` is one character.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from zoneproxy.formats.schema import InvalidSchema

NO_TAGS: frozenset[str] = frozenset()
MAX_COMPARED = 20_000_000  # characters of patterns times those of names, in one schema
MAX_LENGTH = 512  # of a pattern
MAX_NAME = 1024


def tags_of(names: Sequence[str]) -> frozenset[str]:
    """Tags as leaves have them: in upper case."""
    return frozenset(name.upper() for name in names)


class TagPatterns:
    """Which tags a field has by its full name."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        """Raises InvalidSchema (``tags``): a pattern is absurdly long."""
        if any(len(pattern) > MAX_LENGTH for pattern in patterns):
            raise InvalidSchema("tags")
        self._patterns = [(pattern, tags_of(tags)) for pattern, tags in patterns.items()]
        self._characters = sum(len(pattern) + 1 for pattern in patterns)
        self._compared = 0

    def of(self, name: str) -> frozenset[str]:
        """The tags of the field called so in full. Raises InvalidSchema (``tags``): it is all too much."""
        if not self._patterns:
            return NO_TAGS
        self._compared += self._characters * (len(name) + 1)
        if self._compared > MAX_COMPARED or len(name) > MAX_NAME:
            raise InvalidSchema("tags")
        return NO_TAGS.union(*(tags for pattern, tags in self._patterns if matches(pattern, name)))


NO_PATTERNS = TagPatterns({})


def matches(pattern: str, name: str) -> bool:
    """Whether all of ``name`` fits, in time proportional to both lengths."""
    places = {0}  # of the name, up to which the pattern so far fits
    for step in _steps(pattern):
        if step == "**":
            places = set(range(min(places), len(name) + 1))
        elif step == "*":
            places = {end for place in places for end in range(place, _end_of_part(name, place) + 1)}
        else:
            places = {place + 1 for place in places if place < len(name) and _fits(step, name[place])}
        if not places:
            return False
    return len(name) in places


def _steps(pattern: str) -> list[str]:
    steps: list[str] = []
    for character, run in groupby(pattern):
        length = len(list(run))
        if character == "*":
            steps.append("**" if length > 1 else "*")
        else:
            steps += character * length
    return steps


def _fits(step: str, character: str) -> bool:
    return step == character or (step == "?" and character != ".")


def _end_of_part(name: str, place: int) -> int:
    end = name.find(".", place)
    return len(name) if end < 0 else end
