"""Phone numbers: international (E.164) and North American by themselves, any other next to a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from zoneproxy.detect.declared import words_of
from zoneproxy.detect.detector import Confidence, Detector, Hit, hit_of
from zoneproxy.detect.stretches import phone_numbers
from zoneproxy.detect.weights import is_date
from zoneproxy.detect.word_shapes import may_be_near, shape_of_words

_EXTENSION: Final = rb"(?:(?: ?(?:x|ext\.?|#) ?)[0-9]{1,6})?"
_INTERNATIONAL: Final = rb"\+[ (]?[1-9](?:[ .()\-/]{0,3}[0-9]){6,14}" + _EXTENSION
_AMERICAN: Final = (
    rb"(?:\b1[ .\-])?(?:\([2-9][0-9]{2}\)[ .\-]?|\b[2-9][0-9]{2}[ .\-])[2-9][0-9]{2}[ .\-][0-9]{4}" + _EXTENSION
)
_NATIONAL: Final = rb"(?:\([0-9]{2,5}\)[ .\-/]?|\b[0-9])[0-9]*(?:[ .\-/]{0,2}[0-9]){5,14}" + _EXTENSION
_EXACT: Final = re.compile(rb"(?:" + _AMERICAN + rb")\Z")
_NO_DIGITS: Final = bytes(byte for byte in range(256) if not 0x30 <= byte <= 0x39)
_EXTENDED: Final = re.compile(rb"[x#e]").search
_SSN: Final = re.compile(rb"[0-9]{3}[ \-][0-9]{2}[ \-][0-9]{4}")
_DATE: Final = re.compile(
    rb"(?:[12][0-9]{3}[.\-/][0-9]{1,2}[.\-/][0-9]{1,2}|[0-9]{1,2}[.\-/][0-9]{1,2}[.\-/][12][0-9]{3})(?![0-9])"
)
_JOINERS: Final = b".-/"
_APART: Final = frozenset(b' ",;()[]{}<>\t\r\n')  # what joins nothing, and stands beside most numbers
_FEWEST, _MOST = 7, 15


def _hits(text: bytes, start: int, end: int) -> Sequence[Hit]:
    written = text[start:end]
    if written.isdigit():
        if not _FEWEST <= len(written) <= _MOST or _is_time(written) or not _stands_alone(text, start, end):
            return ()
        return (hit_of((start, end, False)),)
    extended = _EXTENDED(written)
    number = (written[: extended.start()] if extended else written).translate(None, _NO_DIGITS)
    if not _FEWEST - 1 <= len(number) <= _MOST or not _stands_alone(text, start, end):
        return ()
    if written[:1] == b"+" or _EXACT.match(written):
        return (hit_of((start, end, len(set(number)) > 2)),)
    return () if _SSN.fullmatch(written) or _DATE.match(written) else (hit_of((start, end, False)),)


def _is_time(number: bytes) -> bool:
    """Milliseconds since 1970, or a date in one piece."""
    is_day = len(number) in (8, 14) and number[:2] in (b"19", b"20") and is_date(0, int(number[4:6]), int(number[6:8]))
    return is_day or (len(number) == 13 and number[:1] == b"1")


def _stands_alone(text: bytes, start: int, end: int) -> bool:
    if start > 0 and end < len(text) and text[start - 1] in _APART and text[end] in _APART:
        return True
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:].isalnum() or after[:1].isalnum() or before[-1:] in (b"_", b"+"):
        return False
    joined_before = len(before) > 1 and before[1] in _JOINERS and before[:1].isalnum()
    joined_after = len(after) > 1 and (
        (after[0] in b"-_" and after[1:].isupper()) or (after[0] in b".-/:" and after[1:].isdigit())
    )
    return not joined_before and not joined_after


_WORDS: Final = words_of(
    "phone, phones, telephone, telephones, tel, mobile, cell, cellphone, fax, whatsapp, msisdn, telefon, telefono,"
    "telefone, handy, phonenumber, mobilenumber"
)
_NEXT: Final = rb"[ .()\-/]{0,3}[0-9]"
_BY_ITSELF: Final = rb"\+[ (]?[1-9]" + 4 * _NEXT + rb"|[0-9]{3}(?:\)[ .\-]?|[ .\-])[0-9]{3}[ .\-][0-9]{4}"
_NEAR: Final = may_be_near(rb"(?:[0-9][^0-9]{0,3}){5}[0-9]", _WORDS)
_SEPARATED: Final = re.compile(rb"\+|[2-9][0-9]{2}[).\- ]")


def _may_be(window: bytes) -> bool:
    return _SEPARATED.match(window) is not None or _NEAR(window)


PHONE: Final = Detector(
    type="PHONE",
    shape=_BY_ITSELF,
    other_shapes=(shape_of_words(_WORDS),),
    stretch=_INTERNATIONAL + b"|" + _AMERICAN + b"|" + _NATIONAL,
    quicker=phone_numbers,
    hits=_hits,
    words=_WORDS,
    against=words_of(
        "order, orders, sku, part, ref, reference, nhs, npi, ssn, sin, account, acct, routing, aba, isbn, ean, upc,"
        "imei, invoice, tracking, seq, version, ratio, id, order no, serial, lot, nino, aadhaar, card, iban, vat, tax,"
        "legacy, mbi, medicare, passport, pesel, bsn, cpf, hetu, driver"
    ),
    may_be=_may_be,
    confidence=Confidence(alone=0, valid=0.6, valid_in_context=0.9, alone_in_context=0.6, against=0.3),
)
