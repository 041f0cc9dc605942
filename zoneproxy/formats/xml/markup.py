"""What characters say in text, attributes, CDATA and comments, and how text is written there."""

from __future__ import annotations

import re
from enum import Enum

from zoneproxy.formats.document import CannotChange, Malformed

_REFERENCE = re.compile(rb"&(?:#x0*+([0-9A-Fa-f]{1,6})|#0*+([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_ENTITIES = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search
_IN_TEXT = re.compile(rb"[&<>\r]")
_IN_ATTRIBUTE = re.compile(rb"[&<>\"'\t\n\r]")


class Place(Enum):
    """Where text stands."""

    TEXT = "text"
    ATTRIBUTE = "attribute"
    CDATA = "cdata"
    COMMENT = "comment"
    INSTRUCTION = "instruction"
    NAME = "name"


_CANNOT_HOLD = {Place.CDATA: b"]]>", Place.COMMENT: b"--", Place.INSTRUCTION: b"?>"}


def said(markup: bytes, place: Place) -> bytes:
    """What ``markup`` says. Raises Malformed: it speaks of a character that there is not."""
    if b"&" not in markup or place not in (Place.TEXT, Place.ATTRIBUTE):
        return markup
    return _REFERENCE.sub(_resolved, markup)


def _resolved(reference: re.Match[bytes]) -> bytes:
    hexadecimal, decimal, name = reference.groups()
    if name is not None:
        return _ENTITIES[name]
    try:
        return chr(int(hexadecimal, 16) if hexadecimal else int(decimal)).encode()
    except ValueError:
        raise Malformed("xml") from None


def written(text: bytes, place: Place) -> bytes:
    """How to say ``text`` at ``place``. Raises CannotChange: it cannot be said there."""
    try:
        decoded = text.decode()
    except UnicodeDecodeError:
        raise CannotChange from None
    if place is Place.NAME or _NO_CHARACTER(decoded):
        raise CannotChange
    if place is Place.TEXT:
        return _IN_TEXT.sub(_escaped, text)
    if place is Place.ATTRIBUTE:
        return _IN_ATTRIBUTE.sub(_escaped, text)
    if _CANNOT_HOLD[place] in text or text.endswith((b"-", b"]", b"?")):
        raise CannotChange
    return text


def _escaped(character: re.Match[bytes]) -> bytes:
    return b"&#%d;" % ord(character[0])
