"""What the controls of a flow come to: compiled once for each set of controls, then used for every batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoneproxy.boundary.rules.steps import steps_of
from zoneproxy.detect.catalogue import types_in
from zoneproxy.detect.detector import Finding
from zoneproxy.detect.scanner import Scanner
from zoneproxy.policy.controls import Action, Control, Detect, RedactField, RedactFinding
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.change import Change
from zoneproxy.transform.fields import FieldRules
from zoneproxy.transform.making import make_change
from zoneproxy.transform.paths import parse_path

if TYPE_CHECKING:
    from zoneproxy.boundary.crossing import Crossing
    from zoneproxy.boundary.tally import Tally
    from zoneproxy.wire.record import Record

RecordStep = Callable[["Record", "Crossing", "Tally"], None]
"""Looks at one whole record, or edits it; raises ``Goes`` if it may not go on."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a control says about a finding of at least ``confidence``. REDACT comes with a ``change``."""

    rule: str
    action: Action
    confidence: float
    change: Change

    def strictness(self) -> tuple[Action, tuple[int, int]]:
        """The greater, the less of the data is left."""
        return self.action, self.change.strictness


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field rule, as far as it is told about."""

    rule: str
    kind: str


class ControlPlan:
    """Compiled controls: steps of ``before``, field rules, detectors on what these have left, steps of ``after``.

    ``fields`` is None without field rules, ``scanner`` without detectors. What ``per_principal`` is true of comes out
    otherwise for others and for other zones, what ``signs`` is true of for other zones.
    """

    def __init__(self, controls: tuple[Control, ...], keys: Mapping[str, bytes]) -> None:
        """Raises KeyError: a control names a detector or pack that is none, or a key that is not among ``keys``."""
        self.before: list[RecordStep]
        self.after: list[RecordStep]
        self.before, self.after = steps_of(controls, keys)
        self.per_principal = any(control.per_principal for control in controls)
        self.signs = any(control.signs for control in controls)
        fields = [control for control in controls if isinstance(control, RedactField)]
        self.field_rules = [FieldRule(control.rule, control.transform.kind.value) for control in fields]
        self.fields = (
            FieldRules([(parse_path(control.field), make_change(control.transform, keys)) for control in fields])
            if fields
            else None
        )
        self._decisions: dict[str, list[Decision]] = {}  # by type, the strictest first
        for control in controls:
            if isinstance(control, Detect | RedactFinding):
                self._add(control, keys)
        for decisions in self._decisions.values():
            decisions.sort(key=Decision.strictness, reverse=True)
        self.scanner = Scanner.of(frozenset(self._decisions)) if self._decisions else None

        self.quarantines = any(each.action is Action.QUARANTINE for some in self._decisions.values() for each in some)
        self.dry_run: ControlPlan | None = None  # what is only tried out besides

    def __bool__(self) -> bool:
        """Whether there is anything to do at all."""
        return self.acts or self.dry_run is not None

    @property
    def acts(self) -> bool:
        """Whether there is anything to do that is meant."""
        return self.scanner is not None or self.looks_at_all

    @property
    def looks_at_all(self) -> bool:
        """Whether every record is to be parsed, whatever stage 1 says."""
        return self.fields is not None or bool(self.before or self.after)

    def decide(self, finding: Finding) -> Decision | None:
        """The strictest of the decisions that the finding is sure enough for."""
        for decision in self._decisions[finding.type]:
            if finding.confidence >= decision.confidence:
                return decision
        return None

    def _add(self, control: Detect | RedactFinding, keys: Mapping[str, bytes]) -> None:
        if isinstance(control, RedactFinding):
            action, transform = Action.REDACT, control.transform
        else:
            action, transform = control.action, _HIDE
        if action is Action.ALLOW:
            return
        decision = Decision(control.rule, action, control.confidence, make_change(transform, keys))
        for type_ in types_in(control.types):
            self._decisions.setdefault(type_, []).append(decision)


_HIDE = Transform(TransformKind.MASK)
