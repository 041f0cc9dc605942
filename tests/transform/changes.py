"""One change of each kind, for tests of what holds for all of them."""

from __future__ import annotations

from typing import Any

from zoneproxy.policy.transforms import Transform, TransformKind, Unit
from zoneproxy.transform.change import Change
from zoneproxy.transform.making import make_change

KEYS = {"one": b"1" * 32, "two": b"2" * 32}


def make(kind: str, about: str = "", **options: Any) -> Change:
    return make_change(Transform(TransformKind(kind), **options), KEYS, about)


SEVERAL = [
    make("truncate", length=5),
    make("truncate", length=2),
    make("generalise", keep_first=3),
    make("generalise", to=Unit.HOUR),
    make("generalise", step="10"),
    make("generalise", to=Unit.NETWORK),
    make("generalise", to=Unit.MONTH),
    make("shift_date", key="one", days=30),
    make("mask_email"),
    make("mask_ip"),
    make("mask", keep_first=6, keep_last=4),
    make("mask", keep_last=4),
    make("mask", keep_format=True),
    make("mask"),
    make("hash", key="one"),
    make("tokenise", key="one"),
    make("replace", value='"gone"'),
    make("replace", value="0"),
    make("null"),
    make("remove"),
]
