""".proto files to messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zoneproxy.formats.document import FormatLimits, Malformed
from zoneproxy.formats.framing import message_indexes
from zoneproxy.formats.protobuf.declarations import (
    FieldDeclaration,
    FileDeclaration,
    MessageDeclaration,
    declarations,
)
from zoneproxy.formats.protobuf.document import ProtobufDocument
from zoneproxy.formats.protobuf.messages import KEY, VALUE, Field, Message
from zoneproxy.formats.protobuf.scalars import INT32, SCALARS, Scalar
from zoneproxy.formats.protobuf.well_known import WELL_KNOWN
from zoneproxy.formats.schema import InvalidSchema
from zoneproxy.formats.tags import NO_PATTERNS, TagPatterns

_BROUGHT_ALONG = ("google.", "confluent.", "buf.")
"""Packages that registries do not hand out. What is not in WELL_KNOWN either is read without a schema."""
_MAX_NUMBER = (1 << 29) - 1


class ProtobufSchema:
    """Reads values of the messages of one file. In front of a value stands which of them it is."""

    kind = "protobuf"

    def __init__(self, messages: list[Message]) -> None:
        self._messages = messages

    def read(self, data: bytes, start: int, limits: FormatLimits) -> ProtobufDocument:
        """See Schema."""
        message, begin = self._named(data, start)
        return ProtobufDocument(data, begin, message, limits)

    def told(self, header: bytes, start: int) -> ToldMessage:
        """See Schema."""
        message, end = self._named(header, start)
        if end != len(header):
            raise Malformed("framing")
        return ToldMessage(message)

    def _named(self, data: bytes, start: int) -> tuple[Message, int]:
        indexes, end = message_indexes(data, start)
        messages = self._messages
        for index in indexes:
            if index >= len(messages):
                raise Malformed("message")
            message = messages[index]
            messages = message.messages
        return message, end


class ToldMessage:
    """Reads values that stand alone, all of them this message."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def read(self, data: bytes, start: int, limits: FormatLimits) -> ProtobufDocument:
        """See Schema."""
        return ProtobufDocument(data, start, self._message, limits)


def protobuf_schema(text: str, references: Iterable[str] = (), patterns: TagPatterns = NO_PATTERNS) -> ProtobufSchema:
    """The file ``text``, which imports ``references`` and what every compiler brings along. Raises InvalidSchema."""
    file = declarations(text)
    resolver = _Resolver(patterns)
    for known in (*WELL_KNOWN, *references):
        resolver.define(declarations(known))
    return ProtobufSchema(resolver.define(file, last=True))


class _Resolver:
    """Knows messages and enums by their full names."""

    def __init__(self, patterns: TagPatterns) -> None:
        self._patterns = patterns
        self._types: dict[str, Scalar | Message] = {}
        self._declared: list[tuple[MessageDeclaration, Message, frozenset[str]]] = []

    def define(self, file: FileDeclaration, *, last: bool = False) -> list[Message]:
        """The messages of the file. Fields get their types once the ``last`` file is there."""
        self._types |= dict.fromkeys(file.enums, INT32)
        messages = [self._message(message, file.tags) for message in file.messages]
        if last:
            for declaration, message, tags in self._declared:
                message.fields = dict(self._fields(declaration, tags))
        return messages

    def _message(self, declaration: MessageDeclaration, tags: frozenset[str]) -> Message:
        if declaration.name in self._types and not declaration.name.startswith(_BROUGHT_ALONG):
            raise InvalidSchema("redefined")
        message = Message()
        self._types[declaration.name] = message
        self._declared.append((declaration, message, tags | declaration.tags))
        message.messages = [self._message(inner, tags) for inner in declaration.messages]
        return message

    def _fields(self, message: MessageDeclaration, tags: frozenset[str]) -> Iterator[tuple[int, Field]]:
        for field in message.fields:
            if not 0 < field.number <= _MAX_NUMBER:
                raise InvalidSchema("number")
            own = tags | field.tags | self._patterns.of(f"{message.name}.{field.name}")
            repeated = field.label == "repeated" or field.key is not None
            type_ = self._type(field.type, message.name) if field.key is None else self._entry(field, message.name)
            name = field.name.encode()
            yield field.number, Field(name, type_, repeated, field.label == "required", own)

    def _entry(self, field: FieldDeclaration, scope: str) -> Message:
        key, value = self._type(field.key or "", scope), self._type(field.type, scope)
        if key not in _KEYS:
            raise InvalidSchema("map")
        return Message({KEY: Field(b"key", key), VALUE: Field(b"value", value)}, is_entry=True)

    def _type(self, name: str, scope: str) -> Scalar | Message | None:
        """What ``name`` means within ``scope``; None: nobody says."""
        if name in SCALARS:
            return SCALARS[name]
        if name.startswith("."):
            found, name = self._types.get(name[1:]), name[1:]
        else:
            found = next((self._types[full] for full in _meanings(name, scope) if full in self._types), None)
        if found is None and not name.startswith(_BROUGHT_ALONG):
            raise InvalidSchema("unknown_type")
        return found


_KEYS = frozenset(scalar for name, scalar in SCALARS.items() if name not in ("float", "double", "bytes"))


def _meanings(name: str, scope: str) -> Iterator[str]:
    """From the innermost on."""
    while scope:
        yield f"{scope}.{name}"
        scope = scope.rpartition(".")[0]
    yield name
