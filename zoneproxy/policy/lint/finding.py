"""What the linter finds, and the codes it has. Codes are stable: none is ever given to another thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType


class Severity(IntEnum):
    """How bad it is; the greater the worse."""

    NOTE = 0  # worth knowing; never fails a check
    WARNING = 1  # probably not what was meant; fails a strict check
    ERROR = 2  # must not stay; fails every check


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding."""

    severity: Severity
    title: str


CODES: Mapping[str, Code] = MappingProxyType(
    {
        "ZP001": Code(Severity.WARNING, "a role that nobody has"),
        "ZP002": Code(Severity.WARNING, "a rule that others cover already"),
        "ZP003": Code(Severity.WARNING, "an allowance that a denial takes away whole"),
        "ZP004": Code(Severity.WARNING, "everything is allowed in a zone of the highest level"),
        "ZP005": Code(Severity.WARNING, "the role `unrestricted` is in use"),
        "ZP006": Code(Severity.WARNING, "a flow that nothing can ever use"),
        "ZP007": Code(Severity.WARNING, "data goes to a lower level without any control"),
        "ZP008": Code(Severity.WARNING, "a grant that has expired"),
        "ZP009": Code(Severity.WARNING, "an owner that is only a placeholder"),
        "ZP010": Code(Severity.ERROR, "what looks like a secret in a policy file"),
        "ZP011": Code(Severity.WARNING, "a zone that nobody belongs to"),
        "ZP012": Code(Severity.WARNING, "more zones than principals to keep apart"),
        "ZP013": Code(Severity.WARNING, "an oracle: values can be put in and their hashes or tokens read"),
        "ZP014": Code(Severity.NOTE, "access to the highest level from any address"),
        "ZP015": Code(Severity.WARNING, "a principal that may do nothing"),
        "ZP016": Code(Severity.WARNING, "weak encryption for a zone of the highest level"),
        "ZP017": Code(Severity.WARNING, "a comment that allows a finding does not work"),
        "ZP018": Code(Severity.WARNING, "a break-glass grant is in force"),
        "ZP019": Code(Severity.WARNING, "controls on data of the highest level are tried out only"),
        "ZP020": Code(Severity.NOTE, "lineage that ends on the way"),
        "ZP021": Code(Severity.NOTE, "data leaves the highest level, and what is encoded is not looked at"),
    }
)
"""Every code there is."""

LOUD = frozenset({"ZP018"})
"""What is meant to be heard by everybody as long as it lasts: no comment allows it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that looks wrong. Lines and columns count from 1; 0 is unknown. Never holds a secret's text."""

    code: str
    file: str
    line: int
    column: int
    message: str
    hint: str

    @property
    def severity(self) -> Severity:
        """As listed in CODES."""
        return CODES[self.code].severity

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.code} {self.severity.name.lower()}: {self.message} ({self.hint})"
