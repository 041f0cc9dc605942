"""The errors of zoneproxy.

- ZoneproxyError
  - ProtocolError: bytes from a peer are not what the Kafka protocol allows
  - EncodeError: a message of ours cannot be written in the asked version (a bug of ours, never a peer's)
  - InvalidConfiguration: zoneproxy.yaml or policies/*.yaml cannot be used; carries every Problem found

No error carries payload bytes: a ``reason`` is one of a small set of words, fit for a metric label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ZoneproxyError(Exception):
    """Whatever zoneproxy raises on purpose."""


class ProtocolError(ZoneproxyError):
    """A peer's bytes break the protocol.

    ``reason`` is a short fixed word such as ``truncated`` or ``varint``: it becomes a metric label, so it is
    never built from the peer's bytes.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EncodeError(ZoneproxyError):
    """A message holds a value that the asked version of the protocol cannot carry."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a configuration or policy file. Lines and columns count from 1; 0 is unknown."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class InvalidConfiguration(ZoneproxyError):
    """Configuration or policy files are wrong; ``problems`` lists every fault found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
