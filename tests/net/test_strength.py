from __future__ import annotations

from typing import Any, cast

import pytest

from zoneproxy.net.strength import admits, version_of
from zoneproxy.policy.model import PLAINTEXT, PeerFacts, Zone

CERTIFIED, BARE = PeerFacts(), PeerFacts(certified=False)


class Tls:
    def __init__(self, version: str | None) -> None:
        self._version = version

    def version(self) -> str | None:
        return self._version


@pytest.mark.parametrize(
    ("named", "version"), [("TLSv1.2", "1.2"), ("TLSv1.3", "1.3"), ("TLSv1.1", PLAINTEXT), (None, PLAINTEXT)]
)
def test_versions_as_policies_write_them(named: str | None, version: str) -> None:
    assert version_of(cast("Any", Tls(named))) == version


def zone(min_tls: str | None, *, certificates: bool = True) -> Zone:
    return Zone("z", "internal", 0, "o", "u", min_tls, client_certificates=certificates)


def test_what_a_zone_asks_for() -> None:
    assert [admits(zone("1.3"), tls, CERTIFIED) for tls in ("", "1.2", "1.3")] == [False, False, True]
    assert [admits(zone("1.2"), tls, CERTIFIED) for tls in ("", "1.2", "1.3")] == [False, True, True]
    assert admits(zone(None), PLAINTEXT, None)
    assert not admits(zone("1.2"), PLAINTEXT, None)
    assert not admits(None, "1.3", CERTIFIED)


@pytest.mark.parametrize("peer", [BARE, None])
def test_certificates_where_a_zone_asks_for_them(peer: PeerFacts | None) -> None:
    assert not admits(zone("1.3"), "1.3", peer)
    assert admits(zone("1.3", certificates=False), "1.3", peer)
    assert not admits(zone("1.3", certificates=False), "1.2", peer)
