"""A schema's JSON to types. Tags are ``confluent:tags``, as in Confluent's data contracts, or just ``tags``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeGuard

from zoneproxy.formats.avro.composite import ArrayType, Field, MapType, RecordType, Type, UnionType
from zoneproxy.formats.avro.document import AvroDocument
from zoneproxy.formats.avro.logical import (
    MAX_DECIMAL_BYTES,
    MAX_SCALE,
    DecimalBytes,
    DecimalFixed,
    UuidFixed,
    date_type,
    time_type,
    timestamp_type,
)
from zoneproxy.formats.avro.scalars import (
    BooleanType,
    BytesType,
    EnumType,
    FixedType,
    FloatType,
    IntegerType,
    NullType,
    StringType,
)
from zoneproxy.formats.document import FormatLimits, Malformed
from zoneproxy.formats.schema import InvalidSchema
from zoneproxy.formats.tags import NO_PATTERNS, NO_TAGS, TagPatterns, tags_of

MAX_TEXT = 1 << 20  # bytes of a schema, with what it refers to
MAX_DEPTH = 100  # of types in one another
MAX_FIXED = 1 << 20

_INT, _LONG = IntegerType(32), IntegerType(64)
_PRIMITIVES: Mapping[str, Type] = {
    "null": NullType(),
    "boolean": BooleanType(),
    "int": _INT,
    "long": _LONG,
    "float": FloatType("<f"),
    "double": FloatType("<d"),
    "bytes": BytesType(),
    "string": StringType(),
}
_LOGICAL: Mapping[tuple[str, str], Type] = {
    ("int", "date"): date_type(),
    ("int", "time-millis"): time_type(32, 3),
    ("long", "time-micros"): time_type(64, 6),
    ("long", "timestamp-millis"): timestamp_type(3, local=False),
    ("long", "timestamp-micros"): timestamp_type(6, local=False),
    ("long", "timestamp-nanos"): timestamp_type(9, local=False),
    ("long", "local-timestamp-millis"): timestamp_type(3, local=True),
    ("long", "local-timestamp-micros"): timestamp_type(6, local=True),
    ("long", "local-timestamp-nanos"): timestamp_type(9, local=True),
}


class AvroSchema:
    """Reads values of one schema."""

    kind = "avro"

    def __init__(self, type_: Type) -> None:
        self._type = type_

    def read(self, data: bytes, start: int, limits: FormatLimits) -> AvroDocument:
        """The value that stands in ``data`` from ``start`` on, to its end. Raises Malformed."""
        return AvroDocument(data, start, self._type, limits)

    def told(self, header: bytes, start: int) -> AvroSchema:
        """See Schema."""
        if start != len(header):
            raise Malformed("framing")
        return self


def avro_schema(text: str, references: Iterable[str] = (), patterns: TagPatterns = NO_PATTERNS) -> AvroSchema:
    """The schema ``text``. ``references`` define types that it names, each those that come behind it.

    Raises InvalidSchema.
    """
    compiler = _Compiler(patterns)
    for reference in references:
        compiler.compile(_parsed(reference), "")
    return AvroSchema(compiler.compile(_parsed(text), ""))


def _parsed(text: str) -> object:
    if len(text) > MAX_TEXT:
        raise InvalidSchema("large")
    try:
        return json.loads(text)
    except RecursionError:
        raise InvalidSchema("deep") from None
    except ValueError:
        bare = text.strip()
        if bare in _PRIMITIVES:
            return bare  # some registries hand out `string` without quotes
        raise InvalidSchema("json") from None


class _Compiler:
    """Knows the named types so far."""

    def __init__(self, patterns: TagPatterns) -> None:
        self._patterns = patterns
        self._named: dict[str, Type] = {}
        self._depth = 0
        self._complex: Mapping[str, Callable[[dict[str, Any], str], Type]] = {
            "record": self._record,
            "error": self._record,
            "enum": self._enum,
            "fixed": self._fixed,
            "array": lambda schema, space: ArrayType(self._member(schema, "items", space)),
            "map": lambda schema, space: MapType(self._member(schema, "values", space)),
        }

    def compile(self, schema: object, space: str) -> Type:
        """The type of ``schema``, where names without a dot are in the namespace ``space``."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise InvalidSchema("deep")
        try:
            if isinstance(schema, str):
                return self._by_name(schema, space)
            if isinstance(schema, list):
                return self._union(schema, space)
            if isinstance(schema, dict):
                return self._written_out(schema, space)
        finally:
            self._depth -= 1
        raise InvalidSchema("type")

    def _by_name(self, name: str, space: str) -> Type:
        for known in (_PRIMITIVES.get(name), self._named.get(_full(name, space)), self._named.get(name)):
            if known is not None:
                return known
        raise InvalidSchema("unknown_type")

    def _union(self, schemas: list[object], space: str) -> Type:
        types = [self.compile(schema, space) for schema in schemas]
        nulls = [index for index, type_ in enumerate(types) if isinstance(type_, NullType)]
        return UnionType(types, nulls[0] if nulls else None)

    def _written_out(self, schema: dict[str, Any], space: str) -> Type:
        kind = schema.get("type")
        if not isinstance(kind, str):
            return self.compile(kind, space)  # {"type": {...}} is tolerated everywhere
        if kind in self._complex:
            return self._complex[kind](schema, space)
        logical = schema.get("logicalType")
        if kind == "bytes" and logical == "decimal":
            return _decimal(schema, None) or _PRIMITIVES[kind]
        return _LOGICAL.get((kind, str(logical))) or self._by_name(kind, space)

    def _member(self, schema: dict[str, Any], key: str, space: str) -> Type:
        return self.compile(schema.get(key), space)

    def _define(self, schema: dict[str, Any], space: str, type_: Type) -> tuple[str, str]:
        """Give the type its name; that in full, and the namespace within it."""
        name, own_space = schema.get("name"), schema.get("namespace", space)
        if not isinstance(name, str) or not name or not isinstance(own_space, str):
            raise InvalidSchema("name")
        full = _full(name, own_space)
        if self._named.setdefault(full, type_) is not type_:
            raise InvalidSchema("redefined")
        return full, full.rpartition(".")[0]

    def _record(self, schema: dict[str, Any], space: str) -> Type:
        record = RecordType()
        full, within = self._define(schema, space, record)
        fields, inherited = schema.get("fields"), _tags(schema)
        if not isinstance(fields, list):
            raise InvalidSchema("fields")
        record.fields = [self._field(field, full, within, inherited) for field in fields]
        return record

    def _field(self, field: object, record: str, space: str, inherited: frozenset[str]) -> Field:
        if not isinstance(field, dict) or not isinstance(name := field.get("name"), str):
            raise InvalidSchema("fields")
        tags = inherited | _tags(field) | self._patterns.of(f"{record}.{name}")
        return Field(name.encode(errors="replace"), self.compile(field.get("type"), space), tags)

    def _enum(self, schema: dict[str, Any], space: str) -> Type:
        symbols = schema.get("symbols")
        if not isinstance(symbols, list) or not all(isinstance(symbol, str) for symbol in symbols):
            raise InvalidSchema("symbols")
        type_ = EnumType([symbol.encode(errors="replace") for symbol in symbols])
        self._define(schema, space, type_)
        return type_

    def _fixed(self, schema: dict[str, Any], space: str) -> Type:
        size = schema.get("size")
        if not _is_whole(size) or not 0 <= size <= MAX_FIXED:
            raise InvalidSchema("size")
        type_: Type = FixedType(size)
        if schema.get("logicalType") == "decimal":
            type_ = _decimal(schema, size) or type_
        elif schema.get("logicalType") == "uuid" and size == 16:
            type_ = UuidFixed()
        self._define(schema, space, type_)
        return type_


def _decimal(schema: dict[str, Any], size: int | None) -> Type | None:
    """None if it makes no sense: the specification says to take no notice of a logical type then."""
    precision, scale = schema.get("precision"), schema.get("scale", 0)
    if not _is_whole(precision) or not _is_whole(scale) or not 0 <= scale <= min(precision, MAX_SCALE):
        return None
    if size is None:
        return DecimalBytes(min(precision, MAX_SCALE), scale)
    return DecimalFixed(size, min(precision, MAX_SCALE), scale) if 0 < size <= MAX_DECIMAL_BYTES else None


def _tags(schema: dict[str, Any]) -> frozenset[str]:
    found = NO_TAGS
    for key in ("confluent:tags", "tags"):
        tags = schema.get(key)
        tags = [tags] if isinstance(tags, str) else tags
        if isinstance(tags, list):
            found |= tags_of([tag for tag in tags if isinstance(tag, str)])
    return found


def _full(name: str, space: str) -> str:
    return name if "." in name or not space else f"{space}.{name}"


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
