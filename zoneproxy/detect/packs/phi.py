"""Patients, and those who treat them."""

from __future__ import annotations

from zoneproxy.detect.declared import keyed, pattern
from zoneproxy.detect.detector import Confidence
from zoneproxy.detect.european import nhs
from zoneproxy.detect.overseas import dea, medicare, npi

DETECTORS = (
    keyed(
        "MRN",
        rb"[A-Z]{1,4}-?[0-9]{4,12}|[0-9]{5,12}",
        words="mrn, medical record, patient id, patientid, medicalrecordnumber, medicalrecord, chart number, health id,"
        "hospital number, record number",
        near=rb"[0-9]{4}",
        sure=0.75,
    ),
    keyed(
        "HEALTH_INSURANCE_ID",
        rb"[A-Z]{2,4}-?[0-9]{6,12}|[A-Z][0-9]{8,11}|[0-9]{9,12}",
        words="insurance, insurance id, insuranceid, member id, memberid, subscriber id, health plan, beneficiary,"
        "policyholder, hin",
        near=rb"[0-9]{6}",
        valid=lambda written: not written.startswith((b"NID", b"MRN")),
        sure=0.7,
    ),
    keyed(
        "NHS_NUMBER",
        rb"[0-9]{10}|[0-9]{3} [0-9]{3} [0-9]{4}|[0-9]{3}-[0-9]{3}-[0-9]{4}",
        words="nhs, nhsnumber, nhsno",
        near=rb"[0-9]{3}[ \-]?[0-9]{3}",
        valid=nhs,
        sure=0.95,
    ),
    pattern(
        "US_MBI",
        rb"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]-?[AC-HJKMNP-RT-Y]{2}[0-9]{2}",
        words="mbi, medicare, beneficiary",
        shape=rb"[0-9][A-Z][A-Z0-9][0-9]-?[A-Z][A-Z0-9][0-9]",
        confidence=Confidence(alone=0.3, valid=0.65, valid_in_context=0.95),
    ),
    keyed(
        "US_NPI",
        rb"[12][0-9]{9}",
        words="npi, national provider, provider id, providerid",
        near=rb"[12][0-9]{9}",
        valid=npi,
        exact=True,
        sure=0.95,
    ),
    keyed(
        "US_DEA",
        rb"[A-HJ-MPRSTUX][A-Z9][0-9]{7}",
        words="dea, prescriber, deanumber",
        near=rb"[A-Z9][0-9]{7}",
        valid=dea,
        exact=True,
        sure=0.95,
    ),
    keyed(
        "AU_MEDICARE",
        rb"[2-6][0-9]{3}(?:[0-9]{6,7}| [0-9]{5} [0-9])",
        words="medicare, medicarenumber",
        near=rb"[2-6][0-9]{3} ?[0-9]{5}",
        valid=medicare,
    ),
)
