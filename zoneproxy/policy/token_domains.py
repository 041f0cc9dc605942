"""Within what equal values have equal hashes and tokens: the domains that a control puts values into.

Whoever can put values of his choice into a domain, and read what became of them, can look up all others in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zoneproxy.detect.catalogue import PACKS
from zoneproxy.policy.controls import Control, RedactField, RedactFinding
from zoneproxy.policy.field_controls import Redaction, RedactName, RedactTag
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.names import normal_name
from zoneproxy.transform.paths import parse_path

RECORD_KEY = "record key"


class Domain(NamedTuple):
    """``kind`` is hash, tokenise or shift_date; only tokens are kept apart by zone and by what they are about."""

    kind: str
    key: str
    zone: str = ""
    about: str = ""

    def __str__(self) -> str:
        if self.kind == TransformKind.TOKENISE.value:
            return f"tokens of `{self.about}` under key `{self.key}`"
        return f"{'hashes' if self.kind == TransformKind.HASH.value else 'moved dates'} under key `{self.key}`"


def called(control: RedactField | Redaction) -> str:
    """What tokens of a control's values are about, unless policy names a domain: a name, a tag, or keys of records.

    Fields of one name have the same tokens, wherever they stand.
    """
    if isinstance(control, RedactName):
        return control.name
    if isinstance(control, RedactTag):
        return control.tag
    if isinstance(control, RedactField):
        names = (step for step in reversed(parse_path(control.field)) if isinstance(step, bytes))
        return next(names, b"").decode()
    return RECORD_KEY


def domains(control: Control) -> Iterator[Domain]:
    """Those of one control."""
    if not isinstance(control, RedactField | RedactFinding | Redaction):
        return
    transform = control.transform
    if transform.key is None:
        return
    if transform.kind is not TransformKind.TOKENISE:
        yield Domain(transform.kind.value, transform.key)
    elif isinstance(control, RedactFinding) and not transform.domain:
        yield from (
            _of_tokens(transform, type_) for type_ in control.definitions.types_in(control.types, PACKS.items())
        )
    else:
        yield _of_tokens(transform, "" if isinstance(control, RedactFinding) else called(control))


def _of_tokens(transform: Transform, about: str) -> Domain:
    name = normal_name((transform.domain or about).encode()).decode()
    return Domain(transform.kind.value, transform.key or "", transform.zone, name)
