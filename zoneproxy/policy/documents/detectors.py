"""``detectors:`` and ``allow_lists:``, what a policy itself says about data."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from zoneproxy.config.validation import Flag, Number, Section, Text, refuse
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.custom import fault
from zoneproxy.policy.definitions import AllowList, CustomDetector
from zoneproxy.policy.documents.names import Name, Title
from zoneproxy.policy.notation import as_list

Sure = Annotated[Number, Field(ge=0, le=1)]
Words = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[a-z0-9]{1,40}( [a-z0-9]{1,40})?$", max_length=81)], ...],
    BeforeValidator(as_list),
    Field(description="small letters and digits, one word or two with a space between them"),
]
Values = Annotated[tuple[Text, ...], BeforeValidator(as_list)]

WITHOUT_A_WORD = 0.5
NEAR_A_WORD = 0.9


def _own_type(name: str) -> str:
    if name in DETECTORS:
        refuse(f"`{name}` is a detector of the catalogue", "choose another name")
    return name


def _linear(pattern: str) -> str:
    wrong, hint = fault(pattern)
    if wrong:
        refuse(wrong, hint)
    return pattern


class DetectorDocument(Section):
    """One detector."""

    name: Annotated[
        str,
        Field(pattern=r"^[A-Z][A-Z0-9_]{1,62}$", description="capital letters, digits and underscores: EMPLOYEE_ID"),
        AfterValidator(_own_type),
    ]
    pattern: Annotated[Text, AfterValidator(_linear), Field(description="how a value is written: RE2 over bytes")]
    words: Words = ()
    against: Words = ()
    confidence: Sure = WITHOUT_A_WORD
    near_word: Sure | None = None
    check: Literal["luhn", "mod-97", "verhoeff"] | None = None
    within_words: Annotated[Flag, Field(description="letters and digits may stand right beside a value")] = False
    packs: Annotated[tuple[Name, ...], BeforeValidator(as_list)] = ()

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not self.words and self.near_word is not None:
            refuse("`near_word` needs `words`", "or leave it out")
        if not self.words and not self.confidence:
            refuse("`confidence: 0` says that a value needs a word, and there are none", "give `words`")
        if self.near_word is not None and self.near_word < self.confidence:
            refuse("`near_word` is less than `confidence`", "a word makes it surer")
        return self

    def as_value(self) -> CustomDetector:
        """The plain value."""
        near = max(NEAR_A_WORD, self.confidence) if self.near_word is None else self.near_word
        return CustomDetector(
            name=self.name,
            pattern=self.pattern,
            words=self.words,
            against=self.against,
            alone=self.confidence,
            near_word=near,
            check=self.check or "",
            within_words=self.within_words,
            packs=self.packs,
        )


class AllowListDocument(Section):
    """Values that are no findings."""

    name: Title
    types: Annotated[tuple[Text, ...], Field(min_length=1), BeforeValidator(as_list)]
    values: Values = ()
    domains: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=253)], ...],
        BeforeValidator(as_list),
    ] = ()
    pattern: Annotated[Text, AfterValidator(_linear)] | None = None
    reason: Annotated[Text, Field(description="why: published test cards, mailboxes of our own")]

    @model_validator(mode="after")
    def _allows_something(self) -> Self:
        if not (self.values or self.domains or self.pattern):
            refuse("an allow-list needs `values`, `domains` or a `pattern`")
        return self

    def as_value(self) -> AllowList:
        """The plain value."""
        return AllowList(self.name, self.types, self.values, self.domains, self.pattern or "")
