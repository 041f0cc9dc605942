"""What becomes of a part of a record that cannot be looked into: too dense, too costly, not of its format.

Every control says so for itself (``on_error``), and of several that cannot look into a part the strictest one wins. It
is about single records of batches that were read: a batch that cannot be opened never goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zoneproxy.policy.controls import Action, Control

UNSCANNABLE_PART = "UNSCANNABLE"
"""The type of what sealed copies are kept for where nobody knows what is in them."""


class OnError(NamedTuple):
    """What one control, or several, ask for. ``rule`` is that of the strictest."""

    rule: str = ""
    action: Action = Action.BLOCK

    @property
    def lets_go_on(self) -> bool:
        """Whether the record goes on for all that nobody knows."""
        return self.action < Action.BLOCK


def strictest(controls: Iterable[Control]) -> OnError:
    """That of the strictest of ``controls``, the first one of equals."""
    return max((OnError(each.rule, each.on_error) for each in controls), key=_strictness, default=OnError())


def _strictness(each: OnError) -> Action:
    return each.action
