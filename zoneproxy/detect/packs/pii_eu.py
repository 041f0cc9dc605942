"""People in Europe: the numbers of states."""

from __future__ import annotations

import re
from dataclasses import replace

from zoneproxy.detect import european as check
from zoneproxy.detect.declared import keyed, long_number, pattern
from zoneproxy.detect.detector import Confidence

_FORMATTED = Confidence(alone=0.3, valid=0.8, valid_in_context=0.95)
_WEAK = Confidence(alone=0.2, valid=0.4, valid_in_context=0.95)
# What several types have in common, for stage 1: the fewer shapes, the faster it is.
_BIRTH_AND_MORE = rb"[0-9]{6}[\-+A-FU-Y][0-9]{3}"
# The department is a letter for Corsica: no run of digits.
_CORSICA = rb"[0-9] ?[0-9]{2} ?[0-9]{2} ?2[ABab] ?[0-9]{3}"
_NIR = rb"[1278] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[ABab]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}"
_OF_CORSICA = re.compile(_NIR)
_FR_NIR = long_number(
    "FR_NIR",
    _NIR,
    fewest=15,
    first=b"1278",
    words="nir, insee, secu, securite sociale, security number, numero de, social",
    valid=check.nir,
    confidence=Confidence(alone=0.3, valid=0.85, valid_in_context=1.0),
    kind=check.Nir,
)


def _may_be_nir(window: bytes) -> bool:
    written = _OF_CORSICA.match(window)
    return written is not None and check.nir(written.group())


_PERSONNUMMER = re.compile(rb"[0-9]{6}[\-+][0-9]{4}")


def _may_be_personnummer(window: bytes) -> bool:
    written = _PERSONNUMMER.match(window)
    return written is not None and check.personnummer(written.group())


def _may_be_ahv(window: bytes) -> bool:
    return window.startswith(b"756")


DETECTORS = (
    pattern(
        "UK_NINO",
        rb"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[0-9]{6}[A-D]| [0-9]{2} [0-9]{2} [0-9]{2} [A-D]"
        rb"|-[0-9]{2}-[0-9]{2}-[0-9]{2}-[A-D]| [0-9]{6} [A-D])",
        words="nino, national insurance, nationalinsurance, ni number, insurance number",
        valid=check.nino,
        shape=rb"[A-Z]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}",
        confidence=Confidence(alone=0.3, valid=0.7, valid_in_context=0.95),
    ),
    keyed(
        "DE_TAX_ID",
        rb"[1-9][0-9]{10}|[1-9][0-9] [0-9]{3} [0-9]{3} [0-9]{3}",
        words="steuer, steuerid, idnr, steueridentifikationsnummer, steuernummer, steuer id, tin",
        near=rb"[1-9][0-9] ?[0-9]{3}",
        valid=check.de_tax_id,
    ),
    keyed(
        "DE_ID_CARD",
        rb"[CFGHJKLMNPRTVWXYZ0-9][CFGHJKLMNPRTVWXYZ0-9]{8}[0-9]",
        words="ausweis, personalausweis, reisepass, ausweisnummer, passnummer, perso",
        near=rb"[A-Z0-9]{10}",
        valid=check.de_id_card,
    ),
    replace(_FR_NIR, other_shapes=(_CORSICA,), may_be=_may_be_nir),
    pattern(
        "ES_NIF",
        rb"(?:[0-9]{8}|[XYZ][0-9]{7})-?[A-HJ-NP-TV-Z]",
        words="dni, nie, nif, documento, identidad",
        valid=check.nif,
        shape=rb"[0-9XYZ][0-9]{7}-?[A-Z]",
        confidence=Confidence(alone=0.2, valid=0.65, valid_in_context=0.95),
    ),
    pattern(
        "IT_FISCAL_CODE",
        rb"[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
        words="codice, fiscale, cf, codicefiscale",
        valid=check.codice_fiscale,
        shape=rb"[A-Z]{6}[0-9L-V]{2}[A-Z]",
        confidence=Confidence(alone=0.3, valid=0.9, valid_in_context=1.0),
    ),
    keyed(
        "NL_BSN",
        rb"[0-9]{9}|[0-9]{8}|[0-9]{4}\.[0-9]{2}\.[0-9]{3}",
        words="bsn, burgerservicenummer, burgerservice, sofinummer, sofi",
        near=rb"[0-9]{4}\.?[0-9]{2}",
        valid=check.bsn,
    ),
    pattern(
        "BE_NRN",
        rb"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}",
        words="rijksregister, rijksregisternummer, nrn, nationalnummer, registre national",
        valid=check.be_nrn,
        shape=rb"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]",
        confidence=_FORMATTED,
    ),
    keyed("PL_PESEL", rb"[0-9]{11}", words="pesel", near=rb"[0-9]{11}", valid=check.pesel),
    pattern(
        "SE_PERSONNUMMER",
        rb"(?:19|20)?[0-9]{6}[\-+][0-9]{4}",
        words="personnummer, personnr, pnr, samordningsnummer",
        valid=check.personnummer,
        shape=_BIRTH_AND_MORE,
        confidence=_WEAK,
        closer=_may_be_personnummer,
    ),
    pattern(
        "FI_HETU",
        rb"[0-3][0-9][01][0-9]{3}[\-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]",
        words="hetu, henkilotunnus, henkil\u00f6tunnus, personbeteckning",
        valid=check.hetu,
        shape=_BIRTH_AND_MORE,
        confidence=_FORMATTED,
    ),
    pattern(
        "DK_CPR",
        rb"[0-3][0-9][01][0-9]{3}-[0-9]{4}",
        words="cpr, cprnummer, cprnr, personnummer",
        valid=check.cpr,
        shape=_BIRTH_AND_MORE,
        confidence=_WEAK,
    ),
    pattern(
        "CH_AHV",
        rb"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}",
        words="ahv, avs, navs, ahvn13, sozialversicherungsnummer",
        valid=check.ahv,
        shape=rb"[0-9]{3}\.[0-9]{4}\.",  # any digits, as those of other shapes: to tell these apart takes many states
        closer=_may_be_ahv,
        confidence=Confidence(alone=0.3, valid=0.8, valid_in_context=1.0),
    ),
    keyed(
        "PT_NIF",
        rb"[1235689][0-9]{8}|[1235689][0-9]{2} [0-9]{3} [0-9]{3}",
        words="nif, contribuinte, fiscal",
        near=rb"[0-9]{3} ?[0-9]{3}",
        valid=check.pt_nif,
    ),
    keyed(
        "NATIONAL_ID",
        rb"[A-Z]{2,3}-?[0-9]{6,11}|[0-9]{7,13}",
        words="national id, nationalid, national identity, identity card, id card, national identification, nid",
        near=rb"[0-9]{6}",
        sure=0.65,
    ),
    keyed(
        "PASSPORT",
        rb"[A-Z]{2}[0-9]{6,7}|[A-Z][0-9][A-Z][0-9]{5,6}|[0-9]{2}[A-Z]{2}[0-9]{5}",
        words="passport, passportnumber, passportno, passports, reisepass, passeport, pasaporte, passnummer",
        near=rb"[0-9]{5}",
        sure=0.8,
    ),
)
