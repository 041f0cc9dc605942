"""All detectors, in packs. A new one is an entry in the module of its pack."""

from __future__ import annotations

from zoneproxy.detect.packs import network, pci, phi, pii_eu, pii_us, pii_world, secrets

PACKS = {
    name: tuple(detector.type for detector in module.DETECTORS)
    for name, module in (
        ("pci", pci),
        ("pii-us", pii_us),
        ("pii-eu", pii_eu),
        ("pii-world", pii_world),
        ("phi", phi),
        ("network", network),
        ("secrets", secrets),
    )
}
DETECTORS = {
    detector.type: detector
    for module in (pci, pii_us, pii_eu, pii_world, phi, network, secrets)
    for detector in module.DETECTORS
}
NAMES = frozenset(DETECTORS) | frozenset(PACKS)
"""What a policy may ask for."""
