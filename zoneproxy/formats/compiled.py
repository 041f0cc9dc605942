"""From a schema's text to what reads values of it, whatever kind it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.protobuf.schema import protobuf_schema
from zoneproxy.formats.schema import InvalidSchema, Schema
from zoneproxy.formats.tags import TagPatterns

AVRO, PROTOBUF = "avro", "protobuf"
_Compiler = Callable[[str, Iterable[str], TagPatterns], Schema]
_COMPILERS: Mapping[str, _Compiler] = {AVRO: avro_schema, PROTOBUF: protobuf_schema}


def compiled(
    kind: str, text: str, references: Iterable[str] = (), tags: Mapping[str, Sequence[str]] | None = None
) -> Schema:
    """The schema ``text``. ``references`` come before those that refer to them; ``tags`` by names of fields in full.

    Raises InvalidSchema (``kind``: of none that can be read, and what its compiler raises).
    """
    compiler = _COMPILERS.get(kind)
    if compiler is None:
        raise InvalidSchema("kind")
    return compiler(text, references, TagPatterns(tags or {}))
