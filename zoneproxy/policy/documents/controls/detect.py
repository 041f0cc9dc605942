"""``detect:``, look for data."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from zoneproxy.config.validation import refuse
from zoneproxy.policy.controls import Action, Detect
from zoneproxy.policy.documents.controls.section import (
    DEFAULT_CONFIDENCE,
    Confidence,
    ControlSection,
    DepthName,
    OnErrorName,
    Surroundings,
    Types,
)

AN_EXAMPLE = "either `action: block`, or `actions: {alert: 0.3, redact: 0.6, block: 0.9}`"


class DetectDocument(ControlSection):
    """Look for types of data anywhere in a record."""

    types: Types
    confidence: Confidence | None = None
    action: Literal["quarantine", "block", "redact", "alert", "allow"] | None = None
    depth: DepthName = None
    on_error: OnErrorName = None
    actions: Annotated[
        dict[Literal["quarantine", "block", "redact", "alert"], Confidence] | None,
        Field(min_length=1, description="from which confidence on what is done, as in {alert: 0.3, block: 0.8}"),
    ] = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.action is None) == (self.actions is None):
            refuse("`detect` needs exactly one of `action` and `actions`", AN_EXAMPLE)
        if self.actions is not None and self.confidence is not None:
            refuse(
                "`confidence` has no effect beside `actions`", "leave it out: each action has a confidence of its own"
            )
        if self.action == "allow" and self.on_error is not None:
            refuse("`on_error` has no effect with `action: allow`: nothing is looked for", "leave it out")
        for (mild, low), (strict, high) in pairwise(self._by_strictness()):
            if low >= high:
                message = (
                    f"`{mild.name.lower()}` from {low:g} on has no effect: `{strict.name.lower()}` is from {high:g} on"
                )
                refuse(message, "the stricter an action is, the surer a finding has to be")
        return self

    def each(self, within: Surroundings) -> tuple[Detect, ...]:
        """See ControlSection. One for each action: the strictest one wins."""
        about, depth = within.about(self.types), within.depth_of(self.depth)
        return tuple(
            Detect(within.rule, self.types, from_, action, definitions=about, depth=depth)
            for action, from_ in self._by_strictness()
        )

    @property
    def looks_at(self) -> Literal["findings", "fields"] | None:
        """See ControlSection."""
        return None if self.action == "allow" else "findings"

    def types_named(self) -> tuple[str, ...]:
        """See ControlSection."""
        return self.types

    def _by_strictness(self) -> list[tuple[Action, float]]:
        if self.action is not None:
            return [(Action[self.action.upper()], DEFAULT_CONFIDENCE if self.confidence is None else self.confidence)]
        return sorted((Action[name.upper()], confidence) for name, confidence in (self.actions or {}).items())
