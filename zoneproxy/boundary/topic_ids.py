"""Topic ids (KIP-516): names are found before anything is decided, and an id without a name is never forwarded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from zoneproxy.boundary.interceptor import Context, LookUp
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.error_codes import ErrorCode

MAX_ASKED = 1_000  # ids that one request may have looked up; for the others its client asks for metadata anyway

_MISTAKEN = frozenset({ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.INCONSISTENT_TOPIC_ID})


def unknown(topic_ids: Iterable[bytes], ctx: Context) -> Sequence[LookUp]:
    """What has to be asked before ``name_of`` is as good as it gets: nothing, or one look-up."""
    cluster = ctx.session.cluster
    missing = frozenset(islice((i for i in topic_ids if i != ZERO_UUID and not cluster.asked(i, ctx.now)), MAX_ASKED))
    return (LookUp(ids=missing),) if missing else ()


def name_of(topic_id: bytes, ctx: Context) -> str:
    """The topic's name, empty if there is none."""
    return ctx.session.cluster.name_of(topic_id, ctx.now) or ""


def check_id(topic_id: bytes, error_code: int, ctx: Context) -> None:
    """A broker's error for a topic: if it says that the id is wrong, do not believe it any longer."""
    if error_code in _MISTAKEN:
        ctx.session.cluster.forget_id(topic_id)
