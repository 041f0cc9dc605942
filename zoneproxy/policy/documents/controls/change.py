"""How `redact` changes a value: the options that each kind of change has."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from zoneproxy.config.validation import Flag, Whole, refuse
from zoneproxy.policy.documents.controls.section import ControlSection
from zoneproxy.policy.documents.names import Name
from zoneproxy.policy.transforms import Transform, TransformKind, Unit

Kept = Annotated[Whole, Field(ge=0, le=64)]

_NEEDS = {  # by kind: one of these has to be written, for each of the tuples
    "truncate": (("length",),),
    "generalise": (("to", "step", "keep_first"),),
    "shift_date": (("key",), ("days",)),
    "hash": (("key",),),
    "tokenise": (("key",),),
    "replace": (("value",),),
}
_MAY_HAVE = {
    "mask": {"keep_first", "keep_last", "mask_with", "keep_format"},
    "mask_ip": {"bits_v4", "bits_v6"},
    "generalise": {"bits_v4", "bits_v6"},
    "tokenise": {"domain", "prefix"},
}
_WHY = {
    "key": "without one everybody could try values until one fits; name a key of `keys:`",
    "length": "how many characters are left",
    "days": "by how many days dates are moved at most",
    "value": "what stands in its place",
    "to": "a date (month), a number (10), the start of a postcode (3 characters), an address (network)",
}


def _step(value: object) -> str:
    number = Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else Decimal(0)
    if not Decimal("1e-9") <= number <= Decimal("1e18"):
        refuse("`step` should be a number above 0", "10 makes 37 a 30")
    return f"{number.normalize():f}"


def _value(value: object) -> str:
    a_text = isinstance(value, str) and len(value) <= 256
    a_number = isinstance(value, bool | int) or (isinstance(value, float) and abs(value) < float("inf"))
    if not (a_text or a_number):
        refuse("`value` should be a short text, a number, true or false", 'as in "[gone]"; for null: `with: null`')
    return json.dumps(value, ensure_ascii=False)


Step = Annotated[Any, PlainValidator(_step), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})]
Constant = Annotated[
    Any, PlainValidator(_value), WithJsonSchema({"type": ["string", "number", "boolean"], "maxLength": 256})
]


def _null_is_a_kind(value: object) -> object:
    return "null" if value is None else value


Kind = Annotated[
    Literal[
        "mask", "mask_email", "mask_ip", "truncate", "generalise", "shift_date", "hash", "tokenise", "replace", "null",
        "remove",
    ],
    BeforeValidator(_null_is_a_kind),
    WithJsonSchema({"enum": [*(kind.value for kind in TransformKind), None]}),
]  # fmt: skip


class ChangeSection(ControlSection):
    """A change of values; subclasses say of which."""

    with_: Annotated[Kind, Field(alias="with")]
    keep_first: Kept = 0
    keep_last: Kept = 0
    mask_with: Annotated[str, Field(pattern=r"^[!#-\[\]-~]$", description='one character, as in "*"')] = "*"
    keep_format: Annotated[Flag, Field(description="letters become x, digits #, and the rest stays")] = False
    length: Annotated[Whole, Field(ge=1, le=10_000, description="characters that are left")] | None = None
    to: Literal["year", "month", "day", "hour", "network"] | None = None
    step: Annotated[Step | None, Field(description="numbers become multiples of it")] = None
    bits_v4: Annotated[Whole, Field(ge=0, le=31, description="what is left of an IPv4 address")] = 24
    bits_v6: Annotated[Whole, Field(ge=0, le=127, description="what is left of an IPv6 address")] = 48
    days: Annotated[Whole, Field(ge=1, le=3650, description="dates are moved by at most so many")] | None = None
    value: Annotated[Constant | None, Field(description="a text, a number, true or false")] = None
    key: Annotated[Name, Field(description="a key of zoneproxy.yaml")] | None = None
    domain: Annotated[Name, Field(description="within which equal values have equal tokens")] | None = None
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,16}$", description="what tokens begin with")] | None = (
        None
    )

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        written = self.model_fields_set & _OPTIONS
        needs = _NEEDS.get(self.with_, ())
        for choice in needs:
            found = written.intersection(choice)
            if not found:
                refuse(f"`with: {self.with_}` needs {_either(choice)}", _WHY[choice[0]])
            if len(found) > 1:
                refuse(f"`with: {self.with_}` has one of {_either(choice)}, not several", _WHY[choice[0]])
        for name in sorted(written - _options_of(self.with_)):
            kinds = [kind for kind in _KINDS if name in _options_of(kind)]
            refuse(f"`{name}` has an effect only with `with: {'` or `'.join(kinds)}`", "leave it out")
        if self.keep_format and "mask_with" in written:
            refuse("`mask_with` has no effect with `keep_format`: letters become x, digits #", "leave one of them out")
        if self.with_ == "generalise" and self.to != "network" and written & {"bits_v4", "bits_v6"}:
            refuse("bits are about addresses", "add `to: network`")
        if self.with_ == "generalise" and written & {"keep_first"} and not self.keep_first:
            refuse("to keep nothing is to remove it", "with: remove")
        return self

    def key_named(self) -> str | None:
        """See ControlSection."""
        return self.key

    def transform(self, zone: str) -> Transform:
        """The plain value; ``zone`` is the one that the values go to."""
        tokenise = self.with_ == "tokenise"
        return Transform(
            kind=TransformKind(self.with_),
            keep_first=self.keep_first,
            keep_last=self.keep_last,
            mask_with=self.mask_with,
            keep_format=self.keep_format,
            length=self.length or 0,
            key=self.key,
            zone=zone if tokenise else "",
            domain=self.domain or "",
            prefix=self.prefix or "",
            value=self.value or "",
            to=None if self.to is None else Unit(self.to),
            step=self.step or "",
            bits_v4=self.bits_v4,
            bits_v6=self.bits_v6,
            days=self.days or 0,
        )


_OPTIONS = frozenset(ChangeSection.model_fields) - frozenset(ControlSection.model_fields) - {"with_"}
_KINDS = tuple(kind.value for kind in TransformKind)


def _options_of(kind: str) -> set[str]:
    return _MAY_HAVE.get(kind, set()).union(*_NEEDS.get(kind, ()))


def _either(names: tuple[str, ...]) -> str:
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} or {last}" if others else f"a {last}"
