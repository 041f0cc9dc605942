from __future__ import annotations

import pytest

from tests.detect.samples import CORE
from zoneproxy.detect.catalogue import DETECTORS, PACKS


def test_names():
    assert all(detector.type == name for name, detector in DETECTORS.items())
    assert sorted(DETECTORS) == sorted(type_ for types in PACKS.values() for type_ in types)
    assert set(CORE) < set(DETECTORS)
    assert not set(PACKS) & set(DETECTORS)


@pytest.mark.parametrize("detector", DETECTORS.values(), ids=DETECTORS)
def test_entries_make_sense(detector):
    confidence = detector.confidence
    assert 0 <= confidence.alone <= confidence.valid <= confidence.valid_in_context <= 1
    assert confidence.alone_in_context <= confidence.valid_in_context
    assert all(word == word.lower().strip() for word in detector.words)
