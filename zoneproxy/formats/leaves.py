"""Leaves as a reader gathers them, with an eye on the limits."""

from __future__ import annotations

from collections.abc import Iterable

from zoneproxy.formats.document import FormatLimits, Kind, Leaf, Malformed, Path
from zoneproxy.transform.splice import Edit

_STEP_SIZE = 8  # bytes of memory for each step of a path: long paths to many leaves are paid for


class Leaves(list[Leaf]):
    """Raises Malformed where there is more than ``limits`` allow."""

    def __init__(self, value: bytes, limits: FormatLimits) -> None:
        """Of ``value``, which must not be too large itself."""
        super().__init__()
        if len(value) > limits.size:
            raise Malformed("large")
        self._limits = limits
        self._room = limits.size
        self._names: set[Path] = set()
        self._containers = 0

    def add(self, path: Path, text: bytes, kind: Kind) -> int:
        """One leaf more; its index."""
        return self.take(Leaf(path, text, kind))

    def take(self, leaf: Leaf) -> int:
        """One leaf more; its index."""
        self._room -= len(leaf.text) + _STEP_SIZE * len(leaf.path)
        if self._room < 0:
            raise Malformed("large")
        if len(self) >= self._limits.leaves:
            raise Malformed("leaves")
        self.append(leaf)
        return len(self) - 1

    def add_name(self, path: Path, text: bytes) -> int:
        """The name of a member, which its siblings have not, if the limits say so; its index."""
        if self._limits.unique_names:
            if path in self._names:
                raise Malformed("duplicate")
            self._names.add(path)
        return self.add(path, text, Kind.NAME)

    def enter(self, depth: int) -> None:
        """One container more, the innermost of ``depth``. Raises Malformed: too many, in one another or at all."""
        if depth > self._limits.depth:
            raise Malformed("deep")
        self._containers += 1
        if self._containers > self._limits.leaves:
            raise Malformed("leaves")


def kind_of(text: bytes) -> Kind:
    """TEXT if it is UTF-8, else BYTES."""
    if not text.isascii():
        try:
            text.decode()
        except UnicodeDecodeError:
            return Kind.BYTES
    return Kind.TEXT


def outermost(edits: Iterable[Edit]) -> list[Edit]:
    """``edits`` in order, without those within others: what is removed needs no other change."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if kept and edit.start < kept[-1].end:
            assert edit.end <= kept[-1].end
        else:
            kept.append(edit)
    return kept
