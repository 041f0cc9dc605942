"""All detectors. A new one is a module with its entry, and its name in this list."""

from __future__ import annotations

from zoneproxy.detect.email import EMAIL
from zoneproxy.detect.iban import IBAN
from zoneproxy.detect.payment_card import PAYMENT_CARD
from zoneproxy.detect.us_ssn import US_SSN

DETECTORS = {detector.type: detector for detector in (PAYMENT_CARD, US_SSN, EMAIL, IBAN)}
