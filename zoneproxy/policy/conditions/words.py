"""The text of a condition as words, each with its place; one linear pattern finds all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from zoneproxy.errors import ZoneproxyError
from zoneproxy.policy.conditions.tree import EVERY

MAX_STEPS = 32


class NotACondition(ZoneproxyError):
    """A text is no condition: what is wrong, from which character (counted from 0) on."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(what, at)
        self.what = what
        self.at = at


class WordKind(Enum):
    """What a word is."""

    PATH = "path"
    TEXT = "text"
    NUMBER = "number"
    NAME = "name"
    SIGN = "sign"
    END = "end"


class Word(NamedTuple):
    """One word: what was written, what it stands for, and where."""

    kind: WordKind
    written: str
    value: tuple[bytes | int, ...] | bytes | Decimal | None
    at: int


_DOUBLE = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
_SINGLE = r"'(?:[^'\\\x00-\x1f]|\\['\\])*'"
_STEP = (
    r"\.(?P<name>(?:[A-Za-z0-9_-]|[^\x00-\x7f\s])+)"
    rf"|\[(?P<quoted>{_SINGLE}|{_DOUBLE})\]|\[(?P<every>\*)\]|\[(?P<index>0|[1-9][0-9]{{0,8}})\]"
)
_BARE_STEP = re.sub(r"\?P<\w+>", "?:", _STEP)
_WORD = re.compile(
    rf"(?P<path>\$(?:{_BARE_STEP})*)"
    rf"|(?P<text>{_DOUBLE}|{_SINGLE})"
    r"|(?P<number>-?(?:0|[1-9][0-9]{0,63})(?:\.[0-9]{1,64})?(?:[eE][+-]?[0-9]{1,3})?(?![\w.]))"
    r"|(?P<name>[a-z]+(?:\.[a-z]+)*)"
    r"|(?P<sign>[=!<>]=|[<>()\[\],])"
)
_SPACE = re.compile(r"[ \t\r\n]*")
_STEPS = re.compile(_STEP)


def words(text: str) -> Iterator[Word]:
    """The words of ``text``, and an END behind them. Raises NotACondition where something else stands."""
    position = _behind_space(text, 0)
    while position < len(text):
        match = _WORD.match(text, position)
        if match is None:
            raise NotACondition(f"not understood: `{shown(text[position : position + 20])}`", position)
        yield _word(match)
        position = _behind_space(text, match.end())
    yield Word(WordKind.END, "", None, position)


def _behind_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def shown(text: str) -> str:
    """``text``, fit for a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _word(match: re.Match[str]) -> Word:
    kind, written = WordKind(match.lastgroup), match[0]
    if kind is WordKind.PATH:
        return Word(kind, written, _steps(written, match.start()), match.start())
    if kind is WordKind.TEXT:
        return Word(kind, written, unquoted(written), match.start())
    return Word(kind, written, Decimal(written) if kind is WordKind.NUMBER else None, match.start())


def _steps(path: str, at: int) -> tuple[bytes | int, ...]:
    steps = tuple(map(_step, _STEPS.finditer(path, 1)))
    if len(steps) > MAX_STEPS:
        raise NotACondition("the path is too deep", at)
    return steps


def _step(match: re.Match[str]) -> bytes | int:
    if match["every"]:
        return EVERY
    if match["index"]:
        return int(match["index"])
    return unquoted(match["quoted"]) if match["quoted"] else _utf8(match["name"])


def unquoted(written: str) -> bytes:
    """What a quoted text says, in UTF-8: between double quotes as in JSON, between single ones with \\' and \\\\."""
    inside = json.loads(written) if written[0] == '"' else re.sub(r"\\(.)", r"\1", written[1:-1])
    return _utf8(inside)


def _utf8(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
