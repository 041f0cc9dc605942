"""Payment cards and what belongs to them, bank accounts."""

from __future__ import annotations

import re

from zoneproxy.detect.card_numbers import MIN_DIGITS, is_card
from zoneproxy.detect.crypto_address import CRYPTO_ADDRESS
from zoneproxy.detect.declared import keyed, pattern
from zoneproxy.detect.detector import Confidence
from zoneproxy.detect.iban import IBAN, LENGTHS
from zoneproxy.detect.overseas import aba
from zoneproxy.detect.payment_card import PAYMENT_CARD
from zoneproxy.detect.weights import bare

_NUMBER = re.compile(rb"[0-9]{12,19}")
_COUNTRIES = frozenset(LENGTHS) | frozenset(
    {
        *("US", "CA", "AU", "NZ", "JP", "CN", "HK", "SG", "IN", "KR", "TW", "TH", "MY", "ID", "PH", "VN"),
        *("ZA", "NG", "KE", "MX", "AR", "CL", "CO", "PE", "UY", "LK", "MA", "BN"),
    }
)


def _track(written: bytes) -> bool:
    number = _NUMBER.search(written)
    return number is not None and is_card(number.group())


def _bic(written: bytes) -> bool:
    return written[4:6].decode() in _COUNTRIES or written[6:7].isalnum()


def _account(written: bytes) -> bool:
    """Six digits or more, and no card number."""
    digits = bare(written)
    return len(digits) >= 6 and not (len(digits) >= MIN_DIGITS and is_card(digits))


DETECTORS = (
    PAYMENT_CARD,
    pattern(
        "CARD_TRACK",
        rb"%?[Bb][0-9]{12,19}\^[^\^\r\n]{2,26}\^[0-9]{7}[^?\r\n\"\\^]{0,60}\??|;?[0-9]{12,19}=[0-9]{7}[0-9]{0,20}\??",
        words="track, track1, track2, magstripe, stripe, swipe",
        valid=_track,
        confidence=Confidence(alone=0.5, valid=0.95, valid_in_context=1.0),
        shape=rb"[0-9]\^[^\^]|[0-9]{4}=[0-9]{4}",
        edges=False,
        exact=False,
    ),
    keyed(
        "CVV",
        rb"[0-9]{3,4}",
        words="cvv, cvv2, cvc, cvc2, csc, cvn, card verification, security code, verification value, card code",
        near=rb"[0-9]{3}",
    ),
    keyed(
        "CARD_EXPIRY",
        rb"(?:0[1-9]|1[0-2]) ?[/\-] ?(?:20)?[2-4][0-9]",
        words="card expiry, card expiration, expiry date, expiration date, valid thru, good thru, exp date, card exp",
        near=rb"[01][0-9] ?[/\-]",
        sure=0.7,
    ),
    IBAN,
    keyed(
        "SWIFT_BIC",
        rb"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?|[A-Z]{4}[A-Z0-9]{4}",
        words="swift, bic, swiftcode, swift code, biccode",
        near=rb"[A-Z]{4}[A-Z0-9]{4}",
        valid=_bic,
    ),
    keyed(
        "ABA_ROUTING",
        rb"[0-9]{9}|[0-9]{4}-[0-9]{4}-[0-9]",
        words="aba, routing, rtn, routingnumber, transit number, ach",
        near=rb"[0-9]{4}-?[0-9]{4}",
        valid=aba,
        exact=True,
    ),
    keyed(
        "BANK_ACCOUNT",
        rb"[0-9]{6,17}|[0-9]{2,6}(?:-[0-9]{2,8}){1,3}",
        words="bank account, account number, account no, acct, accountnumber, accountno, bankaccount, checking account,"
        "savings account, kontonummer, account",
        near=rb"[0-9]{2}-?[0-9]",
        valid=_account,
        sure=0.6,
    ),
    CRYPTO_ADDRESS,
)
