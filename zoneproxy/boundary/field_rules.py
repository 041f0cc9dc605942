"""The controls of a flow that are about fields, compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zoneproxy.policy.controls import Action, Control, RedactField
from zoneproxy.policy.field_controls import AllowFields, ForbidFields, RedactName, RedactTag
from zoneproxy.policy.token_domains import called
from zoneproxy.transform.fields import FieldRules
from zoneproxy.transform.making import make_change
from zoneproxy.transform.paths import parse_path
from zoneproxy.transform.selectors import ByName, ByTag, Rule, Selector

FORBIDDEN_FIELD = "FORBIDDEN_FIELD"
"""The type of what is found where a field is that must not be there."""
ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field rule, as far as it is told about: the ``kind`` of its change, or the ``action`` that it takes."""

    rule: str
    kind: str
    action: Action = Action.REDACT


def field_rules_of(
    controls: Sequence[Control], keys: Mapping[str, bytes]
) -> tuple[FieldRules | None, Sequence[FieldRule]]:
    """The rules, None if there are none, and by their numbers what is told of them.

    Raises KeyError: a control names a key that is not among ``keys``.
    """
    rules = [each for control in controls for each in _rules(control, keys)]
    allows = [control for control in controls if isinstance(control, AllowFields)]
    told = [*(told for _, told in rules), *(FieldRule(control.rule, ALLOW) for control in allows)]
    if not told:
        return None, ()
    allowed = [[parse_path(path) for path in control.fields] for control in allows]
    return FieldRules([rule for rule, _ in rules], allowed), told


def _rules(control: Control, keys: Mapping[str, bytes]) -> Iterator[tuple[Rule, FieldRule]]:
    if isinstance(control, ForbidFields):
        for selector in _forbidden(control):
            yield Rule(selector, None), FieldRule(control.rule, "", control.action)
    elif isinstance(control, RedactField | RedactName | RedactTag):
        change = make_change(control.transform, keys, called(control))
        yield Rule(_selector(control), change), FieldRule(control.rule, change.kind)


def _selector(control: RedactField | RedactName | RedactTag) -> Selector:
    if isinstance(control, RedactName):
        return ByName(control.name.encode())
    return ByTag(control.tag) if isinstance(control, RedactTag) else parse_path(control.field)


def _forbidden(control: ForbidFields) -> Iterator[Selector]:
    yield from map(parse_path, control.fields)
    yield from (ByName(name.encode()) for name in control.names)
    yield from map(ByTag, control.tags)
