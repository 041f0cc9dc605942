from __future__ import annotations

import pytest

from tests.detect.packs.samples import samples_of
from zoneproxy.detect.packs.secrets import DETECTORS
from zoneproxy.detect.scanner import Scanner


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.type)
def test_samples_are_found(detector):
    scanner = Scanner([detector.type])
    for sample in samples_of(detector.type):
        assert scanner.suspicious(sample.encode())
        assert [finding.type for finding in scanner.scan(sample.encode())]
