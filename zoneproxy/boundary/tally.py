"""What came of the records of one batch: counted while they are treated, then told as facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import (
    MAX_PLACES,
    Blocked,
    Fact,
    Filtered,
    Found,
    RecordAt,
    SchemaWanted,
    Transformed,
    Unscannable,
)
from zoneproxy.boundary.on_error import UNSCANNABLE_PART, OnError
from zoneproxy.boundary.rules.lineage_text import Hops
from zoneproxy.formats.book import UNKNOWN_SCHEMA
from zoneproxy.policy.controls import Action

if TYPE_CHECKING:
    from zoneproxy.formats.framing import SchemaId
    from zoneproxy.wire.batch import BatchHeader
    from zoneproxy.wire.record import Record

FINDING = "finding"
UNSCANNABLE: Final = "unscannable"
MALFORMED = "malformed"  # not of the format that the flow says it is
BINARY = "binary"  # nobody can look into it
QUARANTINE: Final = Action.QUARANTINE.name.lower()
MAX_WANTED: Final = 32  # schemas that one batch may make us ask for
REMAINDER = "remainder"  # a redaction did not take everything away


class Goes(Exception):
    """The record may not go on, because of a rule and for a reason, which is a fixed word."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(rule, reason)
        self.rule = rule
        self.reason = reason


class Awaits(Goes):
    """The record is of a schema that is not known yet: whether it may go on is known when the registry was asked."""

    def __init__(self, rule: str, registry: str, schema: SchemaId) -> None:
        super().__init__(rule, UNKNOWN_SCHEMA)
        self.wanted = registry, schema


class Dropped(Exception):
    """The record is not for this consumer, says a row filter: it stays behind, and nobody did anything wrong."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class _Findings:
    """Of one kind: how many, the highest confidence, and the first records they were in."""

    __slots__ = ("confidence", "count", "places")

    def __init__(self) -> None:
        self.count = 0
        self.confidence = 0.0
        self.places: list[tuple[int, int]] = []  # deltas of offset and time


class Tally:
    """See the module."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str], _Findings] = {}  # by rule, type, place, action
        self._transformed: dict[tuple[str, str], int] = {}  # by rule, kind
        self._gone: dict[tuple[str, str], int] = {}  # records, by rule, reason
        self._unscannable: dict[tuple[str, str, str, str], int] = {}  # records, by rule, reason, place, action
        self._unscannable_here: set[tuple[str, str, str, str]] = set()  # of the record that is treated
        self.lineage: Hops = ()  # what the record at hand brought along
        self._wanted: set[tuple[str, SchemaId]] = set()  # by registry
        self._dropped: dict[str, int] = {}  # records, by rule
        self._places: dict[tuple[str, ...], list[tuple[int, int]]] = {}  # as those of findings, by what else there was
        self._record = (0, 0)
        self.for_quarantine = False  # whether the record that is treated is to be kept
        self.quarantined: set[tuple[str, str]] = set()  # by rule, type

    def begin(self, record: Record) -> None:
        """What is told from here on is about ``record``."""
        self._record = (record.offset_delta, record.timestamp_delta)
        self.for_quarantine = False
        self._unscannable_here.clear()

    def found(self, rule: str, type_: str, place: str, action: str, confidence: float) -> None:
        """A finding that a control acts on."""
        key = rule, type_, place, action
        of_kind = self._found.get(key)
        if of_kind is None:
            of_kind = self._found[key] = _Findings()
        of_kind.count += 1
        if confidence > of_kind.confidence:
            of_kind.confidence = confidence
        self._add_record(of_kind.places)
        if action == QUARANTINE:
            self.to_be_kept(rule, type_)

    def unscannable(self, then: OnError, reason: str, place: str) -> None:
        """A part of the record cannot be looked into. Raises Goes, unless ``then`` lets it go on."""
        key = then.rule, reason, place, then.action.name.lower()
        if then.action is not Action.BLOCK and key not in self._unscannable_here:
            self._unscannable_here.add(key)
            self._unscannable[key] = self._unscannable.get(key, 0) + 1
            self._note((UNSCANNABLE, *key))
        if then.action is Action.QUARANTINE:
            self.to_be_kept(then.rule, UNSCANNABLE_PART)
        if not then.lets_go_on:
            raise Goes(then.rule, reason)

    def to_be_kept(self, rule: str, type_: str) -> None:
        """A rule wants a copy of the record, if it goes."""
        self.for_quarantine = True
        self.quarantined.add((rule, type_))

    @property
    def findings(self) -> int:
        """Findings so far that a control acts on."""
        return sum(of_kind.count for of_kind in self._found.values())

    def transformed(self, rule: str, kind: str, count: int = 1) -> None:
        """Values were rewritten."""
        what = rule, kind
        self._transformed[what] = self._transformed.get(what, 0) + count

    def goes(self, why: Goes) -> None:
        """A record does not stay."""
        what = why.rule, why.reason
        self._gone[what] = self._gone.get(what, 0) + 1
        if isinstance(why, Awaits) and len(self._wanted) < MAX_WANTED:
            self._wanted.add(why.wanted)
        self._note(what)

    def drops(self, why: Dropped) -> None:
        """A record stays behind."""
        self._dropped[why.rule] = self._dropped.get(why.rule, 0) + 1

    @property
    def gone(self) -> int:
        """Records that may not go on."""
        return sum(self._gone.values())

    @property
    def dropped(self) -> int:
        """Records that stay behind, besides those."""
        return sum(self._dropped.values())

    @property
    def reason(self) -> str:
        """Why most of them may not; empty if all may."""
        reasons: Counter[str] = Counter()
        for (_, reason), count in self._gone.items():
            reasons[reason] += count
        return max(reasons, key=lambda reason: reasons[reason], default="")

    def facts(self, crossing: Crossing, header: BatchHeader | None = None) -> Iterator[Fact]:
        """What is to be told, without a byte of what was found. ``header`` is that of the batch."""
        topic, partition, mode = crossing.topic, crossing.partition, crossing.mode
        for found, of_kind in self._found.items():
            at = _at(of_kind.places, crossing, header)
            yield Found(*found, of_kind.confidence, topic, partition, of_kind.count, mode, at)
        for (rule, kind), count in self._transformed.items():
            yield Transformed(rule, kind, topic, partition, count, mode)
        for gone, count in self._gone.items():
            rule, reason = gone
            at = _at(self._places[gone], crossing, header)
            yield Blocked(rule, crossing.side, reason, topic, partition, count, mode, at)
        for unread, count in self._unscannable.items():
            at = _at(self._places[UNSCANNABLE, *unread], crossing, header)
            yield Unscannable(*unread, topic, partition, count, mode, at)
        for wanted in sorted(self._wanted, key=str):
            yield SchemaWanted(*wanted, topic, partition, mode)
        for rule, count in self._dropped.items():
            yield Filtered(rule, topic, partition, count, mode)

    def _note(self, what: tuple[str, ...]) -> None:
        self._add_record(self._places.setdefault(what, []))

    def _add_record(self, places: list[tuple[int, int]]) -> None:
        if len(places) < MAX_PLACES and (not places or places[-1] != self._record):
            places.append(self._record)


def _at(places: Iterable[tuple[int, int]], crossing: Crossing, header: BatchHeader | None) -> tuple[RecordAt, ...]:
    """``places`` as they are told. A producer's batch has no offsets yet, only numbers."""
    if header is None:
        return ()
    start, time = header.base_offset, header.base_timestamp
    fetched = crossing.side == "fetch"
    return tuple(RecordAt(offset, time + later, start + offset if fetched else None) for offset, later in places)
