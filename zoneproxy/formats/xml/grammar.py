"""XML in tokens with their places.

The tokens of a document that expat takes for well-formed are found here without a doubt: there is no document type, so
there are no entities but the five that all XML has; nothing is fetched and nothing is expanded. They may be read before
expat is asked, as nothing here trusts what it reads and expat's memory grows with the depth.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from zoneproxy.formats.document import Malformed

_TOKEN = re.compile(
    rb"<!--(?P<comment>.*?)-->|<!\[CDATA\[(?P<cdata>.*?)\]\]>|<\?(?P<instruction>.*?)\?>|</(?P<close>[^\s>]++)\s*+>"
    rb"|<(?P<open>[^\s/>!?]++)(?:\s++[^\s=>]++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'))*+\s*+/?>|(?P<text>[^<]++)",
    re.DOTALL,
).match
_ATTRIBUTE = re.compile(rb"\s++(?P<name>[^\s=>]++)\s*+=\s*+(?P<quote>[\"'])(?P<value>.*?)(?P=quote)", re.DOTALL).match
_DECLARED = re.compile(r"""<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""").match
_MAX_DECLARATION = 200  # bytes
# Byte order mark → what is encoded like that, and what a document may say that it is then.
_BOMS = {
    codecs.BOM_UTF8: ("utf-8", frozenset({"", "utf-8"})),
    codecs.BOM_UTF16_LE: ("utf-16-le", frozenset({"", "utf-16", "utf-16-le"})),
    codecs.BOM_UTF16_BE: ("utf-16-be", frozenset({"", "utf-16", "utf-16-be"})),
}
_WITHOUT_BOM = {"": "utf-8"} | {name: name for name in ("utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252")}


class Token(NamedTuple):
    """``kind`` is ``comment``, ``cdata``, ``instruction``, ``open``, ``close`` or ``text``.

    ``inside`` is where it speaks: between the brackets, or the name of a tag.
    """

    kind: str
    start: int
    end: int
    inside: tuple[int, int]


class Attribute(NamedTuple):
    """From the space before it to the closing quote; ``name`` and ``value`` are where these stand."""

    start: int
    end: int
    name: tuple[int, int]
    value: tuple[int, int]


def encoding_of(value: bytes) -> tuple[bytes, str]:
    """The byte order mark, if there is one, and what the rest is encoded in. Raises Malformed (``encoding``)."""
    for bom, (name, sayings) in _BOMS.items():
        if value.startswith(bom):
            if _declared(value[len(bom) :], name) not in sayings:
                raise Malformed("encoding")
            return bom, name
    declared = _declared(value, "ascii")
    if declared not in _WITHOUT_BOM:
        raise Malformed("encoding")
    return b"", _WITHOUT_BOM[declared]


def _declared(value: bytes, encoding: str) -> str:
    """What a document says that it is encoded in, if it does."""
    declared = _DECLARED(value[:_MAX_DECLARATION].decode(encoding, errors="ignore"))
    try:
        return codecs.lookup(declared[1]).name if declared else ""
    except LookupError:
        return "unknown"


def check(text: bytes) -> None:
    """Raises Malformed: ``text``, in UTF-8, is not well-formed (``xml``) or has a document type (``doctype``)."""
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        raise Malformed("xml") from None


def _refuse(*_: object) -> None:
    raise Malformed("doctype")


def tokens(text: bytes) -> Iterator[Token]:
    """Those of ``text``. Raises Malformed where there is none. The declaration at its beginning says nothing."""
    pos = 0
    while pos < len(text):
        match = _TOKEN(text, pos)
        if match is None:
            raise Malformed("xml")
        kind = match.lastgroup or ""
        if kind != "instruction" or pos or not text.startswith(b"<?xml "):
            yield Token(kind, pos, match.end(), match.span(kind))
        pos = match.end()


def attributes(text: bytes, tag: Token) -> Iterator[Attribute]:
    """Those of an opening tag."""
    pos = tag.inside[1]
    while match := _ATTRIBUTE(text, pos, tag.end):  # one behind another: searching takes for ever in a lot of space
        yield Attribute(*match.span(), match.span("name"), match.span("value"))
        pos = match.end()
