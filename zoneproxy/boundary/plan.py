"""What the controls of a flow come to: compiled once for each set of controls, then used for every batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import re2

from zoneproxy.boundary.field_rules import field_rules_of
from zoneproxy.boundary.key_change import key_change_of
from zoneproxy.boundary.on_error import strictest
from zoneproxy.boundary.reading import NO_BOOKS, Readings
from zoneproxy.boundary.rules.steps import steps_of
from zoneproxy.detect.catalogue import PACKS
from zoneproxy.detect.deep.scanner import DeepScanner
from zoneproxy.detect.detector import Finding
from zoneproxy.detect.scanner import Scanner
from zoneproxy.policy.controls import Action, Control, Depth, Detect, RedactField, RedactFinding
from zoneproxy.policy.definitions import Definitions, joined
from zoneproxy.policy.field_controls import AllowFields, ForbidFields, RedactName, RedactTag
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.change import Change
from zoneproxy.transform.making import make_change

if TYPE_CHECKING:
    from zoneproxy.boundary.crossing import Crossing
    from zoneproxy.boundary.tally import Tally
    from zoneproxy.formats.book import Books
    from zoneproxy.wire.buffer import Buffer
    from zoneproxy.wire.record import Record

SLOW: Final = 32  # times, for records that are read in their format, or of which each is looked at as a whole
VERY_SLOW: Final = 256  # times, for values that are decoded in every way: random bytes take ten microseconds each
KEY: Final = "key"
"""What findings in the key of a record are told of."""

RecordStep = Callable[["Record", "Crossing", "Tally"], None]
"""Looks at one whole record, or edits it; raises ``Goes`` if it may not go on."""


class Decision:
    """What a control says about a finding of at least ``confidence``. REDACT comes with a ``change``.

    ``in_keys``: a REDACT that is meant for the keys of records, too. What is asked of every finding is told beforehand.
    """

    __slots__ = ("action", "blocks", "change", "confidence", "forbids", "in_keys", "kind", "redacts", "rule", "told")

    def __init__(self, rule: str, action: Action, confidence: float, change: Change, in_keys: bool = False) -> None:
        self.rule: Final = rule
        self.action: Final = action
        self.confidence: Final = confidence
        self.change: Final = change
        self.in_keys: Final = in_keys
        self.redacts: Final = action is Action.REDACT
        self.forbids: Final = action >= Action.REDACT
        self.blocks: Final = action >= Action.BLOCK
        self.told: Final = action.name.lower()
        self.kind: Final = change.kind

    def strictness(self) -> tuple[Action, tuple[int, int]]:
        """The greater, the less of the data is left."""
        return self.action, self.change.strictness

    def holds_back(self, place: str) -> bool:
        """Whether a record may not go on that has the finding in this part, as nothing is changed there."""
        return self.blocks or (self.redacts and place == KEY and not self.in_keys)


class ControlPlan:
    """Compiled controls: steps of ``before``, field rules, detectors on what these have left, steps of ``after``.

    ``fields`` is None without field rules, ``key_change`` where no key is changed as a whole, ``scanner`` without
    detectors; ``readings`` say what parts of records are. What ``per_principal`` is true of comes out otherwise for
    others and for other zones, what ``signs`` is true of for other zones. ``is_deep``: the greatest depth that a
    control asks for holds for all.
    """

    def __init__(self, controls: tuple[Control, ...], keys: Mapping[str, bytes], books: Books = NO_BOOKS) -> None:
        """Raises KeyError: a control names a detector, a pack, a key or schemas that there are not."""
        self.before: list[RecordStep]
        self.after: list[RecordStep]
        self.readings = Readings(controls, books)
        self.before, self.after, self._guards, mark = steps_of(controls, keys, self.readings)
        self._mark = re2.compile(mark) if mark else None
        self.per_principal = any(control.per_principal for control in controls)
        self.signs = any(control.signs for control in controls)
        self.fields, self.field_rules = field_rules_of(controls, keys)
        self.forbids_fields = any(told.action is not Action.REDACT for told in self.field_rules)
        self.key_change = key_change_of(controls, keys)
        self._decisions: dict[str, list[Decision]] = {}  # by type, the strictest first
        for control in controls:
            if isinstance(control, Detect | RedactFinding):
                self._add(control, keys)
        for decisions in self._decisions.values():
            decisions.sort(key=Decision.strictness, reverse=True)
        self._decisions = {type_: list(_all_in_keys(decisions)) for type_, decisions in self._decisions.items()}
        looking = [control for control in controls if isinstance(control, Detect | RedactFinding)]
        self.is_deep = bool(self._decisions) and any(control.depth is Depth.DEEP for control in looking)
        self.on_error = strictest(control for control in looking if not _is_idle(control))
        self.on_unread_fields = strictest(control for control in controls if isinstance(control, _ABOUT_FIELDS))
        definitions = joined(control.definitions for control in looking)
        self.scanner = _scanner(self.is_deep, frozenset(self._decisions), definitions) if self._decisions else None

        actions = [each.action for some in self._decisions.values() for each in some]
        actions += (told.action for told in self.field_rules)
        self.quarantines = Action.QUARANTINE in actions or any(control.quarantines for control in controls)
        self.dry_run: ControlPlan | None = None  # what is only tried out besides

    def __bool__(self) -> bool:
        """Whether there is anything to do at all."""
        return self.acts or self.dry_run is not None

    @property
    def acts(self) -> bool:
        """Whether there is anything to do that is meant."""
        return self.scanner is not None or self._mark is not None or self.looks_at_all

    @property
    def looks_at_all(self) -> bool:
        """Whether every record is to be parsed, whatever stage 1 says."""
        return bool(self.fields or self.key_change or self.readings or self.after) or len(self.before) > self._guards

    @property
    def fields_come_first(self) -> bool:
        """Whether field rules may be applied to all records before anything else is done to one of them."""
        others = self.key_change or self.readings or self.before or self.after or self._mark
        asks_more = self.forbids_fields or self.quarantines or self.is_deep
        return self.fields is not None and not (others or asks_more)

    def is_marked(self, payload: Buffer) -> bool:
        """Whether every record of ``payload`` is to be parsed because a step might have to do with one of them."""
        return self._mark is not None and self._mark.search(payload) is not None

    @property
    def slowness(self) -> int:
        """How much longer it takes to look through a byte than where there are detectors only, at most."""
        own = VERY_SLOW if self.is_deep else SLOW if self.looks_at_all else 1
        return max(own, self.dry_run.slowness if self.dry_run else 1)

    def decide(self, finding: Finding) -> Decision | None:
        """The strictest of the decisions that the finding is sure enough for."""
        confidence = finding.confidence
        for decision in self._decisions[finding.type]:
            if confidence >= decision.confidence:
                return decision
        return None

    def _add(self, control: Detect | RedactFinding, keys: Mapping[str, bytes]) -> None:
        if isinstance(control, RedactFinding):
            action, transform = Action.REDACT, control.transform
        else:
            action, transform = control.action, _HIDE
        if _is_idle(control):
            return
        in_keys = isinstance(control, RedactFinding) and control.record_keys
        for type_ in control.definitions.types_in(control.types, PACKS.items()):
            decision = Decision(control.rule, action, control.confidence, make_change(transform, keys, type_), in_keys)
            self._decisions.setdefault(type_, []).append(decision)


_ABOUT_FIELDS: Final = (RedactField, RedactName, RedactTag, ForbidFields, AllowFields)


def _is_idle(control: Detect | RedactFinding) -> bool:
    return isinstance(control, Detect) and control.action is Action.ALLOW


def _all_in_keys(decisions: Sequence[Decision]) -> Iterator[Decision]:
    """Of those that redact, either all are meant for keys or none: who did not ask for other keys must not get them."""
    in_keys = all(decision.in_keys for decision in decisions if decision.redacts)
    return (Decision(d.rule, d.action, d.confidence, d.change, in_keys and d.in_keys) for d in decisions)


def _scanner(deep: bool, types: frozenset[str], definitions: Definitions) -> Scanner | DeepScanner:
    return DeepScanner.of(types, definitions) if deep else Scanner.of(types, definitions)


_HIDE: Final = Transform(TransformKind.MASK)
