"""E-mail addresses (RFC 5321; RFC 6531: both sides of the @ may be UTF-8), as people have them.

Of the characters that RFC 5322 allows in a local part only those are taken that mailbox providers allow: the others
(``= & / ? |``...) stand between things in URLs and logs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from zoneproxy.detect.detector import Confidence, Detector, Hit, hit_of

_MAX_LOCAL: Final = 64  # bytes (RFC 5321, 4.5.3.1.1)
_MAX_DOMAIN: Final = 255
_LOCAL_BACKWARDS: Final = re.compile(rb"[A-Za-z0-9._%+'\-\x80-\xff]*")
_DOMAIN: Final = re.compile(rb"[A-Za-z0-9.\-\x80-\xff]*")
_TOP_LEVEL: Final = re.compile(rb"[A-Za-z]{2,63}|[xX][nN]--[A-Za-z0-9\-]+|(?:[A-Za-z0-9\-]*[\x80-\xff])+[A-Za-z0-9\-]*")
# What looks like a domain and is the name of a file: logo@2x.png.
_FILES: Final = frozenset(b"png jpg jpeg gif svg webp ico css js mjs json html htm pdf txt xml yaml yml jar".split())
_STOPS_A_URL: Final = re.compile(rb"""[/?#\s"'<>@]""")
_URL_REACH: Final = 128  # bytes before an address in which the // of its URL is looked for


def _hits(text: bytes, start: int, _end: int) -> Sequence[Hit]:
    """``start`` is where an @ stands."""
    begin = start - _local_length(text, start)
    finish = start + 1 + _domain_length(text, start + 1)
    if begin < start and finish > start + 1:
        return (hit_of((begin, finish, not _is_in_url(text, begin, start, finish))),)
    return ()


def _local_length(text: bytes, at: int) -> int:
    run = _LOCAL_BACKWARDS.match(text[max(0, at - _MAX_LOCAL) : at][::-1])
    assert run
    local = run.group()[::-1]
    if not local.isascii():
        local = _letters_before(local)
    return len(local.lstrip(b".'%+-"))


def _domain_length(text: bytes, pos: int) -> int:
    run = _DOMAIN.match(text, pos, pos + _MAX_DOMAIN)
    assert run
    domain = run.group()
    if not domain.isascii():
        domain = _letters_behind(domain)
    labels = domain.split(b"..")[0].rstrip(b".-").split(b".")
    while len(labels) > 1 and not _is_top_level(labels[-1]):
        labels.pop()
    return len(b".".join(labels)) if len(labels) > 1 and labels[0] else 0


def _is_top_level(label: bytes) -> bool:
    return _TOP_LEVEL.fullmatch(label) is not None and label.lower() not in _FILES


def _letters_before(local: bytes) -> bytes:
    """The end of ``local`` from behind the last foreign punctuation: not every character beyond ASCII is a letter."""
    text = local.decode(errors="surrogateescape")
    begin = max((i + 1 for i, char in enumerate(text) if not (char.isascii() or char.isalnum())), default=0)
    return text[begin:].encode(errors="surrogateescape")


def _letters_behind(domain: bytes) -> bytes:
    """The beginning of ``domain`` up to the first foreign punctuation."""
    text = domain.decode(errors="surrogateescape")
    finish = min((i for i, char in enumerate(text) if not (char.isascii() or char.isalnum())), default=len(text))
    return text[:finish].encode(errors="surrogateescape")


def _is_in_url(text: bytes, begin: int, at: int, finish: int) -> bool:
    """``git@host:path``, or the ``user@host`` and ``password@host`` of a URL."""
    if text[finish : finish + 1] == b":" and text[begin:at] == b"git":
        return True
    reach = max(0, begin - _URL_REACH)
    slashes = text.rfind(b"//", reach, begin)
    return slashes >= 0 and _STOPS_A_URL.search(text, slashes + 2, begin) is None


EMAIL: Final = Detector(
    type="EMAIL",
    # A backslash, as the letters beyond ASCII may be JSON escapes.
    shape=rb"@[A-Za-z0-9\x80-\xff\\][A-Za-z0-9.\-\x80-\xff\\]*\.[A-Za-z\x80-\xff\\]",
    stretch=rb"@",
    hits=_hits,
    words=frozenset({"email", "emails", "mail", "e mail", "mailto", "correo", "courriel"}),
    confidence=Confidence(alone=0.4, valid=0.9, valid_in_context=1.0, alone_in_context=0.4),
)
