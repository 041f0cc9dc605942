"""Credentials."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from zoneproxy.detect.declared import keyed, pattern, words_of
from zoneproxy.detect.detector import Confidence, Detector, Hit
from zoneproxy.detect.generic_secret import GENERIC_SECRET
from zoneproxy.detect.vendor_tokens import VENDOR_TOKEN

_FEWEST_DIFFERENT = 3
_LONGEST_KEY = 16_384  # bytes of a PEM block
_PEM_LINES = re.compile(rb"(?:[A-Za-z0-9+/=:,\- \t]*(?:\r?\n|\\r?\\n|\\n)?)*")
_URL_PLACEHOLDER = re.compile(rb"(?i)\$|\{|<|%|\*+$|x+$|\[|:")


def _access_key(written: bytes) -> bool:
    return not written.endswith(b"EXAMPLE") and len(set(written[4:])) >= _FEWEST_DIFFERENT


def _secret_key(written: bytes) -> bool:
    """Forty characters of base 64 that are not forty of something else."""
    is_mixed = any(map(written.__contains__, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")) and any(
        map(written.__contains__, b"ghijklmnopqrstuvwxyz")
    )
    return is_mixed and len(written) == 40 and b"EXAMPLE" not in written and len(set(written)) > 12


def _jwt(written: bytes) -> bool:
    """Its header is base 64 of JSON that names an algorithm (RFC 7515)."""
    header = written.split(b".", 1)[0]
    try:
        decoded = base64.urlsafe_b64decode(header + b"=" * (-len(header) % 4))
    except (binascii.Error, ValueError):
        return False
    return decoded[:1] == b"{" and b'"alg"' in decoded


def _pem(text: bytes, start: int, end: int) -> Iterator[Hit]:
    """To the end of the block, or as far as it goes on like one."""
    stop = text.find(b"-----END", end, start + _LONGEST_KEY)
    if stop >= 0:
        finish = text.find(b"-----", stop + 8, stop + 64)
        yield Hit(start, finish + 5 if finish >= 0 else stop, valid=True)
        return
    lines = _PEM_LINES.match(text, end, start + _LONGEST_KEY)
    yield Hit(start, max(end, len(text[: lines.end()].rstrip())) if lines else end, valid=True)


def _in_url(text: bytes, start: int, end: int) -> Iterator[Hit]:
    """The password of ``scheme://user:password@host``."""
    begin = text.index(b":", start + 3) + 1
    password = text[begin : end - 1]
    is_real = _URL_PLACEHOLDER.match(password) is None and start > 0 and text[start - 1 : start].isalnum()
    if is_real:
        yield Hit(begin, end - 1, valid=True)


DETECTORS = (
    pattern(
        "AWS_ACCESS_KEY",
        b"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
        words="aws, access key, accesskey, accesskeyid, amazon, credential",
        valid=_access_key,
        confidence=Confidence(alone=0.3, valid=0.95, valid_in_context=1.0),
    ),
    keyed(
        "AWS_SECRET_KEY",
        rb"[A-Za-z0-9+/]{40,}",
        words="aws, aws secret, secret access, secretaccesskey, secretkey, secret key, amazon",
        near=rb"[A-Za-z0-9+/]{40}",
        valid=_secret_key,
        edges=False,
        sure=0.9,
    ),
    VENDOR_TOKEN,
    pattern(
        "JWT",
        rb"eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{2,}\.[A-Za-z0-9_\-]*(?:\.[A-Za-z0-9_\-]+){0,2}",
        words="jwt, token, bearer, auth, authorization, session, id token, access token",
        valid=_jwt,
        confidence=Confidence(alone=0.3, valid=0.95, valid_in_context=1.0),
        shape=rb"eyJ[A-Za-z0-9_\-]{8}[A-Za-z0-9_\-]*\.",
        edges=False,
        exact=False,
    ),
    Detector(
        type="PRIVATE_KEY",
        shape=rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY",
        stretch=rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----",
        hits=_pem,
        words=words_of("private, key, pem, tls, ssh"),
        confidence=Confidence(alone=0.3, valid=0.99, valid_in_context=1.0),
    ),
    Detector(
        type="URL_CREDENTIALS",
        shape=rb""":(?:\\?/){2}[^\s/:@"'<>?#]*:[^\s/@"'<>]+@""",  # many programs write \/ in JSON
        stretch=rb"""://[^\s/:@"'<>?#]*:[^\s/@"'<>]+@""",
        hits=_in_url,
        words=words_of("url, uri, dsn, database, connection, jdbc, remote, endpoint"),
        confidence=Confidence(alone=0.3, valid=0.9, valid_in_context=0.95),
    ),
    GENERIC_SECRET,
)
