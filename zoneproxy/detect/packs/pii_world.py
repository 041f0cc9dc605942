"""People anywhere: how to reach them, when they were born, where they are, and the numbers of other countries."""

from __future__ import annotations

from zoneproxy.detect import overseas as check
from zoneproxy.detect.declared import keyed, long_number, pattern
from zoneproxy.detect.detector import Confidence, always
from zoneproxy.detect.email import EMAIL
from zoneproxy.detect.phone import PHONE
from zoneproxy.detect.street_address import STREET_ADDRESS
from zoneproxy.detect.weights import is_date

_SURE = Confidence(alone=0.3, valid=0.9, valid_in_context=1.0)
_WEAK = Confidence(alone=0.2, valid=0.4, valid_in_context=0.95)
_MONTHS = rb"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"


def _date(written: bytes) -> bool:
    """Of a life: from 1900 to 2029."""
    numbers = "".join(chr(byte) if 0x30 <= byte <= 0x39 else " " for byte in written).split()
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [numbers[0][:4], numbers[0][4:6], numbers[0][6:]]
    if len(numbers) == 2:  # the month is a word
        return any(1900 <= int(number) < 2030 for number in numbers)
    year = next((number for number in numbers if len(number) == 4), None)
    first, second = (
        (int(number) for number in numbers if number is not year) if year else (int(numbers[0]), int(numbers[1]))
    )
    in_life = year is None or 1900 <= int(year) < 2030
    return in_life and (is_date(0, first, second) or is_date(0, second, first))


DETECTORS = (
    EMAIL,
    PHONE,
    STREET_ADDRESS,
    keyed(
        "DATE_OF_BIRTH",
        rb"[12][0-9]{3}[\-/.][0-9]{1,2}[\-/.][0-9]{1,2}|[0-9]{1,2}[\-/.][0-9]{1,2}[\-/.](?:[12][0-9]{3}|[0-9]{2})|(?:19|20)[0-9]{6}"
        rb"|"
        + _MONTHS
        + rb" [0-9]{1,2}(?:st|nd|rd|th)?,? [12][0-9]{3}|[0-9]{1,2}(?:st|nd|rd|th)?\.? "
        + _MONTHS
        + rb",? [12][0-9]{3}",
        words="dob, birth, birthdate, birthday, born, dateofbirth, geburtsdatum, geboren, naissance,"
        "nacimiento, nascita",
        near=rb"[0-9]{2}",
        valid=_date,
    ),
    keyed(
        "GPS_COORD",
        rb"-?[0-9]{1,3}\.[0-9]{4,}(?:\xc2?\xb0)? ?[NS]?, ?-?[0-9]{1,3}\.[0-9]{4,}(?:\xc2?\xb0)? ?[EW]?",
        words="gps, coordinates, coords, latlon, latlng, location, geo, position",
        near=rb"[0-9]\.[0-9]{4}",
        sure=0.8,
        edges=False,
    ),
    pattern(
        "VIN",
        rb"[A-HJ-NPR-Z0-9]{17}",
        words="vin, vehicle, chassis",
        valid=check.vin,
        confidence=Confidence(alone=0.1, valid=0.6, valid_in_context=0.95),
        against="tracking, shipment, parcel, waybill",
    ),
    pattern(
        "BR_CPF",
        rb"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}",
        words="cpf, contribuinte",
        valid=check.cpf,
        shape=rb"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]",
        confidence=_SURE,
    ),
    pattern(
        "BR_CNPJ",
        rb"[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}",
        words="cnpj",
        valid=check.cnpj,
        shape=rb"[0-9]{2}\.[0-9]{3}\.[0-9]{3}\\?/",
        closer=always,  # there may be a backslash before the slash, in JSON
        confidence=_SURE,
    ),
    pattern(
        "MX_CURP",
        rb"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]",
        words="curp",
        valid=check.curp,
        shape=rb"[A-Z]{4}[0-9]{6}[A-Z]",
        confidence=_SURE,
    ),
    keyed(
        "IN_AADHAAR",
        rb"[2-9][0-9]{3}(?:[0-9]{8}| [0-9]{4} [0-9]{4}|-[0-9]{4}-[0-9]{4})",
        words="aadhaar, aadhar, uidai, adhaar, aadhaarnumber",
        near=rb"[2-9][0-9]{3}[ \-]?[0-9]{4}",
        valid=check.aadhaar,
    ),
    pattern(
        "IN_PAN",
        rb"[A-Z]{3}[ABCFGHLJPT][A-Z][0-9]{4}[A-Z]",
        words="pan, income tax, permanent account, pancard",
        shape=rb"[A-Z]{5}[0-9]{4}[A-Z]",
        confidence=Confidence(alone=0.3, valid=0.4, valid_in_context=0.9),
    ),
    keyed(
        "AU_TFN",
        rb"[0-9]{9}|[0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{3}-[0-9]{3}-[0-9]{3}",
        words="tfn, tax file",
        near=rb"[0-9]{3}[ \-]?[0-9]{3}",
        valid=check.tfn,
    ),
    pattern(
        "KR_RRN",
        rb"[0-9]{6}-[1-8][0-9]{6}",
        words="rrn, resident registration, jumin",
        valid=check.rrn,
        shape=rb"[0-9]{6}-[0-9]{7}",
        confidence=_WEAK,
    ),
    long_number(
        "CN_RIC",
        rb"[1-9][0-9]{16}[0-9X]",
        fewest=17,
        first=b"123456789",
        words="shenfenzheng, resident identity, identity card, idcard",
        valid=check.ric,
        confidence=Confidence(alone=0.2, valid=0.6, valid_in_context=0.95),
        against="order, tracking, ref, reference, seq",
    ),
    pattern(
        "SG_NRIC",
        rb"[STFG][0-9]{7}[A-Z]",
        words="nric, fin, singpass",
        valid=check.nric,
        confidence=Confidence(alone=0.2, valid=0.7, valid_in_context=0.95),
    ),
    keyed(
        "ZA_ID",
        rb"[0-9]{13}|[0-9]{6} [0-9]{4} [0-9]{3}",
        words="id number, south african, rsa id, said, identity number, idnumber",
        near=rb"[0-9]{6}",
        valid=check.za_id,
        sure=0.9,
    ),
    keyed(
        "LICENSE_PLATE",
        rb"[A-Z]{2,3}[ \-][0-9]{3,4}|[A-Z]{2}[0-9]{2} ?[A-Z]{3}|[A-Z]{1,3}-[A-Z]{1,2} ?[0-9]{1,4}"
        rb"|[0-9][A-Z]{3}[0-9]{3}",
        words="license plate, licence plate, number plate, plate, kennzeichen, licenseplate, vehicle registration",
        near=rb"[A-Z]",
        sure=0.7,
    ),
)
