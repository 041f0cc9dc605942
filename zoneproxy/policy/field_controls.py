"""Controls that are about fields of records, besides ``RedactField``, and about record keys."""

from __future__ import annotations

from dataclasses import dataclass

from zoneproxy.policy.controls import Action, Control
from zoneproxy.policy.transforms import Transform


@dataclass(frozen=True, slots=True)
class Redaction(Control):
    """What all changes of values have in common, wherever they find them."""

    transform: Transform

    @property
    def keys(self) -> frozenset[str]:
        """See Control."""
        return self.transform.keys

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return True


@dataclass(frozen=True, slots=True)
class RedactName(Redaction):
    """Change every field of this name, wherever it stands; letter case, ``_`` and ``-`` make no difference."""

    name: str


@dataclass(frozen=True, slots=True)
class RedactTag(Redaction):
    """Change every field that its schema gives this tag; upper case."""

    tag: str


@dataclass(frozen=True, slots=True)
class RedactKey(Redaction):
    """Change the key of every record, as a whole, so that equal keys stay equal. Null stays null."""


@dataclass(frozen=True, slots=True)
class ForbidFields(Control):
    """If a record has such a field, whatever is in it, take ``action``: ALERT, BLOCK or QUARANTINE.

    ``fields`` are JSON paths, ``names`` and ``tags`` as those of RedactName and RedactTag.
    """

    fields: tuple[str, ...]
    names: tuple[str, ...]
    tags: tuple[str, ...]
    action: Action

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return self.action <= Action.ALERT

    @property
    def quarantines(self) -> bool:
        """See Control."""
        return Action.QUARANTINE in (self.action, self.on_error)


@dataclass(frozen=True, slots=True)
class AllowFields(Control):
    """Only what stands at one of these JSON paths, or below, may cross; the rest of the value is removed."""

    fields: tuple[str, ...]

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return True
