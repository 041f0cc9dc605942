"""The entries of all policy files, each by itself checked, with the place where it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from zoneproxy.config.expected import did_you_mean
from zoneproxy.config.located import Located, Path
from zoneproxy.config.validation import validate
from zoneproxy.errors import Problem
from zoneproxy.policy.documents.detectors import AllowListDocument, DetectorDocument
from zoneproxy.policy.documents.flows import FlowDocument
from zoneproxy.policy.documents.grants import GrantDocument
from zoneproxy.policy.documents.groups import GroupDocument
from zoneproxy.policy.documents.identities import IdentityDocument
from zoneproxy.policy.documents.names import GROUP_HINT, GROUP_NAME, NAME, NAME_HINT
from zoneproxy.policy.documents.outline import Levels, PolicyDocument
from zoneproxy.policy.documents.principals import PrincipalDocument
from zoneproxy.policy.documents.revocations import RevocationDocument
from zoneproxy.policy.documents.roles import RuleDocument
from zoneproxy.policy.documents.zones import ZoneDocument
from zoneproxy.policy.model import Origin

T = TypeVar("T")

SECTIONS = tuple(PolicyDocument.model_fields)


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One entry. ``value`` is None if it is wrong in itself: it is known by name, and said no more about."""

    name: str
    value: T | None
    located: Located
    path: Path

    @property
    def origin(self) -> Origin:
        """Where it was written."""
        return Origin(self.located.file, *self.located.place(self.path, key=True))

    def problem(self, message: str, hint: str = "", *inside: str | int) -> Problem:
        """A Problem with a part of this entry."""
        return self.located.problem((*self.path, *inside), message, hint, key=not inside)


@dataclass(slots=True)
class Entries:
    """All entries of all files, in the order in which they were written."""

    levels: list[Entry[tuple[str, ...]]] = field(default_factory=list)
    zones: list[Entry[ZoneDocument]] = field(default_factory=list)
    principals: list[Entry[PrincipalDocument]] = field(default_factory=list)
    identities: list[Entry[IdentityDocument]] = field(default_factory=list)
    revoked: list[Entry[RevocationDocument]] = field(default_factory=list)
    groups: list[Entry[GroupDocument]] = field(default_factory=list)
    roles: list[Entry[tuple[RuleDocument, ...]]] = field(default_factory=list)
    grants: list[Entry[GrantDocument]] = field(default_factory=list)
    flows: list[Entry[FlowDocument]] = field(default_factory=list)
    detectors: list[Entry[DetectorDocument]] = field(default_factory=list)
    allow_lists: list[Entry[AllowListDocument]] = field(default_factory=list)


DEFAULT_LEVELS = ("public", "internal", "confidential", "restricted")


def level_names(entries: Entries) -> tuple[str, ...]:
    """The levels in force, lowest first."""
    written = [entry.value for entry in entries.levels if entry.value]
    return written[0] if written else DEFAULT_LEVELS


def add_file(entries: Entries, located: Located, problems: list[Problem]) -> None:
    """Take the entries of one file, and note what is wrong with each."""
    data = located.data
    if data is None:  # an empty file, or one that is no YAML
        return
    if not isinstance(data, dict):
        problems.append(located.problem((), "a policy file is a mapping", f"with any of: {', '.join(SECTIONS)}"))
        return
    for section, content in data.items():
        _add_section(entries, located, section, content, problems)


def _add_section(entries: Entries, located: Located, section: str, content: object, problems: list[Problem]) -> None:
    path = (section,)
    if section == "levels":
        entries.levels.append(Entry(section, validate(Levels, located, path, problems, content), located, path))
    elif section == "zones":
        entries.zones.extend(_mapping(ZoneDocument, located, path, content, problems))
    elif section == "roles":
        entries.roles.extend(_mapping(tuple[RuleDocument, ...], located, path, content, problems))
    elif section == "groups":
        entries.groups.extend(_mapping(GroupDocument, located, path, content, problems, GROUP_NAME, GROUP_HINT))
    elif section in _LISTINGS:
        getattr(entries, section).extend(_listing(_LISTINGS[section], located, path, content, problems))
    else:
        problems.append(located.problem(path, f"unknown key `{section}`", did_you_mean(section, SECTIONS), key=True))


_LISTINGS = {
    "grants": GrantDocument,
    "principals": PrincipalDocument,
    "identities": IdentityDocument,
    "revoked": RevocationDocument,
    "detectors": DetectorDocument,
    "allow_lists": AllowListDocument,
    "flows": FlowDocument,
}


def _mapping(
    kind: Any,
    located: Located,
    path: Path,
    content: object,
    problems: list[Problem],
    names: str = NAME,
    names_hint: str = NAME_HINT,
) -> Iterator[Entry[Any]]:
    if not isinstance(content, dict):
        if content is not None:
            problems.append(located.problem(path, f"`{path[0]}` should be a mapping", "name: {...}"))
        return
    for name, data in content.items():
        here = (*path, name)
        if not re.fullmatch(names, name):
            message = f"`{name[:60]}` is not a name" if name.isprintable() else "this is not a name"
            problems.append(located.problem(here, message, names_hint, key=True))
        yield Entry(name, validate(kind, located, here, problems, data), located, here)


def _listing(kind: Any, located: Located, path: Path, content: object, problems: list[Problem]) -> Iterator[Entry[Any]]:
    if not isinstance(content, list):
        if content is not None:
            problems.append(located.problem(path, f"`{path[0]}` should be a list", "- {name: ...}"))
        return
    for index, data in enumerate(content):
        here = (*path, index)
        name = data.get("name") if isinstance(data, dict) else None
        value = validate(kind, located, here, problems, data)
        yield Entry(name if isinstance(name, str) else "", value, located, here)
