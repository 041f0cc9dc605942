"""Numbers that the issuing states, or descriptions of their numbers, publish as examples."""

from __future__ import annotations

import pytest

from zoneproxy.detect import overseas

EXAMPLES = [
    (overseas.itin, b"912-90-3456", b"912-93-3456"),
    (overseas.aba, b"111000025", b"111000026"),
    (overseas.npi, b"1234567893", b"1234567894"),
    (overseas.dea, b"AB1234563", b"AB1234564"),
    (overseas.sin, b"123-456-782", b"123-456-783"),
    (overseas.cpf, b"390.533.447-05", b"390.533.447-06"),
    (overseas.cpf, b"390.533.447-05", b"111.111.111-11"),
    (overseas.cnpj, b"16.727.230/0001-97", b"16.727.230/0001-98"),
    (overseas.curp, b"BOXW310820HNERXN09", b"BOXW310820HNERXN08"),
    (overseas.aadhaar, b"234123412346", b"234123412347"),
    (overseas.tfn, b"123 456 782", b"123 456 783"),
    (overseas.rrn, b"971013-9019902", b"971313-9019902"),
    (overseas.ric, b"360426199101010071", b"360426199101010072"),
    (overseas.nric, b"S1234567D", b"S1234567E"),
    (overseas.nric, b"F1234567N", b"F1234567P"),
    (overseas.za_id, b"7503305044089", b"7503305044088"),
    (overseas.vin, b"1M8GDM9AXKP042788", b"1M8GDM9A1KP042788"),
    (overseas.imei, b"35-686800-004141-8", b"35-686800-004141-9"),
]


@pytest.mark.parametrize(("check", "right", "wrong"), EXAMPLES, ids=lambda value: getattr(value, "__name__", None))
def test_published_examples(check, right, wrong):
    assert check(right)
    assert not check(wrong)


def test_medicare():
    assert sum(overseas.medicare(b"2%07d%d1" % (1234567, digit)) for digit in range(10)) == 1


@pytest.mark.parametrize("written", [b"1" * 17, b"AAAAAAAAXBAAAAAAA"])
def test_a_vin_has_letters_and_digits(written):
    assert not overseas.vin(written)
