"""What a plan does to the records of one batch.

Field rules first, then detectors on what these have left. A record that a control blocks, or that cannot be looked
into, goes: what that means is for ``produce_batches`` and ``fetch_batches`` to say. After a redaction the result is
scanned again; if anything is still there that a control acts on, the record goes, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from zoneproxy.boundary.facts import Blocked, Fact, Found, Transformed
from zoneproxy.boundary.plan import ControlPlan, Decision
from zoneproxy.boundary.suspects import acted_on
from zoneproxy.detect.detector import Finding
from zoneproxy.detect.scanner import may_be_joined
from zoneproxy.policy.controls import Action
from zoneproxy.transform.found import Spot, change_found
from zoneproxy.transform.json_tokens import NotJson
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.record import Header, Record

FINDING = "finding"
UNSCANNABLE = "unscannable"
REMAINDER = "remainder"  # a redaction did not take everything away


class _Goes(Exception):
    """The record goes, because of a rule and for a reason."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(rule, reason)
        self.rule = rule
        self.reason = reason


def treatment_of(payload: Buffer, count: int, plan: ControlPlan) -> Treatment | None:
    """What ``plan`` has to do with the ``count`` records in ``payload``, which nobody has parsed yet; None: nothing."""
    scanner = plan.scanner
    if plan.fields:
        return Treatment(plan, payload, scanner.next_candidate(payload, 0) if scanner else None)
    suspicion = scanner.suspicion(payload) if scanner else None
    if suspicion is None or not acted_on(payload, count, suspicion.places, plan):
        return None
    return Treatment(plan, payload, suspicion.first)


class Treatment:
    """The records of one batch on their way through a plan, and what came of it."""

    def __init__(self, plan: ControlPlan, payload: Buffer, candidate: int | None) -> None:
        """``candidate`` is the first place that stage 1 points at."""
        self.changed = False
        self._plan = plan
        self._payload = payload
        self._candidate = candidate
        self._found: Counter[tuple[str, str, str, str]] = Counter()  # by rule, type, place, action
        self._confidence: dict[tuple[str, str, str, str], float] = {}  # the highest
        self._transformed: Counter[tuple[str, str]] = Counter()  # by rule, kind
        self._gone: Counter[tuple[str, str]] = Counter()  # records, by rule, reason

    def remaining(self, records: Iterable[Record]) -> Iterator[Record]:
        """Those of ``records``, which are those of the payload, that stay, changed where they have to be."""
        scanner, payload, every = self._plan.scanner, self._payload, self._plan.fields is not None
        candidate = self._candidate
        for record in records:
            end = record.end  # before a change forgets it
            is_candidate = candidate is not None and candidate < end
            if is_candidate or every or _may_be_joined(record):
                try:
                    self._treat(record, is_candidate)
                except _Goes as goes:
                    self._gone[goes.rule, goes.reason] += 1
                else:
                    self.changed |= record.changed
                    yield record
                if scanner and is_candidate:
                    candidate = scanner.next_candidate(payload, end)
            else:
                yield record

    @property
    def gone(self) -> int:
        """Records that do not stay."""
        return self._gone.total()

    @property
    def reason(self) -> str:
        """Why most of them do not; empty if all stay."""
        reasons: Counter[str] = Counter()
        for (_, reason), count in self._gone.items():
            reasons[reason] += count
        return max(reasons, key=lambda reason: reasons[reason], default="")

    def facts(self, side: str, topic: str, partition: int) -> list[Fact]:
        """What is to be told, without a byte of what was found."""
        facts: list[Fact] = [
            Found(*key, self._confidence[key], topic, partition, count) for key, count in self._found.items()
        ]
        for (rule, kind), count in self._transformed.items():
            facts.append(Transformed(rule, kind, topic, partition, count))
        for (rule, reason), count in self._gone.items():
            facts.append(Blocked(rule, side, reason, topic, partition, count))
        return facts

    # --- one record; _Goes is raised below here

    def _treat(self, record: Record, is_candidate: bool) -> None:
        value = record.value
        if value:
            value = self._apply_fields(value)
        if self._plan.scanner:
            if record.key and (is_candidate or may_be_joined(record.key)):
                self._forbid(record.key, "key")
            if value and (is_candidate or value is not record.value or may_be_joined(value)):
                value = self._redact(value, "value")
            if record.headers and (is_candidate or any(map(_may_be_joined_header, record.headers))):
                self._set_headers(record)
        if value is not record.value:
            record.value = value

    def _apply_fields(self, value: bytes) -> bytes:
        if self._plan.fields is None:
            return value
        try:
            text, rules = self._plan.fields.apply(value)
        except NotJson:
            raise _Goes(self._plan.field_rules[0].rule, UNSCANNABLE) from None
        for index in rules:
            field = self._plan.field_rules[index]
            self._transformed[field.rule, field.kind] += 1
        return text

    def _set_headers(self, record: Record) -> None:
        headers = []
        for name, value in record.headers:
            self._forbid(name, "header_name")
            headers.append((name, self._redact(value, "header_value", name) if value else value))
        if any(new is not old for (_, new), (_, old) in zip(headers, record.headers, strict=True)):
            record.headers = headers

    def _forbid(self, text: bytes, place: str) -> None:
        """Nothing that a control acts on may be in ``text``, as changing it would make it another key or name."""
        for decision, _ in self._decided(text, place):
            if decision.action >= Action.REDACT:
                raise _Goes(decision.rule, FINDING)

    def _redact(self, text: bytes, place: str, name: bytes = b"") -> bytes:
        """``text`` as it may go on."""
        spots = []
        for decision, finding in self._decided(text, place, name):
            if decision.action is Action.BLOCK:
                raise _Goes(decision.rule, FINDING)
            if decision.action is Action.REDACT:
                spots.append((decision, Spot(finding.start, finding.end, decision.change)))
        if not spots:
            return text
        changed = change_found(text, [spot for _, spot in spots])
        if changed is None:
            raise _Goes(spots[0][0].rule, UNSCANNABLE)
        self._prove(changed, name)
        for decision, _ in spots:
            self._transformed[decision.rule, decision.change.kind] += 1
        return changed

    def _prove(self, changed: bytes, name: bytes) -> None:
        """Nothing is left to be redacted."""
        assert self._plan.scanner
        for finding in self._plan.scanner.scan(changed, name):
            decision = self._plan.decide(finding)
            if decision and decision.action >= Action.REDACT:
                raise _Goes(decision.rule, REMAINDER)

    def _decided(self, text: bytes, place: str, name: bytes = b"") -> list[tuple[Decision, Finding]]:
        """The findings in ``text`` that a control acts on; they are counted."""
        assert self._plan.scanner
        decided = []
        for finding in self._plan.scanner.scan(text, name):
            decision = self._plan.decide(finding)
            if decision:
                decided.append((decision, finding))
                key = (decision.rule, finding.type, place, decision.action.name.lower())
                self._found[key] += 1
                self._confidence[key] = max(finding.confidence, self._confidence.get(key, 0.0))
        return decided


def _may_be_joined(record: Record) -> bool:
    value, key, headers = record.value, record.key, record.headers
    return bool(
        (value and may_be_joined(value))
        or (key and may_be_joined(key))
        or (headers and any(map(_may_be_joined_header, headers)))
    )


def _may_be_joined_header(header: Header) -> bool:
    name, value = header
    return bool((name and may_be_joined(name)) or (value and may_be_joined(value)))
