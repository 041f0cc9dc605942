"""What encryption a client's connection has, and whether that is enough for a zone."""

from __future__ import annotations

import ssl

from zoneproxy.policy.model import PLAINTEXT, PeerFacts, Zone

_VERSIONS = {"TLSv1.2": "1.2", "TLSv1.3": "1.3"}


def version_of(tls: ssl.SSLObject) -> str:
    """The TLS version that was agreed on, as policies write it; one that they do not know counts for nothing."""
    return _VERSIONS.get(tls.version() or "", PLAINTEXT)


def admits(zone: Zone | None, tls: str, peer: PeerFacts | None) -> bool:
    """Whether the zone takes a client with that TLS version, and with or without a certificate."""
    if zone is None:
        return False
    if zone.min_tls is None:
        return True
    certified = peer is not None and peer.certified
    return tls >= zone.min_tls and (certified or not zone.client_certificates)
