"""People in the United States and Canada."""

from __future__ import annotations

from zoneproxy.detect.declared import keyed, pattern
from zoneproxy.detect.detector import Confidence
from zoneproxy.detect.overseas import itin, sin
from zoneproxy.detect.us_ssn import APART, US_SSN

DETECTORS = (
    US_SSN,
    pattern(
        "US_ITIN",
        rb"9[0-9]{2}[ \-][5-9][0-9][ \-][0-9]{4}",
        words="itin, taxpayer, tin",
        valid=itin,
        confidence=Confidence(alone=0.3, valid=0.4, valid_in_context=0.95),
        shape=APART,
    ),
    keyed(
        "US_PASSPORT",
        rb"[A-Z]?[0-9]{8,9}",
        words="passport, passportnumber, passportno, passports",
        near=rb"[0-9]{8}",
        sure=0.8,
    ),
    keyed(
        "US_DRIVER_LICENSE",
        rb"[A-Z]{0,2}-?[A-Z]?[0-9]{5,14}|[A-Z]{0,2}-?[A-Z]?[0-9]{2,5}(?:-[0-9]{2,7}){1,3}"
        rb"|[A-Z][0-9]{3}(?:[ \-][0-9]{3,4}){2,3}",
        words="license, licence, driverslicense, driverlicense, licenses, dl number, drivers license",
        near=rb"[0-9]{2}",
        sure=0.6,
    ),
    keyed(
        "TAX_ID",
        rb"[0-9]{2}-[0-9]{7}",
        words="ein, fein, employer identification, tax id, taxid, federal tax, tax number",
        near=rb"[0-9]{2}-[0-9]{7}",
        sure=0.8,
    ),
    keyed(
        "CA_SIN",
        rb"[1-79][0-9]{2}(?:[0-9]{6}|-[0-9]{3}-[0-9]{3}| [0-9]{3} [0-9]{3})",
        words="sin, social insurance, socialinsurance, numero assurance",
        near=rb"[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}",
        valid=sin,
    ),
)
