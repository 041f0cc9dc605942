"""A value of Protobuf while it is read. Everything raises Malformed."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

from zoneproxy.formats.document import FormatLimits, Kind, Leaf, Malformed, Path
from zoneproxy.formats.leaves import Leaves
from zoneproxy.formats.lengths import OUTERMOST, Length
from zoneproxy.formats.protobuf.guess import Guess, fixed_as, guess, packed_as, varint_as
from zoneproxy.formats.protobuf.messages import KEY, UNKNOWN, VALUE, Field, Message
from zoneproxy.formats.protobuf.scalars import BYTES, STRING, Fixed, Integer, Scalar, Text, Wire
from zoneproxy.formats.protobuf.wire import MAX_DEPTH, WireField, read_field
from zoneproxy.formats.tags import NO_TAGS
from zoneproxy.formats.varints import read_unsigned, unsigned

Tags = frozenset[str]

_VARINT, _LEN, _START_GROUP, _END_GROUP = map(int, (Wire.VARINT, Wire.LEN, Wire.START_GROUP, Wire.END_GROUP))


class Place(NamedTuple):
    """Where a leaf stands, and inside of which length. All from ``start`` on goes if it is removed.

    ``begin`` is where ``scalar`` writes to, up to ``end``; without a scalar it cannot say anything else.
    ``required``: it must be there, and is zero or empty instead.
    """

    start: int
    begin: int
    end: int
    inside: int
    scalar: Scalar | None
    required: bool = False


class Walk:
    """Through ``data``."""

    __slots__ = ("_fields", "_inside", "_max_depth", "_numbers_only", "data", "leaves", "lengths", "places")

    def __init__(self, data: bytes, limits: FormatLimits) -> None:
        self.data = data
        self.leaves = Leaves(data, limits)
        self.places: list[Place] = []
        self.lengths: list[Length] = []
        self._inside = OUTERMOST
        self._max_depth = min(limits.depth, MAX_DEPTH)
        self._fields = limits.leaves  # that may come yet: some say nothing
        self._numbers_only = False

    def message(self, message: Message, pos: int, end: int, path: Path, tags: Tags, depth: int, group: int = 0) -> int:
        """A message from ``pos`` to ``end``, or to the end of ``group``, and the position behind it."""
        if depth > self._max_depth:
            raise Malformed("deep")
        counts: dict[int, int] = {}  # of repeated fields
        while pos < end:
            wire = self._field(pos, end)
            if wire.wire == _END_GROUP:
                if wire.number != group:
                    raise Malformed("group")
                return wire.end
            field = message.fields.get(wire.number)
            if field is None:
                pos = self._unknown(wire, end, (*path, b"%d" % wire.number), tags, depth)
            else:
                first = counts.get(wire.number, 0)
                within = (*path, field.name, first) if field.repeated else (*path, field.name)
                own = tags | field.tags if field.tags else tags
                pos, more = self._known(field, wire, end, within, own, depth, first)
                if field.repeated:
                    counts[wire.number] = first + 1 + more
        if group:
            raise Malformed("group")
        return pos

    def _field(self, pos: int, end: int) -> WireField:
        self._fields -= 1
        if self._fields < 0:
            raise Malformed("leaves")
        return read_field(self.data, pos, end)

    # --- fields that the schema has

    def _known(
        self, field: Field, wire: WireField, end: int, path: Path, tags: Tags, depth: int, first: int
    ) -> tuple[int, int]:
        """The position behind it, and how many more than one it holds."""
        type_ = field.type
        if isinstance(type_, Message):
            if wire.wire == _LEN:
                return self._inner(type_, wire, path, tags, depth), 0
            if wire.wire == _START_GROUP:
                return self.message(type_, wire.end, end, path, tags, depth + 1, wire.number), 0
        elif type_ is not None and wire.wire == type_.wire:
            self._scalar(type_, wire, path, tags, field.required)
            return wire.end, 0
        elif type_ is not None and field.repeated and wire.wire == _LEN and not isinstance(type_, Text):
            return wire.end, self._packed(type_, wire, path[:-1], tags, first) - 1
        return self._unknown(wire, end, path, tags, depth), 0

    def _inner(self, message: Message, wire: WireField, path: Path, tags: Tags, depth: int) -> int:
        before = self._open(wire)
        if message.is_entry:
            self._entry(message, wire, path[:-1], tags, depth)
        else:
            self.message(message, wire.begin, wire.end, path, tags, depth + 1)
        self._inside = before
        return wire.end

    def _scalar(self, scalar: Scalar, wire: WireField, path: Path, tags: Tags, required: bool) -> None:
        place = Place(wire.start, wire.length, wire.end, self._inside, scalar, required)
        if isinstance(scalar, Text):
            text = self.data[wire.begin : wire.end]
            self._leaf(path, text, scalar.kind(text), tags, place)
        else:
            self._readings(scalar, wire.value, wire.begin, path, tags, place)

    def _readings(self, scalar: Integer | Fixed, value: int, begin: int, path: Path, tags: Tags, place: Place) -> None:
        said = scalar.readings(value) if isinstance(scalar, Integer) else (scalar.say(self.data, begin),)
        for text, kind in said:
            self._leaf(path, text, kind, tags, place)

    def _packed(self, scalar: Integer | Fixed, wire: WireField, path: Path, tags: Tags, first: int) -> int:
        before, pos, index = self._open(wire), wire.begin, first
        while pos < wire.end:
            start = pos
            if isinstance(scalar, Integer):
                pos = read_unsigned(self.data, pos, wire.end)[1]
            else:
                pos += scalar.size
                if pos > wire.end:
                    raise Malformed("truncated")
            self._number(scalar, start, pos, (*path, index), tags)
            index += 1
        self._inside = before
        return index - first

    def _number(self, scalar: Integer | Fixed, start: int, end: int, path: Path, tags: Tags) -> None:
        """One of a list, without a tag of its own."""
        value = read_unsigned(self.data, start, end)[0] if isinstance(scalar, Integer) else 0
        self._readings(scalar, value, start, path, tags, Place(start, start, end, self._inside, scalar))

    def _entry(self, entry: Message, wire: WireField, path: Path, tags: Tags, depth: int) -> None:
        """An entry of a map: a name that comes from the data, and what it names. The last one of each counts."""
        outside = self.lengths[-1].inside
        parts = list(self._parts(wire))
        names = [self._names(entry.fields[KEY], part) for part in parts if part.number == KEY] or [[b""]]
        path = (*path, names[-1][0])
        place = Place(wire.start, wire.end, wire.end, outside, None)
        for name in chain.from_iterable(names):
            self._leaf(path, name, Kind.NAME, NO_TAGS, place)
        for part in parts:
            if part.number == VALUE:
                self._known(entry.fields[VALUE], part, wire.end, path, tags, depth + 1, 0)
            elif part.number != KEY:
                self._unknown(part, wire.end, (*path, b"%d" % part.number), tags, depth + 1)

    def _parts(self, wire: WireField) -> list[WireField]:
        parts, pos = [], wire.begin
        while pos < wire.end:
            part = self._field(pos, wire.end)
            if part.wire in (_START_GROUP, _END_GROUP):
                raise Malformed("group")  # nobody writes that
            parts.append(part)
            pos = part.end
        return parts

    def _names(self, key: Field, part: WireField) -> list[bytes]:
        if isinstance(key.type, Integer) and part.wire == key.type.wire:
            return [text for text, _ in key.type.readings(part.value)]
        if isinstance(key.type, Fixed) and part.wire == key.type.wire:
            return [key.type.say(self.data, part.begin)[0]]
        return [self.data[part.begin : part.end]]

    # --- fields that it has not

    def _unknown(self, wire: WireField, end: int, path: Path, tags: Tags, depth: int) -> int:
        if wire.wire == _START_GROUP:
            return self.message(UNKNOWN, wire.end, end, path, tags, depth + 1, wire.number)
        if wire.wire == _LEN:
            self._unknown_bytes(wire, path, tags, depth)
        elif wire.wire == _VARINT:
            for integer in varint_as(wire.value):
                self._scalar(integer, wire, path, tags, required=False)
        else:
            for fixed in fixed_as(self.data, wire.begin, wire.end - wire.begin):
                self._scalar(fixed, wire, path, tags, required=False)
        return wire.end

    def _unknown_bytes(self, wire: WireField, path: Path, tags: Tags, depth: int) -> None:
        what = guess(self.data, wire.begin, wire.end)
        if what is Guess.MESSAGE:
            self._inner(UNKNOWN, wire, path, tags, depth)
            return
        self._scalar(BYTES if what is Guess.BYTES else STRING, wire, path, tags, required=False)
        if what is Guess.BYTES:
            self._unknown_numbers(wire, path, tags)
        if what is Guess.TEXT_AND_NUMBERS and not self._numbers_only:
            self._numbers_only = True
            self._inner(UNKNOWN, wire, path, tags, depth)
            self._numbers_only = False

    def _unknown_numbers(self, wire: WireField, path: Path, tags: Tags) -> None:
        before = self._open(wire)
        for scalar, start, end in packed_as(self.data, wire.begin, wire.end):
            self._number(scalar, start, end, path, tags)
        self._inside = before

    # --- what is kept

    def _open(self, wire: WireField) -> int:
        before = self._inside
        self.lengths.append(Length(wire.length, wire.begin, wire.end - wire.begin, unsigned, before))
        self._inside = len(self.lengths) - 1
        return before

    def _leaf(self, path: Path, text: bytes, kind: Kind, tags: Tags, place: Place) -> None:
        if self._numbers_only and kind is not Kind.NUMBER:
            return  # it is in the text around it
        if kind is Kind.NAME:
            self.leaves.add_name(path, text)
        else:
            self.leaves.take(Leaf(path, text, kind, tags))
        self.places.append(place)
