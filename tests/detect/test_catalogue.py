from __future__ import annotations

import pytest

from zoneproxy.detect.catalogue import DETECTORS


def test_names():
    assert set(DETECTORS) == {"PAYMENT_CARD", "US_SSN", "EMAIL", "IBAN"}
    assert all(detector.type == name for name, detector in DETECTORS.items())


@pytest.mark.parametrize("detector", DETECTORS.values(), ids=DETECTORS)
def test_entries_make_sense(detector):
    confidence = detector.confidence
    assert 0 <= confidence.alone <= confidence.valid <= confidence.valid_in_context <= 1
    assert confidence.alone <= confidence.alone_in_context <= confidence.valid_in_context
    assert all(word == word.lower().strip() for word in detector.words)
