"""What all kinds of controls have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Literal, final

from pydantic import BeforeValidator, Field

from zoneproxy.config.validation import Flag, Number, Section, Text
from zoneproxy.detect.catalogue import PACKS
from zoneproxy.policy.controls import Action, Control, Depth
from zoneproxy.policy.definitions import NO_DEFINITIONS, Definitions
from zoneproxy.policy.notation import as_list

Confidence = Annotated[Number, Field(ge=0, le=1)]
Types = Annotated[tuple[Text, ...], Field(min_length=1), BeforeValidator(as_list)]

DepthName = Annotated[
    Literal["fast", "deep"] | None,
    Field(description="whether detectors see what is encoded, compressed or split as well"),
]

DEFAULT_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a control stands: all that it depends on besides what is written in it."""

    rule: str = ""  # the name of the flow rule
    observe: bool = False  # the rule is tried out only
    definitions: Definitions = NO_DEFINITIONS  # all of the policy's
    zone: str = ""  # where the records go
    depth: Depth = Depth.FAST  # of detectors, where they say nothing else

    def depth_of(self, written: Literal["fast", "deep"] | None) -> Depth:
        """That of a control that says ``written``."""
        return self.depth if written is None else Depth[written.upper()]

    def about(self, types: Iterable[str]) -> Definitions:
        """Those that concern ``types``."""
        return self.definitions.about(types, PACKS.items())


OnErrorName = Annotated[
    Literal["block", "quarantine", "alert", "allow"] | None,
    Field(description="what becomes of a record that this control cannot look into; block, if nothing is said"),
]


class ControlSection(Section):
    """One kind of control, as it is written."""

    dry_run: Annotated[Flag, Field(description="count and tell what it would have done, and change nothing")] = False

    def as_control(self, within: Surroundings) -> Control:
        """The plain value, of a kind that comes to exactly one."""
        raise NotImplementedError

    @final
    def as_controls(self, within: Surroundings) -> tuple[Control, ...]:
        """The plain values."""
        tried, on_error = self.dry_run or within.observe, self.error_action
        return tuple(replace(control, dry_run=tried, on_error=on_error) for control in self.each(within))

    def each(self, within: Surroundings) -> tuple[Control, ...]:
        """The plain values, as if they were meant."""
        return (self.as_control(within),)

    @property
    def error_action(self) -> Action:
        """What becomes of what it cannot look into."""
        written: OnErrorName = getattr(self, "on_error", None)
        return Action.BLOCK if written is None else Action[written.upper()]

    @property
    def looks_at(self) -> Literal["findings", "fields"] | None:
        """What it looks at together with others, so that what one cannot look into no other one can; None: neither."""
        return None

    def types_named(self) -> tuple[str, ...]:
        """The detectors and packs that it names under ``types``."""
        return ()

    @property
    def asks_for_tags(self) -> bool:
        """Whether it is about fields that a schema gives tags."""
        return False

    @property
    def gives_tags(self) -> bool:
        """Whether values are read with schemas by it."""
        return False

    def key_named(self) -> str | None:
        """The key that it names under ``key``."""
        return None
