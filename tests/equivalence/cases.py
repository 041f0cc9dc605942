"""What is asked: requests of one API, built for a user and a version.

Names tell what there is: ``there`` exists, ``absent`` does not; ``mine.`` is what most users have rights on, ``other.``
is not. Both sides are asked the same, with the topic ids of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.clients.requests import make

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.equivalence.sides import Side
    from zoneproxy.wire.messages.api_keys import ApiKey
    from zoneproxy.wire.messages.message import Message

MINE, MINE_ABSENT, OTHER, OTHER_ABSENT = "mine.there", "mine.absent", "other.there", "other.absent"
RESERVED = "__consumer_offsets"

SELECTIONS: dict[str, tuple[str, ...]] = {
    "mine": (MINE,),
    "mine that is absent": (MINE_ABSENT,),
    "other": (OTHER,),
    "other that is absent": (OTHER_ABSENT,),
    "mixed": (OTHER, MINE, OTHER_ABSENT, MINE_ABSENT),
}
"""Which resources one request names."""

ODD: dict[str, tuple[str, ...]] = {"reserved": (RESERVED,), "twice": (MINE, OTHER, MINE)}
"""Names that zoneproxy treats in its own way."""

EPOCHS = frozenset({"group_epoch", "assignment_epoch", "member_epoch"})
"""Of a group that was just formed: they grow at the coordinator's own pace."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One side, asked by one user in one version."""

    side: Side
    user: str
    version: int

    def own(self, name: str) -> str:
        """A name that no other user or version has."""
        return f"{name}.{self.user}.v{self.version}"

    def admin(self, api: ApiKey, version: int, **fields: Any) -> Any:
        """Ask the side's node as its super user."""
        return self.side.admin(make(api, **fields), version)


def _nothing(_: Turn) -> None:
    pass


def _nothing_afterwards(_: Turn, __: Any) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """``ask`` makes the request, after ``prepare`` has made what it needs on both sides."""

    api: ApiKey
    word: str
    ask: Callable[[Turn], Message]
    prepare: Callable[[Turn], None] = _nothing
    afterwards: Callable[[Turn, Any], None] = _nothing_afterwards  # waits for what the plain reply says will come
    versions: tuple[int, int] = (0, 99)
    users: frozenset[str] | None = None  # None: all
    masked: frozenset[str] = frozenset()  # fields in which two brokers always differ


def over(
    api: ApiKey,
    fields: Callable[[Turn, Sequence[str]], dict[str, Any]],
    *,
    word: str = "",
    selections: dict[str, tuple[str, ...]] | None = None,
    **more: Any,
) -> list[Case]:
    """A case for each selection of names; ``fields`` builds the request from them."""

    def case(what: str, names: tuple[str, ...]) -> Case:
        return Case(api, f"{word} {what}".strip(), lambda turn: make(api, **fields(turn, names)), **more)

    return [case(what, names) for what, names in (selections or SELECTIONS).items()]
