"""Values that a policy says are no findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zoneproxy.detect.catalogue import PACKS
from zoneproxy.detect.patterns import Pattern, compile_pattern
from zoneproxy.policy.definitions import AllowList, Definitions

MAX_VALUE = 1024  # bytes; what is longer is never allowed


class Allowed:
    """The allow-lists of some types, compiled."""

    def __init__(self, lists: Iterable[tuple[AllowList, Sequence[str]]]) -> None:
        """``lists`` come with the types that each is about, packs taken apart."""
        self._values: dict[str, set[bytes]] = {}
        self._domains: dict[str, list[bytes]] = {}
        self._patterns: dict[str, list[Pattern]] = {}
        self.types: set[str] = set()
        for written, types in lists:
            compiled = compile_pattern(rb"\A(?:%b)\z" % written.pattern.encode()) if written.pattern else None
            for type_ in types:
                self.types.add(type_)
                self._values.setdefault(type_, set()).update(_bare(value.encode()) for value in written.values)
                self._domains.setdefault(type_, []).extend(domain.lower().encode() for domain in written.domains)
                if compiled:
                    self._patterns.setdefault(type_, []).append(compiled)

    def covers(self, type_: str, value: bytes) -> bool:
        """Whether ``value``, which looks like a finding of that type, is none."""
        if type_ not in self.types or len(value) > MAX_VALUE:
            return False
        return (
            _bare(value) in self._values[type_]
            or _is_below(value, self._domains[type_])
            or any(pattern.search(value) is not None for pattern in self._patterns.get(type_, ()))
        )


def allowed_by(definitions: Definitions) -> Allowed | None:
    """The allow-lists among ``definitions``; None if there are none."""
    if not definitions.allowed:
        return None
    return Allowed((one, definitions.types_in(one.types, PACKS.items())) for one in definitions.allowed)


def _bare(value: bytes) -> bytes:
    """Letters and digits, and bytes of other scripts: a card number is the same with dashes.

    What addresses are divided by stays: 10.1.11.1 is another one than 101.1.1.1.
    """
    return bytes(byte for byte in value.lower() if byte >= 0x80 or chr(byte).isalnum() or byte in _DIVIDES)


_DIVIDES = b".:@/"


def _is_below(value: bytes, domains: Iterable[bytes]) -> bool:
    _, at, domain = value.lower().rpartition(b"@")
    return bool(at) and any(domain == own or domain.endswith(b"." + own) for own in domains)
