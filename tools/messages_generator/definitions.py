"""Reads the message definitions of a kafka-clients jar (``common/message/*.json``, JSON with ``//`` comments)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from tools.messages_generator.model import NONE, Definition, Field, Struct, Versions

_FOLDER = "common/message/"


def read_jar(jar: Path) -> list[Definition]:
    """Every definition in the jar, by name, those that no version is valid of left out."""
    with ZipFile(jar) as archive:
        texts = [
            archive.read(name).decode()
            for name in sorted(archive.namelist())
            if name.startswith(_FOLDER) and name.endswith(".json")
        ]
    return [definition for definition in map(parse, texts) if definition.valid]


def parse(text: str) -> Definition:
    """One definition file."""
    facts = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    definition = Definition(
        name=facts["name"],
        kind=facts["type"],
        api_key=facts.get("apiKey", -1),
        listeners=tuple(sorted(facts.get("listeners", ()))),
        valid=Versions.parse(facts["validVersions"]),
        flexible=Versions.parse(facts.get("flexibleVersions", "none")),
        unstable=facts.get("latestVersionUnstable", False),
    )
    if definition.valid:
        common = {struct["name"]: struct["fields"] for struct in facts.get("commonStructs", ())}
        _add_struct(definition, definition.name, facts["fields"], definition.valid, common)
    return definition


def _add_struct(
    definition: Definition,
    name: str,
    facts: Sequence[Mapping[str, Any]],
    versions: Versions,
    common: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    """Add a struct after the structs it holds. A common struct is met as often as it is used."""
    known = definition.structs.get(name)
    versions = versions.hull(known.versions) if known else versions
    fields = []
    for fact in facts:
        field = _field(fact)
        if field.versions & versions:
            fields.append(field)
            if field.is_struct:
                inner = fact.get("fields") or common[field.type]
                _add_struct(definition, field.type, inner, field.versions & versions, common)
    definition.structs.pop(name, None)
    definition.structs[name] = Struct(name, fields, versions)


def _field(fact: Mapping[str, Any]) -> Field:
    default = fact.get("default")
    return Field(
        name=fact["name"],
        type=fact["type"].removeprefix("[]"),
        array=fact["type"].startswith("[]"),
        versions=Versions.parse(fact["versions"]),
        nullable=Versions.parse(fact["nullableVersions"]) if "nullableVersions" in fact else NONE,
        tagged=Versions.parse(fact["taggedVersions"]) if "taggedVersions" in fact else NONE,
        tag=fact.get("tag", -1),
        default=None if default is None else str(default).lower() if isinstance(default, bool) else str(default),
        ignorable=fact.get("ignorable", False),
        entity=fact.get("entityType"),
        flexible=Versions.parse(fact["flexibleVersions"]) if "flexibleVersions" in fact else None,
    )
