"""Lineage at work: what a record brings is verified before all else, and what it takes along is sealed after all else.

In between a record has no lineage, so that neither detectors nor rules for headers meet it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.rules.lineage_seal import MAC, content_of, same, seal
from zoneproxy.boundary.rules.lineage_text import DIGEST_DIGITS, LINEAGE, MAX_TEXT, Hop, Hops, read, written
from zoneproxy.boundary.tally import Goes, Tally
from zoneproxy.policy.record_rules import Lineage
from zoneproxy.wire.record import MAX_HEADERS, Header, Record

MISSING = "lineage_missing"
FORGED = "lineage_forged"
BROKEN = "lineage_broken"  # it does not lead to where the record is
TOO_LONG = "lineage_hops"
NO_ROOM = "lineage_headers"  # the record has as many headers as there can be
ADDED = "lineage"  # what a new hop is counted as, among transforms


class LineageSteps:
    """What several controls ask for together: it is required if any of them says so, and added once."""

    def __init__(self, controls: Sequence[Lineage], keys: Mapping[str, bytes]) -> None:
        """``controls``: at least one. Raises KeyError: a key is not among ``keys``, or a zone has none."""
        self._rule = controls[0].rule
        self._required_by = next((control.rule for control in controls if control.require), None)
        self._signer = next((control for control in controls if control.add), None)
        self._max_hops = min((control.max_hops for control in controls if control.add), default=0)
        ring = {zone: names for control in controls for zone, names in control.ring}
        self._ring = ring
        self._keys = {name: keys[name] for control in controls for name in control.keys}
        self._zones = {name.encode(): zone for zone, names in ring.items() for name in names}

    def verify(self, record: Record, crossing: Crossing, tally: Tally) -> None:
        """Take the lineage off, if it is true. Raises Goes."""
        ours = [header for header in record.headers if header[0].startswith(LINEAGE)]
        tally.lineage = ()
        if not ours:
            if self._required_by is not None:
                raise Goes(self._required_by, MISSING)
            return
        others = [header for header in record.headers if not header[0].startswith(LINEAGE)]
        hops = self._verified(ours, content_of(record.key, record.value, others))
        if hops is None:
            raise Goes(self._rule, FORGED)
        if hops[-1].to_zone != crossing.from_zone:
            raise Goes(self._rule, BROKEN)
        if self._adds(crossing):
            record.headers = others
            tally.lineage = hops

    def sign(self, record: Record, crossing: Crossing, tally: Tally) -> None:
        """Put it on again, with one more hop. Raises Goes."""
        control = self._signer
        if control is None or not self._adds(crossing):
            return
        if len(tally.lineage) >= self._max_hops:
            raise Goes(control.rule, TOO_LONG)
        if len(record.headers) + 2 > MAX_HEADERS:
            raise Goes(control.rule, NO_ROOM)
        name = control.key or self._ring[crossing.from_zone][0]
        text = written((*tally.lineage, _hop(crossing)))
        content = content_of(record.key, record.value, record.headers)
        sealed = seal(self._keys[name], name, text, content)
        record.headers = [*record.headers, (LINEAGE, text), (MAC, sealed)]
        tally.transformed(control.rule, ADDED)

    def _adds(self, crossing: Crossing) -> bool:
        return self._signer is not None and crossing.from_zone != crossing.to_zone

    def _verified(self, ours: Sequence[Header], content: bytes) -> Hops | None:
        """What the proxy's own headers say; None if a key of ours did not say so about this content."""
        found = dict(ours)
        text, sealed = found.get(LINEAGE), found.get(MAC)
        if len(ours) != 2 or text is None or sealed is None or len(text) > MAX_TEXT:
            return None
        called = sealed.partition(b":")[0]
        zone = self._zones.get(called)
        if zone is None:
            return None
        name = called.decode()
        if not same(sealed, seal(self._keys[name], name, text, content)):
            return None
        hops = read(text)
        return hops if hops and hops[-1].from_zone == zone else None


def _hop(crossing: Crossing) -> Hop:
    digest = crossing.digest[:DIGEST_DIGITS]
    return Hop(crossing.from_zone, crossing.to_zone, crossing.topic, crossing.side, digest)
