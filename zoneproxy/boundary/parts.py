"""The parts of a record (its key, its value, names and values of its headers) on their way through a plan.

``Goes`` is raised for what may not go on. After a redaction the result is scanned again; if anything is still there
that a control acts on, the record goes, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from zoneproxy.boundary.documents import VALUE
from zoneproxy.boundary.field_rules import FORBIDDEN_FIELD
from zoneproxy.boundary.on_error import UNSCANNABLE_PART
from zoneproxy.boundary.plan import ControlPlan, Decision
from zoneproxy.boundary.suspects import Seen
from zoneproxy.boundary.tally import FINDING, REMAINDER, UNSCANNABLE, Goes, Tally
from zoneproxy.detect.detector import Finding
from zoneproxy.detect.scanner import may_be_joined
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.controls import Action
from zoneproxy.transform.fields import Applied
from zoneproxy.transform.found import Spot, change_found
from zoneproxy.transform.json_tokens import NotJson
from zoneproxy.transform.put_out import PutOut
from zoneproxy.wire.record import Record


class PartTreatment:
    """What a plan does to parts; what it did goes into a tally."""

    def __init__(self, plan: ControlPlan, tally: Tally) -> None:
        self._plan = plan
        self._tally = tally
        self._applied: dict[tuple[int, ...], int] = {}  # field rules that did something to one value, how often
        self.fields_are_done = False  # to all values, before they came here
        self.seen: Sequence[Seen] = ()  # in the record at hand, before it came here
        self._put_out = PutOut()  # in the record at hand
        self._value: bytes | None = None  # of the record at hand, if field rules were applied to it here

    def about(self, record: Record) -> None:
        """What comes is about parts of ``record``."""
        self._put_out.clear()
        self._value = None

    def apply_fields(self, value: bytes) -> bytes:
        """``value`` after the field rules; itself if none of them changes it."""
        plan = self._plan
        if plan.fields is None or self.fields_are_done:
            return value
        text, rules = self._changed_fields(value)
        self._value = text
        rules = tuple(rules)
        self._applied[rules] = self._applied.get(rules, 0) + 1
        if rules and plan.forbids_fields:
            self._forbid_fields(rules)
        return text

    def _forbid_fields(self, rules: Sequence[int]) -> None:
        strictest = None
        for told in (self._plan.field_rules[rule] for rule in rules):
            if told.action is not Action.REDACT:
                self._tally.found(told.rule, FORBIDDEN_FIELD, "value", told.action.name.lower(), 1.0)
                strictest = max(strictest or told, told, key=lambda told: told.action)
        if strictest and strictest.action >= Action.BLOCK:
            raise Goes(strictest.rule, FINDING)

    def tell_fields(self) -> None:
        """Tell the tally what field rules have changed since this was last asked."""
        for rules, count in self._applied.items():
            for told in (self._plan.field_rules[rule] for rule in rules):
                if told.action is Action.REDACT:
                    self._tally.transformed(told.rule, told.kind, count)
        self._applied.clear()

    def fields_of_values(self) -> Callable[[bytes], bytes]:
        """``apply_fields`` made fast, where nothing else is to be done; raises NotJson instead of ``Goes``."""
        assert self._plan.fields
        apply, applied = self._plan.fields.apply, self._applied

        def change(value: bytes) -> bytes:
            text, rules = apply(value)
            applied[rules] = applied.get(rules, 0) + 1
            return text

        return change

    def forget_fields(self) -> None:
        """What field rules have done will be done again."""
        self._applied.clear()

    def change_key(self, key: bytes) -> bytes:
        """What takes the place of ``key`` as a whole; itself if keys stay."""
        changing = self._plan.key_change
        if changing is None:
            return key
        self._tally.transformed(changing.rule, changing.change.kind)
        return changing.change.text(key)

    def forbid(self, text: bytes, place: str) -> None:
        """Nothing that a control acts on may be in ``text``, as changing it would make it another key or name."""
        for decision, _ in self._decided(text, place):
            if decision.forbids:
                raise Goes(decision.rule, FINDING)

    def redact(self, text: bytes, place: str, name: bytes = b"") -> bytes:
        """``text`` as it may go on; itself if nothing has to be changed. ``name`` is what it is called, if anything."""
        found = self._news(text, self._decisions_at(place, text, name), place)
        for decision, finding in found:
            self._tell(decision, finding, place)
        for decision, _ in found:
            if decision.holds_back(place):
                raise Goes(decision.rule, FINDING)
        return self._redacted(text, found, name)

    def _redacted(self, text: bytes, found: Sequence[tuple[Decision, Finding]], name: bytes = b"") -> bytes:
        done: list[Decision] = []
        spots: list[Spot] = []
        for decision, (type_, start, end, _) in found:
            if decision.redacts:
                done.append(decision)
                spots.append(Spot(start, end, decision.change, (type_,)))
        if not done:
            return text
        changed = change_found(text, spots, self._put_out)
        if changed is None:
            raise Goes(done[0].rule, UNSCANNABLE)
        self._prove(changed, name)
        for decision in done:
            self._tally.transformed(decision.rule, decision.kind)
        return changed

    def to_be_kept(self, record: Record) -> Iterator[tuple[str, str]]:
        """Which rules want a copy of a record, and what for."""
        plan = self._plan
        yield from self._fields_to_be_kept(record.value)
        if plan.scanner is None or not plan.quarantines:
            return
        parts = [(b"", record.key), (b"", record.value), *((b"", name) for name, _ in record.headers), *record.headers]
        for name, part in parts:
            try:
                findings = plan.scanner.scan(part, name) if part else ()
            except ProtocolError:
                if plan.on_error.action is Action.QUARANTINE:
                    yield plan.on_error.rule, UNSCANNABLE_PART
                continue
            for finding in findings:
                decision = plan.decide(finding)
                if decision is not None and decision.action is Action.QUARANTINE:
                    yield decision.rule, finding.type

    def _changed_fields(self, value: bytes) -> Applied:
        assert self._plan.fields
        try:
            return self._plan.fields.apply(value)
        except NotJson:
            self._tally.unscannable(self._plan.on_unread_fields, UNSCANNABLE, VALUE)
            return value, ()

    def _fields_to_be_kept(self, value: bytes | None) -> Iterator[tuple[str, str]]:
        plan = self._plan
        if plan.fields is None or not plan.forbids_fields or not value:
            return
        try:
            _, rules = self._changed_fields(value)
        except Goes:
            return
        for told in (plan.field_rules[rule] for rule in rules):
            if told.action is Action.QUARANTINE:
                yield told.rule, FORBIDDEN_FIELD

    def _prove(self, changed: bytes, name: bytes) -> None:
        """Nothing is left to be redacted."""
        if not name and self._is_clean(changed):
            return
        for decision, _ in self._news(changed, self._decisions(changed, name)):
            if decision.forbids:
                raise Goes(decision.rule, REMAINDER)

    def _is_clean(self, part: bytes) -> bool:
        """Stage 1 finds no place in a part that has no name: so a scan, which takes several times as long, would not.

        It knows no context, so it makes no difference to it what words a change took away, or brought.
        """
        scanner = self._plan.scanner
        assert scanner
        return not part or not (scanner.suspicious(part) or may_be_joined(part))

    def _news(
        self, text: bytes, found: list[tuple[Decision, Finding]], place: str = ""
    ) -> list[tuple[Decision, Finding]]:
        """Those of the findings that redaction has not made itself."""
        if found and place == VALUE:
            self._know_fields(text if self.fields_are_done else None)
        if not self._put_out:
            return found
        return [
            (decision, finding)
            for decision, finding in found
            if not self._put_out.explains(text[finding.start : finding.end], finding.type)
        ]

    def _know_fields(self, value: bytes | None = None) -> None:
        """Know what field rules have put into ``value``, if they were applied elsewhere, or into the value at hand."""
        value = self._value if value is None else value
        if self._plan.fields is None or value is None:
            return
        try:
            for output, change in self._plan.fields.values_put_out(value):
                self._put_out.add(output, change)
        except NotJson:  # another format
            return

    def _decided(self, text: bytes, place: str, name: bytes = b"") -> list[tuple[Decision, Finding]]:
        """The findings in ``text`` that a control acts on; they are counted."""
        decided = self._decisions_at(place, text, name)
        for decision, finding in decided:
            self._tell(decision, finding, place)
        return decided

    def _decisions_at(self, place: str, text: bytes, name: bytes) -> list[tuple[Decision, Finding]]:
        """The same of a part that has not been changed yet: what is too much to be looked through may go on."""
        try:
            return self._decisions(text, name)
        except ProtocolError as error:
            self._unscannable(error, place)
            return []

    def _unscannable(self, error: ProtocolError, place: str) -> None:
        """Raises Goes, or ``error`` again, unless what detectors cannot look into goes on."""
        if self._plan.on_error.action is Action.BLOCK:
            raise error
        self._tally.unscannable(self._plan.on_error, error.reason, place)

    def _decisions(self, text: bytes, name: bytes) -> list[tuple[Decision, Finding]]:
        decide = self._plan.decide
        found = self._findings(text, name)
        return [(decision, finding) for finding in found if (decision := decide(finding)) is not None]

    def _findings(self, text: bytes, name: bytes) -> list[Finding]:
        for seen in self.seen:
            if seen.part is text and seen.name == name:
                return seen.findings
        assert self._plan.scanner
        return self._plan.scanner.scan(text, name)

    def _tell(self, decision: Decision, finding: Finding, place: str) -> None:
        self._tally.found(decision.rule, finding.type, place, decision.told, finding.confidence)
