"""CSV (RFC 4180): rows of cells, quoted or not.

Paths are those within a row: the name of the column where the policy gives names or says that the first row does, else
its index; below a first row that might be a header, index and name (``$[3]``, ``$[*].email``), so that whoever writes
the row cannot take rules out of effect. Cells that nothing is to be done to stay as they are, quotes and all; no
cell is ever taken out of its row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from zoneproxy.formats.document import FormatLimits, Kind, Malformed, Path
from zoneproxy.formats.leaves import Leaves, kind_of
from zoneproxy.transform.splice import Edit, splice


@dataclass(frozen=True, slots=True)
class Dialect:
    """How tables are written. ``header``: whether the first row names the columns; None: if it looks like that."""

    delimiter: str = ","
    columns: tuple[str, ...] = ()
    header: bool | None = None


_LONGEST_NAME = 128  # bytes
_FEWEST_COLUMNS = 2  # of a row that is taken for a header by its looks
_LOOKS_LIKE_A_NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9 _.\-/()#]{0,63}").fullmatch


class CsvDocument:
    """See the module."""

    def __init__(self, value: bytes, limits: FormatLimits, dialect: Dialect) -> None:
        """Raises Malformed."""
        self.leaves = Leaves(value, limits)
        self._value = value
        self._special = re.compile(b'[\\r\\n"%s]|^ | $' % re.escape(dialect.delimiter.encode()))
        self._spans: list[tuple[int, int]] = []  # of each leaf
        self._columns: list[int] = []  # of each leaf
        rows = _rows(value, dialect.delimiter, limits.leaves)
        called: list[Path] = [(name.encode(),) for name in dialect.columns]
        first = next((at for at, row in enumerate(rows) if any(cell.text.strip() for cell in row)), len(rows))
        below = first + 1  # many readers pass over lines with nothing on them
        if dialect.header and rows[first:]:
            called = called or [(_name(cell),) for cell in rows[first]]
            self._add_all(rows[:below], Kind.NAME, called)
        elif dialect.header is None and not called and rows[below:]:
            # Whoever takes the row for names, whatever it looks like, must find no rule for a name out of effect.
            called = [_called(column, cell) for column, cell in enumerate(rows[first])]
            is_header = _have_a_header(rows[first:])
            self._add_all(rows[:below], Kind.NAME if is_header else None, called if is_header else ())
        else:
            below = 0
        self._add_all(rows[below:], None, called)

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """See Document. What is removed is empty, as are all cells below a name that is."""
        going = {index for index, text in changed.items() if text is None}
        columns = {self._columns[index] for index in going if self._is_name(index)}
        below = {index for index, column in enumerate(self._columns) if column in columns}
        said = {index: text or b"" for index, text in changed.items()} | dict.fromkeys(below - set(changed), b"")
        edits = [
            Edit(*self._spans[index], self._cell(index, text))
            for index, text in sorted(said.items())
            if text or not self._is_name(index)
        ]
        return splice(self._value, edits)

    def _is_name(self, index: int) -> bool:
        return self.leaves[index].kind is Kind.NAME

    def _add_all(self, rows: Sequence[Sequence[_Cell]], kind: Kind | None, called: Sequence[Path]) -> None:
        for row in rows:
            for column, cell in enumerate(row):
                if cell.text:
                    path = called[column] if column < len(called) else (column,)
                    self.leaves.add(path, cell.text, kind or kind_of(cell.text))
                    self._spans.append((cell.start, cell.end))
                    self._columns.append(column)

    def _cell(self, index: int, text: bytes) -> bytes:
        """Quoted if it was, or if it must be."""
        start, _ = self._spans[index]
        if self._value[start : start + 1] != b'"' and not self._special.search(text):
            return text
        return b'"' + text.replace(b'"', b'""') + b'"'


class _Cell(NamedTuple):
    start: int
    end: int
    text: bytes


@lru_cache(maxsize=16)
def _cell_pattern(delimiter: str) -> re.Pattern[bytes]:
    """A cell and what ends it: nothing does at the end of the value only."""
    escaped = re.escape(delimiter.encode())
    return re.compile(rb'(?:"((?:[^"]|"")*+)"|([^\r\n"%s][^\r\n%s]*+)?+)(?:(%s)|\r\n?|\n|\Z)' % ((escaped,) * 3))


def _rows(value: bytes, delimiter: str, most: int) -> list[list[_Cell]]:
    """Raises Malformed: something stands beside the quotes of a cell, one is not closed, or there are too many."""
    match_cell = _cell_pattern(delimiter).match
    rows: list[list[_Cell]] = []
    row: list[_Cell] = []
    pos, more = 0, False
    for _ in range(most):
        match = match_cell(value, pos)
        if match is None:
            raise Malformed("csv")
        row.append(_cell(match))
        pos, more = match.end(), match[3] is not None
        if not more:
            rows.append(row)
            row = []
            if pos == len(value):
                return rows
    raise Malformed("leaves")


def _cell(match: re.Match[bytes]) -> _Cell:
    if match[1] is not None:
        return _Cell(match.start(), match.end(1) + 1, match[1].replace(b'""', b'"'))
    return _Cell(match.start(), match.start() + len(match[2] or b""), match[2] or b"")


def _name(cell: _Cell) -> bytes:
    return cell.text.strip(b" \t\"'")


def _called(column: int, cell: _Cell) -> Path:
    name = _name(cell)
    return (column, name) if 0 < len(name) <= _LONGEST_NAME else (column,)


def _have_a_header(rows: Sequence[Sequence[_Cell]]) -> bool:
    """The first has names only, each once, and the one below is as wide."""
    names = [cell.text for cell in rows[0]]
    if len(rows) == 1 or len(names) < _FEWEST_COLUMNS or len(set(names)) < len(names):
        return False
    return len(rows[1]) == len(names) and all(map(_LOOKS_LIKE_A_NAME, names))


_DEFAULT = Dialect()


def read_csv(value: bytes, limits: FormatLimits, dialect: Dialect = _DEFAULT) -> CsvDocument:
    """See Document."""
    return CsvDocument(value, limits, dialect)
