"""YAML text → plain data that remembers where each of its parts was written.

A deliberately small YAML: one document, mappings with plain keys, lists, scalars. Anchors, aliases and tags are
refused (a few lines of aliases unfold to gigabytes), and scalars follow YAML 1.2's core schema, in which ``no`` and
``on`` are words and ``12:30`` is not a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from zoneproxy.config.scalars import plain_scalar
from zoneproxy.errors import Problem

Path = tuple[str | int, ...]
"""The way to a part of a document: keys of mappings and positions in lists, counted from 0."""

MAX_CHARACTERS = 4 * 1024 * 1024  # 10,000 rules are about 1 MiB
MAX_PARTS = 1_000_000
MAX_DEPTH = 24  # what zoneproxy understands is 8 deep

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same events, ten times as fast


@dataclass(frozen=True, slots=True)
class Located:
    """One file's data, and the line and column (from 1) of each value and key in it."""

    file: str
    data: object = None
    values: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    keys: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or key) at ``path``, or of the nearest part around it."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (0, 0))

    def problem(self, path: Path, message: str, hint: str = "", *, key: bool = False) -> Problem:
        """A Problem with what is at ``path``."""
        return Problem(self.file, *self.place(path, key=key), message, hint)


def read_yaml(text: str, file: str, problems: list[Problem]) -> Located:
    """Parse the text of one file. Whatever is wrong is added to ``problems``; what could be read is returned.

    Args:
        text: the file's text, at most MAX_CHARACTERS.
        file: its name, for messages.
        problems: is added to; never raises.
    """
    if len(text) > MAX_CHARACTERS:
        problems.append(Problem(file, 0, 0, f"the file is larger than {MAX_CHARACTERS} characters"))
        return Located(file)
    reader = _Reader(text, file, problems)
    try:
        data = reader.document()
    except _StopReading:
        data = None
    except yaml.MarkedYAMLError as error:
        problems.append(reader.syntax_problem(error))
        data = None
    except (yaml.YAMLError, UnicodeError):
        problems.append(Problem(file, 0, 0, "a character is not allowed in YAML", "write plain UTF-8 text"))
        data = None
    return Located(file, data, reader.values, reader.keys)


class _StopReading(Exception):
    """The problem is noted already and reading on would be of no use."""


class _Reader:
    """Builds data from the events of PyYAML's parser."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self._file = file
        self._problems = problems
        self.values: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}

    def document(self) -> object:
        data: object = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop(event, "a second document starts here", "one file holds one document")
                data = self._value(next(self._events), (), 0)
        return data

    def _value(self, event: yaml.Event, path: Path, depth: int) -> object:
        self.values[path] = _place(event)
        if depth > MAX_DEPTH or len(self.values) > MAX_PARTS:
            self._stop(event, "the file is nested too deeply or has too many parts")
        self._refuse_cleverness(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        return None  # an alias, refused above

    def _mapping(self, path: Path, depth: int) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse_cleverness(event)
            key = self._key(event)
            here = (*path, key)
            if key in mapping:
                first = self.keys[here][0]
                self._note(event, f"`{key}` is written twice", f"the first one is in line {first}")
                here = (*path, f"{key} (again)")  # read for its own faults, then forgotten
                self._value(next(self._events), here, depth + 1)
                continue
            self.keys[here] = _place(event)
            mapping[key] = self._value(next(self._events), here, depth + 1)
        return mapping

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._stop(event, "a key must be a plain word")
        return str(event.value)

    def _list(self, path: Path, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), depth + 1))
        return items

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        if not event.value.isprintable() and any("\ud800" <= c <= "\udfff" for c in event.value):
            self._note(event, "half of a surrogate pair is not a character")
            return None
        return plain_scalar(event.value) if event.implicit[0] else str(event.value)

    def _refuse_cleverness(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._note(event, "anchors (&) and aliases (*) are not used here", 'write it out; a star alone is "*"')
        elif getattr(event, "tag", None) is not None:
            self._note(event, "tags (!) are not used here", "write the plain value")

    def _note(self, event: yaml.Event, message: str, hint: str = "") -> None:
        self._problems.append(Problem(self._file, *_place(event), message, hint))

    def _stop(self, event: yaml.Event, message: str, hint: str = "") -> NoReturn:
        self._note(event, message, hint)
        raise _StopReading

    def syntax_problem(self, error: yaml.MarkedYAMLError) -> Problem:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        return Problem(self._file, line, column, f"not YAML: {error.problem or error.context}")


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)
