"""The keys of records, changed as a whole: equal keys become equal ones, so that compaction keeps its sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zoneproxy.policy.controls import Control
from zoneproxy.policy.field_controls import RedactKey
from zoneproxy.policy.token_domains import called
from zoneproxy.transform.change import Change
from zoneproxy.transform.making import make_change


class KeyChange(NamedTuple):
    """What becomes of keys, and the rule that says so."""

    rule: str
    change: Change


def key_change_of(controls: Sequence[Control], keys: Mapping[str, bytes]) -> KeyChange | None:
    """The strictest of the changes that controls ask for.

    Raises KeyError: a control names a key that is not among ``keys``.
    """
    changes = [
        KeyChange(control.rule, make_change(control.transform, keys, called(control)))
        for control in controls
        if isinstance(control, RedactKey)
    ]
    return max(changes, key=lambda each: each.change.strictness, default=None)
