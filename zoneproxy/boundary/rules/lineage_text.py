"""What lineage says: the zones that a record has crossed, hop by hop, as the text of a header.

    zoneproxy-lineage: {"v":1,"hops":[{"from":"payments","to":"analytics","topic":"payments.completed","side":"fetch",
                        "policy":"3f2a9c0e1b7d4a55"}]}

``topic`` is that of the listener's zone: read from on fetch, written to on produce. ``policy`` is the beginning of the
digest of the policy that let it cross.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from zoneproxy.policy.record_rules import LINEAGE_HEADERS

LINEAGE: Final = LINEAGE_HEADERS.encode()
"""The name of the header. All names that begin so are the proxy's own."""
MAX_TEXT = 16 << 10
"""Bytes of the header: four times what as many hops as there can be take."""
DIGEST_DIGITS = 16
_VERSION = 1
_REMEMBERED = 256  # most records of a topic have been in the same places
_NAMES = ("from", "to", "topic", "side", "policy")


@dataclass(frozen=True, slots=True)
class Hop:
    """One crossing."""

    from_zone: str
    to_zone: str
    topic: str
    side: str
    policy: str


Hops = tuple[Hop, ...]
"""In the order in which they were made, at least one."""


@lru_cache(_REMEMBERED)
def written(hops: Hops) -> bytes:
    """The header's value."""
    said = [(hop.from_zone, hop.to_zone, hop.topic, hop.side, hop.policy) for hop in hops]
    document = {"v": _VERSION, "hops": [dict(zip(_NAMES, each, strict=True)) for each in said]}
    return json.dumps(document, separators=(",", ":")).encode()


@lru_cache(_REMEMBERED)
def read(text: bytes) -> Hops | None:
    """What ``text`` says, which was written here or by another proxy that has the key; None if it is not understood."""
    try:
        document: Any = json.loads(text.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.keys() != {"v", "hops"} or document["v"] != _VERSION:
        return None
    found = document["hops"]
    if not isinstance(found, list) or not found or not all(map(_is_hop, found)):
        return None
    return tuple(Hop(*(hop[name] for name in _NAMES)) for hop in found)


def _is_hop(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and tuple(found) == _NAMES
        and all(isinstance(value, str) and value for value in found.values())
    )
