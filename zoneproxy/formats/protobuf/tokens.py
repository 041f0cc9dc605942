"""The text of a .proto file, in pieces: names, numbers, strings and signs; comments are left out.

Source: https://protobuf.dev/reference/protobuf/textformat-spec/ and the language specifications beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from zoneproxy.formats.schema import InvalidSchema


class Kind(IntEnum):
    """What a token is. A NAME may have dots in it, and in front."""

    NAME = 1
    NUMBER = 2
    STRING = 3
    SIGN = 4
    END = 5


class Token(NamedTuple):
    """``text`` of a STRING is without its quotes, escapes as they stand there."""

    kind: Kind
    text: str


_IGNORED = r"(?:\s++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)*+"
_TOKEN = re.compile(
    _IGNORED
    + r"""(?:(\.?[A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)*+)
    |(\.?[0-9][\w.]*+)
    |("(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')
    |([{}\[\]()<>;=,:/+-])
    |($))""".replace("\n    ", ""),
    re.ASCII,
).match
_END = Token(Kind.END, "")


class Tokens:
    """The tokens of ``text``, one after another. Everything raises InvalidSchema (``syntax``)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pos = 0
        self._next = self._read()

    @property
    def next(self) -> Token:
        """The one that comes next."""
        return self._next

    def take(self) -> Token:
        """Go on behind it."""
        token, self._next = self._next, self._read()
        if token is _END:
            raise InvalidSchema("syntax")
        return token

    def name(self) -> str:
        """A name."""
        token = self.take()
        if token.kind is not Kind.NAME:
            raise InvalidSchema("syntax")
        return token.text

    def number(self) -> int:
        """A whole number."""
        token = self.take()
        try:
            return int(token.text, 0)
        except ValueError:
            raise InvalidSchema("syntax") from None

    def sign(self, sign: str) -> None:
        """Exactly this sign."""
        if self.take() != (Kind.SIGN, sign):
            raise InvalidSchema("syntax")

    def is_sign(self, signs: str) -> bool:
        """Whether one of these comes next."""
        return self._next.kind is Kind.SIGN and self._next.text in signs

    def skip_to(self, ends: str, take: Callable[[Token], None] = lambda _: None) -> None:
        """Up to one of the signs ``ends`` that is not within brackets; ``take`` is told what is passed."""
        depth = 0
        while depth or not self.is_sign(ends):
            token = self.take()
            if token.kind is Kind.SIGN:
                depth += (token.text in "{[(") - (token.text in "}])")
                if depth < 0:
                    raise InvalidSchema("syntax")
            take(token)

    def _read(self) -> Token:
        match = _TOKEN(self._text, self._pos)
        if match is None:
            raise InvalidSchema("syntax")
        self._pos = match.end()
        kind = Kind(match.lastindex or 0)
        text = match.group(kind)
        return _END if kind is Kind.END else Token(kind, text[1:-1] if kind is Kind.STRING else text)
