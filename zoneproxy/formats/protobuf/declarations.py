"""What a .proto file declares: messages with their fields. Services, extensions and most options are passed over.

proto2, proto3 and editions, as far as they matter to who reads values.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from zoneproxy.formats.protobuf.options import field_options, option_statement
from zoneproxy.formats.protobuf.tokens import Kind, Tokens
from zoneproxy.formats.schema import InvalidSchema
from zoneproxy.formats.tags import NO_TAGS

MAX_TEXT = 1 << 20  # characters of one file
MAX_DEPTH = 64  # messages in one another
MAX_NAME = 512
_LABELS = frozenset({"optional", "required", "repeated"})


@dataclass(slots=True)
class FieldDeclaration:
    """``type`` as it is written; ``key``: the type of the names of a map, of which ``type`` is the other."""

    name: str
    number: int
    type: str
    label: str = ""
    key: str | None = None
    tags: frozenset[str] = NO_TAGS


@dataclass(slots=True)
class MessageDeclaration:
    """``name`` in full."""

    name: str
    fields: list[FieldDeclaration] = field(default_factory=list)
    messages: list[MessageDeclaration] = field(default_factory=list)
    tags: frozenset[str] = NO_TAGS


@dataclass(slots=True)
class FileDeclaration:
    """``enums`` are names in full, those within messages, too."""

    messages: list[MessageDeclaration] = field(default_factory=list)
    enums: set[str] = field(default_factory=set)
    tags: frozenset[str] = NO_TAGS


def declarations(text: str) -> FileDeclaration:
    """What ``text`` declares. Raises InvalidSchema."""
    if len(text) > MAX_TEXT:
        raise InvalidSchema("large")
    return _Parser(text).file()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = Tokens(text)
        self._file = FileDeclaration()

    def file(self) -> FileDeclaration:
        tokens, package = self._tokens, ""
        while tokens.next.kind is not Kind.END:
            if tokens.is_sign(";"):
                tokens.take()
                continue
            word = tokens.name()
            if word == "package":
                package = tokens.name()
                tokens.sign(";")
            elif word == "message":
                self._file.messages.append(self._message(package, 1))
            elif word == "enum":
                self._enum(package)
            elif word == "option":
                self._file.tags |= option_statement(tokens)
            else:
                self._pass_over()
        return self._file

    def _message(self, scope: str, depth: int) -> MessageDeclaration:
        message = MessageDeclaration(_within(scope, self._tokens.name()))
        self._body(message, depth)
        return message

    def _body(self, message: MessageDeclaration, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise InvalidSchema("deep")
        tokens = self._tokens
        tokens.sign("{")
        while not tokens.is_sign("}"):
            if tokens.is_sign(";"):
                tokens.take()
                continue
            self._member(message, tokens.name(), depth)
        tokens.take()

    def _member(self, message: MessageDeclaration, word: str, depth: int) -> None:
        tokens = self._tokens
        if tokens.next.kind is Kind.NAME and word == "message":
            message.messages.append(self._message(message.name, depth + 1))
        elif tokens.next.kind is Kind.NAME and word == "enum":
            self._enum(message.name)
        elif word == "option":
            message.tags |= option_statement(tokens)
        elif word == "oneof":
            tokens.name()
            self._oneof(message, depth)
        elif word in ("reserved", "extensions", "extend"):
            self._pass_over()
        else:
            self._field(message, word, depth)

    def _oneof(self, message: MessageDeclaration, depth: int) -> None:
        tokens = self._tokens
        tokens.sign("{")
        while not tokens.is_sign("}"):
            if tokens.is_sign(";"):
                tokens.take()
                continue
            word = tokens.name()
            if word == "option":
                option_statement(tokens)
            else:
                self._field(message, word, depth)
        tokens.take()

    def _field(self, message: MessageDeclaration, word: str, depth: int) -> None:
        tokens, label, key = self._tokens, "", None
        if word in _LABELS and tokens.next.kind is Kind.NAME:
            label, word = word, tokens.name()
        if word == "map" and tokens.is_sign("<"):
            key, word = self._map()
        name = tokens.name()
        tokens.sign("=")
        declared = FieldDeclaration(name, tokens.number(), word, label, key)
        declared.tags = field_options(tokens)
        message.fields.append(declared)
        if word == "group" and tokens.is_sign("{"):  # proto2: a message and a field of it, in one
            group = MessageDeclaration(_within(message.name, name))
            declared.name, declared.type = name.lower(), f".{group.name}"
            message.messages.append(group)
            self._body(group, depth + 1)
        else:
            tokens.sign(";")

    def _map(self) -> tuple[str, str]:
        tokens = self._tokens
        tokens.sign("<")
        key = tokens.name()
        tokens.sign(",")
        value = tokens.name()
        tokens.sign(">")
        return key, value

    def _enum(self, scope: str) -> None:
        self._file.enums.add(_within(scope, self._tokens.name()))
        self._pass_over()

    def _pass_over(self) -> None:
        """Up to the end of a statement: its semicolon, or its block."""
        tokens = self._tokens
        tokens.skip_to(";{")
        if tokens.take().text == "{":
            tokens.skip_to("}")
            tokens.take()


def _within(scope: str, name: str) -> str:
    full = f"{scope}.{name}" if scope else name
    if len(full) > MAX_NAME:
        raise InvalidSchema("name")
    return full
