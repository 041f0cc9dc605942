"""Parts of records of which the flow says what they are: read in their format, leaf by leaf.

All leaves of a part are looked through (``leaf_findings.py``); what is found is changed in its leaf, and the format
writes the leaf again. Parts that are text are looked through as they stand, too,
so that nothing is overlooked that somebody sees who does not care about formats. What has been changed is read and
looked through once more. What cannot be read, or cannot be changed, goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zoneproxy.boundary.documents import VALUE, document_of, told_of_schema
from zoneproxy.boundary.leaf_findings import Decided, decided_in
from zoneproxy.boundary.on_error import UNSCANNABLE_PART
from zoneproxy.boundary.parts import PartTreatment
from zoneproxy.boundary.plan import ControlPlan, Decision
from zoneproxy.boundary.reading import Reading
from zoneproxy.boundary.tally import FINDING, MALFORMED, REMAINDER, UNSCANNABLE, Awaits, Goes, Tally
from zoneproxy.detect.detector import Finding
from zoneproxy.errors import ProtocolError
from zoneproxy.formats.document import CannotChange, Document, Malformed, Path
from zoneproxy.formats.json import JsonDocument
from zoneproxy.formats.nested import NestedDocument
from zoneproxy.formats.rendering import Span
from zoneproxy.formats.sniff import is_text
from zoneproxy.policy.controls import Action
from zoneproxy.transform.fields import Applied, FieldRules
from zoneproxy.transform.found import Spot, change_found
from zoneproxy.transform.leaf_fields import select
from zoneproxy.wire.record import Header, Record


class StructuredParts(PartTreatment):
    """See the module. Parts of which nothing is said are treated as ever."""

    def __init__(self, plan: ControlPlan, tally: Tally) -> None:
        super().__init__(plan, tally)
        self._headers: Sequence[Header] = ()
        # What was read last, and of what: field rules and detectors look at the same.
        self._latest: tuple[bytes, Reading, str, Sequence[Header], Document | None] | None = None
        self._seen: set[str] = set()  # types found in the part at hand
        self._told: frozenset[str] = frozenset()  # those in its leaves: no need to tell of them again

    def about(self, record: Record) -> None:
        """See PartTreatment."""
        super().about(record)
        self._headers = record.headers

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
                yield from self._kept_in(reading, part or b"", place, name)

    # --- one part in one format

    def _changed_fields(self, value: bytes) -> Applied:
        """In each of its formats, if several are named: a rule must not miss a field that one of them shows."""
        readings = self._plan.readings.value
        if self._plan.fields is None or len(readings) <= 1:
            return self._changed_in(readings[0], value) if readings else super()._changed_fields(value)
        shown: list[Sequence[Path]] = []  # those that show the same are one: nothing is to be changed twice
        several: list[Reading] = []
        for reading in readings:
            document = self._read(reading, value, VALUE)
            paths = [leaf.path for leaf in self._unfolded(reading, document, VALUE).leaves] if document else []
            if paths and paths not in shown:
                shown.append(paths)
                several.append(reading)
        applied: tuple[int, ...] = ()
        for reading in several:
            value, more = self._changed_in(reading, value)
            applied += more
        return (value, applied) if several else super()._changed_fields(value)

    def _changed_in(self, reading: Reading, value: bytes) -> Applied:
        fields = self._plan.fields
        document = None if reading.is_open(value) else self._read(reading, value, VALUE)
        if fields is None or document is None:
            return super()._changed_fields(value)
        if isinstance(document, JsonDocument):
            text, applied = super()._changed_fields(value)
        else:
            text, applied = _selected(fields, document, value, self._plan.field_rules[0].rule)
        again = document if text == value else self._read(reading, text, VALUE, changed=True)
        nested = again and self._unfolded(reading, again, VALUE)
        if nested is again or not isinstance(nested, NestedDocument):
            return text, applied
        text, more = _selected(fields, nested, text, self._plan.field_rules[0].rule, nested.begins())
        return text, (*applied, *more)

    def _redact_in(self, reading: Reading, part: bytes, place: str, name: bytes) -> bytes:
        # What is split over members of JSON can be changed leaf by leaf only.
        is_read = self._plan.is_deep or not reading.is_open(part)
        document = self._read(reading, part, place) if is_read else None
        unfolded = document and self._unfolded(reading, document, place)
        if self._plan.scanner is None:
            return part
        if unfolded is None:
            return super().redact(part, place, name)
        after = self._redact_leaves(unfolded, part, place, name)
        self._told = frozenset(self._seen)
        if not reading.is_binary and is_text(after):
            after = super().redact(after, place, name)
        if after is not part:
            self._prove_in(reading, after, place, name)
        return after

    def _redact_leaves(self, document: Document, part: bytes, place: str, name: bytes) -> bytes:
        spots: dict[int, list[Spot]] = {}
        done: list[Decision] = []
        try:
            decided = decided_in(document, name, self._plan)
        except ProtocolError as error:
            self._unscannable(error, place)
            return part
        for decision, finding, spans in self._news_in(document, decided, place):
            self._tell(decision, finding, place)
            if decision.holds_back(place):
                raise Goes(decision.rule, FINDING)
            if decision.redacts:
                done.append(decision)
                for leaf, start, end in spans:
                    spots.setdefault(leaf, []).append(Spot(start, end, decision.change, (finding.type,)))
        if not done:
            return part
        changed = {
            leaf: change_found(document.leaves[leaf].text, inside, self._put_out) for leaf, inside in spots.items()
        }
        try:
            if None in changed.values():
                raise CannotChange
            after = document.rewritten(changed)
        except CannotChange:
            raise Goes(done[0].rule, UNSCANNABLE) from None
        for decision in done:
            self._tally.transformed(decision.rule, decision.kind)
        return after

    def _prove_in(self, reading: Reading, changed: bytes, place: str, name: bytes) -> None:
        """What was changed is still of its format, and nothing is left in it."""
        document = self._read_again(reading, changed, place)
        for decision, *_ in self._news_in(document, decided_in(document, name, self._plan)):
            if decision.forbids:
                raise Goes(decision.rule, REMAINDER)
        if not reading.is_binary and is_text(changed):
            self._prove(changed, name)

    def _kept_in(self, reading: Reading, part: bytes, place: str, name: bytes) -> Iterator[tuple[str, str]]:
        try:
            document = reading.document(part, self._told_of(reading, place))
            decided = decided_in(reading.unfolded(document), name, self._plan) if document else ()
        except Malformed:
            if reading.on_error.action is Action.QUARANTINE:
                yield reading.on_error.rule, UNSCANNABLE_PART
            return
        except ProtocolError:  # said of the part as it stands, too
            return
        for decision, finding, _ in decided:
            if decision.action is Action.QUARANTINE:
                yield decision.rule, finding.type

    def _read(self, reading: Reading, part: bytes, place: str, *, changed: bool = False) -> Document | None:
        """``changed``: it was of its format before, so it has to be."""
        latest = self._latest
        if latest is None or latest[0] is not part or latest[1:4] != (reading, place, self._headers):
            read = document_of if changed else self._document
            document = read(reading, part, place, self._headers)
            self._latest = latest = part, reading, place, self._headers, document
        return latest[4]

    def _document(self, reading: Reading, part: bytes, place: str, headers: Sequence[Header]) -> Document | None:
        """None as well for what is not of its format and may go on: it is looked through as it stands."""
        try:
            return document_of(reading, part, place, headers)
        except Awaits:
            raise
        except Goes as why:
            self._tally.unscannable(reading.on_error, why.reason, place)
            return None

    def _unfolded(self, reading: Reading, document: Document, place: str) -> Document:
        """With what is nested in texts, unless that is too much and may go on all the same."""
        try:
            return reading.unfolded(document)
        except Malformed:
            self._tally.unscannable(reading.on_error, MALFORMED, place)
            return document

    def _read_again(self, reading: Reading, changed: bytes, place: str) -> Document:
        """After a change it must still be what it was."""
        try:
            document = reading.document(changed, self._told_of(reading, place))
            document = document and reading.unfolded(document)
        except Malformed:
            document = None
        if document is None:
            raise Goes(reading.rule, UNSCANNABLE)
        return document

    def _told_of(self, reading: Reading, place: str) -> bytes | None:
        """What a header tells of the schema of a part. Raises Malformed."""
        return told_of_schema(reading, place, self._headers)

    # --- findings

    def _news_in(self, document: Document, found: list[Decided], place: str = "") -> list[Decided]:
        """Those of the findings that redaction has not made itself."""
        if found and place == VALUE:
            self._know_fields()
        if not self._put_out:
            return found
        return [each for each in found if not all(self._explains(document, each.finding, span) for span in each.spans)]

    def _explains(self, document: Document, finding: Finding, span: Span) -> bool:
        leaf, start, end = span
        return self._put_out.explains(document.leaves[leaf].text[start:end], finding.type)

    def _begin(self) -> None:
        self._seen.clear()
        self._told = frozenset()

    def _tell(self, decision: Decision, finding: Finding, place: str) -> None:
        self._seen.add(finding.type)
        if decision.action is not Action.ALERT or finding.type not in self._told:
            super()._tell(decision, finding, place)


def _selected(
    fields: FieldRules, document: Document, value: bytes, rule: str, begins: list[int | None] | None = None
) -> Applied:
    selected = select(fields.rules, document.leaves, begins)
    applied = tuple(selected.applied)
    if not selected.changed:
        return value, applied
    try:
        return document.rewritten(selected.changed), applied
    except CannotChange:
        raise Goes(rule, UNSCANNABLE) from None
