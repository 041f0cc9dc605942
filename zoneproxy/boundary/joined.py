"""What is split: over the headers of a record, its key and value, or the values of records that follow one another.

Parts are put together in order, where one ends and the next begins with a character that may stand within something
that is looked for; so JSON is never put together with anything. What is found across a seam cannot be redacted in any
one part, so the records that it is in go. Records of other batches are not seen: whoever splits over batches is not
found out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from zoneproxy.boundary.plan import ControlPlan, Decision
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.record import Record

REACH = 64  # bytes of either side of a seam; shorter parts are taken whole
MAX_TOGETHER = 4096  # bytes; what goes on for longer is looked at piece by piece
_WITHIN = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz@._-+/=")


class Split(NamedTuple):
    """Something that is in a record only in part."""

    decision: Decision
    type: str
    confidence: float


class Unread(NamedTuple):
    """What was put together cannot be looked into, for a reason that is a fixed word."""

    reason: str


class _Found(NamedTuple):
    split: Split | Unread
    first: int  # of the records that it is in
    last: int


def splits(records: Iterable[Record], plan: ControlPlan) -> Mapping[int, Sequence[Split | Unread]]:
    """By the number of a record, counted from 0, what of it is split and acted on.

    Raises ProtocolError if the records cannot be told apart.
    """
    found: dict[int, list[Split | Unread]] = {}
    for each in _all(records, plan):
        for number in range(each.first, each.last + 1):
            found.setdefault(number, []).append(each.split)
    return found


def _all(records: Iterable[Record], plan: ControlPlan) -> Iterator[_Found]:
    values = _Chain(plan)
    for number, record in enumerate(records):
        value = record.value or b""
        for parts in ([record.key or b"", value], [text or b"" for _, text in record.headers]):
            within = _Chain(plan)
            for part in parts:
                yield from within.add(number, part)
            yield from within.end()
        yield from values.add(number, value)
    yield from values.end()


class _Chain:
    """Parts that are put together as long as they may be; empty ones between them make no difference."""

    def __init__(self, plan: ControlPlan) -> None:
        self._plan = plan
        self._parts: list[bytes] = []
        self._numbers: list[int] = []  # of what they are parts of
        self._size = 0

    def add(self, number: int, part: bytes) -> Iterator[_Found]:
        """The next part; what is split over those before, if it is the end of them."""
        if not part:
            return
        if self._parts and not (part[0] in _WITHIN and self._parts[-1][-1] in _WITHIN):
            yield from self.end()
        if len(part) <= 2 * REACH:
            self._append(number, part)
            if self._size > MAX_TOGETHER:
                yield from self.end()
                self._append(number, part)
            return
        self._append(number, part[:REACH])
        yield from self.end()
        self._append(number, part[-REACH:])

    def end(self) -> Iterator[_Found]:
        """What is split over the parts so far."""
        if len(self._parts) > 1:
            try:
                yield from self._across()
            except ProtocolError as error:
                yield _Found(Unread(error.reason), self._numbers[0], self._numbers[-1])
        self._parts, self._numbers, self._size = [], [], 0

    def _append(self, number: int, part: bytes) -> None:
        self._parts.append(part)
        self._numbers.append(number)
        self._size += len(part)

    def _across(self) -> Iterator[_Found]:
        scanner, numbers = self._plan.scanner, self._numbers
        assert scanner
        ends = list(accumulate(map(len, self._parts)))
        for finding in scanner.scan(b"".join(self._parts)):
            first, last = bisect_right(ends, finding.start), bisect_right(ends, finding.end - 1)
            decision = self._plan.decide(finding) if first != last else None
            if decision and not self._is_in_one(finding.type, first, last):
                yield _Found(Split(decision, finding.type, finding.confidence), numbers[first], numbers[last])

    def _is_in_one(self, type_: str, first: int, last: int) -> bool:
        """Whether one of the parts holds something of the type by itself: two addresses in a row look like one."""
        assert self._plan.scanner
        parts = self._parts[first : last + 1]
        return any(finding.type == type_ for part in parts for finding in self._plan.scanner.scan(part))
