"""Numbers that the issuing states, or descriptions of their numbers, publish as examples."""

from __future__ import annotations

import pytest

from zoneproxy.detect import european
from zoneproxy.detect.packs import pii_eu

EXAMPLES = [
    (european.nino, b"AB 12 34 56 C", b"GB123456C"),
    (european.nhs, b"943 476 5870", b"943 476 5871"),
    (european.nif, b"54362315K", b"54362315Z"),
    (european.nif, b"X2482300W", b"X2482300A"),
    (european.nir, b"2 95 10 99 126 111 93", b"2 95 10 99 126 111 94"),
    (european.nir, b"1 85 05 2A 116 001 %02d" % (97 - 1850519116001 % 97), b"1 85 05 2B 116 001 00"),
    (european.nir, b"185052b116001%02d" % (97 - 1850518116001 % 97), b"185132b116001%02d" % (97 - 1851318116001 % 97)),
    (european.pesel, b"44051401359", b"44051401358"),
    (european.pesel, b"44051401359", b"44151401359"),
    (european.de_tax_id, b"36 574 261 809", b"36 574 261 808"),
    (european.de_id_card, b"T220001293", b"T220001294"),
    (european.codice_fiscale, b"RCCMNL83S18D969H", b"RCCMNL83S18D969A"),
    (european.bsn, b"111222333", b"111222334"),
    (european.be_nrn, b"85.07.30-033.28", b"85.07.30-033.29"),
    (european.personnummer, b"880320-0016", b"880320-0018"),
    (european.hetu, b"131052-308T", b"131052-308U"),
    (european.cpr, b"211062-5629", b"211362-5629"),
    (european.ahv, b"756.9217.0769.85", b"756.9217.0769.84"),
    (european.pt_nif, b"501964843", b"501964842"),
]


@pytest.mark.parametrize(("check", "right", "wrong"), EXAMPLES, ids=lambda value: getattr(value, "__name__", None))
def test_published_examples(check, right, wrong):
    assert check(right)
    assert not check(wrong)


def nir(body: str) -> bytes:
    return f"{body}{97 - int(body) % 97:02}".encode()


NIR = next(each.number for each in pii_eu.DETECTORS if each.type == "FR_NIR")
BORN_IN_MAY = nir("1850578006084")


@pytest.mark.parametrize(
    "run",
    [
        BORN_IN_MAY,
        nir("1852078006084"),
        nir("1854278006084"),
        nir("1855078006084"),
        b"2 95 10 99 126 111 93",
        BORN_IN_MAY + b"2",  # a length goes on
        BORN_IN_MAY + b"-1",
    ],
)
def test_a_nir_may_begin(run):
    assert NIR.begins(b"x" + run, 1, len(run) + 1)


@pytest.mark.parametrize(
    "run",
    [
        BORN_IN_MAY[:-1],
        BORN_IN_MAY + b"1",
        BORN_IN_MAY[:-1] + b"%c" % (BORN_IN_MAY[-1] ^ 1),
        nir("1850078006084"),
        nir("1851378006084"),
        nir("1854378006084"),
        BORN_IN_MAY[:7] + b"-" + BORN_IN_MAY[7:],
        BORN_IN_MAY[:2] + b" " + BORN_IN_MAY[2:],
        BORN_IN_MAY[:1] + b"  " + BORN_IN_MAY[1:],
        b"",
    ],
)
def test_no_nir_begins(run):
    assert not NIR.begins(b"x" + run, 1, len(run) + 1)


def test_of_a_nir_all_digits_stand_before_the_end():
    assert NIR.begins(BORN_IN_MAY, 0, 15)
    assert not NIR.begins(BORN_IN_MAY, 0, 14)
