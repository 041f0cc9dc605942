"""Whether a pattern is fast enough to be looked for in every record: measured, against another one, when it is loaded.

The structure of a pattern was judged before (``detect.custom``); this finds what that has missed. It is a ratio, so
that a slow machine does not refuse what a fast one takes.
"""

from __future__ import annotations

import time
from functools import lru_cache
from hashlib import sha256

from zoneproxy.detect.patterns import Pattern, compile_pattern

TIMES_SLOWER = 25.0  # than the plain one; off RE2's fast path a pattern is 50 to 100 times slower
_PLAIN = rb"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{4}"
_ROUNDS = 3


@lru_cache(maxsize=256)
def is_slow(pattern: str) -> bool:
    """Whether RE2 needs much longer for ``pattern`` than for a plain one."""
    return _seconds(compile_pattern(pattern.encode())) > TIMES_SLOWER * _seconds(compile_pattern(_PLAIN))


def _seconds(pattern: Pattern) -> float:
    """Of CPU time for one way through the sample, the fastest of several."""
    best = float("inf")
    for _ in range(_ROUNDS):
        started = time.thread_time()
        for _ in pattern.finditer(_sample()):
            pass
        best = min(best, time.thread_time() - started)
    return best


@lru_cache(maxsize=1)
def _sample() -> bytes:
    """200 KB of what records are made of, the same on every machine."""
    words = ["order", "customer", "status", "Paid", "EU", "warehouse", "Zürich", "note", "2026-11-22T08:00:00Z"]
    lines = []
    for number in range(1_000):
        chance = sha256(b"%d" % number)
        letters, digits = chance.hexdigest()[:32], str(int.from_bytes(chance.digest()[:8]))
        some = " ".join(words[byte % len(words)] for byte in chance.digest()[:8])
        lines.append(
            f'{{"id":{number},"order_id":"{digits}","trace":"{letters}","text":"{some}","amount":{digits[:5]}.20}}'
        )
    return "\n".join(lines).encode()
