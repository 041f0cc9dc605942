"""What a plan does to the records of one batch.

Steps of the plan come first, then field rules, then detectors on what these have left, then the steps that come last.
A record that may not go on goes: what that means is for ``produce_batches`` and ``fetch_batches`` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Fact
from zoneproxy.boundary.joined import Split, Unread, splits
from zoneproxy.boundary.kept import Kept
from zoneproxy.boundary.parts import PartTreatment
from zoneproxy.boundary.plan import KEY, ControlPlan
from zoneproxy.boundary.structured import StructuredParts
from zoneproxy.boundary.suspects import Suspect, acted_on, few, last_record, looked_into, may_be_joined_header, suspects
from zoneproxy.boundary.tally import FINDING, Dropped, Goes, Tally
from zoneproxy.detect.scanner import may_be_joined
from zoneproxy.errors import ProtocolError
from zoneproxy.transform.json_tokens import NotJson
from zoneproxy.wire.batch import BatchHeader
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.record import Record, encoded, iter_records, write_records
from zoneproxy.wire.record_values import rewrite_values


def treatment_of(payload: Buffer, count: int, plan: ControlPlan, crossing: Crossing) -> Treatment | None:
    """What ``plan`` has to do with the ``count`` records in ``payload``, which nobody has parsed yet; None: nothing.

    Raises Later where the patience of ``crossing`` is over.
    """
    if not (plan.looks_at_all or plan.is_deep or plan.is_marked(payload)):
        treatment = Treatment(plan, payload, crossing)
        return treatment if treatment.looks(count) else None
    treatment = Treatment(plan, payload, crossing)
    if plan.is_deep:
        treatment.look_across(iter_records(payload, count))
    return treatment


class Treatment:
    """The records of one batch on their way through a plan, and what came of it."""

    def __init__(self, plan: ControlPlan, payload: Buffer, crossing: Crossing) -> None:
        self.changed = False
        self.tally = Tally()
        self.kept_records: list[bytes] = []  # as they came
        self._parts = StructuredParts(plan, self.tally) if plan.readings else PartTreatment(plan, self.tally)
        self._plan = plan
        self._payload = payload
        self._suspects: Iterator[Suspect] | None = None  # those that are to be treated, if that is not every record
        self._splits: Mapping[int, Sequence[Split | Unread]] = {}
        self._crossing = crossing
        self._stops = crossing.patience.stops if crossing.patience else None
        if crossing.patience:
            crossing.patience.with_batch()

    def look_across(self, records: Iterable[Record]) -> None:
        """Look for what is split over several parts or records; ``records`` are those of the payload."""
        self._splits = splits(records, self._plan)

    def remaining(self, records: Iterable[Record]) -> Iterator[Record]:
        """Those of ``records``, which are those of the payload, that stay, changed where they have to be."""
        scanner, payload, stops = self._plan.scanner, self._payload, self._stops
        candidate = scanner.next_candidate(payload, 0, stops) if scanner else None
        for number, record in enumerate(records):
            end = record.end  # before a change forgets it
            is_candidate = candidate is not None and candidate < end
            if self._stays(record, number, is_candidate or bool(self._plan.readings)):  # which stage 1 knows nothing of
                yield record
            if scanner and is_candidate:
                candidate = scanner.next_candidate(payload, end, stops)

    def _stays(self, record: Record, number: int, is_candidate: bool) -> bool:
        start, end = record.start, record.end
        self.tally.begin(record)
        try:
            if self._splits:
                self._forbid_splits(number)
            self._treat(record, is_candidate)
        except Goes as why:
            self.tally.goes(why)
            self._keep(record, record.source[start:end])
        except ProtocolError as error:  # there is no telling what is in it
            self.tally.goes(Goes("", error.reason))
        except Dropped as dropped:
            self.tally.drops(dropped)
        else:
            self.changed |= record.changed
            return True
        return False

    def rewritten(self, count: int, last_offset_delta: int) -> Buffer:
        """The payload with the records that stay, changed where they have to be. Raises ProtocolError, Later."""
        fields_done = self._plan.fields_come_first and self._apply_fields(count, last_offset_delta)
        if fields_done and not self.looks(count):
            return self._payload
        if self._suspects is not None:
            return b"".join(self._around(self._suspects, count, last_offset_delta))
        return write_records(self.remaining(iter_records(self._payload, count, last_offset_delta)))

    def _around(self, suspects: Iterable[Suspect], count: int, last_offset_delta: int) -> Iterator[Buffer]:
        """The payload in pieces: the suspects that stay, and what stands between them, which nobody reads."""
        payload, done, end, left, previous = memoryview(self._payload), 0, 0, count, -1
        for suspect in suspects:
            start, record, left = suspect.start, suspect.record, suspect.left
            if record is None:
                raise _what_is_wrong(payload, count, last_offset_delta)
            _check_offset(record, previous, last_offset_delta - left)
            previous, end = record.offset_delta, start + record.end - record.start  # before a change forgets it
            self._parts.seen = suspect.seen
            stays = self._stays(record, 0, is_candidate=True)
            if not stays or record.changed:
                yield payload[done:start]
                done = end
                if stays:
                    yield encoded(record)
        try:
            last = last_record(payload, end, left)
        except ProtocolError:
            raise _what_is_wrong(payload, count, last_offset_delta) from None
        if last is not None:
            _check_offset(last, previous, last_offset_delta)
        yield payload[done:]

    def _apply_fields(self, count: int, last_offset_delta: int) -> bool:
        """Apply field rules to the payload; False if there is a value that they cannot be applied to."""
        try:
            values = rewrite_values(self._payload, count, self._parts.fields_of_values(), last_offset_delta)
        except NotJson:  # that is to be told of each record by itself
            self._parts.forget_fields()
            return False
        if values is not None:
            self._payload, self.changed = values, True
        self._parts.fields_are_done = True
        return True

    def looks(self, count: int) -> bool:
        """Whether detectors have to do with any of the records; then with no others than stage 1 points at.

        Raises Later.
        """
        found = suspects(self._payload, count, self._plan, self._stops)
        if self._crossing.patience:
            found = few(found, self._crossing.patience)
        found = looked_into(found, self._plan)
        first = acted_on(found)
        self._suspects = None if first is None else chain((first,), found)
        return first is not None

    def facts(self, header: BatchHeader | None = None) -> list[Fact]:
        """What is to be told; ``header`` is that of the batch."""
        self._parts.tell_fields()
        return list(self.tally.facts(self._crossing, header))

    def kept(self, header: BatchHeader, batch: Buffer) -> list[Kept]:
        """What is to be kept of the batch ``header`` is from: ``batch``, if there is a record to be kept."""
        tally, crossing = self.tally, self._crossing
        if not self.kept_records or crossing.observe:
            return []
        rules, types = (sorted(set(names)) for names in zip(*tally.quarantined, strict=True))
        place = (crossing.side, crossing.topic, crossing.partition, header.base_offset)
        return [Kept(crossing.from_zone, rules, types, *place, len(self.kept_records), batch)]

    # --- one record; Goes is raised below here

    def _treat(self, record: Record, is_candidate: bool) -> None:
        self._parts.about(record)
        for step in self._plan.before:
            step(record, self._crossing, self.tally)
        value = record.value
        if value:
            value = self._parts.apply_fields(value)
        if record.key is not None:
            self._treat_key(record, record.key, is_candidate)
        if self._plan.scanner or self._plan.readings:
            if value and (is_candidate or value is not record.value or may_be_joined(value)):
                value = self._parts.redact(value, "value")
            if record.headers and (is_candidate or any(map(may_be_joined_header, record.headers))):
                self._set_headers(record)
        if value is not record.value:
            record.value = value
        for step in self._plan.after:
            step(record, self._crossing, self.tally)

    def _forbid_splits(self, number: int) -> None:
        found = self._splits.get(number, ())
        across = [each for each in found if isinstance(each, Split)]
        for decision, type_, confidence in across:
            self.tally.found(decision.rule, type_, "split", decision.told, confidence)
        for decision, _, _ in across:
            if decision.forbids:
                raise Goes(decision.rule, FINDING)
        for unread in found:
            if isinstance(unread, Unread):
                self.tally.unscannable(self._plan.on_error, unread.reason, "split")

    def _treat_key(self, record: Record, key: bytes, is_candidate: bool) -> None:
        after = self._parts.change_key(key)
        looks = self._plan.scanner or self._plan.readings
        if after is key and key and looks and (is_candidate or may_be_joined(key)):
            after = self._parts.redact(key, KEY)
        if after is not key:
            record.key = after

    def _keep(self, record: Record, original: bytes) -> None:
        """Keep a record that goes, if any rule wants a copy: also one that was not asked because another came first."""
        for rule, type_ in () if self.tally.for_quarantine else self._parts.to_be_kept(record):
            self.tally.to_be_kept(rule, type_)
        if self.tally.for_quarantine:
            self.kept_records.append(original)

    def _set_headers(self, record: Record) -> None:
        headers = []
        for name, value in record.headers:
            self._parts.forbid(name, "header_name")
            headers.append((name, self._parts.redact(value, "header_value", name) if value else value))
        if any(new is not old for (_, new), (_, old) in zip(headers, record.headers, strict=True)):
            record.headers = headers


def _check_offset(record: Record, previous: int, last: int) -> None:
    if not previous < record.offset_delta <= last:
        raise ProtocolError("offsets")


def _what_is_wrong(payload: Buffer, count: int, last_offset_delta: int) -> ProtocolError:
    """With records that cannot be told apart."""
    try:
        for _ in iter_records(payload, count, last_offset_delta):
            pass
    except ProtocolError as error:
        return error
    return ProtocolError("malformed")
