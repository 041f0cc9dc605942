"""Parts of records of which the flow says what they are: read in their format, leaf by leaf.

All leaves of a part are looked through as one text with the names of what is in it (``rendering.py``); what is found is
changed in its leaf, and the format writes the leaf again. Parts that are text are looked through as they stand, too,
so that nothing is overlooked that somebody sees who does not care about formats. What has been changed is read and
looked through once more. What cannot be read, or cannot be changed, goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zoneproxy.boundary.parts import PartTreatment
from zoneproxy.boundary.plan import ControlPlan, Decision
from zoneproxy.boundary.reading import Reading
from zoneproxy.boundary.tally import FINDING, MALFORMED, REMAINDER, UNSCANNABLE, Goes, Tally
from zoneproxy.detect.detector import Finding
from zoneproxy.formats.document import CannotChange, Document, Malformed
from zoneproxy.formats.json import JsonDocument
from zoneproxy.formats.nested import NestedDocument
from zoneproxy.formats.rendering import Rendering, Span
from zoneproxy.formats.sniff import is_text
from zoneproxy.policy.controls import Action
from zoneproxy.transform.fields import Applied, FieldRules
from zoneproxy.transform.found import Spot, change_found
from zoneproxy.transform.leaf_fields import select
from zoneproxy.wire.record import Record


class _Decided(NamedTuple):
    """A finding that a control acts on, and the leaves that it is in."""

    decision: Decision
    finding: Finding
    spans: tuple[Span, ...]


class StructuredParts(PartTreatment):
    """See the module. Parts of which nothing is said are treated as ever."""

    def __init__(self, plan: ControlPlan, tally: Tally) -> None:
        super().__init__(plan, tally)
        self._seen: set[str] = set()  # types found in the part at hand
        self._told: frozenset[str] = frozenset()  # those that alerts were told of when it was looked at in another way

    def forbid(self, text: bytes, place: str) -> None:
        """See PartTreatment."""
        self._begin()
        if self._plan.scanner:
            super().forbid(text, place)

    def redact(self, text: bytes, place: str, name: bytes = b"") -> bytes:
        """See PartTreatment."""
        self._begin()
        readings = self._plan.readings.of(place)
        for reading in readings:
            text = self._redact_in(reading, text, place, name)
        return text if readings or not self._plan.scanner else super().redact(text, place, name)

    def to_be_kept(self, record: Record) -> Iterator[tuple[str, str]]:
        """See PartTreatment."""
        yield from super().to_be_kept(record)
        headers = (("header_value", name, value) for name, value in record.headers)
        for place, name, part in (("key", b"", record.key), ("value", b"", record.value), *headers):
            for reading in self._plan.readings.of(place) if part and self._plan.quarantines else ():
                yield from self._kept_in(reading, part or b"", name)

    # --- one part in one format

    def _changed_fields(self, value: bytes) -> Applied:
        fields, readings = self._plan.fields, self._plan.readings.value
        document = _read(readings[0], value) if readings else None
        if fields is None or document is None:
            return super()._changed_fields(value)
        if isinstance(document, JsonDocument):
            text, applied = super()._changed_fields(value)
        else:
            text, applied = _selected(fields, document, value, self._plan.field_rules[0].rule)
        again = document if text == value else _read(readings[0], text)
        nested = again and _unfolded(readings[0], again)
        if nested is again or not isinstance(nested, NestedDocument):
            return text, applied
        text, more = _selected(fields, nested, text, self._plan.field_rules[0].rule, nested.begins())
        return text, [*applied, *more]

    def _redact_in(self, reading: Reading, part: bytes, place: str, name: bytes) -> bytes:
        document = _read(reading, part)
        if self._plan.scanner is None:
            return part
        if document is None:
            return super().redact(part, place, name)
        if isinstance(document, JsonDocument):  # there, less is written anew if what stands there is changed first
            after = super().redact(part, place, name)
            self._next_way()
            document = document if after is part else _read_again(reading, after)
            after = self._redact_leaves(reading, document, after, place, name)
        else:
            after = self._redact_leaves(reading, document, part, place, name)
            self._next_way()
            if not reading.is_binary and is_text(after):
                after = super().redact(after, place, name)
        if after is not part:
            self._prove_in(reading, after, name)
        return after

    def _redact_leaves(self, reading: Reading, document: Document, part: bytes, place: str, name: bytes) -> bytes:
        unfolded = _unfolded(reading, document)
        spots: dict[int, list[Spot]] = {}
        done: list[Decision] = []
        for decision, _, spans in self._decided_in(unfolded, reading, place, name):
            if decision.holds_back(place):
                raise Goes(decision.rule, FINDING)
            if decision.action is Action.REDACT:
                done.append(decision)
                for leaf, start, end in spans:
                    spots.setdefault(leaf, []).append(Spot(start, end, decision.change))
        if not done:
            return part
        changed = {leaf: change_found(unfolded.leaves[leaf].text, inside) for leaf, inside in spots.items()}
        try:
            if None in changed.values():
                raise CannotChange
            after = unfolded.rewritten(changed)
        except CannotChange:
            raise Goes(done[0].rule, UNSCANNABLE) from None
        for decision in done:
            self._tally.transformed(decision.rule, decision.change.kind)
        return after

    def _prove_in(self, reading: Reading, changed: bytes, name: bytes) -> None:
        """What was changed is still of its format, and nothing is left in it."""
        for decision, *_ in self._decisions_in(_unfolded(reading, _read_again(reading, changed)), name):
            if decision.action >= Action.REDACT:
                raise Goes(decision.rule, REMAINDER)
        if is_text(changed):
            self._prove(changed, name)

    def _kept_in(self, reading: Reading, part: bytes, name: bytes) -> Iterator[tuple[str, str]]:
        try:
            document = reading.document(part)
            decided = self._decisions_in(reading.unfolded(document), name) if document else ()
        except Malformed:
            return
        for decision, finding, _ in decided:
            if decision.action is Action.QUARANTINE:
                yield decision.rule, finding.type

    # --- findings

    def _begin(self) -> None:
        self._seen.clear()
        self._told = frozenset()

    def _next_way(self) -> None:
        """The same part, looked at in another way: it is told only once that there is something."""
        self._told = frozenset(self._seen)

    def _tell(self, decision: Decision, finding: Finding, place: str) -> None:
        self._seen.add(finding.type)
        if decision.action is not Action.ALERT or finding.type not in self._told:
            super()._tell(decision, finding, place)

    def _decided_in(self, document: Document, reading: Reading, place: str, name: bytes) -> list[_Decided]:
        decided = self._decisions_in(_unfolded(reading, document), name)
        for each in decided:
            self._tell(each.decision, each.finding, place)
        return decided

    def _decisions_in(self, document: Document, name: bytes) -> list[_Decided]:
        decided = []
        for finding, spans in self._found_in(document, name):
            decision = self._plan.decide(finding)
            if decision is not None:
                decided.append(_Decided(decision, finding, spans))
        return decided

    def _found_in(self, document: Document, name: bytes) -> Iterator[tuple[Finding, tuple[Span, ...]]]:
        scanner = self._plan.scanner
        assert scanner
        rendering = Rendering(document.leaves)
        known: set[tuple[str, Span]] = set()
        for finding in scanner.scan(rendering.text, name):
            spans = tuple(rendering.spans(finding.start, finding.end))
            if spans:
                known.update((finding.type, span) for span in spans)
                yield finding, spans
        for index in rendering.apart:
            leaf = document.leaves[index]
            for finding in scanner.scan(leaf.text, leaf.name or name):
                span = Span(index, finding.start, finding.end)
                if (finding.type, span) not in known:
                    yield finding, (span,)


def _read(reading: Reading, part: bytes) -> Document | None:
    try:
        return reading.document(part)
    except Malformed:
        raise Goes(reading.rule, MALFORMED) from None


def _read_again(reading: Reading, changed: bytes) -> Document:
    """After a change it must still be what it was."""
    try:
        document = reading.document(changed)
    except Malformed:
        document = None
    if document is None:
        raise Goes(reading.rule, UNSCANNABLE)
    return document


def _unfolded(reading: Reading, document: Document) -> Document:
    try:
        return reading.unfolded(document)
    except Malformed:
        raise Goes(reading.rule, MALFORMED) from None


def _selected(
    fields: FieldRules, document: Document, value: bytes, rule: str, begins: list[int | None] | None = None
) -> Applied:
    selected = select(fields.rules, document.leaves, begins)
    if not selected.changed:
        return value, selected.applied
    try:
        return document.rewritten(selected.changed), selected.applied
    except CannotChange:
        raise Goes(rule, UNSCANNABLE) from None
