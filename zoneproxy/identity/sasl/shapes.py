"""What the mechanisms have in common.

A mechanism takes the client's token and answers with a Challenge or with Proven, or raises Refused. What takes long or
has to be asked for it yields as a need, and goes on when whoever runs it has fulfilled that.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from zoneproxy.errors import ZoneproxyError
from zoneproxy.policy.model import SaslFacts


class Refused(ZoneproxyError):
    """The client is not let in.

    ``reason`` is a fixed word for metrics and logs. ``text`` is told to the client; None stands for Kafka's general
    one, which says nothing about why.
    """

    def __init__(self, reason: str, text: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text


@dataclass(frozen=True, slots=True)
class Derive:
    """A pure function that takes many milliseconds on purpose: run it off the event loop."""

    work: Callable[[], None]


@dataclass(frozen=True, slots=True)
class FreshKeys:
    """Ask the provider for its signing keys, unless that was done too lately; go on either way."""

    provider: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait before a refusal is told: whoever guesses gets few answers, and none sooner than another."""


SaslNeed = Derive | FreshKeys | Pause

T = TypeVar("T")
Running: TypeAlias = Generator[Sequence[SaslNeed], None, T]


@dataclass(frozen=True, slots=True)
class Challenge:
    """Not done yet: the client has to answer ``token``, which tells it of a refusal if it is ``refused`` already."""

    token: bytes
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """The client is who it says. ``expires`` (seconds since the epoch): when that ends, None if it does not."""

    facts: SaslFacts
    token: bytes = b""
    expires: float | None = None


Step = Challenge | Proven


class Mechanism(Protocol):
    """One exchange of one mechanism."""

    def step(self, token: bytes, now: float) -> Running[Step]:
        """Take the client's next token, at ``now`` seconds since the epoch. Raises Refused."""
        ...
